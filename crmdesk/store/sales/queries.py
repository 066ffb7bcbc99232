"""Reads what a customer bought, owes and paid."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import Select, bindparam, select

from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    PaymentPractice,
    Receipt,
    payment_practice,
)
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import order_line, payment, payment_method, receipt, sales_order
from crmdesk.store.tables.history import is_unpaid

_OF_PRACTICE = 200
"""Invoices from which the payment practice is read; older ones say little of today."""

_MOST_UNPAID = 1_000
"""Unpaid ones that are summed up, however old; who owes more invoices is known for it."""

_MOST_LINES = 1_000

_key = bindparam("wanted", type_=Key)
ORDER_FIELDS = (
    "id",
    "customer_id",
    "at",
    "number",
    "title",
    "status",
    "total_cents",
    "currency",
    "promised_at",
    "shipped_at",
    "delivered_at",
    "carrier",
    "tracking",
    "detail",
)
LINE_FIELDS = ("title", "sku", "quantity_milli", "unit_cents", "total_cents", "id")
INVOICE_FIELDS = (
    "id",
    "customer_id",
    "at",
    "number",
    "amount_cents",
    "currency",
    "due_on",
    "paid_at",
    "paid_cents",
    "status",
    "method",
    "order_id",
)
RECEIPT_FIELDS = (
    "id",
    "customer_id",
    "at",
    "amount_cents",
    "currency",
    "invoice_id",
    "method",
    "method_id",
    "reference",
)
METHOD_FIELDS = (
    "id",
    "customer_id",
    "kind",
    "brand",
    "last_four",
    "expiry",
    "token",
    "bank",
    "mandate",
    "is_preferred",
)
_orders = select(*(sales_order.c[name] for name in ORDER_FIELDS)).where(
    sales_order.c.deleted_at.is_(None)
)
_order = _orders.where(sales_order.c.id == _key)
_orders_of = (
    _orders.where(sales_order.c.customer_id == _key)
    .order_by(sales_order.c.at.desc(), sales_order.c.id.desc())
    .limit(bindparam("limit"))
)
_lines = (
    select(*(order_line.c[name] for name in LINE_FIELDS))
    .where(order_line.c.order_id == _key, order_line.c.deleted_at.is_(None))
    .order_by(order_line.c.position, order_line.c.id)
    .limit(_MOST_LINES)
)
_every_line = select(order_line.c.id).where(order_line.c.order_id == _key)
_invoices = select(*(payment.c[name] for name in INVOICE_FIELDS)).where(
    payment.c.deleted_at.is_(None)
)
_invoice = _invoices.where(payment.c.id == _key)
_of_order = _invoices.where(payment.c.order_id == _key).order_by(payment.c.at, payment.c.id)
_invoices_of = (
    _invoices.where(payment.c.customer_id == _key)
    .order_by(payment.c.at.desc(), payment.c.id.desc())
    .limit(bindparam("limit"))
)
# By ix_payment_open: what was paid long ago is not looked at.
_open_of = (
    _invoices.where(payment.c.customer_id == _key, is_unpaid, payment.c.status == "open")
    .order_by(payment.c.due_on.is_(None), payment.c.due_on, payment.c.id)
    .limit(bindparam("limit"))
)
_receipts = select(*(receipt.c[name] for name in RECEIPT_FIELDS)).where(
    receipt.c.deleted_at.is_(None)
)
_receipt = _receipts.where(receipt.c.id == _key)
receipts_on: Select[Any] = _receipts.where(
    receipt.c.invoice_id.in_(bindparam("invoices", expanding=True, type_=Key))
).order_by(receipt.c.at, receipt.c.id)
"""Columns `RECEIPT_FIELDS` of what came in on some invoices, oldest first."""
_methods = (
    select(*(payment_method.c[name] for name in METHOD_FIELDS))
    .where(payment_method.c.customer_id == _key, payment_method.c.deleted_at.is_(None))
    .order_by(payment_method.c.is_preferred.desc(), payment_method.c.created_at.desc())
)
_ORDER_STATES, _INVOICE_STATES, _METHOD_KINDS = (
    frozenset(map(str, names)) for names in (OrderStatus, InvoiceStatus, MethodKind)
)


class SalesQueries(Queries):
    """Reads orders, invoices, receipts and ways to pay."""

    def order(self, order_id: uuid.UUID) -> Order | None:
        """An order with its lines; None where it was removed or never was."""
        row = self._connection.execute(_order, {"wanted": order_id}).one_or_none()
        if row is None:
            return None
        lines = self._connection.execute(_lines, {"wanted": order_id})
        return order_of(row, tuple(OrderLine(*line) for line in lines))

    def order_line_keys(self, order_id: uuid.UUID) -> frozenset[uuid.UUID]:
        """The keys of all lines an order ever had, removed ones too."""
        found = self._connection.execute(_every_line, {"wanted": order_id}).scalars()
        return frozenset(found)

    def orders_of(self, customer_id: uuid.UUID, limit: int = 20) -> tuple[Order, ...]:
        """A customer's orders, newest first, without their lines."""
        rows = self._connection.execute(_orders_of, {"wanted": customer_id, "limit": limit})
        return tuple(map(order_of, rows))

    def invoice(self, invoice_id: uuid.UUID) -> Invoice | None:
        """An invoice with what was paid on it; None where it was removed or never was."""
        row = self._connection.execute(_invoice, {"wanted": invoice_id}).one_or_none()
        return self._with_receipts([row])[0] if row else None

    def invoices_of_order(self, order_id: uuid.UUID) -> tuple[Invoice, ...]:
        """The invoices of an order, oldest first."""
        rows = self._connection.execute(_of_order, {"wanted": order_id}).all()
        return self._with_receipts(rows)

    def invoices_of(self, customer_id: uuid.UUID, limit: int = 20) -> tuple[Invoice, ...]:
        """A customer's invoices, newest first, without their receipts."""
        rows = self._connection.execute(_invoices_of, {"wanted": customer_id, "limit": limit})
        return tuple(map(invoice_of, rows))

    def open_invoices_of(self, customer_id: uuid.UUID, limit: int = 20) -> tuple[Invoice, ...]:
        """What a customer still owes, what is due first on top, without receipts."""
        rows = self._connection.execute(_open_of, {"wanted": customer_id, "limit": limit})
        return tuple(map(invoice_of, rows))

    def receipt(self, receipt_id: uuid.UUID) -> Receipt | None:
        """Money that came in; None where it was removed or never was."""
        row = self._connection.execute(_receipt, {"wanted": receipt_id}).one_or_none()
        return Receipt(*row) if row else None

    def payment_methods(self, customer_id: uuid.UUID) -> tuple[PaymentMethod, ...]:
        """How a customer pays, the preferred one first."""
        rows = self._connection.execute(_methods, {"wanted": customer_id})
        return tuple(map(_method, rows))

    def payment_practice(
        self, customer_id: uuid.UUID, zone: tzinfo | None = None
    ) -> PaymentPractice:
        """How a customer pays, by the newest invoices.

        Args:
            customer_id: Who.
            zone: Where a day begins; None for the zone of this desk.
        """
        invoices = self.invoices_of(customer_id, _OF_PRACTICE)
        with_days = (
            (one, one.paid_at.astimezone(zone).date() if one.paid_at else None) for one in invoices
        )
        unpaid = self.open_invoices_of(customer_id, _MOST_UNPAID)
        return payment_practice(with_days, unpaid, self._clock().astimezone(zone).date())

    def _with_receipts(self, rows: Sequence[Sequence[Any]]) -> tuple[Invoice, ...]:
        found: dict[uuid.UUID | None, list[Receipt]] = defaultdict(list)
        for row in self._connection.execute(receipts_on, {"invoices": [row[0] for row in rows]}):
            one = Receipt(*row)
            found[one.invoice_id].append(one)
        return tuple(invoice_of(row, tuple(found[row[0]])) for row in rows)


def order_of(row: Sequence[Any], lines: tuple[OrderLine, ...] = ()) -> Order:
    """The value of a row of the columns `ORDER_FIELDS`."""
    facts: dict[str, Any] = dict(zip(ORDER_FIELDS, row, strict=True))
    status = facts["status"]
    # What a newer CRMDesk wrote is shown as placed: nothing is claimed to have happened.
    facts["status"] = OrderStatus(status) if status in _ORDER_STATES else OrderStatus.PLACED
    return Order(**facts, lines=lines)


def invoice_of(row: Sequence[Any], receipts: tuple[Receipt, ...] = ()) -> Invoice:
    """The value of a row of the columns `INVOICE_FIELDS`."""
    facts: dict[str, Any] = dict(zip(INVOICE_FIELDS, row, strict=True))
    status = facts["status"]
    facts["status"] = InvoiceStatus(status) if status in _INVOICE_STATES else InvoiceStatus.OPEN
    return Invoice(**facts, receipts=receipts)


def _method(row: Sequence[Any]) -> PaymentMethod:
    facts: dict[str, Any] = dict(zip(METHOD_FIELDS, row, strict=True))
    kind = facts["kind"]
    facts["kind"] = MethodKind(kind) if kind in _METHOD_KINDS else MethodKind.OTHER
    return PaymentMethod(**facts)
