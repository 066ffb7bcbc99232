"""Writes orders, invoices, receipts and ways to pay. Every step can be taken back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    Order,
    OrderLine,
    PaymentMethod,
    Receipt,
)
from crmdesk.domain.text import multi_line, sanitise_external
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.sales.queries import (
    INVOICE_FIELDS,
    METHOD_FIELDS,
    ORDER_FIELDS,
    RECEIPT_FIELDS,
)
from crmdesk.store.tables import order_line, payment, payment_method, receipt, sales_order

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

_LONGEST_DETAIL = 10_000
_OF_RECEIPTS = ("status", "paid_at", "paid_cents")
"""Columns of an invoice that only its receipts and its closing write."""

_LAST_FOUR = re.compile(r"[0-9]{4}|")
_MANY_DIGITS = re.compile(r"(?:\d[ -]?){8,}")
"""More digits than any bank's or card's name has: somebody typed a number there."""


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
        """Adds an order with its lines."""
        with self._change(ChangeKind.ORDER, f"Order {new.number}") as change:
            change.insert(sales_order, _order_row(new), new.id)
            for place, line in enumerate(new.lines):
                change.insert(order_line, _line_row(line, new.id, place), line.id)
        return change.change

    def edit_order(self, edited: Order) -> ChangeSet:
        """Writes what is new of an order and its lines; UserFacingError where it is gone."""
        before = self._writer.order(edited.id)
        if before is None:
            raise _gone("This order")
        with self._change(ChangeKind.ORDER, f"Order {edited.number} changed") as change:
            change.update(sales_order, edited.id, _news(_order_row(before), _order_row(edited)))
            self._write_lines(change, before.lines, edited.lines, edited.id)
        return change.change

    def _write_lines(
        self,
        change: ChangeRecorder,
        before: Sequence[OrderLine],
        after: Sequence[OrderLine],
        order_id: uuid.UUID,
    ) -> None:
        known = {line.id for line in before}
        for place, line in enumerate(after):
            row = _line_row(line, order_id, place)
            if line.id in known and line.id is not None:
                change.update(order_line, line.id, row)
            else:
                change.insert(order_line, row, line.id)
        for gone in known - {line.id for line in after}:
            if gone is not None:
                change.remove(order_line, gone)

    def add_invoice(self, new: Invoice) -> ChangeSet:
        """Adds an invoice; what was paid on it is told by receipts."""
        with self._change(ChangeKind.INVOICE, f"Invoice {new.number}") as change:
            change.insert(payment, _invoice_row(new), new.id)
            for one in new.receipts:
                change.insert(receipt, _receipt_row(one), one.id)
            self._settle(change, new, new.receipts)
        return change.change

    def edit_invoice(self, edited: Invoice) -> ChangeSet:
        """Writes what is new of an invoice; what was paid on it stays and is counted again.

        Raises:
            UserFacingError: It is gone, or money in another currency came in on it.
        """
        before = self._writer.invoice(edited.id)
        if before is None:
            raise _gone("This invoice")
        _refuse_currency(edited, before)
        with self._change(ChangeKind.INVOICE, f"Invoice {edited.number} changed") as change:
            old, new = (_plain(one, INVOICE_FIELDS, *_OF_RECEIPTS) for one in (before, edited))
            change.update(payment, edited.id, _news(old, new))
            is_counted = before.status in {InvoiceStatus.OPEN, InvoiceStatus.PAID}
            if is_counted and edited.amount_cents != before.amount_cents:
                self._settle(change, edited, before.receipts)
        return change.change

    def add_receipt(self, new: Receipt) -> ChangeSet:
        """Adds money that came in; the invoice is paid once nothing is missing any more.

        Raises:
            UserFacingError: The invoice is gone, is not open for money, or is of another
                currency.
        """
        invoice = self._writer.invoice(new.invoice_id) if new.invoice_id else None
        if new.invoice_id:
            _refuse_receipt(new, invoice)
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
            raise _gone("This invoice")
        if invoice.status is not InvoiceStatus.OPEN:
            raise UserFacingError(
                f"Invoice {invoice.number} is not open any more.",
                "Nothing was changed.",
                "Look at its history first.",
            )
        words = status.value.replace("_", " ")
        with self._change(ChangeKind.INVOICE, f"Invoice {invoice.number} {words}") as change:
            change.update(payment, invoice_id, {"status": status.value})
        return change.change

    def save_method(self, method: PaymentMethod, *, is_new: bool) -> ChangeSet:
        """Adds or changes a way to pay.

        Raises:
            UserFacingError: A number of a card or an account was typed into it.
        """
        _refuse_numbers(method)
        title = f"Way to pay: {_method_words(method)}"
        with self._change(ChangeKind.INVOICE, title) as change:
            row = _method_row(method)
            if is_new:
                change.insert(payment_method, row, method.id)
            else:
                change.update(payment_method, method.id, row)
            if method.is_preferred:
                for other in self._writer.payment_methods(method.customer_id):
                    if other.id != method.id:
                        change.update(payment_method, other.id, {"is_preferred": False})
        return change.change

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
        paid = sum(one.amount_cents for one in receipts)
        is_paid = paid >= invoice.amount_cents and bool(receipts)
        paid_at: datetime | None = max(one.at for one in receipts) if is_paid else None
        status = InvoiceStatus.PAID if is_paid else InvoiceStatus.OPEN
        values = {"paid_cents": paid, "paid_at": paid_at, "status": status.value}
        if receipts:
            change.flush()
            change.update(payment, invoice.id, values)

    def _change(self, kind: ChangeKind, title: str) -> AbstractContextManager[ChangeRecorder]:
        return self._writer.change(kind, _masked(title), self._who)


def _refuse_receipt(new: Receipt, invoice: Invoice | None) -> None:
    if invoice is None:
        raise _gone("This invoice")
    if invoice.status not in {InvoiceStatus.OPEN, InvoiceStatus.PAID}:
        raise UserFacingError(
            f"Invoice {invoice.number} was closed without being paid.",
            "The money was not written down.",
            "Take the closing back first, or write the money down without an invoice.",
        )
    if invoice.currency != new.currency:
        raise UserFacingError(
            f"Invoice {invoice.number} is in {invoice.currency}, this money is in {new.currency}.",
            "The money was not written down.",
            "Write down what it came to in the currency of the invoice.",
        )


def _refuse_currency(edited: Invoice, before: Invoice) -> None:
    if before.receipts and edited.currency != before.currency:
        raise UserFacingError(
            f"Money in {before.currency} came in on invoice {before.number} already.",
            "The invoice was not changed.",
            f"Leave it in {before.currency}, or cancel it and write another one.",
        )


def _refuse_numbers(method: PaymentMethod) -> None:
    """PCI DSS 3.4.1: of a card at most the last four digits; of an account none of them."""
    texts = (method.brand, method.bank)
    typed = any(_MANY_DIGITS.search(text) for text in texts)
    masked = any(mask_card_numbers(text)[1] for text in (*texts, method.mandate, method.token))
    if typed or masked or _LAST_FOUR.fullmatch(method.last_four) is None:
        raise UserFacingError(
            "A card or account number is never kept here.",
            "Nothing was saved.",
            "Give the brand, the last four digits and the month it expires, or the bank's name"
            " and the mandate reference.",
        )


def _method_words(method: PaymentMethod) -> str:
    return " ".join(filter(None, (method.brand or method.bank, method.last_four))) or method.kind


def _gone(what: str) -> UserFacingError:
    return UserFacingError(
        f"{what} is no longer in the store.",
        "Nothing was changed.",
        "Read the customer again.",
    )


def _masked(text: str) -> str:
    return mask_card_numbers(sanitise_external(text))[0]


def _news(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before[name] != value}


def _plain(value: object, names: Sequence[str], *left_out: str) -> dict[str, Any]:
    """Columns of a value of the domain: texts made safe, enums as what they hold."""
    row: dict[str, Any] = {}
    for name in names:
        if name in {"id", *left_out}:
            continue
        found = getattr(value, name)
        is_text = isinstance(found, str)
        row[name] = _masked(str(found)) if is_text else found
    return row


def _order_row(order: Order) -> dict[str, Any]:
    detail = mask_card_numbers(multi_line(order.detail, _LONGEST_DETAIL))[0]
    return {**_plain(order, ORDER_FIELDS, "detail"), "detail": detail}


def _line_row(line: OrderLine, order_id: uuid.UUID, place: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "position": place,
        "sku": _masked(line.sku),
        "title": _masked(line.title),
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
