"""The one selected row of a list or table.

Selected, not current: a view that gets the focus makes its first row current without
anybody having chosen it.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView

_FLAGS = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


def selected_row(view: QAbstractItemView) -> int:
    """The selected row, -1 where there is none."""
    rows = view.selectionModel().selectedRows()
    return rows[0].row() if rows else -1


def select_row(view: QAbstractItemView, row: int) -> None:
    """Selects a row and has it seen; nothing where it is selected already."""
    if row != selected_row(view):
        index = view.model().index(row, 0)
        view.selectionModel().setCurrentIndex(index, _FLAGS)
        view.scrollTo(index)


def move_selection(view: QAbstractItemView, step: int) -> None:
    """Selects a row further down or up; the first where none is selected."""
    row = selected_row(view)
    target = row + step if row >= 0 else 0
    if 0 <= target < view.model().rowCount():
        select_row(view, target)
