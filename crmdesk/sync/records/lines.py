"""Lines of orders: a row for each of them, or numbered columns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from crmdesk.domain.amounts import is_amount
from crmdesk.domain.importing import SourceRecord
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.sales import OrderLine
from crmdesk.sync.cells.words import is_empty
from crmdesk.sync.records.kinds import Cell, RecordKind, cells_of
from crmdesk.sync.records.values import LONGEST, BadCellError, money, quantity, quoted

MOST_LINES = 1_000
"""Of one order, as its page shows them."""

_KEYS = ("line_title", "line_sku", "line_quantity", "line_unit_cents", "line_total_cents")
_ONE = 1000


class LineReader:
    """Reads the lines of orders; false where no column has any.

    Args:
        places: Cell of a line to the columns it stands in, the first line first.
    """

    def __init__(self, places: Mapping[str, Sequence[int]]) -> None:
        self._places = list(zip_longest(*(places.get(key, ()) for key in _KEYS)))

    def __bool__(self) -> bool:
        return bool(self._places)

    def is_said(self, record: SourceRecord) -> bool:
        """Whether a row says anything of a line."""
        return any(any(_texts(record, places)) for places in self._places)

    def read(self, rows: Sequence[SourceRecord]) -> tuple[OrderLine, ...] | None:
        """The lines in some rows, None where they say nothing of lines.

        Raises:
            BadCellError: A line cannot be read, or there are too many.
        """
        found = tuple(
            _line(texts)
            for row in rows
            for places in self._places
            if any(texts := _texts(row, places))
        )
        if len(found) > MOST_LINES:
            raise BadCellError(f"It has more than {MOST_LINES:,} lines.")
        return found or None


def _texts(record: SourceRecord, places: Sequence[int | None]) -> list[str]:
    title, *others = (_text(record, place) for place in places)
    return [title, *("" if len(text) < LONGEST and is_empty(text) else text for text in others)]


def _text(record: SourceRecord, place: int | None) -> str:
    is_there = place is not None and place < len(record.values)
    return record.values[place].strip() if is_there and place is not None else ""


def _line(texts: Sequence[str]) -> OrderLine:
    """A line; what it comes to follows from its price, and the price from that."""
    cells: Mapping[str, Cell] = cells_of(RecordKind.ORDERS)
    title, sku, count, price, total = texts
    milli = quantity(cells["line_quantity"], count) if count else _ONE
    unit = money(cells["line_unit_cents"], price)[0] if price else None
    whole = money(cells["line_total_cents"], total)[0] if total else None
    if unit is None:
        unit = round((whole or 0) * _ONE / milli) if milli else 0
    if whole is None:
        whole = round(unit * milli / _ONE)
    if not (is_amount(unit) and is_amount(whole)):
        raise BadCellError(f"{quoted(title)} comes to more than can be written down.")
    return OrderLine(kept_line(title), kept_line(sku), milli, unit, whole)
