"""Days that are written in full, as a search finds them. Pure: no "tomorrow", no guessed year."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN = {"mai": 5, "okt": 10, "dez": 12}
_NUMBER = {name: place for place, name in enumerate(_MONTHS, 1)} | _GERMAN
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_DOTTED = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})")
_NAMED = re.compile(r"(\d\d?)\.? ([a-z]{3,9})\.? (\d{4})")


def read_full_date(text: str) -> date | None:
    """A day with its year: "31.12.2026", "31 Dec 2026", "2026-12-31"; None for anything else.

    Args:
        text: Folded: lower case, no accents ("5 marz 2027").
    """
    try:
        return _read(text)
    except ValueError:
        return None  # no month has 40 days


def date_words(day: date) -> str:
    """As people read it: "31 Dec 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def _read(text: str) -> date | None:
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := _DOTTED.fullmatch(text):
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    if (found := _NAMED.fullmatch(text)) and (number := _NUMBER.get(found[2][:3])):
        return date(int(found[3]), number, int(found[1]))
    return None
