"""When something comes again. Wall-clock times stay what they are over a clock change."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from crmdesk.domain.follow_ups import Repeat, RepeatUnit

MOST = 999
"""Repeats are at most so many units apart."""

_RULE = re.compile(
    r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(\d{1,3}))?(;BYDAY=MO,TU,WE,TH,FR)?"
)
_UNITS = {
    "DAILY": RepeatUnit.DAY,
    "WEEKLY": RepeatUnit.WEEK,
    "MONTHLY": RepeatUnit.MONTH,
    "YEARLY": RepeatUnit.YEAR,
}
_NAMES = {unit: name for name, unit in _UNITS.items()}
_WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
_SATURDAY = 5
_LONGEST_DAYS = {
    RepeatUnit.DAY: 1,
    RepeatUnit.WEEK: 7,
    RepeatUnit.MONTH: 31,
    RepeatUnit.YEAR: 366,
}


def repeat_text(repeat: Repeat | None) -> str:
    """A repeat as a rule of RFC 5545, "" for none; what the store holds."""
    if repeat is None:
        return ""
    if repeat.unit is RepeatUnit.WORKDAY:
        return _WORKDAYS
    interval = f";INTERVAL={repeat.every}" if repeat.every > 1 else ""
    return f"FREQ={_NAMES[repeat.unit]}{interval}"


def read_repeat(text: str) -> Repeat | None:
    """The repeat of `repeat_text`; None for what is none, or of a newer program."""
    found = _RULE.fullmatch(text)
    if found is None:
        return None
    name, every, workdays = found.groups()
    if workdays:
        return Repeat(RepeatUnit.WORKDAY) if name == "WEEKLY" and every is None else None
    count = int(every or 1)
    return Repeat(_UNITS[name], count) if 1 <= count <= MOST else None


def next_due(repeat: Repeat, first: datetime, after: datetime, zone: tzinfo) -> datetime | None:
    """When it is due the next time.

    Counted from the first time, not from the last: what is due on the 31st is due on the
    last day of shorter months and on the 31st again after them.

    Args:
        repeat: How often.
        first: When it was due first, aware.
        after: The next time lies behind this.
        zone: Whose clock the time of day is of.

    Returns:
        Aware UTC; None where it lies behind the calendar's end.
    """
    try:
        begin, last = (one.astimezone(zone) for one in (first, max(first, after)))
    except OverflowError:
        return None
    steps = _steps_before(repeat, begin.date(), last.date())
    while True:
        steps += 1
        day = _day(repeat, begin.date(), steps)
        if day is None or day == date.max:
            return None
        due = datetime.combine(day, begin.time().replace(fold=0), zone)
        if due > last:
            return due.astimezone(UTC)


def moved_along(moment: datetime, was_due: datetime, due: datetime, zone: tzinfo) -> datetime:
    """A moment that stands as far from `due` as it stood from `was_due`, by the clock on the wall.

    Args:
        moment: E.g. when to remind of what is due; aware.
        was_due: What it belonged to.
        due: What it belongs to now.
        zone: Whose clock.

    Returns:
        Aware UTC.
    """
    before, then, later = (
        one.astimezone(zone).replace(tzinfo=None) for one in (moment, was_due, due)
    )
    return (later + (before - then)).replace(tzinfo=zone).astimezone(UTC)


def _steps_before(repeat: Repeat, first: date, last: date) -> int:
    """A number of steps that surely does not reach behind `last`."""
    days = (last - first).days
    if repeat.unit is RepeatUnit.WORKDAY:
        return max(0, days // 7 * _SATURDAY - _SATURDAY)
    return max(0, days // (_LONGEST_DAYS[repeat.unit] * repeat.every) - 1)


def _day(repeat: Repeat, first: date, steps: int) -> date | None:
    """The day after so many steps, None behind the year 9999."""
    count = steps * repeat.every
    try:
        if repeat.unit is RepeatUnit.MONTH:
            return _months_later(first, count)
        if repeat.unit is RepeatUnit.YEAR:
            return _months_later(first, 12 * count)
        if repeat.unit is RepeatUnit.WORKDAY:
            return _workdays_later(first, count)
        return first + timedelta(days=count * (7 if repeat.unit is RepeatUnit.WEEK else 1))
    except (OverflowError, ValueError):
        return None


def _months_later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def _workdays_later(first: date, count: int) -> date:
    """So many days from Monday to Friday later."""
    back = max(0, first.weekday() - _SATURDAY + 1)
    weeks, rest = divmod(min(first.weekday(), _SATURDAY - 1) + count, _SATURDAY)
    return (
        first
        - timedelta(days=back + min(first.weekday(), _SATURDAY - 1))
        + timedelta(weeks=weeks, days=rest)
    )
