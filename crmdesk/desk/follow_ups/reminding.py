"""When to remind of what is due, and later. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from crmdesk.desk.follow_ups.when import END_OF_DAY
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind

MORNING = time(9)
"""When one is reminded of what is due on a day without a time."""

_AHEAD = {FollowUpKind.APPOINTMENT: timedelta(minutes=15)}
_SOON = timedelta(hours=1)


def usual_reminder(kind: FollowUpKind, due_at: datetime, now: datetime, zone: tzinfo) -> datetime:
    """When one wants to hear of it, where nothing else was said.

    On the morning of a day; of a moment when it comes, of an appointment a little earlier.
    Where that is over, in an hour; never behind the due time.

    Returns:
        Aware UTC.
    """
    local = due_at.astimezone(zone)
    is_day = local.time().replace(second=0, microsecond=0) == END_OF_DAY
    if is_day:
        wanted = datetime.combine(local.date(), MORNING, zone).astimezone(UTC)
    else:
        wanted = due_at - _AHEAD.get(kind, timedelta())
    return wanted if wanted > now else min(now + _SOON, max(due_at, now))


def postponed(one: FollowUp, due_at: datetime, now: datetime, zone: tzinfo) -> FollowUp:
    """The same, due at another time; its reminder and its end move along."""
    later = due_at - one.due_at
    return replace(
        one,
        due_at=due_at,
        ends_at=one.ends_at + later if one.ends_at else None,
        remind_at=usual_reminder(one.kind, due_at, now, zone),
    )


def other_day(one: FollowUp, days: int, now: datetime, zone: tzinfo) -> datetime:
    """The same time of day, so many days from today, UTC; clock changes do not move it.

    Of what was due behind the calendar's end in this zone, the end of that day.
    """
    try:
        moment = one.due_at.astimezone(zone).time().replace(fold=0)
    except OverflowError:
        moment = END_OF_DAY
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, moment, zone).astimezone(UTC)


def next_monday(now: datetime, zone: tzinfo) -> int:
    """In how many days the next week begins."""
    return 7 - now.astimezone(zone).weekday()


def snoozed_until_morning(now: datetime, zone: tzinfo) -> datetime:
    """Tomorrow morning, UTC."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
