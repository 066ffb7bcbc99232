"""Tickets, orders, notes and the like as rows of a table and as objects.

The titles are those of the cells that an import of records knows (resources/import/records.toml),
so that a file written here finds its columns again. An order has a row for each of its lines; in
objects its lines are a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crmdesk.domain.exporting import ExportedRecord
from crmdesk.domain.sales import OrderLine
from crmdesk.sync.export.columns import Cell, local
from crmdesk.sync.records.kinds import Cell as Known
from crmdesk.sync.records.kinds import CellKind, RecordKind, own_cells

LINES_OF_OBJECT = 30
"""An order with more goes on in a further object: an import reads no more than 200 columns."""

_OWNER = ("Customer number", "Customer id", "Customer", "Id")
_MORE: Mapping[RecordKind, tuple[tuple[str, str], ...]] = {
    RecordKind.TICKETS: (
        ("First answer due", "first_due_at"),
        ("Answer was late", "first_breached_at"),
        ("Solution was late", "breached_at"),
        ("Escalation", "escalation"),
        ("Escalated to", "escalated_to"),
    ),
    RecordKind.SURVEYS: (("Replies", "replies"),),
}
"""Title and key of what only this program knows: an import leaves it out."""


def titles_of(kind: RecordKind) -> tuple[str, ...]:
    """The titles of a table."""
    own = (cell.title for cell in own_cells(kind))
    return (*own, *(title for title, _ in _MORE.get(kind, ())), *_OWNER)


def record_cells(kind: RecordKind, record: ExportedRecord) -> Iterator[list[Cell]]:
    """The rows of one record, cells as there are titles; times are local."""
    cells = own_cells(kind)
    more = [_plain(record.values[key]) for _, key in _MORE.get(kind, ())]
    owner = [record.account_id, str(record.customer_id), record.customer_name, str(record.id)]
    for line in record.lines or (None,):
        own = [_cell(cell, record.values, line) for cell in cells]
        yield [*own, *more, *owner]


def record_objects(kind: RecordKind, record: ExportedRecord) -> Iterator[dict[str, Any]]:
    """One record as JSON objects, nearly always one; times are UTC."""
    made: dict[str, Any] = {"id": str(record.id)}
    for cell in own_cells(kind):
        if not cell.is_line:
            made[cell.json] = _json(cell, record.values[cell.key])
    made |= {key: _json(None, record.values[key]) for _, key in _MORE.get(kind, ())}
    made["customer"] = {
        "number": record.account_id or None,
        "id": str(record.customer_id),
        "name": record.customer_name,
    }
    if kind is not RecordKind.ORDERS:
        yield made
        return
    for lines in list(_parts(record.lines)) or [()]:
        yield {**made, "lines": [_line_object(line) for line in lines]}


def _parts(lines: Sequence[OrderLine]) -> Iterator[Sequence[OrderLine]]:
    for start in range(0, len(lines), LINES_OF_OBJECT):
        yield lines[start : start + LINES_OF_OBJECT]


def _line_object(line: OrderLine) -> dict[str, Any]:
    return {
        cell.json: _json(cell, _of_line(cell, line))
        for cell in own_cells(RecordKind.ORDERS)
        if cell.is_line
    }


def _cell(cell: Known, values: Mapping[str, Any], line: OrderLine | None) -> Cell:
    if not cell.is_line:
        return _plain(values[cell.key], cell.kind)
    return "" if line is None else _plain(_of_line(cell, line), cell.kind)


def _of_line(cell: Known, line: OrderLine) -> Any:  # noqa: ANN401  what the cell holds
    name = cell.key.removeprefix("line_")
    return line.quantity_milli if name == "quantity" else getattr(line, name)


def _plain(value: Any, kind: CellKind | None = None) -> Cell:  # noqa: ANN401  a column's value
    if value is None:
        return ""
    if kind is CellKind.MONEY:
        return Decimal(value).scaleb(-2)
    if kind is CellKind.QUANTITY:
        return _quantity(value)
    return wall_clock(value) if isinstance(value, datetime) else value


def wall_clock(at: datetime) -> datetime | str:
    """A moment by the clock on the wall; with its offset where the clock showed it twice.

    Tables know no time zones: of the hour that autumn repeats, the second one is a text.
    """
    there = at.astimezone()
    read_again = there.replace(tzinfo=None, fold=0).astimezone()
    is_second = read_again.utcoffset() != there.utcoffset()
    return there.isoformat(" ", "seconds") if is_second else local(at)


def _quantity(milli: int) -> Decimal:
    """1500 as 1.5, 2000 as 2."""
    exact = Decimal(milli).scaleb(-3)
    return exact.quantize(Decimal(1)) if milli % 1000 == 0 else exact.normalize()


def _json(cell: Known | None, value: Any) -> Any:  # noqa: ANN401  what JSON knows
    if value is None or value == "":
        return None
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    if cell is not None and cell.kind in {CellKind.MONEY, CellKind.QUANTITY}:
        return value / (100 if cell.kind is CellKind.MONEY else 1000)
    return value
