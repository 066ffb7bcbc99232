"""What every block beside the timeline is: a heading, a body, and what to do where it is empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tooltip


class Block(QWidget):
    """One block. It lives as long as the page and shows one customer after the other.

    A block takes values and waits for nothing: what it shows was read together with the
    customer (`BlockSpec.read`), what it writes goes through `desk.do`.

    Args:
        desk: The page.
        title: The heading.
        icon: Before it.
    """

    def __init__(self, desk: CustomerDesk, title: str, icon: str) -> None:
        super().__init__()
        self.desk = desk
        self.setAccessibleName(title)
        self._buttons = row(spacing=Space.NONE)
        trailing = QWidget()
        trailing.setLayout(self._buttons)
        self.header = SectionHeader(title, icon, trailing)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.S)
        self.setLayout(column(self.header, self.body, spacing=Space.M))

    def show_value(self, value: Any, view: CustomerView) -> None:  # noqa: ANN401  each its own
        """Shows what `BlockSpec.read` gave for a customer; the body is as it was before."""
        raise NotImplementedError

    def fill(self, *widgets: QWidget, count: int | None = None) -> None:
        """Puts other widgets into the body; `count` stands beside the heading."""
        clear(self.body)
        for widget in widgets:
            self.body.addWidget(widget)
        self.header.set_count(count)

    def fill_empty(self, text: str) -> None:
        """Says that there is nothing, and what to do: "No ticket yet. T opens one."."""
        self.fill(label(text, tone="muted", wrap=True))

    def add_action(self, icon: str, key: keys.Key, slot: Callable[[], object]) -> None:
        """Adds a button to the heading; the page binds the key itself (`BlockSpec.actions`)."""
        made = icon_button(icon, key.text)
        set_tooltip(made, key.text, shown_key(key.sequence))
        made.clicked.connect(slot)
        self._buttons.addWidget(made)


def item(text: str, note: str, tone: str = "muted") -> QWidget:
    """A text of several lines with a quiet line under it."""
    made = QWidget()
    made.setLayout(column(wrapped(text), wrapped(note, "small", tone), spacing=Space.HAIR))
    return made


def fact(name: str, value: str) -> QWidget:
    """A name at the left and its value at the right."""
    made = QWidget()
    items = row(label(name, "body", "muted"), 1, spacing=Space.M)
    items.addWidget(ElidedLabel(value))
    made.setLayout(items)
    return made
