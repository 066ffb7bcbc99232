"""Pieces of the views of orders, invoices, payments and leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from crmdesk.domain.money import figure_words
from crmdesk.domain.sales import Order
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import Said, Step, beside_lines, quantity
from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, icon_label, shown_key
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import label, set_tooltip

_SHOWN_LINES = 200
_LONGEST_NAME = 34
"""Characters that stand beside the timeline in one line."""


def said(what: Said, role: str = "body") -> QWidget:
    """Words with their icon; nothing where there are none."""
    made = QWidget()
    items = row(spacing=Space.S)
    tone = what.tone
    if what.icon:
        items.addWidget(icon_label(what.icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    items.addWidget(wrapped(what.text, role, tone), 1)
    made.setLayout(items)
    set_shown(made, bool(what.text))
    return made


def key_button(text: str, key: Key, slot: Callable[[], object], kind: str = "plain") -> QPushButton:
    """A button that does what its key does."""
    made = button(text, kind)
    set_tooltip(made, key.text, shown_key(key.sequence))
    made.clicked.connect(slot)
    return made


def buttons(*made: QPushButton) -> QWidget:
    """Buttons beside each other, then below."""
    held = QWidget()
    held.setLayout(flow(*made, spacing=Space.S))
    return held


def steps(stations: Iterable[Step]) -> QWidget:
    """A thing's way: what is reached has a mark and its day, what is to come is quiet."""
    made = QWidget()
    made.setLayout(flow(*map(_station, stations), spacing=Space.XL, between_rows=Space.S))
    return made


def _station(one: Step) -> QWidget:
    made = QWidget()
    icons = {"good": "check-circle", "warn": "warning", "accent": "right"}
    icon, tone = (icons[one.tone], one.tone) if one.is_reached else ("dot", "faint")
    title = label(one.title, "strong", "text" if one.is_reached else "muted")
    when = label(one.when, "small", "muted")
    texts = column(title, when, spacing=Space.NONE) if one.when else column(title)
    items = row(spacing=Space.S)
    items.addWidget(icon_label(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    items.addLayout(texts)
    made.setLayout(items)
    reached = "reached" if one.is_reached else "not reached"
    made.setAccessibleName(", ".join(filter(None, (one.title, reached, one.when))))
    return made


def link(text: str, note: Said, slot: Callable[[], object], tip: str = "") -> QWidget:
    """Something that opens, and how it stands."""
    made = QWidget()
    name = link_button(text, slot, tip)
    made.setLayout(column(row(name, 1), said(note, "small"), spacing=Space.HAIR))
    return made


def link_button(text: str, slot: Callable[[], object], tip: str = "") -> QPushButton:
    """A name that opens something; a long one is cut, so that it widens nothing."""
    cut = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1].rstrip()}…"
    made = button(cut, "link")
    made.setAccessibleName(text)
    made.setMinimumWidth(Size.AVATAR)
    set_tooltip(made, tip or (text if cut != text else ""))
    made.clicked.connect(slot)
    return made


def facts(pairs: Iterable[tuple[str, str]]) -> QWidget:
    """Names at the left, their values beside them; those without a value are left out."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    grid.setHorizontalSpacing(Space.XL)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(1, 1)
    for place, (name, value) in enumerate((n, v) for n, v in pairs if v):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(name, "body", "muted"), place, 0, top)
        grid.addWidget(wrapped(value), place, 1, top)
    return made


def order_table(order: Order) -> QWidget:
    """The lines of an order with what they come to."""
    made = QWidget()
    made.setAccessibleName("Lines of the order")
    grid = QGridLayout(made)
    grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(0, 1)
    _cells(grid, 0, ("What", "Quantity", "Each", "Sum"), "small-strong", "muted")
    for place, line in enumerate(order.lines[:_SHOWN_LINES], 1):
        sums = (line.unit_cents, line.total_cents)
        figures = (figure_words(cents, order.currency) for cents in sums)
        cells = (line.title, quantity(line.quantity_milli), *figures)
        _cells(grid, place, cells, note=line.sku)
    last = min(len(order.lines), _SHOWN_LINES) + 1
    grid.addWidget(rule(), last, 0, 1, 4)
    _sums(grid, last + 1, order)
    return made


def _sums(grid: QGridLayout, place: int, order: Order) -> None:
    hidden = len(order.lines) - _SHOWN_LINES
    for text in (f"{hidden:,} more lines" if hidden > 0 else "", beside_lines(order)):
        if text:
            grid.addWidget(label(text, "small", "muted"), place, 0, 1, 4)
            place += 1
    _cells(grid, place, ("Total", "", "", money(order.total_cents, order.currency)), "strong")


def _cells(
    grid: QGridLayout,
    place: int,
    texts: tuple[str, ...],
    role: str = "body",
    tone: str = "text",
    note: str = "",
) -> None:
    first, *figures = texts
    title = wrapped(first, role, tone)
    if note:
        held = QWidget()
        held.setLayout(column(title, label(note, "small", "muted"), spacing=Space.NONE))
        title_widget: QWidget = held
    else:
        title_widget = title
    grid.addWidget(title_widget, place, 0)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    for at, text in enumerate(figures, 1):
        grid.addWidget(label(text, role, tone), place, at, right)
