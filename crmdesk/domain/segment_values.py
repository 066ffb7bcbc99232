"""Days and figures in the rules of segments, as people type them."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from decimal import Decimal

from crmdesk.domain.money import read_figure, read_money

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Days beyond them are typing mistakes, and no zone can tell when they begin."""

_MOST = 10**15


def read_day(text: str) -> datetime | None:
    """The beginning of a day, without a zone; None where it is none of these centuries."""
    try:
        found = datetime.fromisoformat(text) if len(text) == len("2026-05-31") else None
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def read_number(text: str) -> Decimal | None:
    """A number with either separator for thousands and decimals; None where it is none."""
    found = read_figure(text)
    return found if found is not None and abs(found) < _MOST else None


def read_sum(text: str) -> tuple[int, str] | None:
    """Cents and their currency, "" where none is named; None where it is no amount."""
    found = read_money(text.upper())
    if found is None or (not found[1] and any(char.isalpha() for char in text)):
        return None
    return found


def number_digits(text: str) -> str:
    """The digits of a phone number or of its beginning, behind a "+" where it has its country.

    "0049 30", "+49 (0)30" and "+49-30" are "+4930"; "030" stays so: which country it is of,
    only the line knows.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("+"):
        plain = plain.replace("(0)", "", 1)
    digits = "".join(str(unicodedata.digit(char)) for char in plain if char.isdecimal())
    return f"+{digits}" if plain.startswith("+") and digits else digits


def is_findable(text: str, *, anywhere: bool = False) -> bool:
    """Whether numbers, which are kept with their country, can be found by it."""
    digits = number_digits(text)
    is_bare = digits.isdecimal() and not digits.startswith("0")
    return digits.startswith("+") or (anywhere and is_bare)
