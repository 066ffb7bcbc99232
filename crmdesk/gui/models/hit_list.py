"""Customers found or recently seen, as a list model."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from PySide6.QtCore import QAbstractListModel, QObject, Qt, Signal

from crmdesk.domain.customers import CustomerHit, CustomerKind
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.paged import NOWHERE, Index, Paged
from crmdesk.gui.widgets.cells import CELL, Cell
from crmdesk.gui.widgets.text import joined, tooltip_html


def hit_cell(hit: CustomerHit, names: Names) -> Cell:
    """The row of a customer.

    Args:
        hit: The customer.
        names: How numbers and segments are written on the screen.
    """
    segment = names.choice(PicklistKey.SEGMENT, hit.segment)
    is_person = hit.kind is CustomerKind.PERSON
    detail = names.number(hit.detail) if hit.detail.startswith("+") else hit.detail
    company = hit.company_name if is_person else ""
    second = joined((company, detail))
    return Cell(
        hit.name,
        second,
        segment,
        icon="user" if is_person else "company",
        tip=joined((hit.name, second, segment)),
    )


class HitListModel(Paged, QAbstractListModel):
    """Customers in the order the store gave; `more_wanted` asks for the next page.

    Attributes:
        names: How numbers and segments are written, for rows that come.
    """

    more_wanted = Signal()

    def __init__(self, names: Names, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names = names
        self._hits: list[CustomerHit] = []
        self._cells: list[Cell] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Rows read so far."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, its text, tooltip and sentence."""
        cell = self._cells[index.row()]
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_html(cell.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            kind = "Person" if cell.icon == "user" else "Company"
            return joined((kind, cell.text, cell.second, cell.trailing), ", ")
        return None

    def reset(self, hits: Iterable[CustomerHit], *, has_more: bool = False) -> None:
        """Shows other customers."""
        self.beginResetModel()
        self._hits = list(hits)
        self._cells = [hit_cell(hit, self.names) for hit in self._hits]
        self._answered(has_more=has_more)
        self.endResetModel()

    def append(self, hits: Iterable[CustomerHit], *, has_more: bool) -> None:
        """Adds the next page."""
        fresh = list(hits)
        self._answered(has_more=has_more)
        if fresh:
            first = len(self._hits)
            self.beginInsertRows(NOWHERE, first, first + len(fresh) - 1)
            self._hits += fresh
            self._cells += [hit_cell(hit, self.names) for hit in fresh]
            self.endInsertRows()

    def hit(self, row: int) -> CustomerHit | None:
        """A row, None where there is none."""
        return self._hits[row] if 0 <= row < len(self._hits) else None

    def row_of(self, customer_id: uuid.UUID | None) -> int:
        """Where a customer stands, -1 where not among those read."""
        return next((i for i, hit in enumerate(self._hits) if hit.id == customer_id), -1)
