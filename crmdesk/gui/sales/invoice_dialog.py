"""The forms of an invoice, and of money that came in."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.sales import Invoice, Order, PaymentMethod, Receipt
from crmdesk.gui.models import sales_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.sales.store_dialog import StoreDialog
from crmdesk.gui.sales.typed_fields import DayField, MoneyField, noon
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.showing import set_shown

_USUAL_DAYS = 14
"""Until when people pay, unless somebody says otherwise."""
_MOST_CHARS = 120


def new_invoice(
    customer_id: uuid.UUID, now: datetime, currency: str = "EUR", order: Order | None = None
) -> Invoice:
    """An invoice of today, of all of an order where one is given."""
    return Invoice(
        uuid.uuid4(),
        customer_id,
        now,
        f"{times.local(now):%y%m%d-%H%M}",
        order.total_cents if order else 0,
        order.currency if order else currency,
        due_on=times.local(now).date() + timedelta(days=_USUAL_DAYS),
        order_id=order.id if order else None,
    )


class InvoiceDialog(StoreDialog):
    """Asks for an invoice, or changes one."""

    def __init__(
        self, parent: QWidget | None, context: PageContext, invoice: Invoice, *, is_new: bool
    ) -> None:
        title, answer = ("New invoice", "Add invoice") if is_new else ("Edit invoice", "Save")
        super().__init__(parent, context, title, answer)
        self._invoice, self._is_new = invoice, is_new
        now = context.now()
        self.number = line_edit(name="Number")
        self.number.setText(invoice.number)
        self.number.setMaxLength(_MOST_CHARS)
        self.amount = MoneyField("Amount", invoice.currency)
        if invoice.amount_cents:
            self.amount.set_value(invoice.amount_cents, invoice.currency)
        self.written = DayField("Written on", now)
        self.written.set_value(times.local(invoice.at).date())
        self.due = DayField("Due on", now, "Empty: never reminded of.")
        self.due.set_value(invoice.due_on)
        self.number.textChanged.connect(self.check)
        for field in (self.amount, self.written, self.due):
            field.changed.connect(self.check)
        first = self.beside(Field("Number", self.number), self.amount)
        days = self.beside(self.written, self.due)
        self.lay_out(title if is_new else f"Edit invoice {invoice.number}", first, days)
        self.amount.input.setFocus()

    def is_complete(self) -> bool:
        """It has a number, an amount and a day."""
        is_read = not (self.due.is_wrong() or self.amount.value() is None)
        is_named = bool(self.number.text().strip())
        return is_named and is_read and self.written.value() is not None

    def invoice(self) -> Invoice:
        """The invoice as it is typed."""
        cents, currency = self.amount.value() or (0, self._invoice.currency)
        written, before = self.written.value(), self._invoice.at
        is_same_day = written is None or written == times.local(before).date()
        return replace(
            self._invoice,
            number=self.number.text().strip(),
            amount_cents=cents,
            currency=currency,
            at=before if is_same_day or written is None else noon(written),
            due_on=self.due.value(),
        )

    def job(self) -> tuple[uuid.UUID, Job]:
        """Adds the invoice or writes what was changed of it."""
        invoice, who = self.invoice(), self.context.agent()
        if self._is_new:
            return invoice.id, steps.add_invoice(invoice, who)
        return invoice.id, steps.edit_invoice(self._invoice, invoice, who)


class ReceiptDialog(StoreDialog):
    """Asks how much came in, when and how.

    Args:
        parent: The window.
        context: The desk.
        customer_id: Who paid.
        invoices: What it may be for; the first is chosen, "no invoice" is the last choice.
        methods: Ways to pay of the customer.
        currency: Of an amount without one.
        is_fixed: It is for the first of the invoices and nothing else.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        customer_id: uuid.UUID,
        invoices: tuple[Invoice, ...],
        methods: tuple[PaymentMethod, ...] = (),
        currency: str = "EUR",
        *,
        is_fixed: bool = False,
    ) -> None:
        super().__init__(parent, context, "Payment received", "Write it down")
        self._customer_id = customer_id
        now = context.now()
        self.invoice = combo_box(_for_what(invoices), name="For what")
        self._for_what = Field("For what", self.invoice)
        set_shown(self._for_what, bool(invoices) and not is_fixed)
        self.amount = MoneyField("Amount", currency)
        self.day = DayField("Received on", now)
        self.day.set_value(times.local(now).date())
        self.gives_back = check_box("The money went back to the customer")
        self.method = combo_box(self._ways(methods), name="How")
        self.reference = line_edit("e.g. what the bank statement says", name="Reference")
        self.reference.setMaxLength(_MOST_CHARS)
        self.invoice.currentIndexChanged.connect(self._take_amount)
        self.amount.changed.connect(self.check)
        self.day.changed.connect(self.check)
        self.gives_back.toggled.connect(self.check)
        first = self.beside(self.amount, self.day)
        how = Field("How", self.method)
        reference = self.free_text("Reference", self.reference)
        heading = f"Payment received on invoice {invoices[0].number}" if is_fixed else ""
        heading = heading or "Payment received"
        self.lay_out(heading, self._for_what, first, how, reference, self.gives_back)
        self._take_amount()
        self.amount.input.setFocus()

    @Slot()
    def _take_amount(self) -> None:
        """What is missing on the invoice is what most people pay."""
        one: Invoice | None = self.invoice.currentData()
        if one is not None:
            self.amount.set_currency(one.currency)
        if one is not None and one.open_cents:
            self.amount.set_value(one.open_cents, one.currency)
        self.amount.input.selectAll()
        self.check()

    def _ways(self, methods: tuple[PaymentMethod, ...]) -> list[tuple[str, object]]:
        """The customer's own ways first, then those of everybody."""
        own: list[tuple[str, object]] = [
            (sales_words.method(one).text, (one.kind.value, one.id)) for one in methods
        ]
        offered = self.context.plan.lists.offered(PicklistKey.PAYMENT_METHOD)
        return own + [(one.title, (one.key, None)) for one in offered]

    @Slot()
    def check(self) -> None:
        """Says what becomes of the invoice."""
        super().check()
        self.amount.set_warning(self._warning())

    def _warning(self) -> str:
        found, one = self.amount.value(), self.invoice.currentData()
        if found is None or one is None or self.gives_back.isChecked():
            return ""
        rest = one.amount_cents - one.paid_cents - found[0]
        if found[1] != one.currency:
            return f"The invoice is in {one.currency}."
        if rest > 0:
            return f"{money(rest, one.currency)} will be missing still."
        return f"{money(-rest, one.currency)} more than the invoice." if rest < 0 else ""

    def is_complete(self) -> bool:
        """It has an amount and a day."""
        found, one = self.amount.value(), self.invoice.currentData()
        is_other = found is not None and one is not None and found[1] != one.currency
        return bool(found and found[0]) and self.day.value() is not None and not is_other

    def receipt(self) -> Receipt:
        """The money as it is typed."""
        cents, currency = self.amount.value() or (0, "EUR")
        one: Invoice | None = self.invoice.currentData()
        now, day = self.context.now(), self.day.value()
        is_today = day is None or day == times.local(now).date()
        method, method_id = self.method.currentData() or ("", None)
        return Receipt(
            uuid.uuid4(),
            self._customer_id,
            now if is_today or day is None else noon(day),
            -cents if self.gives_back.isChecked() else cents,
            currency,
            one.id if one else None,
            method,
            method_id,
            self.reference.text().strip(),
        )

    def job(self) -> tuple[uuid.UUID, Job]:
        """Writes the money down."""
        receipt = self.receipt()
        return receipt.id, steps.add_receipt(receipt, self.context.agent())


def _for_what(invoices: tuple[Invoice, ...]) -> list[tuple[str, object]]:
    offered: list[tuple[str, object]] = [
        (f"Invoice {one.number}, {money(one.open_cents, one.currency)} to be paid", one)
        for one in invoices
    ]
    return [*offered, ("No invoice yet", None)]
