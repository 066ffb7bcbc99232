"""The table of numbers that other rules treat otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Slot
from PySide6.QtWidgets import QHeaderView, QWidget

from crmdesk.desk.rule_lab.report import LabExample
from crmdesk.gui.models.paged import NOWHERE, Index
from crmdesk.gui.pages.matching.words import COLUMNS, example_cells, spoken
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.cells import CELL, Cell, CellDelegate
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import tooltip_html

_WIDTHS = (190, 64, 0, 0)
_CALLS = COLUMNS.index("Calls")


class ExampleModel(QAbstractTableModel):
    """The examples, as they came."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._examples: tuple[LabExample, ...] = ()
        self._cells: tuple[tuple[Cell, ...], ...] = ()

    def show_examples(self, examples: Iterable[LabExample], region: str) -> None:
        """Shows others; `region` is the country numbers are written for."""
        self.beginResetModel()
        self._examples = tuple(examples)
        self._cells = tuple(example_cells(example, region) for example in self._examples)
        self.endResetModel()

    def example(self, row: int) -> LabExample | None:
        """A row, None where there is none."""
        return self._examples[row] if 0 <= row < len(self._examples) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self._examples)

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
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _CALLS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, its text and the sentence for screen readers."""
        cell = self._cells[index.row()][index.column()]
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_html(cell.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(self._examples[index.row()]) if index.column() == 0 else cell.text
        return None


class ExampleTable(QWidget):
    """The examples and, below, why for the one that is selected."""

    def __init__(self) -> None:
        super().__init__()
        self.model = ExampleModel(self)
        self.view = table_view(self.model, name="Numbers that these rules treat otherwise")
        self.view.setItemDelegate(CellDelegate(self.view))
        self.why = wrapped("", "small", "muted")
        self._set_columns()
        self.view.selectionModel().selectionChanged.connect(self._show_why)
        below = column(self.why, spacing=Space.NONE)
        below.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        items = column(spacing=Space.NONE)
        items.addWidget(self.view, 1)
        items.addWidget(rule())
        items.addLayout(below)
        self.setLayout(items)
        self.setFocusProxy(self.view)

    def show_examples(self, examples: Iterable[LabExample], region: str) -> None:
        """Shows others; the first one is selected."""
        self.model.show_examples(examples, region)
        select_row(self.view, 0)
        self._show_why()

    def _set_columns(self) -> None:
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        for place, width in enumerate(_WIDTHS):
            if width:
                header.resizeSection(place, width)
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    @Slot()
    def _show_why(self) -> None:
        example = self.model.example(selected_row(self.view))
        set_wrapped(self.why, example.why if example else "")
        self.why.setVisible(example is not None)
