"""An invoice, opened: what came in on it, and how it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Invoice, InvoiceStatus, Receipt
from crmdesk.gui.models import sales_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import Said
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.sale_view import SaleView
from crmdesk.gui.sales import opening, pieces, receipt_words, steps
from crmdesk.gui.sales.reading import OpenedInvoice, OpenedReceipt
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.widgets.pieces import SectionHeader, rule
from crmdesk.gui.widgets.text import label


class InvoiceView(SaleView):
    """Shows one invoice after the other."""

    def __init__(self, desk: CustomerDesk) -> None:
        actions = {
            keys.SALE_EDIT: self.edit,
            keys.INVOICE_PAY: self.pay,
            keys.INVOICE_CANCEL: self.cancel,
            keys.INVOICE_WRITE_OFF: self.write_off,
        }
        self.invoice: Invoice | None = None
        super().__init__(desk, actions)

    def title(self, value: OpenedInvoice) -> str:
        """Its number."""
        return sales_words.invoice_name(value.invoice)

    def show_value(self, value: OpenedInvoice, view: CustomerView) -> None:
        """Shows an invoice."""
        self.invoice = value.invoice
        self.fill(self._parts(value, view))

    def _parts(self, value: OpenedInvoice, view: CustomerView) -> Iterator[QWidget]:
        invoice = value.invoice
        status = sales_words.invoice_status(invoice, view.now)
        head = QWidget()
        total = wrapped(money(invoice.amount_cents, invoice.currency), "title")
        head.setLayout(column(total, pieces.said(status, "strong"), spacing=Space.XS))
        yield head
        yield self._buttons(invoice)
        due = sales_words.day(invoice.due_on) if invoice.due_on else "not said"
        still = money(invoice.open_cents, invoice.currency) if invoice.open_cents else ""
        yield pieces.facts(
            (
                ("Written on", sales_words.day_of(invoice.at)),
                ("Due on", due),
                ("Paid", money(invoice.paid_cents, invoice.currency)),
                ("To be paid", still),
            )
        )
        yield rule()
        yield from self._receipts(value, view)
        if value.order is not None:
            yield SectionHeader("Order", "order")
            clock = sales_words.order_clock(value.order, view.now)
            name = f"{sales_words.order_name(value.order)}: {value.order.title}"
            yield pieces.link(name, clock, self.opener(TimelineKind.ORDER, value.order))
        yield from self.tickets(value.tickets, view)

    def _buttons(self, invoice: Invoice) -> QWidget:
        is_open = invoice.status is InvoiceStatus.OPEN
        is_closed = invoice.status in {InvoiceStatus.CANCELLED, InvoiceStatus.WRITTEN_OFF}
        made = [pieces.key_button("Edit", keys.SALE_EDIT, self.edit)]
        if is_open:
            made += [
                pieces.key_button("Cancel it", keys.INVOICE_CANCEL, self.cancel),
                pieces.key_button("Write off", keys.INVOICE_WRITE_OFF, self.write_off),
            ]
        if not is_closed:
            kind = "primary" if is_open else "plain"
            pay = pieces.key_button("Payment received", keys.INVOICE_PAY, self.pay, kind)
            pay.setAutoDefault(False)
            made.insert(0, pay)
        return pieces.buttons(*made)

    def _receipts(self, value: OpenedInvoice, view: CustomerView) -> Iterator[QWidget]:
        yield SectionHeader("What came in", "payment")
        receipts = value.invoice.receipts
        if not receipts:
            words = "Paid, but nobody wrote down how." if value.invoice.paid_cents else ""
            yield label(words or "Nothing yet. P writes it down.", tone="muted", wrap=True)
        for one in receipts:
            method = next((m for m in value.methods if m.id == one.method_id), None)
            about = receipt_words.about(OpenedReceipt(one, None, method), view.names.lists)
            ref = RecordRef(TimelineKind.RECEIPT, one.id, one.customer_id)
            note = Said(f"{sales_words.day_of(one.at)}{', ' if about else ''}{about}")
            yield pieces.link(sales_words.receipt_name(one), note, partial(self.desk.open, ref))

    # --- doing ------------------------------------------------------------------------------

    def pay(self) -> None:
        """Asks what came in."""
        invoice = self.invoice
        if invoice is not None and invoice.status in {InvoiceStatus.OPEN, InvoiceStatus.PAID}:
            opening.pay(self.desk, invoice)

    def edit(self) -> None:
        """Asks what is new of it."""
        if self.invoice is not None:
            opening.edit_invoice(self.desk, self.invoice)

    def cancel(self) -> None:
        """Asks whether it shall be cancelled."""
        self._ask_close(InvoiceStatus.CANCELLED, "Cancel", "It was written by mistake.")

    def write_off(self) -> None:
        """Asks whether the money is lost."""
        self._ask_close(InvoiceStatus.WRITTEN_OFF, "Write off", "The money will not come any more.")

    def _ask_close(self, status: InvoiceStatus, answer: str, meaning: str) -> None:
        invoice = self.invoice
        if invoice is None or invoice.status is not InvoiceStatus.OPEN:
            return
        what = f"{answer} invoice {invoice.number}?"
        still = money(invoice.open_cents, invoice.currency)
        remedy = f"{still} are then no longer waited for. It can be taken back."
        question = Question(
            self.window(), answer, what, meaning, remedy, answer=answer, cancel="Leave it open"
        )
        question.accepted.connect(lambda: self._close(invoice, status))
        question.open()

    def _close(self, invoice: Invoice, status: InvoiceStatus) -> None:
        self.do(steps.close_invoice(invoice.id, status, self.who()))


class ReceiptView(SaleView):
    """Shows money that came in, or went back."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, {})

    def title(self, value: OpenedReceipt) -> str:
        """What it was, and its day."""
        what = "Payment received" if value.receipt.amount_cents >= 0 else "Money given back"
        return f"{what}, {sales_words.day_of(value.receipt.at)}"

    def show_value(self, value: OpenedReceipt, view: CustomerView) -> None:
        """Shows it."""
        self.fill(self._parts(value, view))

    def _parts(self, value: OpenedReceipt, view: CustomerView) -> Iterator[QWidget]:
        receipt: Receipt = value.receipt
        yield wrapped(sales_words.receipt_name(receipt), "title")
        yield pieces.facts(
            (
                ("Received on", times.full(receipt.at)),
                ("How", receipt_words.how(value, view.names.lists)),
                ("Reference", receipt.reference),
            )
        )
        yield rule()
        yield SectionHeader("What for", "payment")
        if value.invoice is None:
            yield label("For no invoice.", tone="muted", wrap=True)
        else:
            yield self.invoice_link(value.invoice, view)
