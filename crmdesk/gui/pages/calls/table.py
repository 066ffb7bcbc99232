"""The table of the call log: columns, keys, live rows that keep the selection."""

from __future__ import annotations

import uuid

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from crmdesk.gui.models.call_table import CallTableModel
from crmdesk.gui.models.call_words import COLUMNS, WHO_COLUMN, CallLine
from crmdesk.gui.pages.memory import Memory
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.cells import CellDelegate
from crmdesk.gui.widgets.lists import table_view

_WIDTHS = (116, 84, 0, 116, 92, 48, 56)
"""Starting widths of the columns in pixels; 0 takes what is left."""

_MEMORY_NAME = "calls.columns.1"
_NARROWEST = 44


class CallTable(QWidget):
    """The log as a table; `chosen` tells the call the cursor is on."""

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
        self.view.selectionModel().currentRowChanged.connect(self._current_changed)
        self.view.activated.connect(self._activated)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        box.addWidget(self.view)
        self.setFocusProxy(self.view)

    def current(self) -> CallLine | None:
        """The row the cursor is on."""
        return self.model.line(self.view.currentIndex().row())

    def select(self, call_id: uuid.UUID | None) -> bool:
        """Puts the cursor on a call; False where it is not among the rows."""
        row = self.model.row_of(call_id)
        if row < 0:
            self.view.clearSelection()
            return False
        if row != self.view.currentIndex().row():
            self._go_to(row)
        return True

    def move(self, step: int) -> None:  # type: ignore[override]
        """Moves the cursor by rows."""
        row = self.view.currentIndex().row() + step
        if 0 <= row < self.model.rowCount():
            self._go_to(row)

    def _go_to(self, row: int) -> None:
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        index = self.model.index(row, 0)
        self.view.selectionModel().setCurrentIndex(index, flags)
        self.view.scrollTo(index)

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

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.chosen.emit(line.row.call.id)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.opened.emit(line.row)
