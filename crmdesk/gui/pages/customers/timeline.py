"""The timeline of a customer: filter chips, search inside, the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.timeline_list import TimelineModel
from crmdesk.gui.pages.customers.kind_chips import KindChips
from crmdesk.gui.pages.customers.records.registry import openable_kinds
from crmdesk.gui.pages.customers.timeline_list import TimelineList
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch
from crmdesk.gui.widgets.text import label


class TimelineView(QWidget):
    """Everything that happened.

    Signals:
        wanted: Another choice of kinds or words was made.
        more_wanted: The list came near its end.
        record_wanted: The record of a `TimelineEntry` shall be opened.
    """

    wanted = Signal()
    more_wanted = Signal()
    record_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.model = TimelineModel(self, openable_kinds())
        self.model.more_wanted.connect(self.more_wanted)
        self.list = TimelineList(self.model)
        self.list.record_wanted.connect(self.record_wanted)
        self.search = PageSearch("Search", "Search in the timeline", keys.FIND)
        self.search.setMaximumWidth(Size.FIELD)
        self.search.search_requested.connect(self._search)
        self.chips = KindChips()
        self.chips.changed.connect(self.wanted)
        self._empty = EmptyState("inbox", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self._stack.setMinimumHeight(2 * Size.ROW)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # stands in for a list that is empty
        head = row(label("Timeline", "strong"), 1, self.search)
        top = column(head, self.chips, spacing=Space.S)
        top.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        self.setLayout(column(top, self._stack, spacing=Space.NONE))

    @property
    def kinds(self) -> tuple[TimelineKind, ...]:
        """The kinds that are chosen; empty for all."""
        return self.chips.kinds()

    def shows_already(self, page: TimelinePage, names: Names) -> bool:
        """Whether a first page is what the list begins with: nothing need move."""
        return self.model.begins_with(_named(page.entries, names))

    def show_page(self, page: TimelinePage, names: Names, now: datetime, *, is_first: bool) -> None:
        """Shows a first page, or adds the next."""
        has_more = page.next is not None
        entries = _named(page.entries, names)
        if is_first:
            self.model.reset(entries, now, has_more=has_more)
        else:
            self.model.append(entries, now, has_more=has_more)
        self._empty.set_texts(*self._empty_words())
        self._show_list(is_shown=self.model.rowCount() > 0 or has_more)
        if has_more and self._is_short():
            self.model.fetchMore(QModelIndex())

    def _show_list(self, *, is_shown: bool) -> None:
        had_focus = self.window().focusWidget() in {self, self.list}
        self._stack.setCurrentWidget(self.list if is_shown else self._empty)
        if had_focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Onto the list, where it has entries."""
        is_shown = self._stack.currentWidget() is self.list
        (self.list if is_shown else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_short(self) -> bool:
        """Whether a search found so little that the list cannot be scrolled to ask on."""
        return bool(self.text) and self.model.rowCount() < self.list.height() // Size.ROW

    def clear_choice(self) -> None:
        """All kinds, no search: another customer is shown."""
        self.text = ""
        self.search.clear()
        self.chips.clear()

    def move_cursor(self, step: int) -> None:
        """To the next entry, over headings."""
        place = self.model.next_entry(self.list.currentIndex().row(), step)
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place, 0))

    def open_rows(self, rows: Iterable[int]) -> None:
        """Opens entries in place."""
        for place in rows:
            self.model.toggle(place)

    def _empty_words(self) -> tuple[str, str]:
        if self.text:
            return f"Nothing here has “{self.text}”.", "Search for another word, or choose All."
        if self.kinds:
            return "Nothing of this kind yet.", "Choose All to see everything that happened."
        return "Nothing has happened yet.", "Calls, notes and orders appear here. N writes a note."

    def _search(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.wanted.emit()


def _named(entries: Iterable[TimelineEntry], names: Names) -> list[TimelineEntry]:
    """The same with the names of people in place of their extensions."""
    return [replace(entry, who=names.anybody(entry.who)) for entry in entries]
