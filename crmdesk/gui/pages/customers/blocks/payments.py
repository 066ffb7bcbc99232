"""What a customer owes, how they pay, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerStory, TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Invoice, PaymentMethod, PaymentPractice
from crmdesk.gui.models import sales_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.sales import opening, pieces, steps
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import icon_button, icon_label
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import label

if TYPE_CHECKING:
    from crmdesk.store import Reader

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Payments:
    """What the block shows.

    Attributes:
        open_invoices: What is due first on top, one more than is shown.
        has_any: Whether there was ever an invoice.
    """

    open_invoices: tuple[Invoice, ...]
    practice: PaymentPractice
    methods: tuple[PaymentMethod, ...]
    has_any: bool


def read(reader: Reader, story: CustomerStory, _now: datetime) -> Payments:
    """Invoices to be paid, the practice of the latest ones, ways to pay."""
    key = story.customer.id
    return Payments(
        reader.open_invoices_of(key, _SHOWN + 1),
        reader.payment_practice(key),
        reader.payment_methods(key),
        bool(reader.invoices_of(key, 1)),
    )


class PaymentsBlock(Block):
    """Invoices and ways to pay; a click opens one."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Payments", "payment")
        self.add_action("download", keys.RECEIPT, partial(opening.new_receipt, desk))
        self.add_action("payment", keys.WAY_TO_PAY, partial(opening.new_method, desk))
        self.add_action("plus", keys.INVOICE, partial(opening.new_invoice, desk))

    def show_value(self, value: Payments, view: CustomerView) -> None:
        """Shows how a customer pays."""
        if not (value.has_any or value.methods):
            self.fill_empty(
                f"No invoice yet. {keys.INVOICE.sequence} writes one,"
                f" {keys.WAY_TO_PAY.sequence} a way to pay."
            )
            return
        self.fill(*self._rows(value, view), count=min(len(value.open_invoices), _SHOWN) or None)

    def _rows(self, value: Payments, view: CustomerView) -> Iterator[QWidget]:
        if value.has_any:
            yield pieces.said(sales_words.owed(value.practice), "strong")
        for one in value.open_invoices[:_SHOWN]:
            yield self._invoice(one, view)
        if len(value.open_invoices) > _SHOWN:
            yield label("More are in the timeline.", "small", "muted")
        if value.has_any:
            yield pieces.said(sales_words.practice(value.practice), "small")
        for method in value.methods:
            yield self._method(method, view)

    def _invoice(self, invoice: Invoice, view: CustomerView) -> QWidget:
        ref = RecordRef(TimelineKind.PAYMENT, invoice.id, view.customer.id)
        total = money(invoice.amount_cents, invoice.currency)
        text = f"{sales_words.invoice_name(invoice)}, {total}"
        status = sales_words.invoice_status(invoice, view.now)
        return pieces.link(text, status, partial(self.desk.open, ref))

    def _method(self, method: PaymentMethod, view: CustomerView) -> QWidget:
        made = QWidget()
        words = sales_words.method(method, times.local(view.now).date())
        preferred = "Preferred. " if method.is_preferred else ""
        change = partial(opening.edit_method, self.desk, method)
        name = pieces.link_button(words.text, change, f"{preferred}Change this way to pay")
        gone = icon_button("close", f"Remove {sales_words.method(method).text}")
        gone.clicked.connect(partial(self._remove, method))
        made.setLayout(
            row(
                icon_label(words.icon, words.tone, meaning=preferred),
                name,
                1,
                gone,
                spacing=Space.S,
            )
        )
        return made

    def _remove(self, method: PaymentMethod) -> None:
        self.desk.do(steps.remove_method(method, self.desk.context.agent()))
