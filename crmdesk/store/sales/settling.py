"""What the receipts of an invoice come to; written with each, and again when one is undone."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select

from crmdesk.domain.sales import InvoiceStatus, Receipt, settlement
from crmdesk.store.columns import Key
from crmdesk.store.sales.queries import receipts_on
from crmdesk.store.tables import payment

if TYPE_CHECKING:
    from crmdesk.domain.changes import RowChange

SETTLED = frozenset({"status", "paid_at", "paid_cents"})
"""Columns of an invoice that its receipts and its closing write, and no form."""
_COUNTED = frozenset({InvoiceStatus.OPEN.value, InvoiceStatus.PAID.value})
_NOTHING_PAID = {"status": InvoiceStatus.OPEN.value, "paid_at": None, "paid_cents": 0}

_counted = select(payment.c.id, payment.c.amount_cents).where(
    payment.c.id.in_(bindparam("keys", expanding=True, type_=Key)),
    payment.c.deleted_at.is_(None),
    payment.c.status.in_(sorted(_COUNTED)),
)


def settled_columns(amount_cents: int, receipts: Sequence[Receipt]) -> dict[str, Any]:
    """What an invoice's row says of what was paid."""
    status, paid_at, paid_cents = settlement(amount_cents, receipts)
    return {"status": status.value, "paid_at": paid_at, "paid_cents": paid_cents}


def only_settles(row: RowChange) -> bool:
    """Whether a row of a change only says what receipts came to."""
    is_invoice = row.table == payment.name and row.before is not None
    is_counted = row.after.get("status", InvoiceStatus.OPEN.value) in _COUNTED
    return is_invoice and is_counted and row.after.keys() <= SETTLED


def settlements(
    connection: Connection, invoices: Collection[uuid.UUID], unsure: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """What the rows of invoices have to say after receipts came or went.

    One that was paid elsewhere has no receipts, and stays as it is.

    Args:
        connection: Of the transaction.
        invoices: Which.
        unsure: Those of them whose row speaks of receipts that are no more.
    """
    found: dict[uuid.UUID | None, list[Receipt]] = defaultdict(list)
    for row in connection.execute(receipts_on, {"invoices": list(invoices)}):
        one = Receipt(*row)
        found[one.invoice_id].append(one)
    rows = connection.execute(_counted, {"keys": list(invoices)}).all()
    settled = {
        key: settled_columns(amount_cents, found[key]) for key, amount_cents in rows if found[key]
    }
    emptied = {key: dict(_NOTHING_PAID) for key, _ in rows if key in unsure and not found[key]}
    return settled | emptied
