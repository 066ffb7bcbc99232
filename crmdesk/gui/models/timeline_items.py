"""A timeline as rows: headings of days, quiet times, entries. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.gui.widgets import times

_GAP_DAYS = 14
"""Quiet times from two weeks on are told."""
_MONTH, _YEAR = 60, 730

ICONS = {
    TimelineKind.CALL: "phone",
    TimelineKind.NOTE: "note",
    TimelineKind.EMAIL: "mail",
    TimelineKind.VISIT: "visit",
    TimelineKind.WEB_FORM: "form",
    TimelineKind.TICKET: "ticket",
    TimelineKind.ORDER: "order",
    TimelineKind.PAYMENT: "payment",
    TimelineKind.RECEIPT: "payment",
    TimelineKind.SURVEY: "survey",
    TimelineKind.FOLLOW_UP: "follow-up",
    TimelineKind.CONSENT: "check-circle",
    TimelineKind.LEAD: "star",
    TimelineKind.MESSAGE: "mail",
}
WORDS = {
    TimelineKind.CALL: "Call",
    TimelineKind.NOTE: "Note",
    TimelineKind.EMAIL: "E-mail",
    TimelineKind.VISIT: "Visit",
    TimelineKind.WEB_FORM: "Web form",
    TimelineKind.TICKET: "Ticket",
    TimelineKind.ORDER: "Order",
    TimelineKind.PAYMENT: "Invoice",
    TimelineKind.RECEIPT: "Payment",
    TimelineKind.SURVEY: "Survey",
    TimelineKind.FOLLOW_UP: "Follow-up",
    TimelineKind.CONSENT: "Consent",
    TimelineKind.LEAD: "Lead",
    TimelineKind.MESSAGE: "Message",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A day, or how long nothing happened before the day above."""

    text: str
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class EntryItem:
    """An entry, closed or opened in place.

    Attributes:
        has_record: There is more of it than the timeline shows, in a view of its own.
    """

    entry: TimelineEntry
    is_open: bool = False
    has_record: bool = False


Item = Heading | EntryItem


def timeline_items(
    entries: Iterable[TimelineEntry],
    now: datetime,
    after: TimelineEntry | None = None,
    opened: Container[TimelineKind] = (),
) -> list[Item]:
    """Rows for entries, newest first.

    Args:
        entries: A page.
        now: The clock.
        after: The last entry of the page before.
        opened: Kinds whose records have a view of their own.
    """
    items: list[Item] = []
    before = after
    for entry in entries:
        heading = times.day_heading(entry.at, now)
        if before is None or times.day_heading(before.at, now) != heading:
            items += _gap(before.at if before else now, entry)
            items.append(Heading(heading))
        items.append(EntryItem(entry, has_record=entry.kind in opened))
        before = entry
    return items


def _gap(later: datetime, earlier: TimelineEntry) -> list[Item]:
    days = (later - earlier.at).days
    return [Heading(f"Nothing for {_long(days)}", is_gap=True)] if days >= _GAP_DAYS else []


def _long(days: int) -> str:
    for limit, length, unit in ((_MONTH, 7, "weeks"), (_YEAR, 30, "months")):
        if days < limit:
            return f"{days // length} {unit}"
    return f"{days // 365} years"


def first_line(item: EntryItem) -> str:
    """What the line of an entry says: its title, else (while closed) the start of its text."""
    entry = item.entry
    start = "" if item.is_open else " ".join(entry.detail.split())
    return entry.title or start or WORDS[entry.kind]
