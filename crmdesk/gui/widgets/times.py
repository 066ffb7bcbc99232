"""Times, ages and durations as people read them. Pure: now and time zone are arguments.

Everything in the program is UTC; here it becomes local.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_WEEK = 7
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def local(at: datetime, zone: tzinfo | None = None) -> datetime:
    """A UTC time in the given zone; None is the zone of this computer.

    At the two ends of the calendar, where a zone would lead out of it, it stays as it is: other
    programs write 9999-12-31 for "never".
    """
    try:
        return at.astimezone(zone)
    except (OverflowError, ValueError):
        return at


def clock(at: datetime, zone: tzinfo | None = None) -> str:
    """Time of day, e.g. "14:02"."""
    return f"{local(at, zone):%H:%M}"


def short(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """As short as it is clear: "14:02", "Fri 14:02", "12 Mar", "12 Mar 2024"."""
    then, today = local(at, zone), local(now, zone)
    days = (today.date() - then.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    if 0 < days < _WEEK:
        return f"{_DAYS[then.weekday()]} {then:%H:%M}"
    date = f"{then.day} {_MONTHS[then.month - 1]}"
    return date if then.year == today.year else f"{date} {then.year}"


def full(at: datetime, zone: tzinfo | None = None) -> str:
    """Everything, for the tooltip: "Friday 12 March 2027, 14:02:07"."""
    then = local(at, zone)
    return f"{_DAYS[then.weekday()]} {then.day} {_MONTHS[then.month - 1]} {then:%Y, %H:%M:%S}"


def day_heading(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A heading over the entries of one day: "Today", "Yesterday", "Fri 12 Mar"."""
    then, today = local(at, zone), local(now, zone)
    days = (today.date() - then.date()).days
    if days in {0, 1}:
        return ("Today", "Yesterday")[days]
    return weekday(at, now, zone)


def weekday(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A day with its weekday, "Fri 12 Mar", with the year where it is another than now's."""
    then, today = local(at, zone), local(now, zone)
    heading = f"{_DAYS[then.weekday()]} {then.day} {_MONTHS[then.month - 1]}"
    return heading if then.year == today.year else f"{heading} {then.year}"


def date_text(day: date) -> str:
    """A day as it is typed: "12 Mar 2027"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def age(at: datetime, now: datetime) -> str:
    """How old, in one unit: "now", "4 min", "3 h", "2 d", "5 wk", "7 mo", "2 y"."""
    seconds = max(0.0, (now - at).total_seconds())
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h"
    return _days(int(seconds // _DAY))


def _days(days: int) -> str:
    for limit, length, unit in ((14, 1, "d"), (60, 7, "wk"), (730, 30, "mo")):
        if days < limit:
            return f"{days // length} {unit}"
    return f"{days // 365} y"


def ago(at: datetime, now: datetime) -> str:
    """How long ago: "just now", "3 h ago"."""
    how_old = age(at, now)
    return "just now" if how_old == "now" else f"{how_old} ago"


def due(at: datetime, now: datetime) -> str:
    """When something is due: "due in 3 h", "overdue 2 d", "due now"."""
    if at >= now:
        left = age(now, at)
        return "due now" if left == "now" else f"due in {left}"
    late = age(at, now)
    return "due now" if late == "now" else f"overdue {late}"


def duration(seconds: float) -> str:
    """A length of time: "0:07", "12:40", "1:02:09"; "–" below zero."""
    if seconds < 0:
        return "–"
    whole = int(seconds)
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def since(start: datetime, now: datetime) -> str:
    """How long something has been going on, as a duration."""
    return duration(max(timedelta(0), now - start).total_seconds())


def utc_now() -> datetime:
    """The clock of the windows, aware UTC."""
    return datetime.now(UTC)
