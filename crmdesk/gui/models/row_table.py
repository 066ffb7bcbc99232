"""A log as a table model: pages of rows, newest first, grown at the end, updated in place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from crmdesk.gui.models.cell_table import CellLine, CellTableModel, Column
from crmdesk.gui.models.paged import NOWHERE, Paged

__all__ = ["Column", "Line", "RowLine", "RowTableModel"]


class RowLine(CellLine, Protocol):
    """One row of a log, ready to be painted."""

    @property
    def key(self) -> Hashable:
        """Which thing it shows."""

    @property
    def age_order(self) -> float:
        """Its place: newer things have higher ones."""


Line = TypeVar("Line", bound=RowLine)


class RowTableModel(Paged, CellTableModel[Line]):
    """Rows newest first. It never asks the store: `more_wanted` asks the page to."""

    more_wanted = Signal()

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)

    def row_of(self, key: Hashable) -> int:
        """Where a thing stands, -1 where it is not among those read."""
        return next((i for i, line in enumerate(self._lines) if line.key == key), -1)

    def reset(self, lines: Iterable[Line], *, has_more: bool) -> None:
        """Shows a new first page."""
        self.beginResetModel()
        self._lines = list(lines)
        self._answered(has_more=has_more)
        self.endResetModel()

    def append(self, lines: Iterable[Line], *, has_more: bool) -> None:
        """Adds the next page; what came in live meanwhile is not shown twice."""
        known = {line.key for line in self._lines}
        fresh = [line for line in lines if line.key not in known]
        self._answered(has_more=has_more)
        if fresh:
            first = len(self._lines)
            self.beginInsertRows(NOWHERE, first, first + len(fresh) - 1)
            self._lines += fresh
            self.endInsertRows()

    def put(self, line: Line) -> None:
        """A thing is new or changed; rows around it and the selection stay."""
        row = self.row_of(line.key)
        if row >= 0:
            self._lines[row] = line
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))
            return
        place = bisect_left(self._lines, _newest_first(line), key=_newest_first)
        self.beginInsertRows(NOWHERE, place, place)
        self._lines.insert(place, line)
        self.endInsertRows()

    def retell(self, lines: Iterable[Line]) -> None:
        """The same rows in new words: midnight came, or the names changed."""
        self._lines = list(lines)
        if self._lines:
            last = self.index(len(self._lines) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _newest_first(line: RowLine) -> float:
    return -line.age_order
