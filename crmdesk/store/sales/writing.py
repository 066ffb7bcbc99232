"""Writes orders, invoices, receipts and ways to pay. Every step can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from crmdesk.domain.amounts import refuse_too_large
from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.edits import AMOUNT, LINES
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    Order,
    OrderLine,
    PaymentMethod,
    Receipt,
)
from crmdesk.store.audit.clashes import edited_fields, of_fields
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.sales.queries import (
    INVOICE_FIELDS,
    METHOD_FIELDS,
    ORDER_FIELDS,
    RECEIPT_FIELDS,
)
from crmdesk.store.sales.refusals import (
    gone,
    refuse_closed,
    refuse_currency,
    refuse_numbers,
    refuse_receipt,
)
from crmdesk.store.sales.settling import settled_columns
from crmdesk.store.tables import order_line, payment, payment_method, receipt, sales_order

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

_Owned = TypeVar("_Owned", Order, Invoice, Receipt, PaymentMethod)


class SalesWriting:
    """Writes sales.

    Args:
        writer: Of the transaction.
        who: Name or extension of the agent.
    """

    def __init__(self, writer: Writer, who: str) -> None:
        self._writer = writer
        self._who = who

    def add_order(self, new: Order) -> ChangeSet:
        """Adds an order with its lines.

        Raises:
            UserFacingError: An amount is too large, or the customer was removed.
        """
        refuse_too_large(new)
        new = self._of_living(new)
        with self._change(ChangeKind.ORDER, f"Order {new.number}") as change:
            change.insert(sales_order, _order_row(new), new.id)
            for place, line in enumerate(new.lines):
                change.insert(order_line, _line_row(line, new.id, place), line.id)
        return change.change

    def edit_order(self, base: Order, edited: Order) -> ChangeSet:
        """Writes what was changed of an order and its lines.

        Args:
            base: What the form began with.
            edited: What it holds.

        Raises:
            ConflictingEditsError: Somebody else changed the same; see `domain.edits.settled`.
            UserFacingError: It is gone, or an amount is too large.
        """
        refuse_too_large(edited)
        now = self._writer.order(base.id)
        if now is None:
            raise gone("This order")
        mine = edited_fields(self._writer, base, edited, now)
        with self._change(ChangeKind.ORDER, f"Order {edited.number} changed") as change:
            change.update(sales_order, base.id, of_fields(_order_row(edited), mine))
            if LINES in mine:
                self._write_lines(change, now, edited)
        return change.change

    def _write_lines(self, change: ChangeRecorder, before: Order, after: Order) -> None:
        known = {line.id for line in before.lines}
        ever = self._writer.order_line_keys(before.id)
        for place, line in enumerate(after.lines):
            row = _line_row(line, before.id, place)
            if line.id is not None and line.id in known:
                change.update(order_line, line.id, row)
            elif line.id is not None and line.id in ever:
                change.restore(order_line, line.id, row)
            else:
                change.insert(order_line, row, line.id)
        for key in known - {line.id for line in after.lines}:
            if key is not None:
                change.remove(order_line, key)

    def add_invoice(self, new: Invoice) -> ChangeSet:
        """Adds an invoice; what was paid on it is told by receipts.

        Raises:
            UserFacingError: An amount is too large, or the customer was removed.
        """
        refuse_too_large(new, *new.receipts)
        new = self._of_living(new)
        new = replace(new, receipts=tuple(map(self._of_living, new.receipts)))
        with self._change(ChangeKind.INVOICE, f"Invoice {new.number}") as change:
            change.insert(payment, _invoice_row(new), new.id)
            for one in new.receipts:
                change.insert(receipt, _receipt_row(one), one.id)
            self._settle(change, new, new.receipts)
        return change.change

    def edit_invoice(self, base: Invoice, edited: Invoice) -> ChangeSet:
        """Writes what was changed of an invoice; what was paid on it stays and counts again.

        Args:
            base: What the form began with.
            edited: What it holds.

        Raises:
            ConflictingEditsError: Somebody else changed the same; see `domain.edits.settled`.
            UserFacingError: It is gone, the amount is too large, or money in another currency
                came in on it.
        """
        refuse_too_large(edited)
        now = self._writer.invoice(base.id)
        if now is None:
            raise gone("This invoice")
        mine = edited_fields(self._writer, base, edited, now)
        is_other_sum = AMOUNT in mine
        if is_other_sum:
            refuse_currency(edited, now)
        with self._change(ChangeKind.INVOICE, f"Invoice {edited.number} changed") as change:
            change.update(payment, base.id, of_fields(_invoice_row(edited), mine))
            is_counted = now.status in {InvoiceStatus.OPEN, InvoiceStatus.PAID}
            if is_counted and is_other_sum and edited.amount_cents != now.amount_cents:
                self._settle(change, edited, now.receipts)
        return change.change

    def add_receipt(self, new: Receipt) -> ChangeSet:
        """Adds money that came in; the invoice is paid once nothing is missing any more.

        Raises:
            UserFacingError: The invoice is gone, is not open for money, or is of another
                currency; or the amount is too large, or the customer was removed.
        """
        refuse_too_large(new)
        new = self._of_living(new)
        invoice = self._writer.invoice(new.invoice_id) if new.invoice_id else None
        if new.invoice_id:
            refuse_receipt(new, invoice)
        named = f" on invoice {invoice.number}" if invoice else ""
        with self._change(ChangeKind.INVOICE, f"Payment received{named}") as change:
            change.insert(receipt, _receipt_row(new), new.id)
            if invoice is not None:
                self._settle(change, invoice, (*invoice.receipts, new))
        return change.change

    def close_invoice(self, invoice_id: uuid.UUID, status: InvoiceStatus) -> ChangeSet:
        """Cancels an invoice or writes it off; UserFacingError where it is gone or paid."""
        invoice = self._writer.invoice(invoice_id)
        if invoice is None:
            raise gone("This invoice")
        refuse_closed(invoice)
        words = status.value.replace("_", " ")
        with self._change(ChangeKind.INVOICE, f"Invoice {invoice.number} {words}") as change:
            change.update(payment, invoice_id, {"status": status.value})
        return change.change

    def add_method(self, new: PaymentMethod) -> ChangeSet:
        """Adds a way to pay.

        Raises:
            UserFacingError: A number of a card or an account was typed into it, or the customer
                was removed.
        """
        refuse_numbers(new)
        new = self._of_living(new)
        with self._change(ChangeKind.INVOICE, f"Way to pay: {_method_words(new)}") as change:
            change.insert(payment_method, _method_row(new), new.id)
            self._prefer(change, new)
        return change.change

    def edit_method(self, base: PaymentMethod, edited: PaymentMethod) -> ChangeSet:
        """Writes what was changed of a way to pay.

        Args:
            base: What the form began with.
            edited: What it holds.

        Raises:
            ConflictingEditsError: Somebody else changed the same; see `domain.edits.settled`.
            UserFacingError: It is gone, or a number of a card or an account was typed into it.
        """
        refuse_numbers(edited)
        there = self._writer.payment_methods(base.customer_id)
        now = next((one for one in there if one.id == base.id), None)
        if now is None:
            raise gone("This way to pay")
        mine = edited_fields(self._writer, base, edited, now)
        with self._change(ChangeKind.INVOICE, f"Way to pay: {_method_words(edited)}") as change:
            change.update(payment_method, base.id, of_fields(_method_row(edited), mine))
            if "is_preferred" in mine:
                self._prefer(change, edited)
        return change.change

    def _prefer(self, change: ChangeRecorder, method: PaymentMethod) -> None:
        """One way is the preferred one."""
        for other in self._writer.payment_methods(method.customer_id):
            if method.is_preferred and other.id != method.id:
                change.update(payment_method, other.id, {"is_preferred": False})

    def remove_method(self, method: PaymentMethod) -> ChangeSet:
        """Takes a way to pay away."""
        title = f"Way to pay removed: {_method_words(method)}"
        with self._change(ChangeKind.INVOICE, title) as change:
            change.remove(payment_method, method.id)
        return change.change

    def _settle(
        self, change: ChangeRecorder, invoice: Invoice, receipts: Sequence[Receipt]
    ) -> None:
        """Writes what the receipts come to: paid when, or open again."""
        if receipts:
            change.flush()
            change.update(payment, invoice.id, settled_columns(invoice.amount_cents, receipts))

    def _of_living(self, new: _Owned) -> _Owned:
        """It, of who the customer is now."""
        return replace(new, customer_id=self._writer.living_customer(new.customer_id))

    def _change(self, kind: ChangeKind, title: str) -> AbstractContextManager[ChangeRecorder]:
        return self._writer.change(kind, kept_line(title), self._who)


def _method_words(method: PaymentMethod) -> str:
    return " ".join(filter(None, (method.brand or method.bank, method.last_four))) or method.kind


def _plain(value: object, names: Sequence[str], *left_out: str) -> dict[str, Any]:
    """Columns of a value of the domain: texts made safe, enums as what they hold."""
    row: dict[str, Any] = {}
    for name in names:
        if name in {"id", *left_out}:
            continue
        found = getattr(value, name)
        is_text = isinstance(found, str)
        row[name] = kept_line(str(found)) if is_text else found
    return row


def _order_row(order: Order) -> dict[str, Any]:
    detail = kept_text(order.detail)
    return {**_plain(order, ORDER_FIELDS, "detail"), "detail": detail}


def _line_row(line: OrderLine, order_id: uuid.UUID, place: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "position": place,
        "sku": kept_line(line.sku),
        "title": kept_line(line.title),
        "quantity_milli": line.quantity_milli,
        "unit_cents": line.unit_cents,
        "total_cents": line.total_cents,
    }


def _invoice_row(invoice: Invoice) -> dict[str, Any]:
    return _plain(invoice, INVOICE_FIELDS)


def _receipt_row(one: Receipt) -> dict[str, Any]:
    return _plain(one, RECEIPT_FIELDS)


def _method_row(method: PaymentMethod) -> dict[str, Any]:
    return _plain(method, METHOD_FIELDS)
