"""The rows of the palette, as a model and as they are painted."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from crmdesk.gui.palette.commands import Choice
from crmdesk.gui.theme.tokens import FontSize, Size, Space
from crmdesk.gui.widgets.cell_fonts import cell_font
from crmdesk.gui.widgets.cells import CELL, Cell, TallCellDelegate, draw_text
from crmdesk.gui.widgets.text import joined, tooltip_html

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
IS_HEADING = Qt.ItemDataRole.UserRole + 7


class ChoiceModel(QAbstractListModel):
    """The rows of the palette."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell and its text."""
        choice = self._choices[index.row()]
        cell = choice.cell
        if role == IS_HEADING:
            return choice.is_heading
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_html(cell.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return joined((cell.text, cell.second, cell.trailing), ", ")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if self._choices[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def next_choice(self, row: int, step: int) -> int:
        """The row so many rows away, or the nearest in that direction that can be chosen."""
        last = len(self._choices) - 1
        row, one = max(0, min(last, row + step)), 1 if step > 0 else -1
        while 0 <= row <= last and self._choices[row].is_heading:
            row += one
        return row if 0 <= row <= last else self.first_choice() if step < 0 else last

    def first_choice(self) -> int:
        """The first row that can be chosen, -1 where there is none."""
        rows = (row for row, one in enumerate(self._choices) if not one.is_heading)
        return next(rows, -1)

    def reset(self, choices: list[Choice]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def choice(self, row: int) -> Choice | None:
        """A row, None where there is none."""
        return self._choices[row] if 0 <= row < len(self._choices) else None


class ChoiceDelegate(TallCellDelegate):
    """Tall rows, and low ones for headings."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one row."""
        cell = index.data(CELL)
        if not index.data(IS_HEADING) or not isinstance(cell, Cell):
            super().paint(painter, option, index)
            return
        painter.save()
        rect: QRect = option.rect.adjusted(Space.M, Space.XS, -Space.M, 0)
        font = cell_font(FontSize.SMALL, strong=True, base=option.font)
        draw_text(painter, rect, cell.text, font, cell.tone)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Low for a heading."""
        tall = super().sizeHint(option, index)
        return QSize(tall.width(), Size.ROW) if index.data(IS_HEADING) else tall
