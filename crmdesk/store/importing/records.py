"""Writes records that come from elsewhere: each is known again by its key there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from crmdesk.domain.sales import InvoiceStatus, OrderLine
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.changes.values import journaled
from crmdesk.store.columns import Key
from crmdesk.store.ids import new_id
from crmdesk.store.queries import Queries
from crmdesk.store.tables import order_line, payment, receipt, record_ref

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

_keys = bindparam("keys", expanding=True, type_=Key)
# Money in another currency says nothing of whether an invoice is paid.
_sums = (
    select(
        payment.c.id,
        payment.c.amount_cents,
        payment.c.status,
        func.coalesce(func.sum(receipt.c.amount_cents), 0),
        func.max(receipt.c.at),
    )
    .outerjoin_from(
        payment,
        receipt,
        (receipt.c.invoice_id == payment.c.id)
        & receipt.c.deleted_at.is_(None)
        & (receipt.c.currency == payment.c.currency),
    )
    .where(payment.c.id.in_(_keys), payment.c.deleted_at.is_(None))
    .group_by(payment.c.id, payment.c.amount_cents, payment.c.status)
)
_CLOSED = {InvoiceStatus.CANCELLED.value, InvoiceStatus.WRITTEN_OFF.value}


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record to be written.

    Attributes:
        external_id: Its key elsewhere, "" where it is known by its own.
        values: By column; of a known row only these are written.
        defaults: Further columns of a new row.
        lines: Of an order, None where they stay as they are.
        key: Of the row that is known, None for a new one.
    """

    external_id: str
    customer_id: uuid.UUID
    values: Mapping[str, Any]
    defaults: Mapping[str, Any]
    lines: tuple[OrderLine, ...] | None = None
    key: uuid.UUID | None = None


def write_records(
    writer: Writer, change: ChangeRecorder, table: str, source: str, rows: Sequence[RecordRow]
) -> None:
    """Writes some records of one table, each new or known by its key.

    A row that somebody removed here stays removed.
    """
    target = journaled(table).table
    now = writer.moment()
    settled = _invoices_before(writer, table, rows)
    for row in rows:
        if row.key is not None:
            change.update(target, row.key, {**row.values, "customer_id": row.customer_id})
            made = row.key
        else:
            values = {**row.defaults, **row.values, "customer_id": row.customer_id}
            made = change.insert(target, values, new_id(now))
            if row.external_id:
                names = {"source": source, "table_name": table, "external_id": row.external_id}
                change.insert(record_ref, {**names, "row_id": made})
        if row.lines is not None:
            _write_lines(writer, change, made, row.lines, is_new=row.key is None)
    if table == receipt.name:
        settled |= {row.values.get("invoice_id") for row in rows} - {None}
    if settled:
        change.flush()
        _settle(writer, change, settled)


def _invoices_before(writer: Writer, table: str, rows: Sequence[RecordRow]) -> set[Any]:
    """Invoices whose sums change although no row names them: money that moves to another one."""
    known = [row.key for row in rows if row.key is not None]
    if table == receipt.name:
        present = writer.present_records(table, ["invoice_id"], known)
        return {one["invoice_id"] for one in present.values()} - {None}
    return writer.paid_on(known) if table == payment.name else set()


def _write_lines(
    writer: Writer,
    change: ChangeRecorder,
    order_id: uuid.UUID,
    lines: Sequence[OrderLine],
    *,
    is_new: bool,
) -> None:
    """The lines of an order: those that are there get the new values, one after the other."""
    before = [] if is_new else [line[-1] for line in writer.lines_of_orders([order_id])[order_id]]
    for place, line in enumerate(lines):
        values = {
            "order_id": order_id,
            "position": place,
            "sku": line.sku,
            "title": line.title,
            "quantity_milli": line.quantity_milli,
            "unit_cents": line.unit_cents,
            "total_cents": line.total_cents,
        }
        if place < len(before):
            change.update(order_line, before[place], values)
        else:
            change.insert(order_line, values, new_id(writer.moment()))
    for gone in before[len(lines) :]:
        change.remove(order_line, gone)


def _settle(writer: Writer, change: ChangeRecorder, invoices: Collection[uuid.UUID]) -> None:
    """Invoices are paid by what their receipts come to; closed ones stay closed."""
    for key, amount, status, paid, last in writer.invoice_sums(invoices):
        is_paid = last is not None and paid >= amount
        values: dict[str, Any] = {"paid_cents": paid}
        if status not in _CLOSED:
            values |= {
                "status": "paid" if is_paid else "open",
                "paid_at": last if is_paid else None,
            }
        change.update(payment, key, values)


class InvoiceSums(Queries):
    """What invoices come to, and what was paid on them."""

    def invoice_sums(self, invoices: Collection[uuid.UUID]) -> Sequence[Any]:
        """Key, amount, status, what was paid, and the moment of the last receipt."""
        return self._connection.execute(_sums, {"keys": list(invoices)}).all()
