"""Follow-ups in words. Pure: now is an argument, days and clock are those of this computer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crmdesk.desk.follow_ups.when import END_OF_DAY
from crmdesk.domain.follow_ups import (
    FollowUp,
    FollowUpKind,
    FollowUpOutcome,
    Repeat,
    RepeatUnit,
)
from crmdesk.gui.models.ticket_words import ClockWords
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import isolate, joined

KINDS = {
    FollowUpKind.FOLLOW_UP: "Follow-up",
    FollowUpKind.PROMISE: "Promise",
    FollowUpKind.APPOINTMENT: "Appointment",
    FollowUpKind.CALL_BACK: "Call-back",
}
ICONS = {
    FollowUpKind.FOLLOW_UP: "follow-up",
    FollowUpKind.PROMISE: "star",
    FollowUpKind.APPOINTMENT: "calendar",
    FollowUpKind.CALL_BACK: "phone",
}
_DONE = {
    FollowUpOutcome.KEPT: ("Done", "Kept", "good", "check-circle"),
    FollowUpOutcome.LATE: ("Done late", "Kept late", "warn", "check-circle"),
    FollowUpOutcome.BROKEN: ("Not done", "Not kept", "bad", "error"),
    FollowUpOutcome.CANCELLED: ("Cancelled", "Cancelled", "muted", "close"),
}
_UNITS = {
    RepeatUnit.DAY: "day",
    RepeatUnit.WORKDAY: "workday",
    RepeatUnit.WEEK: "week",
    RepeatUnit.MONTH: "month",
    RepeatUnit.YEAR: "year",
}
_SOON = timedelta(hours=2)
_NEAR_DAYS = {0: "Today", 1: "Tomorrow"}


def is_day(at: datetime) -> bool:
    """Whether a moment stands for the whole of its day."""
    return times.local(at).time().replace(second=0, microsecond=0) == END_OF_DAY


def day(at: datetime, now: datetime) -> str:
    """A day with its weekday, e.g. "Fri 27 Nov", with the year where it is another."""
    return times.weekday(at, now)


def moment(at: datetime, now: datetime) -> str:
    """Day and time, e.g. "Fri 27 Nov, 15:00" or "Fri 27 Nov, end of day"."""
    return f"{day(at, now)}, {'end of day' if is_day(at) else times.clock(at)}"


def meaning(at: datetime, now: datetime) -> str:
    """What was understood: "Tomorrow, Tue 24 Nov, 15:00"."""
    near = _NEAR_DAYS.get(_days_ahead(at, now), "")
    return joined((near, moment(at, now)), ", ")


def _days_ahead(at: datetime, now: datetime) -> int:
    return (times.local(at).date() - times.local(now).date()).days


def due(one: FollowUp, now: datetime) -> ClockWords:
    """When it is due, or how it ended, in few words with an icon."""
    if one.done_at is not None:
        return ended(one, now)
    tip = f"Due {moment(one.due_at, now)}"
    if one.is_overdue(now):
        late = times.age(one.due_at, now)
        words = "Overdue, just now" if late == "now" else f"Overdue {late}"
        return ClockWords(words, "bad", "warning", tip)
    near = _NEAR_DAYS.get(_days_ahead(one.due_at, now), "")
    named = near or day(one.due_at, now)
    text = named if is_day(one.due_at) else f"{named} {times.clock(one.due_at)}"
    tone = "warn" if near == "Today" or one.due_at - now < _SOON else "muted"
    return ClockWords(text, tone, "clock", tip)


def ended(one: FollowUp, now: datetime) -> ClockWords:
    """How it ended, by whom and when."""
    outcome = one.outcome or FollowUpOutcome.KEPT
    done, kept, tone, icon = _DONE[outcome]
    word = kept if one.kind is FollowUpKind.PROMISE else done
    done_at = one.done_at or now
    by = f"by {one.done_by}" if one.done_by else ""
    text = joined((word, by, times.ago(done_at, now)), " ")
    tip = f"Was due {moment(one.due_at, now)}, ended {times.full(done_at)}"
    return ClockWords(text, tone, icon, tip)


def done_word(kind: FollowUpKind) -> str:
    """What the button says that ends one well."""
    return "Kept" if kind is FollowUpKind.PROMISE else "Done"


def broken_word(kind: FollowUpKind) -> str:
    """What the button says that ends one badly."""
    return "Not kept" if kind is FollowUpKind.PROMISE else "Not done"


def repeats(repeat: Repeat | None) -> str:
    """How often it comes again, e.g. "Every 2 weeks"; "" for once."""
    if repeat is None:
        return ""
    unit = _UNITS[repeat.unit]
    return f"Every {unit}" if repeat.every == 1 else f"Every {repeat.every} {unit}s"


def name(one: FollowUp) -> str:
    """Kind and title, e.g. "Promise: 10 %"."""
    return f"{KINDS[one.kind]}: {one.title}"


def reminder(reminders: Sequence[FollowUp], missed: bool, now: datetime) -> tuple[str, str]:
    """What is told of reminders in one line, with its tone."""
    tone = "bad" if any(one.is_overdue(now) for one in reminders) else "warn"
    if len(reminders) == 1:
        (one,) = reminders
        whose = isolate(one.customer_name) if one.customer_name else ""
        parts = (joined((KINDS[one.kind], isolate(one.title)), ": "), whose, due(one, now).text)
        return joined(parts), tone
    since = " came while you were away" if missed else ""
    first = joined((isolate(reminders[0].title), isolate(reminders[0].customer_name)), ", ")
    return f"{len(reminders)} reminders{since}. First: {first}", tone
