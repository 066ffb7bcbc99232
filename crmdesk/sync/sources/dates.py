"""Dates as people and programs write them, to ISO 8601.

Whether 03/04/2024 is in March or in April nobody can tell from one date: all dates of the file
are looked at, and where even they do not tell, the file's other habits.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ORDERS = {"dmy": "day month year", "mdy": "month day year", "ymd": "year month day"}

_DATE = re.compile(
    r"\s*(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
    r"(?:[ T,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?\s*"
)
_MOSTLY = 0.8
_CENTURY_PIVOT = 70
"""Two-digit years from here on are of the 20th century, as POSIX has it (69 there)."""


@dataclass(frozen=True, slots=True)
class DateHabit:
    """How a file writes dates.

    Attributes:
        order: A key of ORDERS.
        columns: Index of each column of dates.
        is_certain: False where no date has a day above 12.
    """

    order: str
    columns: tuple[int, ...]
    is_certain: bool


def detect(rows: Sequence[Sequence[str]], width: int, *, day_first: bool) -> DateHabit | None:
    """Looks for columns of dates.

    Args:
        rows: Rows of the file.
        width: Its columns.
        day_first: What is assumed of 03/04/2024 where nothing tells.

    Returns:
        None where there are none that need reading; ISO dates need none.
    """
    found, seen = [], []
    for index in range(width):
        values = [row[index] for row in rows if index < len(row) and row[index].strip()]
        matches = [match for match in map(_DATE.fullmatch, values) if match]
        if values and len(matches) >= _MOSTLY * len(values):
            found.append(index)
            seen += matches
    if not found:
        return None
    order, is_certain = _order(seen, day_first=day_first)
    return DateHabit(order, tuple(found), is_certain)


def _order(matches: Iterable[re.Match[str]], *, day_first: bool) -> tuple[str, bool]:
    votes = {"dmy": 0, "mdy": 0, "ymd": 0}
    assumed = "dmy" if day_first else "mdy"
    for match in matches:
        if len(match[1]) > 2:
            votes["ymd"] += 1
        elif match[2] == "." or int(match[1]) > 12:
            votes["dmy"] += 1
        elif int(match[3]) > 12:
            votes["mdy"] += 1
        elif match[2] == "-":
            assumed = "dmy"
    best = max(votes, key=lambda order: votes[order])
    return (best, True) if votes[best] else (assumed, False)


def to_iso(text: str, order: str) -> str:
    """A date of that order as ISO 8601; anything else as it is."""
    match = _DATE.fullmatch(text)
    if not match:
        return text
    parts = match[1], match[3], match[4]
    if len(match[1]) > 2:
        order = "ymd"
    figures = {letter: int(part) for letter, part in zip(order, parts, strict=True)}
    try:
        day = datetime.date(_year(figures["y"]), figures["m"], figures["d"])
        time = _time(match)
    except ValueError:
        return text
    return f"{day.isoformat()}T{time.isoformat()}" if time else day.isoformat()


def _year(year: int) -> int:
    if year >= 100:
        return year
    return year + (1900 if year >= _CENTURY_PIVOT else 2000)


def _time(match: re.Match[str]) -> datetime.time | None:
    """The time of day; None where there is none, or midnight, which stands for none."""
    if not match[5]:
        return None
    hour = int(match[5])
    half = (match[8] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    time = datetime.time(hour, int(match[6]), int(match[7] or 0))
    return time if time != datetime.time() else None
