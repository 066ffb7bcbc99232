"""The table of numbers with one problem: as written, as read, as read after the fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QWidget

from crmdesk.gui.models.cell_table import CellTableModel
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.cells import Cell, CellDelegate
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.selection import select_row, selected_row


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number, ready to be painted.

    Attributes:
        customer: Key of the customer as text, "" where there is not one.
        why: Below the table where the row is selected.
    """

    cells: tuple[Cell, ...]
    spoken: str
    why: str = ""
    customer: str = ""


class NumberTable(QWidget):
    """The numbers and, below, why for the one that is selected.

    Signals:
        opened: Key of a customer, as text.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model: CellTableModel[NumberRow] = CellTableModel(parent=self)
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
        self,
        columns: tuple[str, ...],
        rows: Sequence[NumberRow],
        fixed: dict[int, int] | None = None,
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
        row = self.model.line(selected_row(self.view))
        set_wrapped(self.why, row.why if row else "")
        self._below.setVisible(bool(row and row.why))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        row = self.model.line(index.row())
        if row is not None and row.customer:
            self.opened.emit(row.customer)
