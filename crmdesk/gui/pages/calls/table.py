"""The table of the call log: columns, keys, live rows that keep the selection."""

from __future__ import annotations

import uuid

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from crmdesk.gui.models.call_table import CallTableModel
from crmdesk.gui.models.call_words import COLUMNS, WHO_COLUMN, CallLine
from crmdesk.gui.pages.memory import Memory
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.cells import CellDelegate
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.selection import move_selection, select_row, selected_row

_WIDTHS = (112, 98, 0, 104, 96, 50, 54)
"""Starting widths of the columns in pixels; 0 takes what is left."""

_MEMORY_NAME = "calls.columns.1"
_NARROWEST = 44


class CallTable(QWidget):
    """The log as a table; `chosen` tells the call that is selected."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.model = CallTableModel(self)
        self.view = table_view(self.model, name="Calls")
        self.view.setItemDelegate(CellDelegate(self.view))
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._memory = memory
        self._set_columns()
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.view.activated.connect(self._activated)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        box.addWidget(self.view)
        self.setFocusProxy(self.view)

    def current(self) -> CallLine | None:
        """The row that is selected."""
        return self.model.line(selected_row(self.view))

    def select(self, call_id: uuid.UUID | None) -> bool:
        """Selects a call; False where it is not among the rows."""
        row = self.model.row_of(call_id)
        if row < 0:
            self.view.clearSelection()
            return False
        select_row(self.view, row)
        return True

    def move_cursor(self, step: int) -> None:
        """Moves the selection by rows."""
        move_selection(self.view, step)

    def _set_columns(self) -> None:
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_NARROWEST)
        header.setSectionsMovable(False)
        for column, width in enumerate(_WIDTHS):
            if width:
                header.resizeSection(column, width)
        header.restoreState(self._memory.bytes(_MEMORY_NAME))
        for column in range(len(COLUMNS)):
            takes_rest = column == WHO_COLUMN
            mode = (
                QHeaderView.ResizeMode.Stretch if takes_rest else header.sectionResizeMode(column)
            )
            header.setSectionResizeMode(column, mode)
        header.sectionResized.connect(self._column_resized)

    @Slot(int, int, int)
    def _column_resized(self, column: int, _before: int, _after: int) -> None:
        if column != WHO_COLUMN:
            self._memory.set_bytes(_MEMORY_NAME, self.view.horizontalHeader().saveState())

    @Slot()
    def _selection_changed(self) -> None:
        line = self.current()
        if line is not None:
            self.chosen.emit(line.row.call.id)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.opened.emit(line.row)
