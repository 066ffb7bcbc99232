"""The timeline as a list model; entries open in place."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QObject, Qt, Signal

from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.gui.models.paged import NOWHERE, Index, Paged
from crmdesk.gui.models.timeline_items import (
    WORDS,
    EntryItem,
    Heading,
    Item,
    first_line,
    timeline_items,
)
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import joined, tooltip_html

ITEM = Qt.ItemDataRole.UserRole + 2


class TimelineModel(Paged, QAbstractListModel):
    """Headings and entries, newest first; `more_wanted` asks for the next page.

    Args:
        parent: Qt's.
        opened: Kinds whose records have a view of their own.
    """

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None, opened: Container[TimelineKind] = ()) -> None:
        super().__init__(parent)
        self._opened = opened
        self._items: list[Item] = []
        self._first: tuple[TimelineEntry, ...] = ()
        self._last: TimelineEntry | None = None

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Rows read so far, headings too."""
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if isinstance(self._items[index.row()], EntryItem):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The item, its text, its tooltip and its sentence."""
        item = self._items[index.row()]
        if role == ITEM:
            return item
        if isinstance(item, Heading):
            return item.text if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return first_line(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_html(times.full(item.entry.at))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(item)
        return None

    def item(self, row: int) -> Item | None:
        """A row, None where there is none."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def reset(self, entries: Iterable[TimelineEntry], now: datetime, *, has_more: bool) -> None:
        """Shows another timeline."""
        fresh = list(entries)
        opened = {one.entry.id for one in self._items if isinstance(one, EntryItem) and one.is_open}
        self.beginResetModel()
        self._items = [
            replace(one, is_open=isinstance(one, EntryItem) and one.entry.id in opened)
            if isinstance(one, EntryItem)
            else one
            for one in timeline_items(fresh, now, opened=self._opened)
        ]
        self._first = tuple(fresh)
        self._last = fresh[-1] if fresh else None
        self._answered(has_more=has_more)
        self.endResetModel()

    def append(self, entries: Iterable[TimelineEntry], now: datetime, *, has_more: bool) -> None:
        """Adds the next page."""
        fresh = list(entries)
        items = timeline_items(fresh, now, self._last, self._opened)
        self._answered(has_more=has_more)
        if items:
            first = len(self._items)
            self.beginInsertRows(NOWHERE, first, first + len(items) - 1)
            self._items += items
            self._last = fresh[-1]
            self.endInsertRows()

    def begins_with(self, entries: Iterable[TimelineEntry]) -> bool:
        """Whether these are what it begins with: reading it again brought nothing new."""
        fresh = tuple(entries)
        return bool(fresh) and self._first == fresh

    def open_rows(self) -> list[int]:
        """Rows of entries that are open."""
        items = enumerate(self._items)
        return [row for row, one in items if isinstance(one, EntryItem) and one.is_open]

    def toggle(self, row: int) -> None:
        """Opens an entry in place, or closes it."""
        item = self.item(row)
        if isinstance(item, EntryItem):
            self._items[row] = replace(item, is_open=not item.is_open)
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    def next_entry(self, row: int, step: int) -> int:
        """The row of the next entry in a direction, -1 where there is none."""
        row += step
        while 0 <= row < len(self._items):
            if isinstance(self._items[row], EntryItem):
                return row
            row += step
        return -1


def _spoken(item: EntryItem) -> str:
    entry = item.entry
    parts = (WORDS[entry.kind], first_line(item), entry.who, times.full(entry.at))
    return joined((*parts, entry.detail if item.is_open else ""), ", ")
