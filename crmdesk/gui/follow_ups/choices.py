"""What can be chosen for a follow-up: reminders, repetitions, lengths. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.reminding import usual_reminder
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind, Repeat, RepeatUnit
from crmdesk.gui.models import follow_up_words

USUAL = "usual"
"""The reminder one wants where nothing else is chosen."""

Reminder = timedelta | datetime | str
"""So long before it is due, at a moment, or `USUAL`."""

_BEFORE = (
    ("When it is due", timedelta()),
    ("10 minutes before", timedelta(minutes=10)),
    ("1 hour before", timedelta(hours=1)),
    ("1 day before", timedelta(days=1)),
    ("1 week before", timedelta(days=7)),
)
_REPEATS = (
    None,
    Repeat(RepeatUnit.DAY),
    Repeat(RepeatUnit.WORKDAY),
    Repeat(RepeatUnit.WEEK),
    Repeat(RepeatUnit.WEEK, 2),
    Repeat(RepeatUnit.MONTH),
    Repeat(RepeatUnit.MONTH, 3),
    Repeat(RepeatUnit.YEAR),
)
_LENGTHS = (15, 30, 45, 60, 90, 120)


def reminders(known: FollowUp | None, now: datetime) -> list[tuple[str, Reminder]]:
    """The choices; the one that holds first where it is none of the others."""
    choices: list[tuple[str, Reminder]] = [("As usual", USUAL), *_BEFORE]
    if known is not None and (held := held_reminder(known, now)) not in dict(choices).values():
        moment = known.reminds_at
        choices.insert(0, (follow_up_words.moment(moment, now), held))
    return choices


def held_reminder(one: FollowUp, now: datetime) -> Reminder:
    """The choice that stands for the reminder of one."""
    if one.remind_at is None:
        return timedelta()
    if one.remind_at == usual_reminder(one.kind, one.due_at, min(one.at, now), OWN_ZONE):
        return USUAL
    before = one.due_at - one.remind_at
    return before if before in dict(_BEFORE).values() else one.remind_at


def remind_at(chosen: Reminder, kind: FollowUpKind, due_at: datetime, now: datetime) -> datetime:
    """When to remind; what would be over already is as usual."""
    usual = usual_reminder(kind, due_at, now, OWN_ZONE)
    if isinstance(chosen, timedelta):
        wanted = due_at - chosen
    elif isinstance(chosen, datetime):
        wanted = chosen
    else:
        return usual
    return wanted if wanted > now else usual


def repeats(known: Repeat | None) -> list[tuple[str, Repeat | None]]:
    """How often it may come again."""
    offered = [*_REPEATS] if known in _REPEATS else [*_REPEATS, known]
    return [(follow_up_words.repeats(one) or "Once", one) for one in offered]


def lengths(known: timedelta | None) -> list[tuple[str, timedelta | None]]:
    """How long an appointment may take."""
    offered = [timedelta(minutes=minutes) for minutes in _LENGTHS]
    if known is not None and known not in offered:
        offered = sorted([*offered, known])
    return [("Open end", None), *((_length(one), one) for one in offered)]


def _length(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
