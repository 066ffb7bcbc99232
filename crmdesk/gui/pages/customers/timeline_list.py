"""The list of a timeline: rows of one height, and tall ones where an entry is open.

A table, not a list view: that one measures all of its rows, in Python, whenever some are added,
so that every page of a long history took longer than the one before.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from crmdesk.gui.models.timeline_items import EntryItem
from crmdesk.gui.models.timeline_list import TimelineModel
from crmdesk.gui.pages.customers.timeline_delegate import ROW_HEIGHT, TimelineDelegate
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind

_AHEAD = 3
"""Screens below which the next page is asked for: it is there before anybody sees the end."""


class TimelineList(QTableView):
    """Shows a `TimelineModel`; Enter or a click opens an entry in place and closes it.

    Signals:
        record_wanted: The record of a `TimelineEntry` shall be opened.
    """

    record_wanted = Signal(object)

    def __init__(self, model: TimelineModel) -> None:
        super().__init__()
        self._items = model
        self._tall: set[int] = set()
        self._dress()
        self.setModel(model)
        self.setItemDelegate(TimelineDelegate(self))
        model.dataChanged.connect(self._changed)
        model.modelReset.connect(self._reset)
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)
        here = Qt.ShortcutContext.WidgetShortcut
        # Not `activated`: a double click would open and close.
        bind(self, keys.OPEN, self.toggle_current, here)
        bind(self, keys.OPEN_RECORD, self.open_current, here)

    def _dress(self) -> None:
        self.setAccessibleName("Timeline")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(0)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def toggle_current(self) -> None:
        """Opens the entry under the cursor in place, or closes it."""
        self._toggle(self.currentIndex().row())

    def _toggle(self, row: int) -> None:
        """An entry that is opened is seen whole, or from its beginning where it is too tall."""
        self._items.toggle(row)
        if row in self._items.open_rows():
            self.updateGeometries()  # Qt would scroll by how tall all rows were before
            is_tall = self.rowHeight(row) > self.viewport().height()
            how = self.ScrollHint.PositionAtTop if is_tall else self.ScrollHint.EnsureVisible
            self.scrollTo(self._items.index(row, 0), how)

    def open_current(self) -> None:
        """Opens the record of the entry under the cursor."""
        self._open_record(self.currentIndex())

    def _open_record(self, index: QModelIndex) -> None:
        item = self._items.item(index.row())
        if isinstance(item, EntryItem) and item.has_record:
            self.record_wanted.emit(item.entry)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click on the link opens the record, one elsewhere the entry in place."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        delegate = self.itemDelegate()
        is_link = isinstance(delegate, TimelineDelegate) and delegate.is_link(
            self, index, event.position().toPoint()
        )
        if is_link:
            self._open_record(index)
        else:
            self._toggle(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Texts break at other places."""
        super().resizeEvent(event)
        self._fit_all()

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for row in range(first.row(), last.row() + 1):
            self._fit(row)

    def _reset(self) -> None:
        for row in self._tall:  # Qt keeps the heights of rows that are others now
            self.setRowHeight(row, ROW_HEIGHT)
        self._tall.clear()
        self._fit_all()

    def _fit_all(self) -> None:
        for row in self._items.open_rows():
            self._fit(row)

    def _fit(self, row: int) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, TimelineDelegate):
            height = delegate.height(self, self._items.item(row))
            self.setRowHeight(row, height)
            if height != ROW_HEIGHT:
                self._tall.add(row)

    def _look_ahead(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if bar.maximum() - value < _AHEAD * self.viewport().height():
            self._items.fetchMore(QModelIndex())
