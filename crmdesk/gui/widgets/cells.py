"""Rows of lists and tables, painted thinly: text, a second quiet text, an icon.

A model gives a `Cell` under `CELL`; the plain text under DisplayRole and
AccessibleTextRole stays for screen readers and tests. Painting text as text means that no
markup in a name can ever be read as such.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import FontSize, Radius, Size, Space
from crmdesk.gui.widgets.cell_fonts import CellFont, cell_font

CELL = Qt.ItemDataRole.UserRole + 1
"""Role of the Cell."""

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
_RIGHT = (
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows.

    Attributes:
        second: Behind (table) or below (tall rows) the text, muted and smaller.
        trailing: At the right edge, muted.
        tip: Whole text for the tooltip, plain.
    """

    text: str
    second: str = ""
    trailing: str = ""
    tone: str = "text"
    strong: bool = False
    icon: str = ""
    icon_tone: str = "muted"
    right: bool = False
    tip: str = ""


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, *, bar: bool) -> None:
    """The ground of a row: hover, selection, and a bar where the keyboard is."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected:
        painter.fillRect(option.rect, theme().color("selection"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, theme().color("hover"))
    if selected and bar and _has_focus(option):
        edge = QRect(option.rect.topLeft(), QSize(Space.HAIR + 1, option.rect.height()))
        painter.fillRect(edge, theme().color("accent"))


def _has_focus(option: QStyleOptionViewItem) -> bool:
    return isinstance(option.widget, QAbstractItemView) and option.widget.hasFocus()


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: CellFont,
    tone: str,
    *,
    right: bool = False,
) -> int:
    """Draws one line of text, cut where there is no room; returns its width."""
    if not text or rect.width() <= 0:
        return 0
    cut = font.cut(text, rect.width())
    painter.setFont(font)
    painter.setPen(theme().color(tone))
    painter.drawText(rect, int(_RIGHT if right else _LEFT), cut)
    return font.width(cut)


def draw_icon(painter: QPainter, rect: QRect, name: str, tone: str, scale: float) -> None:
    """Draws an icon in the middle of the left edge of a rectangle."""
    top = rect.top() + (rect.height() - Size.ICON) // 2
    painter.drawPixmap(rect.left(), top, theme().pixmap(name, tone, Size.ICON, scale))


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a table with rows of 28 px."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one cell."""
        cell = index.data(CELL)
        painter.save()
        paint_ground(painter, option, bar=index.column() == 0)
        if isinstance(cell, Cell):
            self._paint_cell(painter, option, cell)
        painter.restore()

    def _paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, cell: Cell) -> None:
        rect = option.rect.adjusted(Space.S, 0, -Space.S, 0)
        if cell.icon:
            scale = painter.device().devicePixelRatio()
            draw_icon(painter, rect, cell.icon, cell.icon_tone, scale)
            rect.setLeft(rect.left() + Size.ICON + Space.S)
        font = cell_font(strong=cell.strong, base=option.font)
        width = draw_text(painter, rect, cell.text, font, cell.tone, right=cell.right)
        rect.setLeft(rect.left() + width + Space.S)
        draw_text(painter, rect, cell.second, cell_font(base=option.font), "muted")

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """One row of a table, as wide as its text."""
        return QSize(super().sizeHint(option, index).width(), Size.ROW)


class TallCellDelegate(QStyledItemDelegate):
    """Paints rows of two lines: a strong one and a quiet one below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one row."""
        cell = index.data(CELL)
        painter.save()
        paint_ground(painter, option, bar=True)
        if isinstance(cell, Cell):
            self._paint_row(painter, option, cell)
        painter.restore()

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, cell: Cell) -> None:
        rect = option.rect.adjusted(Space.M, Space.S, -Space.M, -Space.S)
        half = rect.height() // 2
        upper = QRect(rect.left(), rect.top(), rect.width(), half)
        lower = QRect(rect.left(), rect.top() + half, rect.width(), half)
        if not cell.second:
            upper.moveTop(rect.top() + half // 2)
        indent = Size.ICON + Space.S if cell.icon else 0
        if cell.icon:
            draw_icon(
                painter, upper, cell.icon, cell.icon_tone, painter.device().devicePixelRatio()
            )
        self._paint_trailing(painter, upper, cell, option.font)
        upper.setLeft(upper.left() + indent)
        lower.setLeft(lower.left() + indent)
        draw_text(painter, upper, cell.text, cell_font(strong=True, base=option.font), cell.tone)
        small = cell_font(FontSize.SMALL, base=option.font)
        draw_text(painter, lower, cell.second, small, "muted")

    def _paint_trailing(self, painter: QPainter, upper: QRect, cell: Cell, base: QFont) -> None:
        if cell.trailing:
            font = cell_font(FontSize.SMALL, base=base)
            width = min(font.width(cell.trailing), upper.width() // 2)
            edge = QRect(upper.right() - width, upper.top(), width + 1, upper.height())
            draw_text(painter, edge, cell.trailing, font, "muted", right=True)
            upper.setRight(upper.right() - width - Space.S)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """A tall row."""
        return QSize(Size.FIELD, Size.ROW_TALL)


def paint_pill(painter: QPainter, rect: QRect, ground: str) -> None:
    """A rounded ground in the colour of a token."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(ground))
    painter.drawRoundedRect(rect, Radius.SMALL, Radius.SMALL)
