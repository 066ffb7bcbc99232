"""The page of all tickets: what is due first on top, filtered, opened at their customer."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.domain.segments import Members, Segment
from crmdesk.domain.tickets import TicketCounts, TicketFilter, TicketNews, TicketPlace
from crmdesk.gui.exports.choices import Scope
from crmdesk.gui.exports.page_export import PageExport
from crmdesk.gui.models.ticket_rows import COLUMNS, TicketLine, line
from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.page import Page
from crmdesk.gui.pages.row_table import RowTable
from crmdesk.gui.pages.tickets.reading import (
    COUNT_LIMIT,
    Tickets,
    View,
    read_first,
    read_next,
    wanted,
)
from crmdesk.gui.segments.chooser import SegmentChooser
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.fields import combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch
from crmdesk.gui.widgets.pieces import rule

_TELL_AGAIN_MS = 30_000
"""Clocks are told to the minute."""

_TITLES = {
    View.OPEN: "Open",
    View.MINE: "Mine",
    View.UNASSIGNED: "Nobody's",
    View.BREACHED: "Not in time",
    View.SOLVED: "Solved",
}
_EMPTY = {
    View.OPEN: ("No ticket is open.", "T on a customer opens one."),
    View.MINE: (
        "No ticket is yours.",
        "Tickets you take with Y, or that are escalated to you, stand here.",
    ),
    View.UNASSIGNED: ("Every open ticket has an owner.", "New ones without an owner stand here."),
    View.BREACHED: (
        "Every promise was kept so far.",
        "Open tickets with an answer or a solution that came too late, or is overdue, stand here.",
    ),
    View.SOLVED: ("No ticket was solved yet.", "S on a ticket solves it."),
}


class TicketsPage(Page):
    """All tickets."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view, self._kind, self._text = View.OPEN, "", ""
        self._next: TicketPlace | None = None
        self._asked = 0
        self._lists = Picklists()
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._bind_keys()

    def _make_widgets(self) -> None:
        self.views: ChipBar[View] = ChipBar(_TITLES, COUNT_LIMIT)
        self.kind = combo_box((("All kinds", ""),), name="Kind")
        self.search = PageSearch(
            "Filter by number, subject or customer", "Filter the tickets", keys.SEARCH
        )
        self.table: RowTable[TicketLine] = RowTable(
            self.context.memory, "Tickets", "tickets.columns.1", COLUMNS
        )
        self.empty = EmptyState("ticket", "")
        self.segments = SegmentChooser(self.context.store, "All customers")
        self.exports = PageExport(self, self.scope)
        self._tell_again = QTimer(self)
        self._tell_again.setInterval(_TELL_AGAIN_MS)
        self._tell_again.timeout.connect(self._tell_clocks)
        self._tell_again.start()

    def _lay_out(self) -> None:
        self.kind.setMinimumWidth(Size.FIELD // 2)
        filters = row(self.kind, spacing=Space.S)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.segments)
        export = icon_button("upload", f"Export these tickets  ({shown_key(keys.EXPORT.sequence)})")
        export.clicked.connect(self.exports.ask)
        filters.addWidget(export)
        top = column(self.views, spacing=Space.S, margin=Space.M)
        top.addLayout(filters)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        whole = column(self.trouble, self.exports.bar, top, rule(), spacing=Space.NONE)
        whole.addWidget(self.stack, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.views.chosen.connect(self._choose_view)
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.search.search_requested.connect(self._filter)
        self.search.left.connect(self.activate)
        self.segments.chosen.connect(self._choose_segment)
        self.segments.failed.connect(self._failed)
        self.context.segments.changed.connect(self.segments.read)
        self.table.model.more_wanted.connect(self._read_more)
        self.table.opened.connect(self.open_ticket)

    def _bind_keys(self) -> None:
        bind(self, keys.DOWN, partial(self.table.move_cursor, 1))
        bind(self, keys.UP, partial(self.table.move_cursor, -1))
        bind(self, keys.REFRESH, self.refresh)
        bind(self, keys.EXPORT, self.exports.ask)
        bind(self, keys.CUSTOMER, self._open_customer)

    # --- what the window asks -----------------------------------------------------------

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Into the filter."""
        self.search.take_focus()

    def opened(self) -> uuid.UUID | None:
        """Tickets open at their customer."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Selects a ticket, where it is among those that are shown."""
        if key is not None:
            self.table.select(key)

    def settings_changed(self) -> None:
        """People have other names."""
        self._tell_clocks()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Reads what changed while another page was in front."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Reads the first page and the counts."""
        self._asked += 1
        self.segments.read()
        now = self.context.now()
        job = partial(read_first, chosen=self.chosen(), now=now)
        shown = partial(self._show_first, self._asked)
        await_future(self.context.store.read(job), self, shown, self._failed)

    def tickets_due(self, _news: tuple[TicketNews, ...]) -> None:
        """Warnings or breaches were recorded; a page that is not seen reads them when it is."""
        if self.isVisible():
            self.refresh()

    # --- reading ------------------------------------------------------------------------

    def chosen(self) -> TicketFilter:
        """Which tickets are shown."""
        chosen = wanted(self._view, self.context.agent(), self._kind, self._text)
        segment = self.segments.present
        return replace(chosen, members=Members(segment.rule, OWN_ZONE)) if segment else chosen

    def scope(self) -> Scope:
        """What an export of the list is of."""
        options = {
            View.MINE: f"--owner={self.context.agent()}",
            View.UNASSIGNED: "--nobodys",
            View.BREACHED: "--late",
            View.SOLVED: "--solved",
        }
        arguments = [options.get(self._view, "--open")]
        arguments += [f"--kind={self._kind}"] if self._kind else []
        arguments += [f"--text={self._text}"] if self._text else []
        segment, title = self.segments.present, f"tickets: {_TITLES[self._view].lower()}"
        if segment is not None:
            arguments.append(f"--segment={segment.name}")
            title += f", of the segment “{segment.name}”"
        return Scope("tickets", title, tuple(arguments))

    def _read_more(self) -> None:
        job = partial(read_next, chosen=self.chosen(), now=self.context.now(), after=self._next)
        shown = partial(self._show_more, self._asked)
        await_future(self.context.store.read(job), self, shown, self._failed)

    def _failed(self, error: Exception) -> None:
        self.table.model.failed()
        self.show_trouble(error)

    # --- showing ------------------------------------------------------------------------

    def _show_first(self, asked: int, tickets: Tickets) -> None:
        if asked != self._asked:
            return  # the filter is another by now
        self.clear_trouble()
        self._show_kinds(tickets.lists)
        self._show_counts(tickets.counts)
        self._next = tickets.page.next
        current, bar = self.table.current(), self.table.view.verticalScrollBar()
        place = bar.value()
        with QSignalBlocker(self.table):
            self.table.model.reset(self._lines(tickets, 0), has_more=self._next is not None)
            if current is not None and self.table.select(current.key):
                bar.setValue(place)
        self._show_list()

    def _show_more(self, asked: int, tickets: Tickets) -> None:
        if asked == self._asked:
            self._next = tickets.page.next
            self.table.model.append(
                self._lines(tickets, self.table.model.rowCount()), has_more=self._next is not None
            )

    def _lines(self, tickets: Tickets, first: int) -> list[TicketLine]:
        names, now = self.context.names(), self.context.now()
        rows = enumerate(tickets.page.rows, first)
        return [line(one, place, tickets.lists, names, now) for place, one in rows]

    @Slot()
    def _tell_clocks(self) -> None:
        """The same tickets, a minute later."""
        names, now = self.context.names(), self.context.now()
        told = self.table.model.lines()
        self.table.model.retell([line(one.row, one.place, self._lists, names, now) for one in told])

    def _show_kinds(self, lists: Picklists) -> None:
        if lists == self._lists and self.kind.count() > 1:
            return
        self._lists = lists
        with QSignalBlocker(self.kind):
            self.kind.clear()
            self.kind.addItem("All kinds", "")
            for one in lists.offered(PicklistKey.TICKET_KIND, self._kind):
                self.kind.addItem(one.title, one.key)
            self.kind.setCurrentIndex(max(self.kind.findData(self._kind), 0))

    def _show_counts(self, counts: TicketCounts | None) -> None:
        if counts is not None:
            self.views.set_count(View.OPEN, counts.open)
            self.views.set_count(View.MINE, counts.mine)
            self.views.set_count(View.UNASSIGNED, counts.unassigned)
            self.views.set_count(View.BREACHED, counts.breached)

    def _show_list(self) -> None:
        is_empty = self.table.model.rowCount() == 0
        self.empty.set_texts(*self._empty_words())
        shown: QWidget = self.empty if is_empty else self.table
        self.stack.setCurrentWidget(shown)

    def _empty_words(self) -> tuple[str, str]:
        if self._text:
            return f"No ticket here matches “{self._text}”.", "Type less, or choose another view."
        if self.segments.present is not None:
            title = f"No ticket here of a customer in “{self.segments.present.name}”."
            return title, "Choose all customers, or another view."
        if self._kind:
            return "No ticket of this kind here.", "Choose all kinds, or another view."
        return _EMPTY[self._view]

    # --- doing --------------------------------------------------------------------------

    def _choose_view(self, view: View) -> None:
        self._view = view
        self.refresh()

    @Slot()
    def _choose_segment(self, segment: Segment | None) -> None:
        self.segments.set_present(segment)
        self.refresh()

    def _choose_kind(self) -> None:
        self._kind = self.kind.currentData() or ""
        self.refresh()

    def _filter(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.refresh()

    def open_ticket(self, chosen: TicketLine) -> None:
        """Opens a ticket at its customer."""
        ticket = chosen.row.ticket
        ref = RecordRef(TimelineKind.TICKET, ticket.id, ticket.customer_id)
        self.go_to.emit("customers", ref)

    def _open_customer(self) -> None:
        current = self.table.current()
        if current is not None:
            self.go_to.emit("customers", current.row.ticket.customer_id)
