"""The table of a log: columns that are remembered, keys, live rows that keep the selection."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Generic

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from crmdesk.gui.models.row_table import Column, Line, RowTableModel
from crmdesk.gui.pages.memory import Memory
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.cells import CellDelegate
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.selection import move_selection, select_row, selected_row

_NARROWEST = 44


class RowTable(QWidget, Generic[Line]):
    """A log as a table.

    Args:
        memory: Remembers the widths of the columns.
        name: Accessible name.
        memory_name: Under which the widths are remembered.
        columns: The columns; exactly one takes the width that is left.

    Signals:
        chosen: Key of the row that is selected.
        opened: The line of a row that was opened.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self, memory: Memory, name: str, memory_name: str, columns: tuple[Column, ...]
    ) -> None:
        super().__init__()
        self.model: RowTableModel[Line] = RowTableModel(columns, self)
        self.view = table_view(self.model, name=name)
        self.view.setItemDelegate(CellDelegate(self.view))
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._memory, self._memory_name = memory, memory_name
        self._set_columns(columns)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.view.activated.connect(self._activated)
        here = Qt.ShortcutContext.WidgetShortcut
        bind(self.view, keys.FIRST, partial(self._go_to_end, 1), here)
        bind(self.view, keys.LAST, partial(self._go_to_end, -1), here)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        box.addWidget(self.view)
        self.setFocusProxy(self.view)

    def current(self) -> Line | None:
        """The row that is selected."""
        return self.model.line(selected_row(self.view))

    def select(self, key: Hashable) -> bool:
        """Selects a row; False where the thing is not among the rows."""
        row = self.model.row_of(key)
        if row < 0:
            self.view.clearSelection()
            return False
        select_row(self.view, row)
        return True

    def move_cursor(self, step: int) -> None:
        """Moves the selection by rows."""
        move_selection(self.view, step)

    def _go_to_end(self, step: int) -> None:
        """To the first row with 1, to the last that was read with -1; over headings."""
        rows = range(self.model.rowCount())[::step]
        can = Qt.ItemFlag.ItemIsSelectable
        row = next((r for r in rows if self.model.flags(self.model.index(r, 0)) & can), -1)
        if row >= 0:
            select_row(self.view, row)

    def _set_columns(self, columns: tuple[Column, ...]) -> None:
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_NARROWEST)
        header.setSectionsMovable(False)
        for place, column in enumerate(columns):
            if column.width:
                header.resizeSection(place, column.width)
        header.restoreState(self._memory.bytes(self._memory_name))
        self._rest = next(place for place, column in enumerate(columns) if not column.width)
        header.setSectionResizeMode(self._rest, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._column_resized)

    @Slot(int, int, int)
    def _column_resized(self, column: int, _before: int, _after: int) -> None:
        if column != self._rest:
            state = self.view.horizontalHeader().saveState()
            self._memory.set_bytes(self._memory_name, state)

    @Slot()
    def _selection_changed(self) -> None:
        line = self.current()
        if line is not None:
            self.chosen.emit(line.key)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.opened.emit(line)
