"""Columns of dates in a text table, whose values become ISO 8601.

Whether 03/04/2024 is in March or in April one value does not tell, but a thousand rows mostly do.
Where even they do not, the values stay as they are: the mapping knows the region.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crmdesk.sync.cells.dates import DMY, MDY, YMD, parse_date

ORDERS = (DMY, MDY, YMD)

_DATE = re.compile(r"\s*((\d{1,4})([./-])(\d{1,2})\3(\d{1,4}))(?=$|[\sT,])[T,]?\s*(.{0,20}?)\s*")
_MIDNIGHT = re.compile(r"(?:0?0:00(?::00)?|12:00(?::00)? ?AM)?", re.IGNORECASE)
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class DateColumns:
    """Where a file has dates.

    Attributes:
        order: How it writes them.
        columns: Index of each column.
    """

    order: str
    columns: tuple[int, ...]


def detect(rows: Sequence[Sequence[str]], width: int, order: str = "") -> DateColumns | None:
    """Looks for columns of dates.

    Args:
        rows: The first rows.
        width: Columns of the file.
        order: What a person said of them, "" to find out.

    Returns:
        None where there are none, or nothing tells day and month apart.
    """
    found: list[int] = []
    seen: list[re.Match[str]] = []
    for index in range(width):
        values = [row[index] for row in rows if index < len(row) and row[index].strip()]
        dates = [match for match in map(_DATE.fullmatch, values) if match]
        if values and len(dates) >= _MOSTLY * len(values):
            found.append(index)
            seen += dates
    order = order or _order(seen)
    return DateColumns(order, tuple(found)) if found and order else None


def _order(dates: Sequence[re.Match[str]]) -> str:
    votes = {DMY: 0, MDY: 0, YMD: 0}
    for match in dates:
        first, second = match[2], match[4]
        if len(first) > 2:
            votes[YMD] += 1
        elif match[3] == "." or int(first) > 12:
            votes[DMY] += 1
        elif int(second) > 12:
            votes[MDY] += 1
    best = max(votes, key=lambda order: votes[order])
    return best if votes[best] else ""


@lru_cache(maxsize=8192)
def to_iso(text: str, order: str) -> str:
    """A date of that order as ISO 8601, a time behind it as it is; anything else unchanged."""
    match = _DATE.fullmatch(text)
    day = _day(match, order) if match else None
    if not match or not day:
        return text
    return day.isoformat() if _MIDNIGHT.fullmatch(match[6]) else f"{day.isoformat()} {match[6]}"


def _day(match: re.Match[str], order: str) -> datetime.date | None:
    if order == YMD and len(match[2]) < 3:
        return parse_date(f"20{match[2]:0>2}-{match[4]}-{match[5]}")
    return parse_date(match[1], order)
