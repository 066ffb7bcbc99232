"""Dates as people, programs and spreadsheets write them.

"3/4/2024" is two dates: which one is decided per column from its values, and where none of
them tells, by the region. No clock is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from crmdesk.store.fold import fold
from crmdesk.sync.cells.words import meanings

DMY, MDY, YMD = "dmy", "mdy", "ymd"

_MONTH_FIRST = frozenset({"US", "PR", "PH", "FM", "MH", "PW", "GU", "VI", "AS", "MP", "CA"})
"""Regions that write the month first (CLDR: the short date of their usual English locale)."""

_NUMERIC = re.compile(r"(\d{1,4})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?![\d/]|\.\d)")
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?.*")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{4,6}Z?|\d{6}Z?)?")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_UNIX = re.compile(r"\d{10}(?:\d{3})?")
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURES = re.compile(r"\d+")
_LONGEST = 64

_EXCEL_DAY_0 = date(1899, 12, 30)  # support.microsoft.com: 1900 date system, with its leap day bug
_FIRST_SERIAL, _LAST_SERIAL = 7_000, 73_050  # 1919 to 2099: below are counts and postcodes' heads
_COMPACT_CHARS = len("20240305")
_PIVOT = 69
"""Two figures below mean 20xx, from it on 19xx, as POSIX strptime has it."""

_FIRST_YEAR, _LAST_YEAR = 1880, 2199


def decide_order(values: Iterable[str], region: str = "") -> str:
    """How a column writes its dates: `DMY` or `MDY`.

    A figure above 12 in first or second place settles it; else dots mean the day first, and
    slashes what the region does.
    """
    day_first = month_first = 0
    dotted = False
    for value in values:
        found = _NUMERIC.match(value.strip()[:_LONGEST])
        if found is None or len(found[1]) > 2:
            continue
        dotted = dotted or found[2] == "."
        day_first += int(found[1]) > 12
        month_first += int(found[3]) > 12
    if day_first != month_first:
        return DMY if day_first > month_first else MDY
    return MDY if region in _MONTH_FIRST and not dotted else DMY


def parse_date(text: str, order: str = DMY) -> date | None:
    """A date out of a cell; a time beside it is left out.

    Args:
        text: ISO, figures with separators, a month in words, or a spreadsheet's serial day.
        order: `DMY` or `MDY`, for figures with the year last.

    Returns:
        None where it is no date.
    """
    plain = text.strip()[:_LONGEST]
    try:
        return _parsed(plain, order)
    except (ValueError, OverflowError, OSError):
        return None


def _parsed(text: str, order: str) -> date | None:
    if found := _NUMERIC.match(text):
        return _of_figures(found, order)
    if found := _EAST_ASIAN.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(text):
        return _of_serial(int(text[:5]))
    if found := _COMPACT.fullmatch(text):
        return _of_compact(text, found)
    if _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).date()
    return _of_words(text)


def _of_figures(found: re.Match[str], order: str) -> date:
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) > 2:
        return _checked(first, second, third)
    day, month = (second, first) if order == MDY else (first, second)
    if month > 12 >= day:  # one row written by somebody else
        day, month = month, day
    return _checked(_year(third, len(found[4])), month, day)


def _of_compact(text: str, found: re.Match[str]) -> date:
    """20240305, or DATEV's 05032024."""
    if len(text) == _COMPACT_CHARS and not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return _checked(int(text[4:]), int(text[2:4]), int(text[:2]))
    return _checked(int(found[1]), int(found[2]), int(found[3]))


def _of_serial(days: int) -> date | None:
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        return None
    return _EXCEL_DAY_0 + timedelta(days=days)


def _of_words(text: str) -> date | None:
    """A month in words: "5. März 2024", "Mar 5, 2024", "Tue, 5 Mar 2024 10:00"."""
    months = meanings("month")
    words = (months.get(fold(word)) for word in _MONTH_WORD.findall(text))
    month = next(filter(None, words), None)
    figures = _FIGURES.findall(text)
    if month is None or len(figures) < 2:
        return None
    day, year = figures[0], figures[1]
    if len(day) == 4:
        day, year = year, day
    return _checked(_year(int(year), len(year)), int(month), int(day))


def _year(figure: int, size: int) -> int:
    if size > 2:
        return figure
    return figure + (2000 if figure < _PIVOT else 1900)


def _checked(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("no year of a customer")
    return date(year, month, day)
