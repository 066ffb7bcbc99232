"""An order, opened: its lines, its way to the customer, its invoices and tickets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crmdesk.domain.sales import Order, OrderStatus
from crmdesk.gui.models import sales_words
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.sale_view import SaleView
from crmdesk.gui.sales import opening, pieces, steps
from crmdesk.gui.sales.order_dialog import context_status, moved
from crmdesk.gui.sales.reading import OpenedOrder
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, icon_button, shown_key
from crmdesk.gui.widgets.choice_menu import open_choices
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, chip_button, rule
from crmdesk.gui.widgets.safe_link import ask_to_open, safe_url
from crmdesk.gui.widgets.text import ElidedLabel, joined, label, set_tooltip


class OrderView(SaleView):
    """Shows one order after the other."""

    def __init__(self, desk: CustomerDesk) -> None:
        actions = {
            keys.SALE_EDIT: self.edit,
            keys.SALE_STAGE: self.choose_status,
            keys.ORDER_INVOICE: self.write_invoice,
            keys.ORDER_COPY: self.copy_tracking,
        }
        self.order: Order | None = None
        super().__init__(desk, actions)
        self.status: QWidget = self
        self.copied = label("", "small", "good")

    def title(self, value: OpenedOrder) -> str:
        """Its number."""
        return sales_words.order_name(value.order)

    def show_value(self, value: OpenedOrder, view: CustomerView) -> None:
        """Shows an order."""
        self.order = value.order
        self.fill(self._parts(value, view))

    def _parts(self, value: OpenedOrder, view: CustomerView) -> Iterator[QWidget]:
        order = value.order
        yield self._head(order, view)
        yield pieces.steps(sales_words.order_steps(order, view.names.lists))
        yield pieces.buttons(
            pieces.key_button("Change status", keys.SALE_STAGE, self.choose_status),
            pieces.key_button("Write an invoice", keys.ORDER_INVOICE, self.write_invoice),
            pieces.key_button("Edit", keys.SALE_EDIT, self.edit),
        )
        if order.carrier or order.tracking:
            yield self._parcel(order)
        yield rule()
        yield SectionHeader("Lines", "order")
        if not order.lines:
            yield label("Nobody wrote down its lines. Shift+E adds them.", tone="muted", wrap=True)
        yield pieces.order_table(order)
        if order.detail:
            yield SectionHeader("Remark", "note")
            yield wrapped(order.detail)
        yield rule()
        yield SectionHeader("Invoices", "payment")
        if not value.invoices:
            yield label("No invoice for it. I writes one.", tone="muted", wrap=True)
        for invoice in value.invoices:
            yield self.invoice_link(invoice, view)
        yield from self.tickets(value.tickets, view)

    def _head(self, order: Order, view: CustomerView) -> QWidget:
        made = QWidget()
        self.status = status = chip_button(*sales_words.order_status(order, view.names.lists))
        set_tooltip(status, keys.SALE_STAGE.text, shown_key(keys.SALE_STAGE.sequence))
        status.clicked.connect(self.choose_status)
        title = wrapped(order.title or "Order", "lead-strong")
        head = row(spacing=Space.S)
        head.addWidget(title, 1)
        head.addWidget(status)
        clock = pieces.said(sales_words.order_clock(order, view.now), "strong")
        made.setLayout(column(head, clock, spacing=Space.S))
        return made

    def _parcel(self, order: Order) -> QWidget:
        """Who brings it, and its number there; an address opens after a question only."""
        made = QWidget()
        text = joined((order.carrier, order.tracking), ", ")
        self.copied = label("", "small", "good")
        items = row(spacing=Space.S)
        items.addWidget(ElidedLabel(text))
        if order.tracking:
            copy = icon_button("copy", keys.ORDER_COPY.text)
            set_tooltip(copy, keys.ORDER_COPY.text, shown_key(keys.ORDER_COPY.sequence))
            copy.clicked.connect(self.copy_tracking)
            items.addWidget(copy)
            items.addWidget(self.copied)
        if safe_url(order.tracking) is not None:
            follow = button("Open", "link", icon="external")
            follow.clicked.connect(partial(ask_to_open, self.window(), order.tracking))
            items.addWidget(follow)
        items.addStretch(1)
        made.setLayout(items)
        return made

    # --- doing ------------------------------------------------------------------------------

    def choose_status(self) -> None:
        """A menu of the statuses."""
        if self.order is not None:
            offered = [
                (title, str(key)) for title, key in context_status(self.desk.context, self.order)
            ]
            open_choices(self.status, offered, self.order.status.value, self._move)

    def _move(self, status: str) -> None:
        if self.order is not None:
            order = moved(self.order, OrderStatus(status), self.desk.context.now())
            self.do(steps.edit_order(self.order, order, self.who()))

    def edit(self) -> None:
        """Asks what is new of it."""
        if self.order is not None:
            opening.edit_order(self.desk, self.order)

    def write_invoice(self) -> None:
        """Asks for an invoice of all of it."""
        if self.order is not None:
            opening.new_invoice(self.desk, self.order)

    def copy_tracking(self) -> None:
        """Puts the number of the parcel on the clipboard, and says so."""
        if self.order is not None and self.order.tracking:
            QGuiApplication.clipboard().setText(self.order.tracking)
            self.copied.setText("Copied.")
