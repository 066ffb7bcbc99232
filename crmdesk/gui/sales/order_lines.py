"""The lines of an order, typed one below the other; a fresh one comes as the last is begun."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from crmdesk.domain.amounts import is_amount
from crmdesk.domain.money import read_money
from crmdesk.domain.sales import OrderLine
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import quantity
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_button
from crmdesk.gui.widgets.card_guard import guard_line
from crmdesk.gui.widgets.fields import line_edit
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import label, set_property

MOST_LINES = 200
_SEEN_LINES = 5
_QUANTITY = re.compile(r"(\d{1,9})(?:[.,](\d{1,3}))?")
_MILLI = 1000
_ROW_HEIGHT = Size.CONTROL + Space.XS


class LineRow:
    """The fields of one line."""

    def __init__(self, line: OrderLine | None = None) -> None:
        self.id = line.id if line else None
        self._kept = line
        self.title = line_edit("What", name="What")
        guard_line(self.title)
        self.sku = line_edit("Article", name="Article number")
        self.quantity = line_edit("1", name="Quantity")
        self.price = line_edit("0.00", name="Price of one")
        self.total = label("", "small", "muted")
        self.remove = icon_button("close", "Remove this line")
        self.quantity.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.price.setAlignment(Qt.AlignmentFlag.AlignRight)
        for field, share in ((self.sku, 84), (self.quantity, 56), (self.price, 92)):
            field.setFixedWidth(share)
        if line:
            self.title.setText(line.title)
            self.sku.setText(line.sku)
            self.quantity.setText(quantity(line.quantity_milli))
            self.price.setText(f"{line.unit_cents / 100:,.2f}")

    def fields(self) -> tuple[QLineEdit, ...]:
        """What is typed into, from left to right."""
        return (self.title, self.sku, self.quantity, self.price)

    def widgets(self) -> tuple[QWidget, ...]:
        """Everything in the row."""
        return (*self.fields(), self.total, self.remove)

    def is_empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(field.text().strip() for field in self.fields())

    def milli(self) -> int | None:
        """The quantity in thousandths; None where it is none."""
        text = self.quantity.text().replace(" ", "") or "1"
        found = _QUANTITY.fullmatch(text)
        if not found:
            return None
        return int(found[1]) * _MILLI + int((found[2] or "").ljust(3, "0"))

    def unit_cents(self) -> int | None:
        """The price of one; None where it is no amount, or so many cost too much to be written."""
        text = self.price.text().strip()
        found, milli = read_money(text) if text else (0, ""), self.milli() or 0
        is_one = found is not None and is_amount(found[0]) and is_amount(_sum(milli, found[0]))
        return found[0] if found and is_one else None

    def is_wrong(self) -> bool:
        """Whether it cannot be read, or has no words."""
        wrong = self.milli() is None or self.unit_cents() is None
        return not self.is_empty() and (wrong or not self.title.text().strip())

    def line(self) -> OrderLine:
        """The line; ValueError where it is wrong."""
        milli, cents = self.milli(), self.unit_cents()
        if milli is None or cents is None:
            raise ValueError("the line cannot be read")
        total = _sum(milli, cents)
        if self._kept and (self._kept.quantity_milli, self._kept.unit_cents) == (milli, cents):
            total = self._kept.total_cents  # as the shop says: it may hold a discount
        title, sku = self.title.text().strip(), self.sku.text().strip()
        return OrderLine(title, sku, milli, cents, total, self.id or uuid.uuid4())


def _sum(milli: int, cents: int) -> int:
    return (milli * cents + _MILLI // 2) // _MILLI


class OrderLinesField(QWidget):
    """All lines.

    Signals:
        changed: Something was typed.
    """

    changed = Signal()

    def __init__(self, lines: Iterable[OrderLine], currency: str) -> None:
        super().__init__()
        self._currency = currency
        self.rows: list[LineRow] = []
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.S, Space.NONE)
        self._grid.setSpacing(Space.XS)
        self._grid.setColumnStretch(0, 1)
        self._area = scroll_area(self._inside, name="Lines of the order")
        outer = QGridLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.addWidget(self._area)
        for line in lines:
            self._add(LineRow(line))
        self._grow()

    def set_currency(self, currency: str) -> None:
        """What the prices are in."""
        self._currency = currency
        self._tell()

    def lines(self) -> tuple[OrderLine, ...]:
        """What was typed; lines that are empty or wrong are left out."""
        return tuple(one.line() for one in self.rows if not (one.is_empty() or one.is_wrong()))

    def is_wrong(self) -> bool:
        """Whether a line cannot be read."""
        return any(one.is_wrong() for one in self.rows)

    def _add(self, made: LineRow) -> None:
        self.rows.append(made)
        for place, widget in enumerate(made.widgets()):
            self._grid.addWidget(widget, len(self.rows), place)
        for field in made.fields():
            field.textChanged.connect(self._typed)
        made.remove.clicked.connect(partial(self._remove, made))
        self._fit()

    def _remove(self, gone: LineRow) -> None:
        if gone not in self.rows:
            return
        at = self.rows.index(gone)
        self.rows.remove(gone)
        for widget in gone.widgets():
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._typed()
        self.rows[min(at, len(self.rows) - 1)].title.setFocus()

    def _typed(self) -> None:
        self._grow()
        self._tell()
        self.changed.emit()

    def _grow(self) -> None:
        if len(self.rows) < MOST_LINES and (not self.rows or not self.rows[-1].is_empty()):
            self._add(LineRow())
        self._tell()

    def _tell(self) -> None:
        for one in self.rows:
            is_told = not (one.is_empty() or one.is_wrong())
            one.total.setText(money(one.line().total_cents, self._currency) if is_told else "")
            one.remove.setEnabled(not one.is_empty())
            for field, is_wrong in (
                (one.quantity, one.milli() is None),
                (one.price, one.unit_cents() is None),
                (one.title, not one.is_empty() and not one.title.text().strip()),
            ):
                set_property(field, "invalid", "true" if is_wrong else "false")

    def _fit(self) -> None:
        seen = min(len(self.rows), _SEEN_LINES)
        self._area.setFixedHeight(seen * _ROW_HEIGHT + Space.S)
