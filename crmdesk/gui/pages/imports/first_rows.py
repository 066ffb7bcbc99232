"""The first rows of a source as it has them: a table as wide as they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QStackedWidget

from crmdesk.domain.importing import SourceFacts, SourceRecord
from crmdesk.gui.models.cell_table import CellTableModel, Row
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.cells import Cell, CellDelegate
from crmdesk.gui.widgets.lists import table_view
from crmdesk.gui.widgets.messages import EmptyState

_WIDEST = 2 * Size.FIELD
_NARROWEST = 3 * Size.ROW


class FirstRows(QStackedWidget):
    """A table, or in words why there is none.

    Args:
        name: Accessible name of the table.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.model: CellTableModel[Row] = CellTableModel(parent=self)
        self.table = table_view(self.model, name=name)
        self.table.setItemDelegate(CellDelegate(self.table))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_NARROWEST)
        self.nothing = EmptyState("inbox", "")
        self.addWidget(self.table)
        self.addWidget(self.nothing)
        self.setFocusProxy(self.table)

    def show_rows(self, facts: SourceFacts, rows: Sequence[SourceRecord]) -> None:
        """Shows these."""
        titles = tuple(each.name for each in facts.columns)
        self.model.show_rows(("Row", *titles), [_row(each, len(titles)) for each in rows])
        self.table.resizeColumnsToContents()
        header = self.table.horizontalHeader()
        for place in range(self.model.columnCount()):
            width = min(max(header.sectionSize(place) + Space.S, _NARROWEST), _WIDEST)
            header.resizeSection(place, 2 * Size.ROW if place == 0 else width)
        self.setCurrentWidget(self.table)

    def show_nothing(self, title: str, hint: str) -> None:
        """Says why there are none."""
        self.nothing.set_texts(title, hint)
        self.setCurrentWidget(self.nothing)

    def focus_rows(self) -> None:
        """The keyboard on the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _row(record: SourceRecord, width: int) -> Row:
    values = (*record.values, *([""] * (width - len(record.values))))[:width]
    tone = "warn" if record.error else "text"
    cells = (Cell(f"{record.place:,}", tone="faint", tip=record.error),
             *(Cell(_one_line(value), tone=tone, tip=value) for value in values))  # fmt: skip
    return Row(cells, f"Row {record.place}: {', '.join(filter(None, values))}. {record.error}")


def _one_line(text: str) -> str:
    return " ⏎ ".join(text.splitlines())
