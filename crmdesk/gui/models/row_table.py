"""A log as a table model: pages of rows, newest first, grown at the end, updated in place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from crmdesk.gui.models.paged import NOWHERE, Index, Paged
from crmdesk.gui.widgets.cells import CELL, Cell
from crmdesk.gui.widgets.text import tooltip_html


class RowLine(Protocol):
    """One row of a log, ready to be painted."""

    @property
    def key(self) -> Hashable:
        """Which thing it shows."""

    @property
    def age_order(self) -> float:
        """Its place: newer things have higher ones."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of the columns."""

    @property
    def spoken(self) -> str:
        """The row as one sentence."""


Line = TypeVar("Line", bound=RowLine)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        width: Starting width in pixels, 0 takes what is left.
        right: Figures: the heading stands at the right.
    """

    title: str
    width: int
    right: bool = False


class RowTableModel(Paged, QAbstractTableModel, Generic[Line]):
    """Rows newest first. It never asks the store: `more_wanted` asks the page to."""

    more_wanted = Signal()

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._lines: list[Line] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Rows read so far."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Fixed."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Headings; figures stand at the right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, its text, tooltip and the sentence for screen readers."""
        line = self._lines[index.row()]
        cell = line.cells[index.column()]
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_html(cell.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken if index.column() == 0 else cell.text
        return None

    def line(self, row: int) -> Line | None:
        """A row, None where there is none."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

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

    def lines(self) -> tuple[Line, ...]:
        """All rows read so far."""
        return tuple(self._lines)


def _newest_first(line: RowLine) -> float:
    return -line.age_order
