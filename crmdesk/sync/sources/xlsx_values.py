"""What a cell of a workbook shows.

A workbook keeps phone numbers as quantities (49302312510.0) and dates as days since 1900; the
number format of the cell says what a person sees.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel

_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|[_*].")
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([0#?])|([-+()/ ])')
_MOST_DIGITS = 15
"""Excel calculates with 15; what is beyond is zero."""

_BOOLEANS = {"1": "yes", "0": "no"}


def number_text(text: str, number_format: str) -> str:
    """A number as the cell shows it, without thousands marks and rounding.

    Args:
        text: As the file has it: 49302312510, 4.930231251E10, 12.5.
        number_format: Of the cell, e.g. "00000".

    Returns:
        Plain digits: "01234" for 1234 with that format.

    Raises:
        ValueError: It is no number.
    """
    value = float(text)
    if value != value or abs(value) == float("inf"):
        raise ValueError(text)
    if not value.is_integer():
        return f"{value:.{_MOST_DIGITS}g}"
    digits = text.lstrip("+") if text.lstrip("-").isdecimal() else f"{value:.0f}"
    if digits.startswith("-"):
        return digits
    return _filled_in(digits, _pattern(number_format))


@lru_cache(maxsize=1024)
def _pattern(number_format: str) -> tuple[str, ...]:
    """Literals and digit places (0 or #) of a format; () where it is not only those."""
    first = _SECTION.match(number_format)
    text = _NOT_SHOWN.sub("", first[0] if first else "")
    parts: list[str] = []
    at = 0
    while match := _TOKEN.match(text, at):
        literal = match[1] if match[1] is not None else match[2] or match[4]
        parts.append(literal if match[3] is None else ("\0" if match[3] == "0" else "\1"))
        at = match.end()
    is_whole = at == len(text)
    has_meaning = "\0" in parts or any(part not in ("\0", "\1") for part in parts)
    return tuple(parts) if is_whole and has_meaning and {"\0", "\1"} & set(parts) else ()


def _filled_in(digits: str, pattern: tuple[str, ...]) -> str:
    """Puts digits into the places from the right; those left over go to the first place."""
    if not pattern:
        return digits
    first_place = min(i for i, part in enumerate(pattern) if part in ("\0", "\1"))
    left = digits
    shown: list[str] = []
    for index in range(len(pattern) - 1, -1, -1):
        part = pattern[index]
        if index == first_place:
            shown.append(left or ("0" if part == "\0" else ""))
            left = ""
        elif part in ("\0", "\1"):
            shown.append(left[-1:] or ("0" if part == "\0" else ""))
            left = left[:-1]
        else:
            shown.append(part)
    return "".join(reversed(shown)).strip()


def date_text(text: str, epoch: datetime.datetime) -> str:
    """A day number as an ISO date; with the time where there is one.

    Raises:
        ValueError: It is outside the calendar.
    """
    try:
        moment = from_excel(float(text), epoch)
    except (OverflowError, TypeError) as error:
        raise ValueError(text) from error
    return iso(moment)


def iso(moment: object) -> str:
    """ISO form of what openpyxl makes of a date."""
    if not isinstance(moment, datetime.datetime):
        return str(moment)
    if moment.time() == datetime.time():
        return str(moment.date())
    return str(moment.replace(microsecond=0)).replace(" ", "T")


def boolean_text(text: str) -> str:
    """A truth value in a word."""
    return _BOOLEANS.get(text, text)


def format_of(number: int, own: list[str]) -> str:
    """The number format of that id: one of Excel's own, else of the workbook's."""
    if number < 164:  # ECMA-376 18.8.30: ids of the workbook begin here
        return str(BUILTIN_FORMATS.get(number, "General"))
    index = number - 164
    return own[index] if index < len(own) else "General"


def is_date(number_format: str) -> bool:
    """Whether a format shows days or times."""
    return bool(is_date_format(number_format))
