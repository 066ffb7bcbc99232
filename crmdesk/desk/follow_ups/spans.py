"""When things are due, as people group them: overdue, today, tomorrow, this week, later. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

_WEEK = 7


class Span(StrEnum):
    """A stretch of time; they follow each other without a gap."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    LATER = "later"


def span_of(due_at: datetime, now: datetime, zone: tzinfo) -> Span:
    """In which stretch a moment lies."""
    for span in Span:
        _, before = stretch(span, now, zone)
        if before is None or due_at < before:
            return span
    return Span.LATER


def stretch(span: Span, now: datetime, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From when (included) to when (not included) a stretch goes, UTC; None for no end.

    The week ends on Sunday night; on Saturdays and Sundays it is the next one, so that it is
    never empty only because of the day.

    Args:
        span: Which.
        now: What "overdue" and "today" are measured against, aware.
        zone: Whose days are meant: of 23 or 25 hours, where the clock changes.
    """
    ends = _ends(now, zone)
    place = list(Span).index(span)
    return (ends[place - 1] if place else None, ends[place] if place < len(ends) else None)


def _ends(now: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    today = now.astimezone(zone).date()
    days_left = _WEEK - today.weekday()
    in_days = (1, 2, days_left if days_left > 2 else days_left + _WEEK)

    def midnight(days: int) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(), zone).astimezone(UTC)

    return (now, *map(midnight, in_days))
