"""Texts of cells as values of a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation

from crmdesk.domain.kept_text import LONGEST_TEXT, kept_line, kept_text
from crmdesk.domain.money import read_currency, read_money
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.sync.cells.dates import DMY, parse_date
from crmdesk.sync.records.guessing import plain_name
from crmdesk.sync.records.kinds import Cell, CellKind

LONGEST = LONGEST_TEXT
_MOST_COUNT = 100
_MOST_QUANTITY = 10**9
_TIME = re.compile(
    r"[T ,](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?"
    r"\s*(?:(Z|UTC|GMT)\b|([+-]\d{2}):?(\d{2})(?!\d))?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}[.,](\d+)")
_UNIX = re.compile(r"(\d{10})(?:\d{3})?")
_OPEN_LISTS = {PicklistKey.SOURCE, PicklistKey.PAYMENT_METHOD, PicklistKey.LOST_REASON}
"""What stands in no list of these is kept as it is written."""


class BadCellError(ValueError):
    """A cell that cannot be read; the text says why."""


@dataclass(slots=True)
class CellValues:
    """What the cells of one record say.

    Attributes:
        values: By key of the cell.
        notes: What means nothing here and was left out.
    """

    values: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class CellReader:
    """Reads single cells.

    Args:
        picklists: Whose titles choices may be written as.
        zone: Where days and times without one are.
    """

    def __init__(self, picklists: Picklists, zone: tzinfo) -> None:
        self._picklists = picklists
        self._zone = zone

    def read(self, cell: Cell, text: str, order: str, into: CellValues) -> None:
        """Reads one.

        Args:
            cell: What it is.
            text: Not empty.
            order: Of its dates, `DMY` or `MDY`.
            into: Gets the value, or a note.

        Raises:
            BadCellError: It is none of its kind.
        """
        if cell.kind is CellKind.MONEY:
            into.values[cell.key], currency = money(cell, text)
            if currency:
                into.values.setdefault("currency", currency)
            return
        value = self._plain(cell, text, order)
        if value == "" and cell.kind is not CellKind.LONG:
            into.notes.append(f"{cell.title}: {quoted(text)} means nothing here.")
        else:
            into.values[cell.key] = value

    def _plain(self, cell: Cell, text: str, order: str) -> object:
        match cell.kind:
            case CellKind.CHOICE:
                return self._choice(cell, text)
            case CellKind.COUNT:
                return _count(cell, text)
            case CellKind.QUANTITY:
                return quantity(cell, text)
            case CellKind.DAY | CellKind.MOMENT:
                return self._time(cell, text, order)
            case CellKind.LONG:
                return kept_text(text, LONGEST)
        return read_currency(text) if cell.key == "currency" else kept_line(text)

    def _time(self, cell: Cell, text: str, order: str) -> date | datetime:
        day = parse_date(text, order or DMY)
        if day is None:
            raise BadCellError(f"{cell.title}: {quoted(text)} is no day.")
        return day if cell.kind is CellKind.DAY else moment(text.strip(), day, self._zone)

    def _choice(self, cell: Cell, text: str) -> str:
        """The key of a choice by its key, title or another word; "" where it is none."""
        word = plain_name(text)
        listed = self._picklists.lists[cell.picklist] if cell.picklist is not None else ()
        keys: Sequence[str] = [one.key for one in listed if word == plain_name(one.key)]
        titles = [one.key for one in listed if word == plain_name(one.title)]
        known = (*keys, *titles, *filter(None, (cell.words.get(word),)))
        if known:
            return known[0]
        return kept_line(text) if cell.picklist in _OPEN_LISTS else ""


def money(cell: Cell, text: str) -> tuple[int, str]:
    """Cents and the currency beside them; BadCellError where it is no amount."""
    found = read_money(text)
    if found is None:
        raise BadCellError(f"{cell.title}: {quoted(text)} is no amount.")
    return found


def quantity(cell: Cell, text: str) -> int:
    """Thousandths; BadCellError where it is no quantity."""
    try:
        found = Decimal(text.strip().replace(",", ".").removesuffix("x").strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not -_MOST_QUANTITY <= found <= _MOST_QUANTITY:
        raise BadCellError(f"{cell.title}: {quoted(text)} is no quantity.")
    return int((found * 1000).to_integral_value())


def _count(cell: Cell, text: str) -> int:
    figures = re.sub(r"[.,]0+$", "", text.rstrip(" %")).lstrip("0") or text[:1]
    is_count = figures.isascii() and figures.isdecimal() and len(figures) <= len(str(_MOST_COUNT))
    if not is_count or int(figures) > _MOST_COUNT:
        raise BadCellError(f"{cell.title}: {quoted(text)} is no figure from 0 to {_MOST_COUNT}.")
    return int(figures)


def moment(text: str, day: date, zone: tzinfo) -> datetime:
    """The moment in a text whose day is known; without a time, midday in the zone."""
    try:
        if unix := _UNIX.fullmatch(text):
            return datetime.fromtimestamp(int(unix[1]), UTC)
        if serial := _SERIAL.fullmatch(text):
            part = timedelta(days=float(f"0.{serial[1]}"))
            seconds = round(part.total_seconds())
            at = datetime.combine(day, time(), zone) + timedelta(seconds=seconds)
            return at.astimezone(UTC)
        whole = datetime.fromisoformat(text)
        if whole.tzinfo is not None:
            return whole.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    clock, offset = _clock(text)
    return datetime.combine(day, clock, offset or zone).astimezone(UTC)


def _clock(text: str) -> tuple[time, tzinfo | None]:
    found = _TIME.search(text)
    if found is None:
        return time(12), None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    is_time = hour < 24 and minute < 60 and second < 60
    return (time(hour, minute, second) if is_time else time(12)), _offset(found)


def _offset(found: re.Match[str]) -> tzinfo | None:
    """The zone beside a time: "Z", "+0200"; None where there is none."""
    if found[5]:
        return UTC
    if not found[6]:
        return None
    hours, minutes = int(found[6]), int(found[7])
    size = timedelta(hours=abs(hours), minutes=minutes)
    return timezone(-size if found[6][0] == "-" else size) if size < timedelta(hours=24) else None


def quoted(text: str) -> str:
    """The beginning of a text, for a reason."""
    return f"“{kept_line(text, 40)}”"
