"""What the pages of logs share: filter and table at the left, the opened row at the right."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Generic

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from crmdesk.gui.models.row_table import Line
from crmdesk.gui.pages.page import Page, Part
from crmdesk.gui.pages.row_table import RowTable
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.focus import focus_first
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area


class ListPage(Page, Generic[Line]):
    """A page of a log; its subclass reads the rows and shows the opened one.

    Attributes:
        table: The rows that were read.
        search: Filters them.
        empty: Stands where there are no rows, with words of the subclass.
        detail_stack: The opened row, or that nothing is open.
    """

    table: RowTable[Line]
    search: PageSearch
    empty: EmptyState
    nothing_open: EmptyState

    def _lay_out(self, name: str, detail: QWidget, *above: QWidget) -> None:
        """Puts the parts together.

        Args:
            name: Of the page, for what is remembered of it.
            detail: Shows the opened row.
            above: Filters over the table.
        """
        self.list_stack = _stack(self.table, self.empty)
        self.detail_stack = _stack(self.nothing_open, scroll_area(detail, name=name))
        left, self.splitter = QWidget(), QSplitter(Qt.Orientation.Horizontal)
        top = column(*above, spacing=Space.S, margin=Space.M)
        left.setLayout(column(top, rule(), self.list_stack, spacing=Space.NONE))
        left.setMinimumWidth(Size.SIDE_LIST)
        self._rows_part = left
        self.detail_stack.setMinimumWidth(Size.SIDE_LIST)
        for part in (left, self.detail_stack):
            self.splitter.addWidget(part)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([3 * Size.FIELD, Size.SIDE_LIST + Space.XXL])
        self.remember_splitter(self.splitter, f"{name.lower()}.splitter")
        whole = column(*self._banners(), spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)

    def _banners(self) -> tuple[QWidget, ...]:
        """What is told over the whole width."""
        return (self.trouble,)

    def _bind_list_keys(self) -> None:
        bind(self, keys.DOWN, partial(self.table.move_cursor, 1))
        bind(self, keys.UP, partial(self.table.move_cursor, -1))
        bind(self, keys.REFRESH, self.refresh)

    def _timer(self, pause_ms: int, slot: Callable[[], None]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(pause_ms)
        made.timeout.connect(slot)
        return made

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.setFocus()

    def parts(self) -> tuple[Part, ...]:
        """The list, and what is open of it."""
        rows, detail = (self._rows_part, self.activate), self.detail_stack
        if detail.currentWidget() is self.nothing_open:
            return (rows,)
        return rows, (detail, partial(focus_first, detail))

    def focus_search(self) -> None:
        """Into the filter."""
        self.search.take_focus()

    def _replace(self, lines: list[Line], opened: Hashable, *, has_more: bool) -> None:
        """Other rows; the cursor stays on what is open where it is still there."""
        bar = self.table.view.verticalScrollBar()
        place = bar.value()
        with QSignalBlocker(self.table):
            self.table.model.reset(lines, has_more=has_more)
            if self.table.select(opened):
                bar.setValue(place)

    def _show_list(self) -> None:
        is_empty = self.table.model.rowCount() == 0
        self.empty.set_texts(*self._empty_words())
        self.list_stack.setCurrentWidget(self.empty if is_empty else self.table)

    def _empty_words(self) -> tuple[str, str]:
        """What stands where there are no rows, and the next step."""
        raise NotImplementedError

    def _show_opened(self, *, is_open: bool) -> None:
        self.detail_stack.setCurrentIndex(1 if is_open else 0)

    def _failed(self, error: Exception) -> None:
        self.table.model.failed()
        self.show_trouble(error)


def _stack(*widgets: QWidget) -> QStackedWidget:
    made = QStackedWidget()
    for widget in widgets:
        made.addWidget(widget)
    return made
