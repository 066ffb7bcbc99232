"""What the timeline says of each row. Pure: rows in, words out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.domain.planning import PicklistKey
from crmdesk.store.planning.picklists import Telling, capital
from crmdesk.store.story.ages import money, span


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


CALL_TITLES = {
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


def entry(row: TimelineRow, by: Telling) -> TimelineEntry:
    """The timeline entry of a row."""
    words = _WORDS[row.kind](row, by)
    return TimelineEntry(row.id, TimelineKind(row.kind), row.at, *words)


def _call(row: TimelineRow, _by: Telling) -> _Words:
    direction, outcome, who, queue = row[3:7]
    title = CALL_TITLES.get((direction, outcome), f"{direction} call, {outcome}".capitalize())
    talked = span(timedelta(seconds=row.amount)) if row.amount else ""
    lost = direction == "inbound" and outcome in _LOST
    return _Words(title, ", ".join(filter(None, (talked, queue))), who, "warn" if lost else "")


def _interaction(row: TimelineRow, _by: Telling) -> _Words:
    title, detail, who = row[3:6]
    if title:
        return _Words(title, detail, who)
    first, _, rest = detail.partition("\n")
    return _Words(first or row.kind.replace("_", " ").capitalize(), rest, who)


def _ticket(row: TimelineRow, by: Telling) -> _Words:
    name, subject, who, state = row[3:7]
    status, _, stage = state.partition(" ")
    title = f"{by.numbered(PicklistKey.TICKET_KIND, name)}: {subject}"
    said = by.title(PicklistKey.TICKET_STAGE, stage or status)
    if status in {"solved", "waiting"}:
        return _Words(title, said, who, "good" if status == "solved" else "")
    if row.moment and row.moment < by.now:
        return _Words(title, f"Overdue by {span(by.now - row.moment)}", who, "bad")
    return _Words(title, said, who, "warn")


def _order(row: TimelineRow, by: Telling) -> _Words:
    number, title, currency, status = row[3:7]
    state = by.title(PicklistKey.ORDER_STATUS, status)
    words = f"Order {number}: {title}", f"{state}, {money(row.amount or 0, currency)}"
    if status == "placed" and row.moment and row.moment < by.now:
        return _Words(words[0], f"Late by {span(by.now - row.moment)}, {words[1]}", tone="warn")
    return _Words(*words)


def _payment(row: TimelineRow, by: Telling) -> _Words:
    number, due_on, currency, state_and_method = row[3:7]
    state, _, method = state_and_method.partition(" ")
    title = f"Invoice {number}: {money(row.amount or 0, currency)}"
    if state in _CLOSED_INVOICES:
        return _Words(title, _CLOSED_INVOICES[state])
    if state == "paid":
        how = by.title(PicklistKey.PAYMENT_METHOD, method)
        return _Words(title, ", ".join(filter(None, ("Paid", how))), tone="good")
    late = due_on and date.fromisoformat(due_on) < by.now.date()
    due = f"Due on {due_on}" if due_on else "Unpaid"
    part = "Paid in part. " if state == "partly" else ""
    return _Words(title, part + due, tone="bad" if late else "")


def _receipt(row: TimelineRow, by: Telling) -> _Words:
    reference, method, currency, _ = row[3:7]
    amount = row.amount or 0
    what = "Payment received" if amount >= 0 else "Money given back"
    how = by.title(PicklistKey.PAYMENT_METHOD, method)
    detail = ", ".join(filter(None, (how, reference)))
    return _Words(f"{what}: {money(abs(amount), currency)}", detail, tone="good")


def _survey(row: TimelineRow, _by: Telling) -> _Words:
    comment, scale, who, _ = row[3:7]
    title, tone = survey_words(scale, row.amount or 0)
    return _Words(title, comment, who, tone)


def survey_words(scale: str, score: int) -> tuple[str, str]:
    """An answer in words, with its tone; promoters give 9 or 10, detractors 6 or less."""
    if scale == "nps":
        tone = "good" if score >= _PROMOTER else "bad" if score <= _DETRACTOR else ""
        return f"Would recommend us: {score} of 10", tone
    if scale == "csat":
        tone = "good" if score >= _GOOD_SCORE else "bad" if score <= _BAD_SCORE else ""
        return f"Satisfaction {score} of 5", tone
    return "Answered a survey", ""


def _follow_up(row: TimelineRow, by: Telling) -> _Words:
    kind, title, who, done = row[3:7]
    name = f"{_FOLLOW_UPS.get(kind, capital(kind))}: {title}"
    if done:
        detail, tone = _ENDS.get(done, (capital(done), ""))
        return _Words(name, detail, who, tone)
    if row.moment and row.moment < by.now:
        return _Words(name, f"Overdue by {span(by.now - row.moment)}", who, "bad")
    return _Words(name, "Open", who)


def _consent(row: TimelineRow, by: Telling) -> _Words:
    channel, purpose, who, wording = row[3:7]
    given = "Consent given" if row.amount else "Consent withdrawn"
    what = ", ".join(
        filter(None, (capital(channel), by.inside(PicklistKey.CONSENT_PURPOSE, purpose)))
    )
    return _Words(f"{given}: {what}", wording, who, "" if row.amount else "warn")


def _lead(row: TimelineRow, by: Telling) -> _Words:
    title, where, owner, currency = row[3:7]
    state, _, stage = where.partition(" ")
    name = f"Lead: {title}" if title else "Lead"
    worth = money(row.amount or 0, currency) if row.amount else ""
    tone = {"won": "good", "lost": "warn"}.get(state, "")
    said = by.title(PicklistKey.LEAD_STAGE, stage) if stage else capital(state)
    return _Words(name, ", ".join(filter(None, (said, worth))), owner, tone)


def _message(row: TimelineRow, _by: Telling) -> _Words:
    subject, body, who, how = row[3:7]
    channel, _, state = how.partition(" ")
    said, tone = _MESSAGES.get(state, (capital(state), ""))
    name = f"{said} by {_CHANNELS.get(channel, channel)}"
    return _Words(f"{name}: {subject}" if subject else name, body, who, tone)


_CLOSED_INVOICES = {"cancelled": "Cancelled", "written_off": "Written off"}
_PROMOTER, _DETRACTOR = 9, 6
_FOLLOW_UPS = {
    "promise": "Promised",
    "follow_up": "Follow-up",
    "appointment": "Appointment",
    "call_back": "Call back",
}
_ENDS = {
    "done": ("Done", "good"),
    "kept": ("Kept", "good"),
    "late": ("Done late", "warn"),
    "broken": ("Not kept", "bad"),
    "cancelled": ("Cancelled", ""),
}
_MESSAGES = {
    "sent": ("Sent", ""),
    "queued": ("Waits to be sent", ""),
    "sending": ("Being sent", ""),
    "doubtful": ("Perhaps sent", "warn"),
    "failed": ("Could not be sent", "bad"),
    "handed_over": ("Handed to the mail program", ""),
}
_CHANNELS = {"email": "e-mail", "sms": "text message", "letter": "letter"}

_WORDS: dict[str, Callable[[TimelineRow, Telling], _Words]] = {
    "call": _call,
    "note": _interaction,
    "email": _interaction,
    "visit": _interaction,
    "web_form": _interaction,
    "ticket": _ticket,
    "order": _order,
    "payment": _payment,
    "receipt": _receipt,
    "survey": _survey,
    "follow_up": _follow_up,
    "consent": _consent,
    "lead": _lead,
    "message": _message,
}
