"""Customers in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from crmdesk.domain.customers import (
    Address,
    CustomerStatus,
    CustomerStory,
    OpenTicket,
    PhoneNumber,
)
from crmdesk.domain.matches import Claim, ClaimKind
from crmdesk.domain.money import money_words
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import isolate, joined
from crmdesk.matching.dates import on_day, since_day, until_day

_SOON = timedelta(days=1)

_STATUS_TONES = {CustomerStatus.LEAD: "accent"}
"""Where the company's tone says nothing."""


def status_chip(status: CustomerStatus, lists: Picklists) -> tuple[str, str]:
    """The status of a customer and its tone."""
    choice = lists.choice(PicklistKey.CUSTOMER_STATUS, status.value)
    return choice.title, choice.tone or _STATUS_TONES.get(status, "neutral")


def money(cents: int, currency: str) -> str:
    """An amount, e.g. "1,240.50 EUR"; no decimals where the currency has none."""
    return money_words(cents, currency)


def address_lines(address: Address) -> str:
    """An address on the lines of an envelope."""
    town = " ".join(part for part in (address.postcode, address.city) if part)
    return "\n".join(part for part in (address.street, town, address.country) if part)


def ticket_clock(ticket: OpenTicket, now: datetime) -> tuple[str, str]:
    """How long a ticket is open and when an answer is due, with its tone."""
    opened = f"open {times.age(ticket.opened_at, now)}"
    if ticket.due_at is None:
        return opened, "muted"
    is_soon = ticket.due_at - now < _SOON
    tone = "bad" if ticket.due_at < now else "warn" if is_soon else "muted"
    return joined((opened, times.due(ticket.due_at, now))), tone


def figures(story: CustomerStory) -> list[tuple[str, str]]:
    """What is counted about a customer: name and value."""
    orders = f"{story.order_count:,}" if story.order_count else "none yet"
    total = money(story.order_total_cents, story.currency) if story.order_count else ""
    score = f"{story.satisfaction} of 5" if story.satisfaction else "never asked"
    return [("Orders", joined((orders, total))), ("Satisfaction", score)]


def number_is_over(number: PhoneNumber, today: date) -> bool:
    """Whether a number is somebody else's by now, or nobody's."""
    return number.until is not None and number.until < today


def number_notes(number: PhoneNumber, lists: Picklists) -> str:
    """Kind of a number and the days it is theirs, e.g. "mobile · until 2023"."""
    since = f"since {since_day(number.since)}" if number.since else ""
    until = f"until {until_day(number.until)}" if number.until else ""
    return joined((lists.title(PicklistKey.NUMBER_LABEL, number.label), since, until))


def number_marks(claims: Iterable[Claim]) -> list[tuple[str, str]]:
    """What agents said of a number and a customer, with a tone each."""
    return [
        (_remembered(one), "muted") if one.kind is ClaimKind.CHOSEN else (_denied(one), "warn")
        for one in claims
    ]


def _remembered(claim: Claim) -> str:
    who = f" of {isolate(claim.who)}" if claim.who else ""
    return f"Remembered choice{who}, {on_day(claim.on)}"


def _denied(claim: Claim) -> str:
    who = f"{isolate(claim.who)}, " if claim.who else ""
    reason = f": {isolate(claim.reason)}" if claim.reason else ""
    return f"Not theirs ({who}{on_day(claim.on)}){reason}"
