"""Paints the rows of a timeline."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from crmdesk.gui.models.timeline_items import ICONS, WORDS, EntryItem, Heading, first_line
from crmdesk.gui.models.timeline_list import ITEM
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import FontSize, Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Index, cell_font, draw_icon, draw_text, paint_ground
from crmdesk.gui.widgets.text import joined

_TEXT_LEFT = Space.L + Size.ICON + Space.M
_ROW = Size.ROW + Space.XS
LINE_SEPARATOR = "\u2028"
_SURELY_FITS = 40
"""Titles up to this many characters are never cut on their line."""


class TimelineDelegate(QStyledItemDelegate):
    """One line for a closed entry, all of its text for an open one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one row."""
        item = index.data(ITEM)
        painter.save()
        if isinstance(item, Heading):
            _paint_heading(painter, option, item)
        elif isinstance(item, EntryItem):
            paint_ground(painter, option, bar=True)
            _paint_entry(painter, option, item)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """The height follows the text of an open entry at the width of the view."""
        item = index.data(ITEM)
        width = _view_width(option)
        if isinstance(item, EntryItem) and item.is_open:
            return QSize(width, _ROW + _detail_height(option.font, item, width) + Space.S)
        return QSize(width, Size.ROW if isinstance(item, Heading) else _ROW)


def _view_width(option: QStyleOptionViewItem) -> int:
    view = option.widget
    # Less one: a list that is exactly as wide as its view scrolls sideways.
    return view.viewport().width() - 1 if isinstance(view, QAbstractItemView) else Size.FIELD


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, item: Heading) -> None:
    rect = option.rect.adjusted(Space.L, 0, -Space.L, 0)
    font = cell_font(FontSize.SMALL, strong=not item.is_gap, base=option.font)
    tone = "faint" if item.is_gap else "muted"
    width = draw_text(painter, rect, item.text, font, tone)
    middle = rect.center().y()
    painter.setPen(theme().color("line"))
    painter.drawLine(rect.left() + width + Space.M, middle, rect.right(), middle)


def _paint_entry(painter: QPainter, option: QStyleOptionViewItem, item: EntryItem) -> None:
    entry, base = item.entry, option.font
    line = QRect(option.rect.left(), option.rect.top(), option.rect.width(), _ROW)
    line = line.adjusted(Space.L, 0, -Space.L, 0)
    tone = entry.tone or "muted"
    draw_icon(painter, line, ICONS[entry.kind], tone, painter.device().devicePixelRatio())
    right = _paint_right(painter, line, item, base)
    text = QRect(option.rect.left() + _TEXT_LEFT, line.top(), 0, line.height())
    text.setRight(right - Space.M)
    font = cell_font(strong=item.is_open, base=base)
    draw_text(painter, text, first_line(item), font, entry.tone or "text")
    if item.is_open:
        _paint_detail(painter, option, item)


def _paint_right(painter: QPainter, line: QRect, item: EntryItem, base: QFont) -> int:
    """Who and when; returns where they begin."""
    small = cell_font(FontSize.SMALL, base=base)
    metrics = QFontMetrics(small)
    clock = times.clock(item.entry.at)
    time_width = metrics.horizontalAdvance("00:00")
    who_width = min(metrics.horizontalAdvance(item.entry.who), line.width() // 4)
    time = QRect(line.right() - time_width, line.top(), time_width + 1, line.height())
    who = QRect(time.left() - Space.M - who_width, line.top(), who_width + 1, line.height())
    draw_text(painter, time, clock, small, "muted", right=True)
    draw_text(painter, who, item.entry.who, small, "muted", right=True)
    return who.left() if item.entry.who else time.left()


def _paint_detail(painter: QPainter, option: QStyleOptionViewItem, item: EntryItem) -> None:
    rect = option.rect.adjusted(_TEXT_LEFT, _ROW - Space.XS, -Space.L, -Space.XS)
    painter.setPen(theme().color("text"))
    _lines(_detail(item), option.font, rect.width()).draw(painter, QPointF(rect.topLeft()))


def _detail(item: EntryItem) -> str:
    """The whole text, and when it was and whose it is in full."""
    entry = item.entry
    text = entry.detail or (entry.title if len(entry.title) > _SURELY_FITS else "")
    about = joined((WORDS[entry.kind], times.full(entry.at), entry.who))
    return f"{text}\n{about}" if text else about


def _detail_height(base: QFont, item: EntryItem, width: int) -> int:
    lines = _lines(_detail(item), base, max(Size.FIELD // 2, width - _TEXT_LEFT - Space.L))
    return ceil(lines.boundingRect().height())


def _lines(text: str, base: QFont, width: int) -> QTextLayout:
    """Breaks a text at words, and words that are longer than a line anywhere."""
    made = QTextLayout(text.replace("\n", LINE_SEPARATOR), cell_font(base=base))
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setTextOption(option)
    made.beginLayout()
    top = 0.0
    while (line := made.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height()
    made.endLayout()
    return made
