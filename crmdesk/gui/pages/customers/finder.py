"""The list beside the customer: recent ones, all by name, and what is searched for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from crmdesk.desk.segments.counting import Asked
from crmdesk.domain.customer_pages import CustomerPage, CustomerPlace
from crmdesk.domain.customers import CustomerHit
from crmdesk.domain.segments import Segment
from crmdesk.gui.exports.choices import Scope, records_of
from crmdesk.gui.models.hit_list import HitListModel
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.reading import (
    HITS,
    LIST_ROWS,
    RECENT,
    MembersPage,
    read_list,
    read_members,
    read_recent,
)
from crmdesk.gui.segments.chooser import SegmentChooser
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.tasks import LatestReading, await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.cells import TallCellDelegate
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch
from crmdesk.gui.widgets.pieces import chip_button, rule, set_chip
from crmdesk.gui.widgets.selection import move_selection, select_row, selected_row

if TYPE_CHECKING:
    from crmdesk.store import Reader

_MEMORY_NAME = "customers.recent"


class Order(Enum):
    """What the list shows while nothing is searched for."""

    RECENT = "Recent"
    ALL = "A to Z"


class CustomerFinder(QWidget):
    """Finds customers; `chosen` tells on which the cursor rests, `opened` which was opened."""

    chosen = Signal(object)
    opened = Signal(object)
    creation_wanted = Signal()
    export_wanted = Signal()
    import_wanted = Signal()
    failed = Signal(object)
    worked = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._order = Order.RECENT
        self._text = ""
        self._asked = 0
        self._next: CustomerPlace | None = None
        self._rule: Asked | None = None
        self._owed = 0
        self._shown: uuid.UUID | None = None
        self._reading = LatestReading(context.store, self)
        self._make_widgets()
        self._lay_out()

    def _make_widgets(self) -> None:
        self.search = PageSearch("Name, company, number, e-mail", "Search customers", keys.SEARCH)
        self.search.search_requested.connect(self.look_for)
        self.model = HitListModel(self._context.names(), self)
        self.model.more_wanted.connect(self._read_more)
        self.list = list_view(self.model, name="Customers")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.selectionModel().selectionChanged.connect(self._selection_changed)
        self.list.activated.connect(self._activated)
        self.search.returnPressed.connect(self._open_first)
        self.empty = EmptyState("users", "", "", "New customer")
        self.empty.action_clicked.connect(self.creation_wanted)
        self._new = icon_button("user-add", f"New customer  ({keys.NEW.sequence})")
        self._new.clicked.connect(self.creation_wanted)
        self.bring_in = icon_button("download", "Import customers")
        self.bring_in.clicked.connect(self.import_wanted)
        tip = f"Export customers  ({shown_key(keys.EXPORT.sequence)})"
        self._export = icon_button("upload", tip)
        self._export.clicked.connect(self.export_wanted)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        self._orders = {order: self._order_chip(order) for order in Order}
        orders = self._orders.values()
        self.segments = SegmentChooser(self._context.store)
        self.segments.chosen.connect(self._choose_segment)
        self.segments.failed.connect(self.failed)
        self._context.segments.changed.connect(self.segments.read)
        self._mark_order()
        buttons = row(self._new, self.bring_in, self._export, spacing=Space.NONE)
        top = column(
            row(self.search, buttons),
            row(*orders, self.segments, 1, spacing=Space.XS),
            margin=Space.M,
        )
        self.setLayout(column(top, rule(), self._stack, spacing=Space.NONE))
        self.setFocusProxy(self.list)

    def _order_chip(self, order: Order) -> QPushButton:
        made = chip_button(order.value)
        made.clicked.connect(partial(self._choose_order, order))
        return made

    def _mark_order(self) -> None:
        for order, made in self._orders.items():
            is_shown = order is self._order and self.segments.present is None
            set_chip(made, order.value, "accent" if is_shown else "neutral")

    def look_for(self, text: str) -> None:
        """Searches; an empty text shows the recent ones again."""
        self._text = text
        self.refresh()

    def scope(self) -> Scope:
        """What an export of the list is: all that is found, or all there are."""
        segment = self.segments.present
        if segment is not None and not self._text:
            who, words = f"customers of the segment “{segment.name}”", f"--segment={segment.name}"
            return Scope("customers", who, (words,), records_of(who, (words,)))
        if not self._text:
            return Scope("customers", "all customers", (), records_of("all customers", ()))
        who = f"customers that match “{self._text}”"
        others = records_of(who, (f"--customers={self._text}",))
        return Scope("customers", who, (f"--text={self._text}",), others)

    def refresh(self) -> None:
        """Reads again what the list shows; answers that come late are dropped."""
        self._asked += 1
        self._reading.drop()
        self.model.names = self._context.names()
        self.segments.read()
        segment = self.segments.present
        if segment is not None and not self._text:
            self._rule, self._next, self._owed = None, None, LIST_ROWS // 2
            self.model.reset(())
            self._stack.setCurrentWidget(self.list)
            self._read_members(segment)
            return
        self._reading.ask(self._job(), partial(self._show_page, self._asked), self.failed.emit)

    def _job(self) -> Callable[[Reader], CustomerPage]:
        text = self._text
        if text:
            return lambda reader: CustomerPage(reader.search(text, HITS))
        if self._order is Order.ALL:
            return partial(read_list, after=None)
        return partial(read_recent, opened=self._recent())

    def _read_members(self, segment: Segment) -> None:
        job = partial(read_members, segment=segment, asked=self._rule, after=self._next)
        shown = partial(self._show_members, self._asked, segment)
        await_future(self._context.store.read(job), self, shown, self._page_failed)

    def _show_members(self, asked: int, segment: Segment, found: MembersPage) -> None:
        """Goes on by itself while a stretch has few of them; a call has its turn in between."""
        if asked != self._asked:
            return
        self.worked.emit()
        page, self._rule = found.page, found.asked
        self._next = page.next
        self._owed -= len(page.customers)
        goes_on = page.next is not None and self._owed > 0
        with QSignalBlocker(self.list.selectionModel()):
            self.model.append(page.customers, has_more=page.next is not None and not goes_on)
        self.select(self._shown)
        if goes_on:
            self._read_members(segment)
        elif not self.model.rowCount():
            title = f"Nobody belongs to “{segment.name}” now."
            self.empty.set_texts(title, "Its rule is in the settings, under Segments.")
            self._stack.setCurrentWidget(self.empty)

    def _read_more(self) -> None:
        segment = self.segments.present
        if segment is not None and not self._text:
            self._owed = LIST_ROWS // 2
            self._read_members(segment)
            return
        shown = partial(self._add_page, self._asked)
        job = partial(read_list, after=self._next)
        await_future(self._context.store.read(job), self, shown, self._page_failed)

    def _page_failed(self, error: Exception) -> None:
        self.model.failed()
        self.failed.emit(error)

    def _show_page(self, asked: int, page: CustomerPage) -> None:
        if asked != self._asked:
            return  # somebody typed on
        self.worked.emit()
        self._next = page.next
        with QSignalBlocker(self.list.selectionModel()):
            self.model.reset(page.customers, has_more=page.next is not None)
        self.select(self._shown)
        title = f"No customer matches “{self._text}”." if self._text else "No customers yet."
        hint = (
            "Check the spelling, or search for a number."
            f" {keys.PALETTE.sequence} also finds orders, tickets and notes."
        )
        self.empty.set_texts(
            title,
            hint
            if self._text
            else f"Add one with {keys.NEW.sequence}, or import a list or an address book.",
        )
        self._stack.setCurrentWidget(self.list if page.customers else self.empty)

    def _add_page(self, asked: int, page: CustomerPage) -> None:
        if asked == self._asked:
            self._next = page.next
            self.model.append(page.customers, has_more=page.next is not None)

    def select(self, customer_id: uuid.UUID | None) -> None:
        """Marks the customer that is open, where it is in the list."""
        self._shown = customer_id
        row = self.model.row_of(customer_id)
        with QSignalBlocker(self):
            if row < 0:
                self.list.clearSelection()
            else:
                select_row(self.list, row)

    def move_cursor(self, step: int) -> None:
        """Moves the selection by rows."""
        move_selection(self.list, step)

    def remember(self, customer_id: uuid.UUID) -> None:
        """The customer was opened: it is a recent one. Only its key is remembered."""
        others = [key for key in self._recent() if key != customer_id]
        recent = [str(key) for key in (customer_id, *others)][:RECENT]
        self._context.memory.set(_MEMORY_NAME, recent)

    def _recent(self) -> list[uuid.UUID]:
        texts = self._context.memory.get(_MEMORY_NAME, list[object]())
        return [key for key in map(_key, texts) if key is not None]

    def show_all(self) -> None:
        """All customers, from A to Z."""
        self._choose_order(Order.ALL)

    def show_segment(self, segment_id: uuid.UUID) -> None:
        """The customers of a segment."""
        self.segments.choose_soon(str(segment_id))

    def _choose_segment(self, segment: Segment) -> None:
        self.segments.set_present(segment)
        self._mark_order()
        self.search.clear()
        self.look_for("")
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_order(self, order: Order) -> None:
        self._order = order
        self.segments.set_present(None)
        self._mark_order()
        self.search.clear()
        self.look_for("")

    def _selection_changed(self) -> None:
        hit = self.model.hit(selected_row(self.list))
        if hit is not None:
            self.chosen.emit(hit.id)

    def _activated(self, index: QModelIndex) -> None:
        self._open(self.model.hit(index.row()))

    def _open_first(self) -> None:
        if self._text and self._text == self.search.text().strip():
            self._open(self.model.hit(max(0, selected_row(self.list))))

    def _open(self, hit: CustomerHit | None) -> None:
        if hit is not None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.opened.emit(hit.id)


def _key(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
