"""Beside the timeline: the blocks, in the order the company chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.blocks.registry import BlockSpec
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import set_tooltip


class SidePanel(QWidget):
    """The blocks of a customer.

    Args:
        desk: What the blocks may ask of the page.

    Attributes:
        blocks: Those that were ever shown, by key.
    """

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__()
        self.setAccessibleName("Profile")
        self._desk = desk
        self._order: tuple[str, ...] = ()
        self.blocks: dict[str, Block] = {}
        self._body = QVBoxLayout()
        self._body.setSpacing(Space.M)
        self.setLayout(column(self._body, 1, margin=Space.L))

    def arrange(self, specs: Iterable[BlockSpec]) -> None:
        """Shows these blocks, in this order; each is made once and then kept."""
        wanted = tuple(specs)
        order = tuple(spec.key for spec in wanted)
        if order == self._order:
            return
        self._order = order
        for spec in wanted:
            if spec.key not in self.blocks:
                self.blocks[spec.key] = spec.make(self._desk)
        self._lay_out()

    def _lay_out(self) -> None:
        while (item := self._body.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, Block):
                widget.hide()
            elif widget is not None:
                widget.deleteLater()
        for key in self._order:
            if self._body.count():
                self._body.addWidget(rule())
            self._body.addWidget(self.blocks[key])
            self.blocks[key].show()

    def show_values(self, values: Mapping[str, Any], view: CustomerView) -> None:
        """Shows a customer in all blocks."""
        for key in self._order:
            self.blocks[key].show_value(values[key], view)
            _let_shrink(self.blocks[key])

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As narrow as the panel is: it does not scroll sideways, and nothing is cut unseen."""
        return QSize(0, super().minimumSizeHint().height())


def _let_shrink(block: Block) -> None:
    """Long links give way to what stands beside them; the tooltip has all of the text."""
    for link in block.findChildren(QPushButton):
        if link.property("kind") == "link" and link.minimumWidth() == 0:
            link.setMinimumWidth(1)
            if not link.toolTip():
                set_tooltip(link, link.accessibleName() or link.text())
