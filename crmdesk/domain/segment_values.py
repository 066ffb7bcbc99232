"""Days and figures in the rules of segments, as people type them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from crmdesk.domain.money import read_figure

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
