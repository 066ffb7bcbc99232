"""What the views of orders, invoices, payments and leads read; runs on the reader thread."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.leads import Lead
from crmdesk.domain.sales import Invoice, Order, PaymentMethod, Receipt
from crmdesk.domain.tickets import Ticket

if TYPE_CHECKING:
    from crmdesk.store import Reader

_MOST_TICKETS = 20


@dataclass(frozen=True, slots=True)
class OpenedOrder:
    """An order with what hangs on it."""

    order: Order
    invoices: tuple[Invoice, ...] = ()
    tickets: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedInvoice:
    """An invoice with what hangs on it."""

    invoice: Invoice
    order: Order | None = None
    tickets: tuple[Ticket, ...] = ()
    methods: tuple[PaymentMethod, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedReceipt:
    """Money that came in, and what for."""

    receipt: Receipt
    invoice: Invoice | None = None
    method: PaymentMethod | None = None


def read_order(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedOrder | None:
    """An order; None where it is gone."""
    order = reader.order(key)
    if order is None:
        return None
    return OpenedOrder(order, reader.invoices_of_order(key), _tickets(reader, key))


def read_invoice(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedInvoice | None:
    """An invoice with what was paid on it; None where it is gone."""
    invoice = reader.invoice(key)
    if invoice is None:
        return None
    order = reader.order(invoice.order_id) if invoice.order_id else None
    methods = reader.payment_methods(invoice.customer_id)
    return OpenedInvoice(invoice, order, _tickets(reader, key), methods)


def read_receipt(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedReceipt | None:
    """Money that came in; None where it was taken back."""
    receipt = reader.receipt(key)
    if receipt is None:
        return None
    invoice = reader.invoice(receipt.invoice_id) if receipt.invoice_id else None
    methods = reader.payment_methods(receipt.customer_id)
    method = next((one for one in methods if one.id == receipt.method_id), None)
    return OpenedReceipt(receipt, invoice, method)


def read_lead(reader: Reader, key: uuid.UUID, _now: datetime) -> Lead | None:
    """A lead; None where it is gone."""
    return reader.lead(key)


def _tickets(reader: Reader, key: uuid.UUID) -> tuple[Ticket, ...]:
    keys = reader.tickets_linked_to(key)[:_MOST_TICKETS]
    found = (reader.ticket(one) for one in keys)
    return tuple(one.ticket for one in found if one is not None)
