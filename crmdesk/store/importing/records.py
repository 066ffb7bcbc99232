"""Writes records that come from elsewhere: each is known again by its key there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, func, select

from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.columns import Key
from crmdesk.store.ids import new_id
from crmdesk.store.queries import Queries
from crmdesk.store.tables import payment, receipt, record_ref

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_refs = select(record_ref.c.external_id, record_ref.c.row_id).where(
    record_ref.c.source == bindparam("source"),
    record_ref.c.table_name == bindparam("table_name"),
    record_ref.c.external_id.in_(_ids),
    record_ref.c.deleted_at.is_(None),
)
_invoices = select(payment.c.customer_id, payment.c.number, payment.c.id).where(
    payment.c.number.in_(_ids), payment.c.deleted_at.is_(None)
)
_keys = bindparam("keys", expanding=True, type_=Key)
_paid = (
    select(receipt.c.invoice_id, func.sum(receipt.c.amount_cents), func.max(receipt.c.at))
    .where(receipt.c.invoice_id.in_(_keys), receipt.c.deleted_at.is_(None))
    .group_by(receipt.c.invoice_id)
)
_amounts = select(payment.c.id, payment.c.amount_cents).where(payment.c.id.in_(_keys))


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record to be written.

    Attributes:
        values: By column; of a known row only these are written.
        defaults: Further columns of a new row.
    """

    external_id: str
    customer_id: uuid.UUID
    values: Mapping[str, Any]
    defaults: Mapping[str, Any]


class RecordRefQueries(Queries):
    """Finds records by their keys elsewhere."""

    def records_by_ref(self, source: str, table: str, ids: Collection[str]) -> dict[str, uuid.UUID]:
        """Keys of rows by their keys in another system; at most some hundreds at a time."""
        asked = {"source": source, "table_name": table, "ids": list(ids)}
        return {row[0]: row[1] for row in self._connection.execute(_refs, asked)}

    def invoices_by_number(
        self, numbers: Collection[str]
    ) -> dict[tuple[uuid.UUID, str], uuid.UUID]:
        """Keys of invoices by whose they are and their number."""
        rows = self._connection.execute(_invoices, {"ids": list(numbers)})
        return {(customer_id, number): key for customer_id, number, key in rows}

    def present_records(
        self, table: str, columns: Collection[str], keys: Sequence[uuid.UUID]
    ) -> dict[uuid.UUID, dict[str, Any]]:
        """The present values of rows that are not removed, by key."""
        source = journaled(table).table
        names = sorted({*columns, DELETED})
        wanted = select(source.c.id, *(source.c[name] for name in names)).where(
            source.c.id.in_(keys), source.c.deleted_at.is_(None)
        )
        rows = self._connection.execute(wanted)
        return {key: dict(zip(names, row, strict=True)) for key, *row in rows}


def write_records(
    writer: Writer,
    change: ChangeRecorder,
    table: str,
    source: str,
    rows: Sequence[tuple[RecordRow, uuid.UUID | None]],
) -> None:
    """Writes some records of one table, each new or known by its key.

    A row that somebody removed here stays removed.
    """
    target = journaled(table).table
    now = writer.moment()
    for row, key in rows:
        if key is not None:
            change.update(target, key, {**row.values, "customer_id": row.customer_id})
            continue
        values = {**row.defaults, **row.values, "customer_id": row.customer_id}
        made = change.insert(target, values, new_id(now))
        if row.external_id:
            names = {"source": source, "table_name": table, "external_id": row.external_id}
            change.insert(record_ref, {**names, "row_id": made})
    if table == receipt.name:
        change.flush()
        _settle(writer, change, {row.values.get("invoice_id") for row, _ in rows} - {None})


def _settle(writer: Writer, change: ChangeRecorder, invoices: Collection[Any]) -> None:
    """Invoices are paid by what their receipts come to."""
    amounts, paid = writer.invoice_sums(list(invoices))
    for key, (cents, last) in paid.items():
        is_paid = cents >= amounts.get(key, cents + 1)
        status = "paid" if is_paid else "open"
        values = {"paid_cents": cents, "status": status, "paid_at": last if is_paid else None}
        change.update(payment, key, values)


class InvoiceSums(Queries):
    """What invoices come to, and what was paid on them."""

    def invoice_sums(
        self, invoices: Sequence[uuid.UUID]
    ) -> tuple[dict[uuid.UUID, int], dict[uuid.UUID, tuple[int, Any]]]:
        """Amounts by invoice, and what was paid on it with the moment of the last receipt."""
        asked = {"keys": list(invoices)}
        amounts = {row[0]: row[1] for row in self._connection.execute(_amounts, asked)}
        paid = {row[0]: (row[1], row[2]) for row in self._connection.execute(_paid, asked)}
        return amounts, paid
