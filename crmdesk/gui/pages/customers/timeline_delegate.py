"""Paints the rows of a timeline."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from crmdesk.gui.models.timeline_items import ICONS, WORDS, EntryItem, Heading, Item, first_line
from crmdesk.gui.models.timeline_list import ITEM
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import FontSize, Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import shown_key
from crmdesk.gui.widgets.cell_fonts import cell_font
from crmdesk.gui.widgets.cells import Index, draw_icon, draw_text, paint_ground
from crmdesk.gui.widgets.text import joined

_TEXT_LEFT = Space.L + Size.ICON + Space.M
ROW_HEIGHT = Size.ROW + Space.XS
_LINK = Size.ROW
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

    def height(self, view: QAbstractItemView, item: Item | None) -> int:
        """The height of a row, which follows the text of an open entry."""
        if not isinstance(item, EntryItem) or not item.is_open:
            return ROW_HEIGHT
        text = _detail_height(view.font(), item, view.viewport().width())
        link = _LINK if item.has_record else 0
        return ROW_HEIGHT + text + link + Space.S

    def is_link(self, view: QAbstractItemView, index: Index, place: QPoint) -> bool:
        """Whether a place of the view is on the link to the record of an open entry."""
        item = index.data(ITEM)
        if not isinstance(item, EntryItem) or not item.is_open or not item.has_record:
            return False
        rect = _link_rect(view.visualRect(index))
        rect.setWidth(cell_font(base=view.font()).width(_link_text(item)))
        return rect.contains(place)


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
    line = QRect(option.rect.left(), option.rect.top(), option.rect.width(), ROW_HEIGHT)
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
    clock = times.clock(item.entry.at)
    time_width = small.width("00:00")
    who_width = min(small.width(item.entry.who), line.width() // 4)
    time = QRect(line.right() - time_width, line.top(), time_width + 1, line.height())
    who = QRect(time.left() - Space.M - who_width, line.top(), who_width + 1, line.height())
    draw_text(painter, time, clock, small, "muted", right=True)
    draw_text(painter, who, item.entry.who, small, "muted", right=True)
    return who.left() if item.entry.who else time.left()


def _link_text(item: EntryItem) -> str:
    key = shown_key(keys.OPEN_RECORD.sequence)
    return f"Open the {WORDS[item.entry.kind].lower()}  ({key})"


def _link_rect(rect: QRect) -> QRect:
    bottom = rect.bottom() - Space.XS
    return QRect(rect.left() + _TEXT_LEFT, bottom - _LINK, rect.width() - _TEXT_LEFT, _LINK)


def _paint_detail(painter: QPainter, option: QStyleOptionViewItem, item: EntryItem) -> None:
    if item.has_record:
        font = cell_font(base=option.font)
        draw_text(painter, _link_rect(option.rect), _link_text(item), font, "accent")
    rect = option.rect.adjusted(_TEXT_LEFT, ROW_HEIGHT - Space.XS, -Space.L, -Space.XS)
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
    return _broken(text, base.toString(), width)


@lru_cache(maxsize=16)
def _broken(text: str, base: str, width: int) -> QTextLayout:
    """Breaks a text at words, and words that are longer than a line anywhere.

    Kept for a while: a text of pages is painted again with every move of the mouse.
    """
    font = QFont()
    font.fromString(base)
    made = QTextLayout(text.replace("\n", LINE_SEPARATOR), cell_font(base=font))
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
