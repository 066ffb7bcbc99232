"""The lines of "since you last spoke": what presses first, and by whom. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmdesk.domain.customers import OpenTicket, StoryLine
from crmdesk.domain.planning import PicklistKey
from crmdesk.store.planning.picklists import NUMBER, Telling, capital
from crmdesk.store.story.ages import money, span
from crmdesk.store.timeline.text import survey_words

MOST_LINES = 12
"""The pop shows the first four, the page all."""

_DUE_SOON = timedelta(hours=24)
_TONES = ("bad", "warn", "good", "")
_LONGEST_TEXT = 120


class Change(NamedTuple):
    """A row that may be new; what its columns hold differs from table to table."""

    what: str
    at: datetime
    name: str
    text: str
    who: str
    state: str
    done_at: datetime | None
    due_at: datetime | None
    cents: int | None
    currency: str


def lines(
    tickets: Iterable[OpenTicket], changes: Iterable[Change], by: Telling
) -> tuple[StoryLine, ...]:
    """At most `MOST_LINES` lines: bad before warn before good, newest first within a tone."""
    found = [*(_ticket(ticket, by) for ticket in tickets), *_changes(changes, by)]
    found = list({line.text: line for line in reversed(found)}.values())
    found.sort(key=lambda line: line.at, reverse=True)
    found.sort(key=lambda line: _TONES.index(line.tone))
    return tuple(found[:MOST_LINES])


def next_of(what: str, changes: Iterable[Change], by: Telling) -> StoryLine | None:
    """The open follow-up ("follow_up") or promise ("promise") that is due first."""
    due = [change for change in changes if change.what == what and change.due_at]
    first = min(due, key=lambda change: change.due_at or by.now, default=None)
    return replace(_follow_up(first, by), who=first.who) if first else None


def _changes(changes: Iterable[Change], by: Telling) -> Iterator[StoryLine]:
    told: set[str] = set()
    for change in changes:
        if change.what == "overdue":
            yield _overdue(change, by.now.date())
        elif change.what == "ticket":
            if change.name not in told:  # the newest step of a ticket says enough
                told.add(change.name)
                yield replace(_step(change, by), who=change.who)
        elif change.what in _WORDS:
            yield replace(_WORDS[change.what](change, by), who=change.who)


def _ticket(ticket: OpenTicket, by: Telling) -> StoryLine:
    name = f"{by.title(PicklistKey.TICKET_KIND, ticket.kind)} {ticket.number}"
    if ticket.status == "waiting":
        return StoryLine("", f"{name} waits for the customer: {ticket.subject}", ticket.opened_at)
    if ticket.due_at and ticket.due_at < by.now:
        late = span(by.now - ticket.due_at)
        return StoryLine("bad", f"{name} overdue by {late}: {ticket.subject}", ticket.opened_at)
    if ticket.due_at and ticket.due_at - by.now < _DUE_SOON:
        left = span(ticket.due_at - by.now)
        return StoryLine("warn", f"{name} due in {left}: {ticket.subject}", ticket.opened_at)
    age = span(by.now - ticket.opened_at)
    return StoryLine("", f"{name} open for {age}: {ticket.subject}", ticket.opened_at)


def _order(change: Change, by: Telling) -> StoryLine:
    name = f"Order {change.name}"
    if change.state == "late":
        late = span(by.now - (change.due_at or by.now))
        return StoryLine("warn", f"{name} late by {late}: {change.text}", change.at)
    if change.state in {"cancelled", "returned"}:
        state = by.inside(PicklistKey.ORDER_STATUS, change.state)
        return StoryLine("warn", f"{name} {state}: {change.text}", change.at)
    if change.done_at:
        state = "delivered" if change.state == "delivered" else "shipped"
        done = by.inside(PicklistKey.ORDER_STATUS, state)
        ago = span(by.now - change.done_at)
        return StoryLine("good", f"{name} {done} {ago} ago: {change.text}", change.done_at)
    placed = by.inside(PicklistKey.ORDER_STATUS, "placed")
    return StoryLine("", f"{name} {placed} {_ago(change, by)}: {change.text}", change.at)


def _overdue(change: Change, today: date) -> StoryLine:
    days = (today - date.fromisoformat(change.text)).days
    text = f"Invoice {change.name} overdue by {days} day{'s' * (days != 1)}: {_money(change)}"
    return StoryLine("bad", text, change.at)


def _invoice(change: Change, by: Telling) -> StoryLine:
    done = change.state.replace("_", " ") if change.state != "open" else "sent"
    tone = "good" if change.state == "paid" else ""
    text = f"Invoice {change.name} {done}, {_ago(change, by)}: {_money(change)}"
    return StoryLine(tone, text, change.at)


def _receipt(change: Change, by: Telling) -> StoryLine:
    verb = "Paid" if (change.cents or 0) >= 0 else "Money given back,"
    amount = money(abs(change.cents or 0), change.currency)
    return StoryLine("good", f"{verb} {amount}, {_ago(change, by)}", change.at)


def _follow_up(change: Change, by: Telling) -> StoryLine:
    name = _FOLLOW_UPS.get(change.name, capital(change.name)) + _by(change)
    due = change.due_at or by.now
    if due < by.now:
        return StoryLine(
            "bad", f"{name}, overdue by {span(by.now - due)}: {change.text}", change.at
        )
    tone = "warn" if due - by.now < _DUE_SOON else ""
    return StoryLine(tone, f"{name}, due in {span(due - by.now)}: {change.text}", change.at)


def _done(change: Change, by: Telling) -> StoryLine:
    name = _DONE.get(change.name, capital(change.name))
    end, tone = _ENDS.get(change.state, ("done", ""))
    text = f"{name} {end}{_by(change)}, {_ago(change, by)}: {change.text}"
    return StoryLine(tone, text, change.at)


def _interaction(change: Change, by: Telling) -> StoryLine:
    said = f"{_short(change.text)}" or "nothing was written"
    return StoryLine(
        "", f"{capital(change.name)}{_by(change)}, {_ago(change, by)}: {said}", change.at
    )


def _solved(change: Change, by: Telling) -> StoryLine:
    name = by.numbered(PicklistKey.TICKET_KIND, change.name)
    text = f"{name} solved{_by(change)}, {_ago(change, by)}: {change.text}"
    return StoryLine("good", text, change.at)


def _step(change: Change, by: Telling) -> StoryLine:
    done, tone = _STEPS.get(change.state, ("changed", ""))
    said = _short(change.text)
    if change.state == "priority":
        said = by.title(PicklistKey.TICKET_PRIORITY, change.text)
    elif change.state == "breach":
        done, said = f"was {_MISSED.get(change.text, 'not kept in time')}", ""
    elif change.state == "escalation":
        to, _, why = change.text.partition(NUMBER)
        done, said = f"escalated{f' to {to}' if to else ''}", _MISSED.get(why, _short(why))
    name = by.numbered(PicklistKey.TICKET_KIND, change.name)
    text = f"{name} {done}{_by(change)}, {_ago(change, by)}{f': {said}' if said else ''}"
    return StoryLine(tone, text, change.at)


def _survey(change: Change, by: Telling) -> StoryLine:
    words, tone = survey_words(change.state, change.cents or 0)
    said = f": {_short(change.text)}" if change.text else ""
    return StoryLine(tone, f"{words}, {_ago(change, by)}{said}", change.at)


def _consent(change: Change, by: Telling) -> StoryLine:
    given, tone = ("given", "") if change.cents else ("withdrawn", "warn")
    what = ", ".join(
        filter(None, (capital(change.name), by.inside(PicklistKey.CONSENT_PURPOSE, change.text)))
    )
    text = f"Consent {given}{_by(change)}, {_ago(change, by)}: {what}"
    return StoryLine(tone, text, change.at)


def _message(change: Change, by: Telling) -> StoryLine:
    if change.state in {"failed", "doubtful"}:
        said = "could not be sent" if change.state == "failed" else "was perhaps not sent"
        return StoryLine("warn", f"Message {said}: {_short(change.text)}", change.at)
    said = "sent" if change.state in {"sent", "handed_over"} else change.state
    text = f"Message {said}{_by(change)}, {_ago(change, by)}: {_short(change.text)}"
    return StoryLine("", text, change.at)


def _lead(change: Change, by: Telling) -> StoryLine:
    tone = {"won": "good", "lost": "warn"}.get(change.state, "")
    worth = f", {_money(change)}" if change.cents else ""
    is_open = change.state == "open"
    state = "new" if is_open else by.inside(PicklistKey.LEAD_STAGE, change.name or change.state)
    text = f"Lead {state}{_by(change)}, {_ago(change, by)}: {change.text}{worth}"
    return StoryLine(tone, text, change.at)


def _profile(change: Change, by: Telling) -> StoryLine:
    text = f"Profile changed{_by(change)}, {_ago(change, by)}: {_short(change.text)}"
    return StoryLine("", text, change.at)


def _by(change: Change) -> str:
    return f" by {change.who}" if change.who else ""


def _ago(change: Change, by: Telling) -> str:
    return f"{span(by.now - change.at)} ago"


def _money(change: Change) -> str:
    return money(change.cents or 0, change.currency)


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TEXT]


_FOLLOW_UPS = {
    "promise": "Promised",
    "follow_up": "Follow-up",
    "appointment": "Appointment",
    "call_back": "Call back",
}
_DONE = {**_FOLLOW_UPS, "promise": "Promise", "call_back": "Call-back"}
_ENDS = {
    "kept": ("kept", "good"),
    "late": ("kept late", "warn"),
    "broken": ("not kept", "bad"),
    "cancelled": ("cancelled", ""),
}
_STEPS = {
    "escalation": ("escalated", "bad"),
    "breach": ("", "bad"),
    "answer": ("answered", ""),
    "note": ("commented", ""),
    "priority": ("has another priority", ""),
    "owner": ("has another owner", ""),
}
_MISSED = {"first_answer": "not answered in time", "resolution": "not solved in time"}
"""What the clocks of a ticket write into its entries; a person writes words."""
_WORDS: dict[str, Callable[[Change, Telling], StoryLine]] = {
    "order": _order,
    "invoice": _invoice,
    "receipt": _receipt,
    "follow_up": _follow_up,
    "done": _done,
    "interaction": _interaction,
    "solved": _solved,
    "survey": _survey,
    "consent": _consent,
    "message": _message,
    "lead": _lead,
    "profile": _profile,
}
