"""Working time: which minutes count, and when so many of them are over.

A moment counts where the wall clock of the calendar's zone shows an open hour of a day that is
no holiday. So an hour that the clock skips in spring never counts, one that it shows twice in
autumn counts twice, and hours over midnight go on into the next day unless that is a holiday.
Pure: no clock is read, and no search goes on without end.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
LONGEST = timedelta(days=3653)
"""Ten years. What is not due by then is never due, and longer spans count as this long."""

_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9980, 1, 1, tzinfo=UTC)
"""Outside them there is room for `LONGEST`, a day and a zone's offset on both sides."""

_DAY = timedelta(days=1)
_STEP = timedelta(hours=6)
_SECOND = timedelta(seconds=1)
_NOTHING = timedelta()
_DAYS_KEPT = 4_000

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WorkHours:
    """Open hours that begin on one day of the week.

    Attributes:
        weekday: 0 is Monday.
        from_minute: Minutes from midnight by the wall clock, 0 to 1439.
        until_minute: The same, up to 1440 for midnight; before `from_minute` it is on the
            next day.
    """

    weekday: int
    from_minute: int
    until_minute: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nothing counts, from midnight to midnight."""

    day: date
    title: str = ""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When work is done.

    Attributes:
        zone: IANA name, e.g. "Europe/Berlin"; an unknown one reads as UTC.
        is_always_open: Round the clock, whatever hours and holidays say.
    """

    id: uuid.UUID
    name: str
    zone: str = "UTC"
    is_always_open: bool = False
    hours: tuple[WorkHours, ...] = ()
    holidays: tuple[Holiday, ...] = ()


def is_zone(name: str) -> bool:
    """Whether an IANA name is known here: to the system or, on Windows, to the package tzdata."""
    return _zone(name) is not None


@lru_cache(256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None


def zone_of(calendar: WorkCalendar) -> tzinfo:
    """The zone of a calendar; UTC where this machine does not know its name."""
    return _zone(calendar.zone) or UTC


def why_never_open(calendar: WorkCalendar) -> str:
    """Why nothing would ever be due by a calendar, in words; "" where it has hours."""
    if calendar.is_always_open or any(_minutes(hours) for hours in calendar.hours):
        return ""
    return (
        f"“{calendar.name}” has no working hours, so nothing would ever be due."
        " Add hours, or let it be open round the clock."
    )


def weekly_minutes(calendar: WorkCalendar) -> int:
    """Working minutes of a week without holidays or clock changes."""
    if calendar.is_always_open:
        return 7 * DAY_MINUTES
    return sum(
        end - start for day in range(7) for start, end in _merged(_minutes_of(calendar, day))
    )


def _minutes(hours: WorkHours) -> tuple[tuple[int, int], ...]:
    """The minutes of its own day and, from 1440 on, of the next."""
    start, until = hours.from_minute, hours.until_minute
    if until < start:
        until += DAY_MINUTES
    return ((start, until),) if start < until else ()


def _minutes_of(calendar: WorkCalendar, weekday: int) -> list[tuple[int, int]]:
    """Open minutes of a weekday, with what goes on from the evening before."""
    found = []
    for hours in calendar.hours:
        for start, until in _minutes(hours):
            if hours.weekday == weekday:
                found.append((start, min(until, DAY_MINUTES)))
            if (hours.weekday + 1) % 7 == weekday and until > DAY_MINUTES:
                found.append((0, until - DAY_MINUTES))
    return found


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


class BusinessClock:
    """Counts the working time of a calendar.

    Days that were looked at are kept, so one clock is quick for many tickets.

    Args:
        calendar: Whose time counts.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._zone = zone_of(calendar)
        self._is_always_open = calendar.is_always_open
        self._never_opens = bool(why_never_open(calendar))
        self._week = [_merged(_minutes_of(calendar, day)) for day in range(7)]
        self._holidays = frozenset(holiday.day for holiday in calendar.holidays)
        self._days: dict[date, tuple[Span, ...]] = {}

    def is_open(self, at: datetime) -> bool:
        """Whether a moment counts."""
        return any(start <= at < end for start, end in self._spans_from(at, at))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` on that counts; None where there is none for years."""
        found = next(iter(self._spans_from(at)), None)
        return None if found is None else max(at, found[0])

    def add(self, at: datetime, length: timedelta) -> datetime | None:
        """The first moment at which so much working time since `at` is over.

        Args:
            at: Where counting starts, aware UTC.
            length: Not negative.

        Returns:
            Aware UTC; None where that takes longer than `LONGEST`, or would never come.
        """
        left = length
        if not left:
            return at
        for start, end in self._spans_from(at):
            start = max(start, at)
            if end - start >= left:
                return start + left
            left -= end - start
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to another; nothing where the second is not later."""
        start = max(start, end - LONGEST) if end > _FIRST + LONGEST else start
        spans = self._spans_from(start, end)
        counted = (min(end, until) - max(start, since) for since, until in spans)
        return sum((length for length in counted if length > _NOTHING), _NOTHING)

    def _spans_from(self, at: datetime, until: datetime | None = None) -> Iterator[Span]:
        """Open spans that end after `at`, in order, up to `until` or `LONGEST`."""
        if not _FIRST <= at < _LAST or self._never_opens:
            return
        last = min(until if until is not None else at + LONGEST, at + LONGEST, _LAST)
        if self._is_always_open:
            yield at, at + LONGEST + _SECOND
            return
        day, final = at.date(), last.date()
        while day <= final:
            yield from ((since, end) for since, end in self._spans(day) if end > at)
            day += _DAY

    def _spans(self, day: date) -> tuple[Span, ...]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            known = self._days[day] = tuple(self._find_spans(day))
        return known

    def _find_spans(self, day: date) -> Iterator[Span]:
        """The open spans of a day of UTC, in order."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        for since, until, offset in _pieces(self._zone, midnight):
            shown, last = (since + offset).date(), (until + offset).date()
            while shown <= last:
                yield from self._open_on(shown, since, until, offset)
                shown += _DAY

    def _open_on(
        self, shown: date, since: datetime, until: datetime, offset: timedelta
    ) -> Iterator[Span]:
        """Open spans of a day of the wall clock, while it has one offset from UTC."""
        if shown in self._holidays:
            return
        midnight = datetime(shown.year, shown.month, shown.day, tzinfo=UTC) - offset
        for start, end in self._week[shown.weekday()]:
            first = max(since, midnight + timedelta(minutes=start))
            last = min(until, midnight + timedelta(minutes=end))
            if first < last:
                yield first, last


@lru_cache(8_000)
def _pieces(zone: tzinfo, midnight: datetime) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The times of one offset from UTC each, of the day that begins at a midnight of UTC."""
    pieces = []
    since = at = midnight
    offset = _offset(zone, since)
    while at < midnight + _DAY:
        later = at + _STEP
        if (changed := _offset(zone, later)) != offset:
            change = _change_between(zone, at, later)
            pieces.append((since, change, offset))
            since, offset = change, changed
        at = later
    if since < at:
        pieces.append((since, at, offset))
    return tuple(pieces)


def _change_between(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The second from which on the later offset holds; halving the time between."""
    old = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
