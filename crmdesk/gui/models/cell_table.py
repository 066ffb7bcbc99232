"""What every table of ours is to Qt: headings, and rows whose cells are ready to be painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from crmdesk.gui.models.paged import NOWHERE, Index
from crmdesk.gui.widgets.cells import CELL, Cell
from crmdesk.gui.widgets.text import tooltip_html


class CellLine(Protocol):
    """One row, ready to be painted."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of the columns."""

    @property
    def spoken(self) -> str:
        """The row as one sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """The plainest such row."""

    cells: tuple[Cell, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        width: Starting width in pixels, 0 takes what is left.
        right: Figures: the heading stands at the right.
    """

    title: str
    width: int = 0
    right: bool = False


CellLineT = TypeVar("CellLineT", bound=CellLine)


class CellTableModel(QAbstractTableModel, Generic[CellLineT]):
    """Few rows, all at once; `row_table.RowTableModel` reads many page by page."""

    def __init__(self, columns: Sequence[Column] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._lines: list[CellLineT] = []

    def show_rows(self, titles: Sequence[str], lines: Iterable[CellLineT]) -> None:
        """Shows others, under other headings."""
        self.beginResetModel()
        self._columns = tuple(map(Column, titles))
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> CellLineT | None:
        """A row, None where there is none."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def lines(self) -> tuple[CellLineT, ...]:
        """All rows there are here."""
        return tuple(self._lines)

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many there are here."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """As many as there are headings."""
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
