"""The call log as a table model: pages of rows, grown at the end, updated in place."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from crmdesk.gui.models.call_words import COLUMNS, CallLine
from crmdesk.gui.models.paged import NOWHERE, Index, Paged
from crmdesk.gui.widgets.cells import CELL
from crmdesk.gui.widgets.text import tooltip_html

_RIGHT_COLUMNS = {COLUMNS.index("Ring"), COLUMNS.index("Talk")}


class CallTableModel(Paged, QAbstractTableModel):
    """Rows newest first. It never asks the store: `more_wanted` asks the page to."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[CallLine] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Rows read so far."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Fixed."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Headings; figures stand at the right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _RIGHT_COLUMNS:
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

    def line(self, row: int) -> CallLine | None:
        """A row, None where there is none."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, call_id: uuid.UUID | None) -> int:
        """Where a call stands, -1 where it is not among those read."""
        return next((i for i, line in enumerate(self._lines) if line.row.call.id == call_id), -1)

    def reset(self, lines: Iterable[CallLine], *, has_more: bool) -> None:
        """Shows a new first page."""
        self.beginResetModel()
        self._lines = list(lines)
        self._answered(has_more=has_more)
        self.endResetModel()

    def append(self, lines: Iterable[CallLine], *, has_more: bool) -> None:
        """Adds the next page; what came in live meanwhile is not shown twice."""
        known = {line.row.call.id for line in self._lines}
        fresh = [line for line in lines if line.row.call.id not in known]
        self._answered(has_more=has_more)
        if fresh:
            first = len(self._lines)
            self.beginInsertRows(NOWHERE, first, first + len(fresh) - 1)
            self._lines += fresh
            self.endInsertRows()

    def put(self, line: CallLine) -> None:
        """A call is new or changed; rows around it and the selection stay."""
        row = self.row_of(line.row.call.id)
        if row >= 0:
            self._lines[row] = line
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
            return
        # Newest first, so the order of times is turned round for bisect.
        place = bisect_left(self._lines, _newest_first(line), key=_newest_first)
        self.beginInsertRows(NOWHERE, place, place)
        self._lines.insert(place, line)
        self.endInsertRows()

    def retell(self, lines: Iterable[CallLine]) -> None:
        """The same rows in new words: midnight came, or the names changed."""
        self._lines = list(lines)
        if self._lines:
            last = self.index(len(self._lines) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def lines(self) -> tuple[CallLine, ...]:
        """All rows read so far."""
        return tuple(self._lines)


def _newest_first(line: CallLine) -> float:
    return -line.row.call.started_at.timestamp()
