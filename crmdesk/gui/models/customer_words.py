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
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import isolate, joined
from crmdesk.matching.dates import on_day, since_day, until_day

_SOON = timedelta(days=1)

STATUS_WORDS = {
    CustomerStatus.LEAD: "Lead",
    CustomerStatus.ACTIVE: "Active",
    CustomerStatus.DORMANT: "Dormant",
    CustomerStatus.FORMER: "Former",
}
NUMBER_LABELS = ("mobile", "work", "home", "switchboard", "fax", "other")
EMAIL_LABELS = ("work", "home", "other")
LANGUAGES = {
    "de": "German",
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "tr": "Turkish",
    "ru": "Russian",
    "uk": "Ukrainian",
    "cs": "Czech",
    "da": "Danish",
    "sv": "Swedish",
    "ar": "Arabic",
    "he": "Hebrew",
    "fa": "Persian",
    "ja": "Japanese",
    "zh": "Chinese",
    "ko": "Korean",
    "hi": "Hindi",
}
"""Names of the languages that are offered, by BCP 47 tag; others stay a tag."""


def language_name(tag: str) -> str:
    """The name of a language, e.g. for "de-AT"; the tag itself where it is not known."""
    return LANGUAGES.get(tag.split("-")[0].lower(), tag)


def money(cents: int, currency: str) -> str:
    """An amount, e.g. "1,240.50 EUR"."""
    return f"{cents / 100:,.2f} {currency}"


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


def number_notes(number: PhoneNumber) -> str:
    """Kind of a number and the days it is theirs, e.g. "mobile · until 2023"."""
    since = f"since {since_day(number.since)}" if number.since else ""
    until = f"until {until_day(number.until)}" if number.until else ""
    return joined((number.label, since, until))


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
