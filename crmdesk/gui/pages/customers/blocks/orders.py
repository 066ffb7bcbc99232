"""The latest orders of a customer; those that are late say so."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerStory, TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Order
from crmdesk.gui.models import sales_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.sales import opening, pieces
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import joined, label

if TYPE_CHECKING:
    from crmdesk.store import Reader

_LATEST = 20
_SHOWN = 5


def read(reader: Reader, story: CustomerStory, now: datetime) -> tuple[Order, ...]:
    """The latest orders, those that are late first."""
    found = reader.orders_of(story.customer.id, _LATEST)
    return tuple(sorted(found, key=lambda one: not one.is_late(now))[:_SHOWN])


class OrdersBlock(Block):
    """Orders; a click opens one in place of the timeline."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Orders", "order")
        self.add_action("plus", keys.ORDER, partial(opening.new_order, desk))

    def show_value(self, value: tuple[Order, ...], view: CustomerView) -> None:
        """Shows the orders of a customer."""
        if not value:
            self.fill_empty(f"No order yet. {keys.ORDER.sequence} writes one down.")
            return
        story = view.story
        count = max(story.order_count, len(value))
        rows = [self._row(one, view) for one in value]
        totals = ((story.order_total_cents, story.currency), *story.other_totals)
        worth = joined((money(cents, currency) for cents, currency in totals if cents), " + ")
        if worth:
            rows.append(label(f"{worth} in all", "small", "muted", wrap=True))
        self.fill(*rows, count=count)

    def _row(self, order: Order, view: CustomerView) -> QWidget:
        made = QWidget()
        ref = RecordRef(TimelineKind.ORDER, order.id, view.customer.id)
        name = pieces.link_button(
            sales_words.order_name(order), partial(self.desk.open, ref), order.title
        )
        status = chip(*sales_words.order_status(order, view.names.lists))
        items = column(row(name, 1, status, spacing=Space.S), spacing=Space.HAIR)
        about = (order.title, money(order.total_cents, order.currency))
        items.addWidget(wrapped(joined(about)))
        clock = sales_words.order_clock(order, view.now)
        if order.is_late(view.now):
            items.addWidget(pieces.said(clock, "small"))
        else:
            when = (sales_words.day_of(order.at), clock.text)
            items.addWidget(wrapped(joined(when), "small", "muted"))
        made.setLayout(items)
        return made
