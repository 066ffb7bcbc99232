"""Days and times as people type them: "Fri", "tomorrow 15:00", "in 3 days", "2026-12-24"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

END_OF_DAY = time(23, 59)
"""When something is due that names only a day."""

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday mo montag",
            "tue tues tuesday di dienstag",
            "wed wednesday mi mittwoch",
            "thu thur thurs thursday do donnerstag",
            "fri friday fr freitag",
            "sat saturday sa samstag sonnabend",
            "sun sunday so sonntag",
        )
    )
    for name in names.split()
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar",
            "feb february februar",
            "mar march märz maerz mär",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}
_SHORT_DAYS = {name for name in _WEEKDAYS if len(name) == 2} | {"sat", "sun", "wed"}
"""Also words of a language, or of another one: "what to do", "or so", "he sat"."""
_PARTS_OF_DAY = {
    name: moment
    for names, moment in (
        ("morning vormittag früh vormittags", time(9)),
        ("noon midday mittag mittags", time(12)),
        ("afternoon nachmittag nachmittags", time(15)),
        ("evening night abend abends", time(18)),
    )
    for name in names.split()
}
_DAY_ENDS = {"eod", "end of day", "end of the day", "close of business", "feierabend"}
_WEEK_ENDS = {"end of week", "end of the week", "end of this week", "eow", "ende der woche"}
_MONTH_ENDS = {"end of month", "end of the month", "end of this month", "eom", "monatsende",
               "ende des monats"}  # fmt: skip
_YEAR_ENDS = {"end of year", "end of the year", "jahresende", "ende des jahres"}
_EVENING = re.compile(r"\b(?:tonight(?= )|heute abend\b)")
_WEEK = timedelta(days=7)
_NAMED_DAYS = {"today": 0, "tonight": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "übermorgen": 2}
_UNIT_DAYS = {"day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1} | dict.fromkeys(
    ("week", "weeks", "woche", "wochen"), 7
)
_UNIT_MINUTES = {
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten"), 1),
    **dict.fromkeys(("h", "hour", "hours", "std", "stunde", "stunden"), 60),
}
_MONTH_UNITS = {"month", "months", "monat", "monate", "monaten"}

_TIME = re.compile(r"(at\s+|um\s+)?(\d{1,2})(?:([:.h])(\d{2}))?\s*(am|pm|uhr|h)?\Z", re.IGNORECASE)
_EARLIEST_HOUR = 7
"""Who says "at 3" at work means the afternoon; "3 am" and "03:00" say the night."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?\Z")
_DOT = re.compile(r"(\d{1,2})\.(\d{1,2})\Z")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?\Z")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+([^\W\d_]+)\.?(?:,?\s+(\d{4}))?\Z")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\Z")
_IN = re.compile(r"in\s+(\d{1,4}|an?|one|two|three)\s*([^\W\d_]+)\Z")
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_LONGEST = 40
_FARTHEST = timedelta(days=20 * 366)
"""Later days are slips of the finger."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment that was read.

    Attributes:
        at: Aware UTC.
        has_time: Whether a time of day was named; else it is the day's end.
    """

    at: datetime
    has_time: bool


def read_when(text: str, now: datetime, zone: tzinfo, *, is_marked: bool = True) -> When | None:
    """Reads a day, a time or both.

    A weekday is the next one of that name, today's included as long as its time is to come; a
    day without a year is the next one. Numbers of day and month are told apart only with dots
    ("12.3."), as ISO, or where one of them cannot be a month: "12/3" is not guessed.

    Args:
        text: As typed, in English or German.
        now: What "tomorrow" is measured against.
        zone: Whose days and clock are meant.
        is_marked: Whether something says that this is a day: a field for it, or "until" before
            it. Else what may as well be another word or an amount is none: "do", "10.50".

    Returns:
        None where it is not understood, no such day exists, or it is decades ahead.
    """
    words = " ".join(text.casefold().replace(",", " ").split())
    if not words or len(words) > _LONGEST:
        return None
    if not is_marked and _may_be_no_day(words):
        return None
    local = now.astimezone(zone)
    try:
        found = _after_a_while(words, local) or _on_a_day(words, local, zone)
    except (OverflowError, ValueError):
        return None
    return found if found and found.at - now < _FARTHEST else None


def _may_be_no_day(words: str) -> bool:
    first, *more = words.split()
    if first in _SHORT_DAYS and not more:
        return True
    alone = _TIME.fullmatch(words)
    is_amount = alone is not None and not alone[1] and alone[3] != ":" and not alone[5]
    dotted = _DOTTED.fullmatch(words)
    return is_amount or bool(dotted and not dotted[3]) or _DOT.fullmatch(words) is not None


def _after_a_while(words: str, local: datetime) -> When | None:
    found = _IN.fullmatch(words)
    if found is None or found[2] not in _UNIT_MINUTES:
        return None
    minutes = _count(found[1]) * _UNIT_MINUTES[found[2]]
    return When((local.astimezone(UTC) + timedelta(minutes=minutes)).replace(second=0), True)


def _on_a_day(words: str, local: datetime, zone: tzinfo) -> When | None:
    """Whole a day, whole a time, or both in either order."""
    words = _EVENING.sub("today evening", words)
    today = local.date()
    if (rest := _without_day_end(words)) is not None:
        day = _day(rest, today) if rest else today
        return None if day is None else _at(day, None, local, zone)
    if (day := _day(words, today)) is not None:
        return _at(day, None, local, zone)
    if words.startswith("this ") and (part := _PARTS_OF_DAY.get(words[5:])) is not None:
        return _at(today, part, local, zone)
    if (alone := _time(words)) is not None:
        return _at(None, alone, local, zone)
    return next(_day_and_time(words, local, zone), None)


def _day_and_time(words: str, local: datetime, zone: tzinfo) -> Iterator[When]:
    parts = words.split(" ")
    for cut in range(1, len(parts)):
        head, tail = " ".join(parts[:cut]), " ".join(parts[cut:])
        for a_day, a_time in ((head, tail), (tail.removeprefix("on "), head)):
            day, moment = _day(a_day, local.date()), _time(a_time)
            if day is None or moment is None:
                continue
            found = _at(day, moment, local, zone)
            is_next = found.at <= local and _weekday(a_day, local.date()) is not None
            yield _at(day + _WEEK, moment, local, zone) if is_next else found


def _without_day_end(words: str) -> str | None:
    """What stands beside "end of day"; None where that is not said."""
    for end in _DAY_ENDS:
        if words == end:
            return ""
        if words.startswith(f"{end} "):
            return words[len(end) + 1 :].removeprefix("on ")
        if words.endswith(f" {end}"):
            return words[: -len(end) - 1]
    return None


def _at(day: date | None, moment: time | None, local: datetime, zone: tzinfo) -> When:
    wanted = datetime.combine(day or local.date(), moment or END_OF_DAY, zone)
    if day is None and wanted <= local:
        wanted = datetime.combine(local.date() + timedelta(days=1), moment or END_OF_DAY, zone)
    return When(wanted.astimezone(UTC), moment is not None)


def _time(words: str) -> time | None:
    """A time of day: "15:00", "at 3", "morning", "evening at 7"."""
    first, _, rest = words.removeprefix("this ").removeprefix("in the ").partition(" ")
    part = _PARTS_OF_DAY.get(first)
    if part is None:
        return _clock(words)
    if not rest:
        return part
    found = _clock(rest)
    is_later = found is not None and part.hour > 12 and found.hour < 12
    return found.replace(hour=found.hour + 12) if found and is_later else found


def _clock(words: str) -> time | None:
    found = _TIME.fullmatch(words)
    if found is None:
        return None
    hour, minute, half = int(found[2]), int(found[4] or 0), found[5]
    if found[3] == "." and not (found[1] or half) and _is_day_and_month(hour, minute):
        return None
    if found[4] is None and half is None and 1 <= hour < _EARLIEST_HOUR:
        hour += 12
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _is_day_and_month(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _day(words: str, today: date) -> date | None:
    if words in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[words])
    return (
        _weekday(words, today)
        or _in_days(words, today)
        or _end_of(words, today)
        or _calendar_day(words, today)
    )


def _end_of(words: str, today: date) -> date | None:
    """The last day of a week of work, of a month or a year; the first of a month that is named."""
    if words in _WEEK_ENDS:
        return today + timedelta(days=(4 - today.weekday()) % 7)
    if words in _MONTH_ENDS:
        return _months_later(today.replace(day=1), 1) - timedelta(days=1)
    if words in _YEAR_ENDS:
        return date(today.year, 12, 31)
    return None


def _weekday(words: str, today: date) -> date | None:
    skip, _, name = words.rpartition(" ")
    if name.rstrip(".") not in _WEEKDAYS or skip not in {
        "",
        "next",
        "this",
        "on",
        "am",
        "nächsten",
    }:
        return None
    ahead = (_WEEKDAYS[name.rstrip(".")] - today.weekday()) % 7
    if skip in {"next", "nächsten"} and ahead == 0:
        ahead = 7
    return today + timedelta(days=ahead)


def _in_days(words: str, today: date) -> date | None:
    if words in {"next week", "nächste woche"}:
        return today + timedelta(days=7 - today.weekday())
    found = _IN.fullmatch(words)
    if found is None:
        return None
    count, unit = _count(found[1]), found[2]
    if unit in _MONTH_UNITS:
        return _months_later(today, count)
    return today + timedelta(days=count * _UNIT_DAYS[unit]) if unit in _UNIT_DAYS else None


def _count(text: str) -> int:
    return _SMALL[text] if text in _SMALL else int(text)


def _months_later(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    for day in range(today.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, today.day)


def _calendar_day(words: str, today: date) -> date | None:
    if found := _ISO.fullmatch(words):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if (found := _DOT.fullmatch(words)) and _is_day_and_month(int(found[1]), int(found[2])):
        return _with_year(int(found[1]), int(found[2]), None, today)
    if found := _DOTTED.fullmatch(words):
        year = int(found[3]) if found[3] else None
        if year is not None and year < 100:
            year += 2000
        return _with_year(int(found[1]), int(found[2]), year, today)
    if (found := _SLASHED.fullmatch(words)) and int(found[1]) != int(found[2]):
        return _slashed(int(found[1]), int(found[2]), found[3], today)
    if (found := _DAY_MONTH.fullmatch(words)) and found[2] in _MONTHS:
        year = int(found[3]) if found[3] else None
        return _with_year(int(found[1]), _MONTHS[found[2]], year, today)
    if (found := _MONTH_DAY.fullmatch(words)) and found[1] in _MONTHS:
        year = int(found[3]) if found[3] else None
        return _with_year(int(found[2]), _MONTHS[found[1]], year, today)
    return None


def _slashed(first: int, second: int, year: str | None, today: date) -> date | None:
    """Day and month in either order, where only one order can be."""
    if (first > 12) == (second > 12):
        return None
    day, month = (first, second) if first > 12 else (second, first)
    return _with_year(day, month, int(year) if year else None, today)


def _with_year(day: int, month: int, year: int | None, today: date) -> date:
    """The day in its year; without one, the next such day (29 February: of a leap year)."""
    if year is not None:
        return date(year, month, day)
    for later in range(9):
        try:
            found = date(today.year + later, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError("no such day")
