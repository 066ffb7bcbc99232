"""A list of a settings section, with its buttons below and words where it is empty."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStackedWidget, QWidget

from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import CELL, Cell, TallCellDelegate
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import joined, tooltip_html


class ItemList(QWidget):
    """Shows items by their cells; the buttons but Add work on the one that is selected.

    Args:
        name: Heading and accessible name.
        icon: Before the heading.
        empty: What is said of an empty list, and what to do.
        more: Further buttons.
    """

    def __init__(self, name: str, icon: str, empty: tuple[str, str], *more: QWidget) -> None:
        super().__init__()
        self.model = QStandardItemModel(self)
        self.view: QListView = list_view(self.model, name=name)
        self.view.setItemDelegate(TallCellDelegate(self.view))
        self.empty = EmptyState(icon, *empty)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        self.stack.setMinimumHeight(3 * Size.ROW_TALL)
        self.add = button("Add…", icon="plus")
        self.edit = button("Edit…", icon="edit", tip="Edit  (Enter)")
        self.remove = button("Remove", icon="delete", tip="Remove  (Del)")
        self._own = (self.edit, self.remove, *more)
        buttons = row(self.add, *self._own, 1)
        self.setLayout(column(SectionHeader(name, icon), self.stack, buttons, spacing=Space.S))
        self.view.selectionModel().selectionChanged.connect(self.show_state)
        away = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        away.setContext(Qt.ShortcutContext.WidgetShortcut)  # there are two such lists
        away.activated.connect(self.remove.click)
        self.view.activated.connect(self.edit.click)

    def show_cells(self, cells: Sequence[Cell]) -> None:
        """Shows others; the cursor stays in its row."""
        place = max(selected_row(self.view), 0)
        self.model.clear()
        for cell in cells:
            item = QStandardItem(cell.text)
            item.setData(cell, CELL)
            item.setToolTip(tooltip_html(cell.tip))
            item.setAccessibleText(joined((cell.text, cell.second), ", "))
            self.model.appendRow(item)
        if cells:
            select_row(self.view, min(place, len(cells) - 1))
        self.stack.setCurrentWidget(self.view if cells else self.empty)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Buttons work where there is something selected."""
        for one in self._own:
            one.setEnabled(selected_row(self.view) >= 0)
