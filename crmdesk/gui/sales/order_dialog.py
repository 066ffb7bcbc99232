"""The form of an order: what, how many, for how much, and when it comes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.sales import Order, OrderStatus
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.order_lines import OrderLinesField
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.sales.store_dialog import CURRENCIES, StoreDialog
from crmdesk.gui.sales.typed_fields import DayField, MoneyField, end_of, noon
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.card_guard import guard_text
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.text import label

_MOST_CHARS = 120


def new_order(customer_id: uuid.UUID, now: datetime, currency: str = "EUR") -> Order:
    """An order of today; its number is the minute, until somebody gives the shop's."""
    number = f"{times.local(now):%y%m%d-%H%M}"
    return Order(uuid.uuid4(), customer_id, now, number, currency=currency)


class OrderDialog(StoreDialog):
    """Asks for an order, or changes one.

    Args:
        parent: The window.
        context: The desk.
        order: As it is, or `new_order`.
        is_new: Whether it is in the store yet.
    """

    def __init__(
        self, parent: QWidget | None, context: PageContext, order: Order, *, is_new: bool
    ) -> None:
        title, answer = ("New order", "Add order") if is_new else ("Edit order", "Save")
        super().__init__(parent, context, title, answer)
        self._order, self._is_new = order, is_new
        self._sums_itself = order.total_cents == sum(one.total_cents for one in order.lines)
        self._make_fields(order)
        self._connect()
        self._lay_out(title if is_new else f"Edit order {order.number}")
        self.title.setFocus()

    def _make_fields(self, order: Order) -> None:
        now = self.context.now()
        self.number = line_edit(name="Number")
        self.number.setText(order.number)
        self.title = line_edit("e.g. Standing desk", name="What was ordered")
        self.title.setText(order.title)
        for field in (self.number, self.title):
            field.setMaxLength(_MOST_CHARS)
        offered = context_status(self.context, order)
        self.status = combo_box(offered, name="Status")
        self.status.setCurrentIndex(self.status.findData(order.status.value))
        known = dict.fromkeys((*CURRENCIES, order.currency))
        self.currency = combo_box(((one, one) for one in known), name="Currency")
        self.currency.setCurrentIndex(self.currency.findData(order.currency))
        self.lines = OrderLinesField(order.lines, order.currency)
        self._sum = label("", "small", "muted")
        self.total = MoneyField("Total", order.currency, "Follows the lines until you change it.")
        if order.total_cents:
            self.total.set_value(order.total_cents, order.currency)
        self.placed = DayField("Placed on", now)
        self.placed.set_value(times.local(order.at).date())
        self.promised = DayField("Promised for", now)
        self.promised.set_value(_day(order.promised_at))
        self.carrier = line_edit("e.g. Parcel service", name="Carrier")
        self.carrier.setText(order.carrier)
        self.tracking = line_edit("Number of the parcel", name="Tracking")
        self.tracking.setText(order.tracking)
        self.detail = text_edit("What else matters", name="Remark")
        self._masked = guard_text(self.detail)
        self.detail.setPlainText(order.detail)
        self.detail.setFixedHeight(2 * Size.ROW)

    def _lay_out(self, heading: str) -> None:
        lines = column(self.lines, self._sum, spacing=Space.XS)
        held = QWidget()
        held.setLayout(lines)
        first = self.beside(
            self.free_text("What was ordered", self.title), Field("Number", self.number)
        )
        sums = self.beside(Field("Currency", self.currency), self.total)
        days = self.beside(self.placed, self.promised, Field("Status", self.status))
        ways = self.beside(
            Field("Carrier", self.carrier), self.free_text("Tracking", self.tracking)
        )
        held_lines = Field("Lines: what, article, quantity, price of one", held)
        self.lay_out(
            heading, first, held_lines, sums, days, ways, Field("Remark", self.detail), self._masked
        )

    def _connect(self) -> None:
        for field in (self.number, self.title):
            field.textChanged.connect(self.check)
        for typed in (self.total, self.placed, self.promised):
            typed.changed.connect(self.check)
        self.lines.changed.connect(self._follow)
        self.total.input.textEdited.connect(self._total_typed)
        self.currency.currentIndexChanged.connect(self._set_currency)
        self._tell_sum()

    @Slot()
    def _set_currency(self) -> None:
        currency = self.currency.currentData()
        self.lines.set_currency(currency)
        self.total.set_currency(currency)
        self._follow()

    @Slot()
    def _total_typed(self) -> None:
        self._sums_itself = self.total.is_empty()

    @Slot()
    def _follow(self) -> None:
        """The total is the sum of the lines until somebody says otherwise."""
        if self._sums_itself:
            self.total.set_value(self._lines_sum(), self.currency.currentData())
        self._tell_sum()
        self.check()

    def _lines_sum(self) -> int:
        return sum(one.total_cents for one in self.lines.lines())

    def _tell_sum(self) -> None:
        said = money(self._lines_sum(), self.currency.currentData())
        self._sum.setText(f"The lines come to {said}" if self.lines.lines() else "")

    def is_complete(self) -> bool:
        """It has a number, words and amounts that can be read."""
        total = self.total.value()
        is_one_currency = total is None or total[1] == self.currency.currentData()
        wrong = (self.total, self.placed, self.promised, self.lines)
        has_words = self.title.text().strip() or self.lines.lines()
        is_named = bool(self.number.text().strip() and has_words)
        is_placed = self.placed.value() is not None
        is_read = not any(field.is_wrong() for field in wrong)
        return is_named and is_placed and is_read and is_one_currency

    def order(self) -> Order:
        """The order as it is typed."""
        lines, now = self.lines.lines(), self.context.now()
        placed, promised = self.placed.value(), self.promised.value()
        status = OrderStatus(self.status.currentData())
        title = self.title.text().strip() or (lines[0].title if lines else "")
        changed = replace(
            self._order,
            number=self.number.text().strip(),
            title=title,
            at=_moment(placed, self._order.at),
            promised_at=_until(promised, self._order.promised_at),
            currency=self.currency.currentData(),
            total_cents=self.total.cents(),
            carrier=self.carrier.text().strip(),
            tracking=self.tracking.text().strip(),
            detail=self.detail.toPlainText(),
            lines=lines,
        )
        return moved(changed, status, now)

    def job(self) -> tuple[uuid.UUID, Job]:
        """Adds the order or writes what was changed of it."""
        order, who = self.order(), self.context.agent()
        if self._is_new:
            return order.id, steps.add_order(order, who)
        return order.id, steps.edit_order(self._order, order, who)


def context_status(context: PageContext, order: Order) -> list[tuple[str, object]]:
    """The statuses of an order, by their names here."""
    offered = context.plan.lists.offered(PicklistKey.ORDER_STATUS, order.status.value)
    known = frozenset(map(str, OrderStatus))
    return [(one.title, one.key) for one in offered if one.key in known]


def moved(order: Order, status: OrderStatus, now: datetime) -> Order:
    """An order in another status, with the day on which it came there; days that are known stay."""
    if status is order.status:
        return order
    shipped_at, delivered_at = order.shipped_at, order.delivered_at
    if status in {OrderStatus.SHIPPED, OrderStatus.DELIVERED}:
        shipped_at = shipped_at or (now if status is OrderStatus.SHIPPED else None)
    if status is OrderStatus.DELIVERED:
        delivered_at = delivered_at or now
    if status is OrderStatus.PLACED:
        shipped_at = delivered_at = None
    if status is OrderStatus.SHIPPED:
        delivered_at = None
    return replace(order, status=status, shipped_at=shipped_at, delivered_at=delivered_at)


def _day(at: datetime | None) -> date | None:
    return times.local(at).date() if at else None


def _moment(day: date | None, before: datetime) -> datetime:
    """The moment stays where its day does."""
    return before if day is None or day == times.local(before).date() else noon(day)


def _until(day: date | None, before: datetime | None) -> datetime | None:
    if day is None:
        return None
    return before if before is not None and _day(before) == day else end_of(day)
