"""The timeline of a customer: filter chips, search inside, the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView, QPushButton, QStackedWidget, QWidget

from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import TimelineKind
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.timeline_items import EntryItem
from crmdesk.gui.models.timeline_list import TimelineModel
from crmdesk.gui.pages.customers.records.registry import spec_of
from crmdesk.gui.pages.customers.timeline_delegate import TimelineDelegate
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.fields import SearchField
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.pieces import chip_button, set_chip
from crmdesk.gui.widgets.text import label

_K = TimelineKind
GROUPS: tuple[tuple[str, tuple[TimelineKind, ...]], ...] = (
    ("All", ()),
    ("Calls", (_K.CALL,)),
    ("Notes", (_K.NOTE,)),
    ("E-mails", (_K.EMAIL,)),
    ("Visits", (_K.VISIT,)),
    ("Web forms", (_K.WEB_FORM,)),
    ("Tickets", (_K.TICKET,)),
    ("Orders", (_K.ORDER, _K.PAYMENT)),
    ("Surveys", (_K.SURVEY,)),
    ("Follow-ups", (_K.FOLLOW_UP,)),
)
"""The chips, and the kinds each lets through."""


class TimelineView(QWidget):
    """Everything that happened.

    Signals:
        wanted: Another choice of kinds or words was made.
        more_wanted: The list came to its end.
        record_wanted: The record of a `TimelineEntry` shall be opened.
    """

    wanted = Signal()
    more_wanted = Signal()
    record_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.kinds: tuple[TimelineKind, ...] = ()
        self.text = ""
        self.model = TimelineModel(self)
        self.model.more_wanted.connect(self.more_wanted)
        self.list = self._make_list()
        self.search = SearchField("Search")
        self.search.setAccessibleName("Search in the timeline")
        self.search.setMaximumWidth(Size.FIELD)
        self.search.search_requested.connect(self._search)
        self._chips = {title: self._chip(title, kinds) for title, kinds in GROUPS}
        set_chip(self._chips["All"], "All", "accent")
        self._empty = EmptyState("inbox", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self._stack.setMinimumHeight(2 * Size.ROW)
        head = row(label("Timeline", "strong"), 1, self.search)
        chips = QWidget()
        chips.setLayout(flow(*self._chips.values(), spacing=Space.XS))
        top = column(head, chips, spacing=Space.S)
        top.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        self.setLayout(column(top, self._stack, spacing=Space.NONE))

    def _make_list(self) -> QListView:
        made = list_view(self.model, name="Timeline")
        made.setUniformItemSizes(False)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setResizeMode(QListView.ResizeMode.Adjust)
        made.setItemDelegate(TimelineDelegate(made))
        made.clicked.connect(self._toggle)
        # Not `activated`: a double click would open and close.
        bind(made, keys.OPEN, self._toggle_current, Qt.ShortcutContext.WidgetShortcut)
        bind(made, keys.OPEN_RECORD, self._open_current, Qt.ShortcutContext.WidgetShortcut)
        return made

    def _chip(self, title: str, kinds: tuple[TimelineKind, ...]) -> QPushButton:
        made = chip_button(title)
        made.clicked.connect(partial(self._choose, title, kinds))
        return made

    def show_page(self, page: TimelinePage, names: Names, now: datetime, *, is_first: bool) -> None:
        """Shows a first page, or adds the next."""
        has_more = page.next is not None
        entries = [replace(entry, who=names.anybody(entry.who)) for entry in page.entries]
        if is_first:
            self.model.reset(entries, now, has_more=has_more)
        else:
            self.model.append(entries, now, has_more=has_more)
        is_empty = self.model.rowCount() == 0 and not has_more
        self._empty.set_texts(*self._empty_words())
        self._stack.setCurrentWidget(self._empty if is_empty else self.list)
        if has_more and self._is_short():
            self.model.fetchMore(QModelIndex())

    def _is_short(self) -> bool:
        """Whether a search found so little that the list cannot be scrolled to ask on."""
        return bool(self.text) and self.model.rowCount() < self.list.height() // Size.ROW

    def clear_choice(self) -> None:
        """All kinds, no search: another customer is shown."""
        self.kinds, self.text = (), ""
        self.search.clear()
        self._mark("All")

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

    def _choose(self, title: str, kinds: tuple[TimelineKind, ...]) -> None:
        self.kinds = kinds
        self._mark(title)
        self.wanted.emit()

    def _mark(self, chosen: str) -> None:
        for title, made in self._chips.items():
            set_chip(made, title, "accent" if title == chosen else "neutral")

    def _search(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.wanted.emit()

    def _toggle(self, index: QModelIndex) -> None:
        self.model.toggle(index.row())

    def _toggle_current(self) -> None:
        self.model.toggle(self.list.currentIndex().row())

    def _open_current(self) -> None:
        item = self.model.item(self.list.currentIndex().row())
        if isinstance(item, EntryItem) and spec_of(item.entry.kind) is not None:
            self.record_wanted.emit(item.entry)
