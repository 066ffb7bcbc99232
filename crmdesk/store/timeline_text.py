"""What the timeline says of each row. Pure: rows in, words out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.store.ages import money, span


class TimelineRow(NamedTuple):
    """The columns every branch of the timeline has; the texts mean something else in each."""

    kind: str
    id: uuid.UUID
    at: datetime
    text_0: str
    text_1: str
    text_2: str
    text_3: str
    amount: int | None
    moment: datetime | None


class _Words(NamedTuple):
    title: str
    detail: str = ""
    who: str = ""
    tone: str = ""


_CALL_TITLES = {
    ("inbound", "answered"): "Called us",
    ("inbound", "missed"): "Missed call",
    ("inbound", "abandoned"): "Hung up while waiting",
    ("inbound", "busy"): "Called, line busy",
    ("inbound", "declined"): "Call declined",
    ("inbound", "voicemail"): "Left a voicemail",
    ("inbound", "failed"): "Call failed",
    ("inbound", "unknown"): "Called us, end unknown",
    ("outbound", "answered"): "We called",
    ("outbound", "no_answer"): "We called, no answer",
    ("outbound", "busy"): "We called, line busy",
    ("outbound", "voicemail"): "We called, voicemail",
    ("outbound", "unknown"): "We called, end unknown",
}
_LOST = {"missed", "abandoned", "busy", "declined"}
_GOOD_SCORE, _BAD_SCORE = 4, 2


def entry(row: TimelineRow, now: datetime) -> TimelineEntry:
    """The timeline entry of a row; the zone of `now` says which day it is at the desk."""
    words = _WORDS[row.kind](row, now)
    return TimelineEntry(row.id, TimelineKind(row.kind), row.at, *words)


def _call(row: TimelineRow, _now: datetime) -> _Words:
    direction, outcome, who, queue = row[3:7]
    title = _CALL_TITLES.get((direction, outcome), f"{direction} call, {outcome}".capitalize())
    talked = span(timedelta(seconds=row.amount)) if row.amount else ""
    lost = direction == "inbound" and outcome in _LOST
    return _Words(title, ", ".join(filter(None, (talked, queue))), who, "warn" if lost else "")


def _interaction(row: TimelineRow, _now: datetime) -> _Words:
    title, detail, who = row[3:6]
    if title:
        return _Words(title, detail, who)
    first, _, rest = detail.partition("\n")
    return _Words(first or row.kind.replace("_", " ").capitalize(), rest, who)


def _ticket(row: TimelineRow, now: datetime) -> _Words:
    name, subject, who, status = row[3:7]
    if status == "solved":
        return _Words(f"{name}: {subject}", "Solved", who, "good")
    if row.moment and row.moment < now:
        return _Words(f"{name}: {subject}", f"Overdue by {span(now - row.moment)}", who, "bad")
    return _Words(f"{name}: {subject}", status.capitalize(), who, "warn")


def _order(row: TimelineRow, now: datetime) -> _Words:
    number, title, currency, status = row[3:7]
    words = f"Order {number}: {title}", f"{status.capitalize()}, {money(row.amount or 0, currency)}"
    if status == "placed" and row.moment and row.moment < now:
        return _Words(words[0], f"Late by {span(now - row.moment)}, {words[1]}", tone="warn")
    return _Words(*words)


def _payment(row: TimelineRow, now: datetime) -> _Words:
    number, due_on, currency, method = row[3:7]
    title = f"Invoice {number}: {money(row.amount or 0, currency)}"
    if row.moment:
        return _Words(title, ", ".join(filter(None, ("Paid", method))), tone="good")
    late = due_on and date.fromisoformat(due_on) < now.date()
    return _Words(title, f"Due on {due_on}" if due_on else "Unpaid", tone="bad" if late else "")


def _survey(row: TimelineRow, _now: datetime) -> _Words:
    score = row.amount or 0
    tone = "good" if score >= _GOOD_SCORE else "bad" if score <= _BAD_SCORE else ""
    return _Words(f"Satisfaction {score} of 5", row.text_0, tone=tone)


def _follow_up(row: TimelineRow, now: datetime) -> _Words:
    kind, title, who, done = row[3:7]
    name = f"Promised: {title}" if kind == "promise" else f"Follow-up: {title}"
    if done:
        return _Words(name, "Done", who, "good")
    if row.moment and row.moment < now:
        return _Words(name, f"Overdue by {span(now - row.moment)}", who, "bad")
    return _Words(name, "Open", who)


_WORDS: dict[str, Callable[[TimelineRow, datetime], _Words]] = {
    "call": _call,
    "note": _interaction,
    "email": _interaction,
    "visit": _interaction,
    "web_form": _interaction,
    "ticket": _ticket,
    "order": _order,
    "payment": _payment,
    "survey": _survey,
    "follow_up": _follow_up,
}
