"""The lines of "since you last spoke": what presses first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmdesk.domain.customers import OpenTicket, StoryLine
from crmdesk.store.ages import money, span

MOST_LINES = 4
_DUE_SOON = timedelta(hours=24)
_TONES = ("bad", "warn", "good", "")
_LONGEST_TEXT = 120


class Change(NamedTuple):
    """An order, unpaid invoice, open follow-up or interaction that may press."""

    what: str
    at: datetime
    name: str
    text: str
    who: str
    done_at: datetime | None
    due_at: datetime | None
    cents: int | None
    currency: str


def lines(
    tickets: Iterable[OpenTicket], changes: Iterable[Change], now: datetime, today: date
) -> tuple[StoryLine, ...]:
    """At most `MOST_LINES` lines: bad before warn before good, newest first within a tone.

    `today` is the day at the desk: invoices are due on days, not at moments.
    """
    found = [*(_ticket(ticket, now) for ticket in tickets), *_changes(changes, now, today)]
    found.sort(key=lambda line: line.at, reverse=True)
    found.sort(key=lambda line: _TONES.index(line.tone))
    return tuple(found[:MOST_LINES])


def next_follow_up(changes: Iterable[Change], now: datetime) -> StoryLine | None:
    """The open follow-up that is due first."""
    due = [change for change in changes if change.what == "follow_up" and change.due_at]
    first = min(due, key=lambda change: change.due_at or now, default=None)
    return _follow_up(first, now) if first else None


def _changes(changes: Iterable[Change], now: datetime, today: date) -> Iterator[StoryLine]:
    for change in changes:
        if change.what == "order":
            yield _order(change, now)
        elif change.what == "payment":
            yield _payment(change, today)
        elif change.what == "follow_up":
            yield _follow_up(change, now)
        else:
            yield _interaction(change, now)


def _ticket(ticket: OpenTicket, now: datetime) -> StoryLine:
    name = f"{ticket.kind} {ticket.number}"
    if ticket.due_at and ticket.due_at < now:
        late = span(now - ticket.due_at)
        return StoryLine("bad", f"{name} overdue by {late}: {ticket.subject}", ticket.opened_at)
    if ticket.due_at and ticket.due_at - now < _DUE_SOON:
        left = span(ticket.due_at - now)
        return StoryLine("warn", f"{name} due in {left}: {ticket.subject}", ticket.opened_at)
    age = span(now - ticket.opened_at)
    return StoryLine("", f"{name} open for {age}: {ticket.subject}", ticket.opened_at)


def _order(change: Change, now: datetime) -> StoryLine:
    name = f"Order {change.name}"
    if change.done_at:
        ago = span(now - change.done_at)
        return StoryLine("good", f"{name} shipped {ago} ago: {change.text}", change.done_at)
    late = span(now - (change.due_at or now))
    return StoryLine("warn", f"{name} late by {late}: {change.text}", change.at)


def _payment(change: Change, today: date) -> StoryLine:
    days = (today - date.fromisoformat(change.text)).days
    amount = money(change.cents or 0, change.currency)
    text = f"Invoice {change.name} overdue by {days} day{'s' * (days != 1)}: {amount}"
    return StoryLine("bad", text, change.at)


def _follow_up(change: Change, now: datetime) -> StoryLine:
    name = "Promised" if change.name == "promise" else "Follow-up"
    due = change.due_at or now
    if due < now:
        return StoryLine("bad", f"{name}, overdue by {span(now - due)}: {change.text}", change.at)
    tone = "warn" if due - now < _DUE_SOON else ""
    return StoryLine(tone, f"{name}, due in {span(due - now)}: {change.text}", change.at)


def _interaction(change: Change, now: datetime) -> StoryLine:
    kind = change.name.replace("_", " ").capitalize()
    by = f" by {change.who}" if change.who else ""
    text = " ".join(change.text.split())[:_LONGEST_TEXT]
    return StoryLine("", f"{kind}{by}, {span(now - change.at)} ago: {text}", change.at)
