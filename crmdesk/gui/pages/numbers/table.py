"""The table of numbers with one problem: as written, as read, as read after the fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QWidget

from crmdesk.gui.models.paged import NOWHERE, Index
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.cells import CELL, Cell, CellDelegate
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import tooltip_html


@dataclass(frozen=True, slots=True)
class Row:
    """One number, ready to be painted.

    Attributes:
        customer: Key of the customer as text, "" where there is not one.
        why: Below the table where the row is selected.
    """

    cells: tuple[Cell, ...]
    spoken: str
    why: str = ""
    customer: str = ""


class NumberModel(QAbstractTableModel):
    """Few rows, all at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[str, ...] = ("", "", "", "")
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        """Shows others."""
        self.beginResetModel()
        self._columns, self._rows = columns, tuple(rows)
        self.endResetModel()

    def row(self, place: int) -> Row | None:
        """A row, None where there is none."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Fixed."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Headings."""
        is_heading = orientation is Qt.Orientation.Horizontal
        return (
            self._columns[section] if is_heading and role == Qt.ItemDataRole.DisplayRole else None
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, its text and the sentence for screen readers."""
        row = self._rows[index.row()]
        cell = row.cells[index.column()]
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_html(cell.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if index.column() == 0 else cell.text
        return None


class NumberTable(QWidget):
    """The numbers and, below, why for the one that is selected.

    Signals:
        opened: Key of a customer, as text.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = NumberModel(self)
        self.view = table_view(self.model, name="Numbers with this problem")
        self.view.setItemDelegate(CellDelegate(self.view))
        self.why = wrapped("", "small", "muted")
        self.view.horizontalHeader().setStretchLastSection(False)
        self.view.selectionModel().selectionChanged.connect(self._show_why)
        self.view.activated.connect(self._open)
        texts = column(self.why, spacing=Space.NONE)
        texts.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self._below = QWidget()
        self._below.setLayout(column(rule(), texts, spacing=Space.NONE))
        table = column(self.view, spacing=Space.NONE)
        table.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        items = column(spacing=Space.NONE)
        items.addLayout(table, 1)
        items.addWidget(self._below)
        self.setLayout(items)
        self.setFocusProxy(self.view)

    def show_rows(
        self, columns: tuple[str, ...], rows: Sequence[Row], fixed: dict[int, int] | None = None
    ) -> None:
        """Shows others; the first one is selected.

        Args:
            columns: Headings; a column without one is hidden.
            rows: From the top.
            fixed: Columns with a width of their own; the others share what is left.
        """
        self.model.show_rows(columns, rows)
        header = self.view.horizontalHeader()
        for place, title in enumerate(columns):
            self.view.setColumnHidden(place, not title)
            width = (fixed or {}).get(place)
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(place, mode.Fixed if width else mode.Stretch)
            if width:
                header.resizeSection(place, width)
        select_row(self.view, 0)
        self._show_why()

    @Slot()
    def _show_why(self) -> None:
        row = self.model.row(selected_row(self.view))
        set_wrapped(self.why, row.why if row else "")
        self._below.setVisible(bool(row and row.why))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row is not None and row.customer:
            self.opened.emit(row.customer)
