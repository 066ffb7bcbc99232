"""Tickets in words. Pure: now, the names of people and the picklists are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.tickets import (
    Ticket,
    TicketEntry,
    TicketEntryKind,
    TicketNews,
    TicketStatus,
    TicketTarget,
    TicketView,
)
from crmdesk.gui.models.names import Names
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import isolate, joined

_K = TicketEntryKind
_SOON = timedelta(hours=2)
_HOUR_MINUTES = 60

PROMISES = {
    TicketTarget.FIRST_ANSWER: "First answer",
    TicketTarget.RESOLUTION: "Solution",
}
ENTRY_ICONS = {
    _K.OPENED: "ticket",
    _K.ANSWER: "mail",
    _K.NOTE: "note",
    _K.STATUS: "refresh",
    _K.STAGE: "refresh",
    _K.PRIORITY: "up",
    _K.KIND: "edit",
    _K.OWNER: "user",
    _K.SUBJECT: "edit",
    _K.DETAIL: "edit",
    _K.ESCALATION: "up",
    _K.WARNING: "clock",
    _K.BREACH: "warning",
    _K.LINKED: "link",
    _K.UNLINKED: "link",
}
_LINK_WORDS = {"call": "call", "order": "order", "invoice": "invoice", "ticket": "ticket"}


@dataclass(frozen=True, slots=True)
class ClockWords:
    """How a clock stands, in a few words with their tone; the tip says the moment."""

    text: str
    tone: str = "muted"
    icon: str = "clock"
    tip: str = ""


def name(ticket: Ticket, lists: Picklists | None = None) -> str:
    """What people call it, e.g. "Complaint 1042"."""
    kind = (lists or Picklists()).title(PicklistKey.TICKET_KIND, ticket.kind) or "Ticket"
    return f"{kind[:1].upper()}{kind[1:]} {ticket.number}"


def stage(ticket: Ticket, lists: Picklists) -> tuple[str, str]:
    """The company's word for where it stands, with its tone."""
    key = ticket.stage or ticket.status.value
    found = lists.choice(PicklistKey.TICKET_STAGE, key)
    return found.title, found.tone or ("good" if ticket.is_solved else "neutral")


def clock(ticket: Ticket, now: datetime) -> ClockWords:
    """The clock that presses most, in one line: for lists, the block and the pop."""
    clocks = ticket.clocks
    if ticket.is_solved and ticket.solved_at is not None:
        return _solved(ticket, ticket.solved_at, now)
    if ticket.status is TicketStatus.WAITING and clocks.next_due_at is None:
        since = clocks.paused_at or ticket.opened_at
        late = " · was late" if clocks.is_breached else ""
        text = f"Waiting for the customer {times.age(since, now)}{late}"
        return ClockWords(text, "muted", "clock", f"Since {times.full(since)}")
    due_at = clocks.next_due_at
    if due_at is None:
        return ClockWords(f"Open {times.age(ticket.opened_at, now)}, no due time")
    what = "Answer" if due_at == clocks.first_due_at and due_at != clocks.due_at else "Solution"
    return due(what, due_at, now)


def due(what: str, due_at: datetime, now: datetime) -> ClockWords:
    """By when something is due, or how late it is."""
    tip = f"Due {times.full(due_at)}"
    if due_at < now:
        late = times.age(due_at, now)
        text = f"{what} due now" if late == "now" else f"{what} overdue {late}"
        return ClockWords(text, "bad", "warning", tip)
    tone = "warn" if due_at - now < _SOON else "muted"
    return ClockWords(f"{what} {times.due(due_at, now)}", tone, "clock", tip)


def _solved(ticket: Ticket, solved_at: datetime, now: datetime) -> ClockWords:
    late = ", late" if ticket.clocks.breached_at else ""
    tone = "muted" if late else "good"
    tip = f"Solved {times.full(solved_at)}"
    return ClockWords(f"Solved {times.ago(solved_at, now)}{late}", tone, "check-circle", tip)


def clocks(view: TicketView, now: datetime) -> list[tuple[str, ClockWords]]:
    """Both promises of an opened ticket: what was promised, and how it stands."""
    ticket, found = view.ticket, []
    if view.trouble:
        found.append(("Service level", ClockWords(view.trouble, "warn", "warning")))
    if ticket.clocks.first_due_at is not None:
        found.append((PROMISES[TicketTarget.FIRST_ANSWER], _first_answer(ticket, now)))
    if (resolution := _resolution(view, now)) is not None:
        found.append((PROMISES[TicketTarget.RESOLUTION], resolution))
    return found


def _first_answer(ticket: Ticket, now: datetime) -> ClockWords:
    # One from another system may say when it was solved, and nothing of an answer.
    clocks, answered_at = ticket.clocks, ticket.first_answered_at or ticket.solved_at
    due_at = clocks.first_due_at or now
    if answered_at is None:
        return due("Answer", due_at, now)
    tip = f"Due {times.full(due_at)}, answered {times.full(answered_at)}"
    if answered_at > due_at or clocks.first_breached_at is not None:
        late = times.age(min(due_at, clocks.first_breached_at or due_at), answered_at)
        return ClockWords(f"Answered {_late_by(late)}", "bad", "warning", tip)
    taken = times.age(ticket.opened_at, answered_at)
    words = "at once" if taken == "now" else f"after {taken}"
    return ClockWords(f"Answered in time, {words}", "good", "check-circle", tip)


def _resolution(view: TicketView, now: datetime) -> ClockWords | None:
    ticket, clocks = view.ticket, view.ticket.clocks
    if ticket.is_solved and ticket.solved_at is not None:
        return _solution(ticket, ticket.solved_at)
    if clocks.paused_at is not None and clocks.due_at is None:
        if view.left_minutes is None:
            return None
        text = f"Paused {times.ago(clocks.paused_at, now)}, {minutes(view.left_minutes)} left"
        return ClockWords(text, "muted", "stop", f"Since {times.full(clocks.paused_at)}")
    if clocks.breached_at is not None:
        late = times.age(clocks.breached_at, now)
        tip = f"Was due {times.full(clocks.breached_at)}"
        words = "just now" if late == "now" else f"{late} ago"
        return ClockWords(f"Breached {words}", "bad", "warning", tip)
    return due("Solution", clocks.due_at, now) if clocks.due_at is not None else None


def _solution(ticket: Ticket, solved_at: datetime) -> ClockWords | None:
    due_at = ticket.clocks.breached_at or ticket.clocks.due_at
    if due_at is None:
        return None
    tip = f"Due {times.full(due_at)}, solved {times.full(solved_at)}"
    if ticket.clocks.breached_at is not None or solved_at > due_at:
        late = _late_by(times.age(due_at, solved_at))
        return ClockWords(f"Solved {late}", "bad", "warning", tip)
    return ClockWords("Solved in time", "good", "check-circle", tip)


def _late_by(late: str) -> str:
    return "a little late" if late == "now" else f"{late} late"


def minutes(count: int) -> str:
    """A length of working time, e.g. "45 min", "7 h", "7 h 30 min"."""
    hours, rest = divmod(count, _HOUR_MINUTES)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def entry(one: TicketEntry, lists: Picklists, names: Names) -> str:
    """What an entry says besides its own text."""
    who = isolate(names.anybody(one.who)) if one.who else ""
    return joined((_what(one, lists, names), who))


def _what(one: TicketEntry, lists: Picklists, names: Names) -> str:
    if one.kind in {_K.WARNING, _K.BREACH}:
        return _clock_entry(one)
    if one.kind is _K.ESCALATION:
        by_policy = " by the service level" if not one.who else ""
        return f"Escalated to {isolate(names.anybody(one.after))}{by_policy}"
    if one.kind is _K.OWNER:
        return f"Handed to {isolate(names.anybody(one.after))}" if one.after else "Owner removed"
    if one.kind in _PLAIN:
        return _PLAIN[one.kind]
    if one.kind in {_K.LINKED, _K.UNLINKED}:
        kind = _LINK_WORDS.get(one.after or one.before, "record")
        return f"A link to {_article(kind)} was {'added' if one.after else 'removed'}"
    if one.kind is _K.SUBJECT:
        return f"Subject was “{isolate(one.before)}”"
    key = _LISTS[one.kind]
    return f"{_CHANGED[one.kind]}: {lists.title(key, one.before)} → {lists.title(key, one.after)}"


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _clock_entry(one: TicketEntry) -> str:
    known = set(TicketTarget)
    what = PROMISES[TicketTarget(one.text)] if one.text in known else "Service level"
    return f"{what} not in time" if one.kind is _K.BREACH else f"{what} is due soon"


_PLAIN = {
    _K.OPENED: "Opened",
    _K.ANSWER: "Answer to the customer",
    _K.NOTE: "Inner note",
    _K.DETAIL: "Description changed",
}
_CHANGED = {
    _K.STATUS: "Status",
    _K.STAGE: "Stage",
    _K.PRIORITY: "Priority",
    _K.KIND: "Kind",
}
_LISTS = {
    _K.STATUS: PicklistKey.TICKET_STAGE,
    _K.STAGE: PicklistKey.TICKET_STAGE,
    _K.PRIORITY: PicklistKey.TICKET_PRIORITY,
    _K.KIND: PicklistKey.TICKET_KIND,
}


def is_spoken(one: TicketEntry) -> bool:
    """Whether an entry has words of a person; the others are one quiet line."""
    return bool(one.text) and one.kind in {_K.ANSWER, _K.NOTE, _K.ESCALATION} and bool(one.who)


def entry_tone(one: TicketEntry) -> str:
    """The tone of an entry's icon."""
    tones = {_K.BREACH: "bad", _K.WARNING: "warn", _K.ESCALATION: "warn", _K.ANSWER: "accent"}
    return tones.get(one.kind, "muted")


def news(found: tuple[TicketNews, ...], now: datetime) -> tuple[str, str]:
    """What the tray and the quiet line say of warnings and breaches, with a tone."""
    late = [one for one in found if one.kind is _K.BREACH]
    tone = "bad" if late else "warn"
    if len(found) == 1:
        return _one_news(found[0], now), tone
    soon = len(found) - len(late)
    parts = [
        f"{len(late)} promises on tickets were not kept" if len(late) > 1 else "",
        "1 promise on a ticket was not kept" if len(late) == 1 else "",
        f"{soon} {'are' if soon > 1 else 'is'} due soon" if soon else "",
    ]
    return joined(parts, ", "), tone


def _one_news(one: TicketNews, now: datetime) -> str:
    what = PROMISES[one.target].lower()
    clock = times.due(one.due_at, now)
    told = f", escalated to {isolate(one.escalated_to)}" if one.escalated_to else ""
    return f"Ticket {one.number}: {what} {clock}{told}. {isolate(one.subject)}"
