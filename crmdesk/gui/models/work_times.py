"""Working hours, holidays and lengths of time, as people write them. Pure, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from crmdesk.domain.business_time import (
    DAY_MINUTES,
    Holiday,
    WorkCalendar,
    WorkHours,
    weekly_minutes,
)
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.sla import MOST_MINUTES, ServiceLevels, SlaPolicy
from crmdesk.gui.models.ticket_words import minutes
from crmdesk.gui.widgets.text import isolate, joined

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_DAYS = tuple(day[:3] for day in DAYS)
_HOUR = 60
_MOST_SPANS = 12
_MOST_HOLIDAYS = 500

_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|bis)\s*(\d{1,2})(?:[:.](\d{2}))?")
_LENGTH = re.compile(r"(?:(\d{1,4})\s*h(?:ours?)?)?\s*(?:(\d{1,6})\s*(?:m|min|minutes)?)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\s*(.*)")


class WorkTimeError(ValueError):
    """A text that cannot be read; its words say what is expected."""


def clock(minute: int) -> str:
    """A minute of the day, e.g. "9:00"; 1440 is "24:00"."""
    return f"{minute // _HOUR}:{minute % _HOUR:02}"


def read_day(weekday: int, text: str) -> tuple[WorkHours, ...]:
    """The hours of a weekday, e.g. "9:00–12:30, 13–17" or "22:00–6:00"; none for "".

    Raises:
        WorkTimeError: It is written in another way, or ends when it begins.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()][: _MOST_SPANS + 1]
    if len(parts) > _MOST_SPANS:
        raise WorkTimeError(f"A day can have {_MOST_SPANS} spans.")
    return tuple(_read_span(weekday, part) for part in parts)


def _read_span(weekday: int, text: str) -> WorkHours:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise WorkTimeError("Write the hours as 9:00–17:00, several with a comma between.")
    start, until = (
        int(hour) * _HOUR + int(rest or 0) for hour, rest in (found.group(1, 2), found.group(3, 4))
    )
    if start >= DAY_MINUTES or until > DAY_MINUTES or _is_odd(found):
        raise WorkTimeError("A day has hours from 0:00 to 24:00.")
    if start == until:
        raise WorkTimeError("These hours end when they begin; all day is 0:00–24:00.")
    return WorkHours(weekday, start, until)


def _is_odd(found: re.Match[str]) -> bool:
    return any(int(rest or 0) >= _HOUR for rest in found.group(2, 4))


def write_day(hours: Iterable[WorkHours], weekday: int) -> str:
    """The hours of a weekday as `read_day` reads them."""
    own = sorted((one for one in hours if one.weekday == weekday), key=lambda one: one.from_minute)
    return ", ".join(f"{clock(one.from_minute)}–{clock(one.until_minute)}" for one in own)


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """One a line: "2026-12-25 Christmas".

    Raises:
        WorkTimeError: A line begins with no day; it says which.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()][: _MOST_HOLIDAYS + 1]
    if len(lines) > _MOST_HOLIDAYS:
        raise WorkTimeError(f"A calendar can have {_MOST_HOLIDAYS} holidays.")
    return tuple(sorted({_read_holiday(line) for line in lines}, key=lambda one: one.day))


def _read_holiday(line: str) -> Holiday:
    found = _DATE.fullmatch(line)
    day = _day(*map(int, found.group(1, 2, 3))) if found else None
    if found is None or day is None:
        raise WorkTimeError(f"“{isolate(line[:40])}” begins with no day like 2026-12-25.")
    return Holiday(day, found.group(4).strip())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def write_holidays(holidays: Iterable[Holiday]) -> str:
    """Holidays as `read_holidays` reads them."""
    return "\n".join(f"{one.day.isoformat()} {one.title}".strip() for one in holidays)


def read_length(text: str) -> int | None:
    """Minutes of "45 min", "4 h", "1 h 30" or "90"; None for "".

    Raises:
        WorkTimeError: It is written in another way, nothing, or more than a year.
    """
    wanted = text.strip().lower()
    if not wanted:
        return None
    found = _LENGTH.fullmatch(wanted)
    if found is None or not any(found.groups()):
        raise WorkTimeError("Write it as 45 min, 4 h or 1 h 30.")
    length = int(found.group(1) or 0) * _HOUR + int(found.group(2) or 0)
    if not 0 < length <= MOST_MINUTES:
        raise WorkTimeError("It is between a minute and a year.")
    return length


def write_length(length: int | None) -> str:
    """A length as `read_length` reads it."""
    return "" if length is None else minutes(length)


def calendar_words(calendar: WorkCalendar) -> str:
    """A calendar in one line, e.g. "Mon–Fri 9:00–17:00 · Europe/Berlin · 3 holidays"."""
    count = len(calendar.holidays)
    holidays = f"{count} {'holiday' if count == 1 else 'holidays'}" if count else ""
    if calendar.is_always_open:
        return joined(("Round the clock", calendar.zone))
    if not weekly_minutes(calendar):
        return joined(("No working hours: nothing would ever be due", calendar.zone))
    return joined((_week(calendar), calendar.zone, holidays))


def _week(calendar: WorkCalendar) -> str:
    """Days with the same hours together."""
    days = [write_day(calendar.hours, day) for day in range(7)]
    found: list[str] = []
    start = 0
    for day in range(1, 8):
        if day < len(days) and days[day] == days[start]:
            continue
        if days[start]:
            last = f"–{_SHORT_DAYS[day - 1]}" if day - 1 > start else ""
            found.append(f"{_SHORT_DAYS[start]}{last} {days[start]}")
        start = day
    return "; ".join(found)


def policy_words(policy: SlaPolicy, levels: ServiceLevels, lists: Picklists) -> str:
    """A policy in one line: for whom, how soon, by which calendar."""
    segment = lists.title(PicklistKey.SEGMENT, policy.segment)
    whom = joined(
        (
            lists.title(PicklistKey.TICKET_KIND, policy.ticket_kind),
            lists.title(PicklistKey.TICKET_PRIORITY, policy.priority),
            f"customers in {segment}" if segment else "",
        ),
        ", ",
    )
    calendar = levels.calendar(policy.calendar_id) if policy.calendar_id else None
    return joined(
        (
            "" if policy.is_active else "Off",
            whom or "All tickets",
            f"answer {write_length(policy.first_answer_minutes)}"
            if policy.first_answer_minutes
            else "",
            f"solution {write_length(policy.resolution_minutes)}"
            if policy.resolution_minutes
            else "",
            calendar.name if calendar else "round the clock",
            f"then {policy.escalate_to}" if policy.escalate_to else "",
        )
    )
