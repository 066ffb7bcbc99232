"""The customers page: the finder and one customer beside it."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.customers import Customer, TimelineEntry
from crmdesk.domain.planning import BlockPlace
from crmdesk.domain.records import RecordRef
from crmdesk.domain.tickets import TicketNews
from crmdesk.gui.exports.page_export import PageExport
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.blocks.registry import (
    BLOCKS,
    BlockAction,
    BlockSpec,
    arranged,
)
from crmdesk.gui.pages.customers.blocks.tickets import new_ticket
from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.customer_dialogs import CustomerDialogs
from crmdesk.gui.pages.customers.drafts import DraftKeeper
from crmdesk.gui.pages.customers.finder import CustomerFinder
from crmdesk.gui.pages.customers.keyboard import Keyboard
from crmdesk.gui.pages.customers.news_bar import NewsBar
from crmdesk.gui.pages.customers.note_keeping import NoteKeeping
from crmdesk.gui.pages.customers.reading import Opened, Wanted, read_opened
from crmdesk.gui.pages.customers.timeline_reading import TimelineReading
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.pages.page import Page, Part
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import EmptyState

_OPEN_PAUSE_MS = 60
"""The cursor may run down the list; only where it rests a customer is read."""


class CustomersPage(Page):
    """Finds customers and shows one.

    Signals:
        customer_saved: A customer was made or changed; carries its key.
        turned_to: Another customer is open now, or none.
    """

    customer_saved = Signal(object)
    turned_to = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._opened: uuid.UUID | None = None
        self._ref: RecordRef | None = None
        self._asked = 0
        self.finder = CustomerFinder(context)
        self.drafts = DraftKeeper(context.store, self)
        self.steps = NumberSteps(context, self)
        self.desk = CustomerDesk(context, self.steps, self.drafts, self.window, self)
        self.card = CustomerCard(self.desk)
        self.notes = NoteKeeping(context, self.card.note, self.drafts, self)
        self.timeline = TimelineReading(context, self.card.timeline, self._customer_id, self)
        self.undo_bar = UndoBar(self.steps)
        self.news = NewsBar(context)
        self.dialogs = CustomerDialogs(context, self.steps, self.window, self)
        self._read_last: Opened | None = None
        self.exports = PageExport(self, self.finder.scope)
        self.nothing_open = EmptyState(
            "users", "No customer selected", "Search with /, then choose one with Enter."
        )
        self._open_soon = QTimer(self)
        self._open_soon.setSingleShot(True)
        self._open_soon.setInterval(_OPEN_PAUSE_MS)
        self._open_soon.timeout.connect(self._read)
        self._lay_out()
        self._connect()
        self._bind_keys()
        self.finder.refresh()

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing_open)
        self.stack.addWidget(self.card)
        self.finder.setMinimumWidth(Size.FIELD)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.finder)
        self.splitter.addWidget(self.stack)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([Size.SIDE_LIST, 3 * Size.SIDE_LIST])
        self.remember_splitter(self.splitter, "customers.splitter")
        self.remember_splitter(self.card.splitter, "customers.card")
        whole = column(self.trouble, self.undo_bar, self.news, self.exports.bar, spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)
        self.keyboard = Keyboard(self.finder, self.stack, self.card)

    def _connect(self) -> None:
        self.finder.chosen.connect(self._choose)
        self.finder.opened.connect(self._open)
        self.finder.creation_wanted.connect(self.new_customer)
        self.finder.export_wanted.connect(self.exports.ask)
        self.finder.import_wanted.connect(partial(self.go_to.emit, "imports", None))
        self.finder.failed.connect(self.show_trouble)
        self.finder.worked.connect(self.clear_trouble)
        card = self.card
        card.header.call_wanted.connect(self.call)
        card.header.note_wanted.connect(self.write_note)
        card.header.edit_wanted.connect(self.edit)
        card.header.merge_wanted.connect(self.merge)
        card.header.history_wanted.connect(self.desk.show_history)
        card.timeline.record_wanted.connect(self._open_entry)
        for left in (card.note.left, card.timeline.search.left):
            left.connect(card.timeline.take_focus)
        self.finder.search.left.connect(self.finder.list.setFocus)
        card.record.left.connect(self._close_record)
        self.timeline.failed.connect(self.show_trouble)
        self.notes.saved.connect(self.desk.wrote)
        self.notes.failed.connect(self.show_trouble)
        self.desk.record_wanted.connect(self._open_record)
        self.desk.timeline_wanted.connect(self._close_record)
        self.desk.call_wanted.connect(self.call)
        self.desk.go_to.connect(self.go_to)
        self.desk.written.connect(self._read)
        self.desk.failed.connect(self.show_trouble)
        self.news.wanted.connect(self.refresh)
        self.dialogs.saved.connect(self._saved)
        self.dialogs.merged.connect(self.finder.refresh)
        self.steps.done.connect(self._read)
        self.steps.undone.connect(self.refresh)
        self.steps.failed.connect(self.show_trouble)

    def _bind_keys(self) -> None:
        bind(self, keys.DOWN, partial(self.keyboard.move, 1))
        bind(self, keys.UP, partial(self.keyboard.move, -1))
        bind(self, keys.CALL, self.call)
        bind(self, keys.NOTE, self.write_note)
        bind(self, keys.EDIT, self.edit)
        bind(self, keys.MERGE, self.merge)
        bind(self, keys.HISTORY, self.desk.show_history)
        bind(self, keys.UNDO, self.undo_bar.undo)
        bind(self, keys.EXPORT, self.exports.ask)
        bind(self, keys.REFRESH, self.refresh)
        for action in (action for spec in BLOCKS for action in spec.actions):
            bind(self, action.key, partial(self._act, action))

    # --- what the window asks -----------------------------------------------------------

    def activate(self) -> None:
        """Nobody is open: search. Else the list."""
        target = self.finder.list if self._opened else self.finder.search
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_opened(self) -> None:
        """Onto the customer that is being opened; the list would go on to another one."""
        if self._opened is None:
            self.activate()
        else:
            self.keyboard.wait_for_customer()

    def parts(self) -> tuple[Part, ...]:
        """The list, what is open, and what stands beside it."""
        return self.keyboard.parts()

    def focus_search(self) -> None:
        """Into the finder."""
        self.finder.search.take_focus()

    def focus_find(self) -> None:
        """Into the timeline's search; into the finder while nobody is open."""
        if self._opened is None:
            self.focus_search()
            return
        if self.card.shows_record:
            self._close_record()
        self.card.timeline.search.take_focus()

    def opened(self) -> uuid.UUID | RecordRef | None:
        """Who is open, or which record of theirs."""
        return self._ref or self._opened

    def open_customer_id(self) -> uuid.UUID | None:
        """Who is open, also while one of their records is."""
        return self._opened

    def show_item(self, key: uuid.UUID | None) -> None:
        """Opens a customer."""
        self._show_item(key, None)

    def show_all(self) -> None:
        """The list has all customers, not only those one met last."""
        self.finder.show_all()

    def show_record(self, ref: RecordRef) -> None:
        """Opens a record in place of the timeline of its customer."""
        self._show_item(ref.customer_id, ref)

    def _show_item(self, key: uuid.UUID | None, ref: RecordRef | None) -> None:
        self.finder.select(key)
        self._opened, self._ref = key, ref
        self.turned_to.emit()
        if key is not None and self.finder.model.row_of(key) < 0:
            self.finder.remember(key)
            self.finder.refresh()
        self._read()

    def call_changed(self, row: CallRow) -> None:
        """A call of the customer that is open changes the timeline."""
        if row.customer_id is not None and row.customer_id == self._opened and row.call.is_over:
            self._open_soon.start()

    def refresh(self) -> None:
        """Reads list and customer again."""
        self.finder.refresh()
        self._read()

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        """A ticket of the customer that is open has another clock."""
        if any(one.customer_id == self._opened for one in news):
            self._read()

    def message_tried(self) -> None:
        """It may be one of the customer that is open."""
        self._read()

    def settings_changed(self) -> None:
        """Numbers may be shown in another way."""
        self._read()

    def finish(self) -> None:
        """Brings the notes that are being written to the disk."""
        self.news.stop()
        self.drafts.flush()

    # --- reading ------------------------------------------------------------------------

    def _read(self) -> None:
        self._asked += 1
        key, timeline = self._opened, self.card.timeline
        if key is None:
            self.stack.setCurrentWidget(self.nothing_open)
            return
        if self._customer_id() != key:
            timeline.clear_choice()
        wanted = Wanted(
            key, self.context.now(), timeline.kinds, timeline.text, self._blocks(), self._ref
        )
        job = partial(read_opened, wanted=wanted)
        shown = partial(self._show, self._asked, wanted)
        await_future(self.context.store.read(job), self, shown, self.show_trouble)

    def _blocks(self) -> tuple[BlockSpec, ...]:
        return arranged(self.context.plan.value.blocks.get(BlockPlace.PAGE, ()))

    def _show(self, asked: int, wanted: Wanted, opened: Opened | None) -> None:
        if asked != self._asked:
            return  # another customer is open by now
        self.clear_trouble()
        self._read_last = opened
        if opened is None:
            self._show_gone()
            return
        self.news.follow(wanted.customer_id, opened.stamp)
        is_other = self._customer_id() != wanted.customer_id
        view = CustomerView(opened.story, self.context.names(), wanted.now)
        self.card.show_head(opened, view)
        self.timeline.show_first(opened.timeline)
        self.stack.setCurrentWidget(self.card)
        if wanted.ref is None:
            self.card.show_timeline()
        else:
            self._show_record(wanted.ref, opened.record, view)
        if is_other:
            self.notes.show_customer(wanted.customer_id)
        self.keyboard.customer_is_there()

    def _show_record(self, ref: RecordRef, record: object, view: CustomerView) -> None:
        is_new = not self.card.shows_record
        self.card.show_record(ref, record, view)
        if is_new:
            self.card.record.focus_first()

    def _customer_id(self) -> uuid.UUID | None:
        """Who is shown; another one than is open until it is read."""
        return self.desk.customer_id()

    def _customer(self) -> Customer | None:
        return self.desk.view.customer if self.desk.view else None

    def _show_gone(self) -> None:
        self.desk.view = None
        self.news.stop()
        self.stack.setCurrentWidget(self.nothing_open)
        self.trouble.set_tone("warn")
        self.trouble.tell(
            "This customer is no longer in the store.",
            "It was deleted, or the store is another one than before.",
            "Search for the name; old calls stay in the log.",
        )
        self.trouble.show()

    # --- choosing -----------------------------------------------------------------------

    def _choose(self, customer_id: uuid.UUID) -> None:
        if customer_id != self._opened:
            self._opened, self._ref = customer_id, None
            self.turned_to.emit()
            self._open_soon.start()
            self.visited.emit(customer_id)

    def _open(self, customer_id: uuid.UUID) -> None:
        self._choose(customer_id)
        self.finder.select(customer_id)
        self.finder.remember(customer_id)
        self.keyboard.take_customer(is_there=self._customer_id() == customer_id)

    # --- records ------------------------------------------------------------------------

    def _open_entry(self, entry: TimelineEntry) -> None:
        customer_id = self._customer_id()
        if customer_id is not None:
            self._open_record(RecordRef.of(entry, customer_id))

    def _open_record(self, ref: RecordRef) -> None:
        self.visited.emit(ref)
        self.show_record(ref)

    def _close_record(self) -> None:
        self._ref = None
        self.card.show_timeline()
        self.card.timeline.take_focus()
        self.visited.emit(self._opened)

    # --- doing --------------------------------------------------------------------------

    def call(self, number: str = "") -> None:
        """Asks whether to call; without a number the customer's first."""
        customer = self._customer()
        if customer is None:
            return
        first = next((one.e164 or one.raw for one in customer.numbers), "")
        if number or first:
            warning = "This customer does not want to be called." if customer.do_not_call else ""
            ask_to_dial(self, self.context, number or first, name=customer.name, warning=warning)

    def write_note(self) -> None:
        """Into the note of the customer that is open."""
        if self._customer() is None:
            return
        if self.card.shows_record:
            self._close_record()
        self.card.note.start()

    def ask_for_ticket(self, customer_id: uuid.UUID, call_id: uuid.UUID | None = None) -> None:
        """Asks what a ticket is about, also while the customer is still being read."""
        new_ticket(self.desk, customer_id, call_id)

    def edit(self) -> None:
        """Opens the form of the customer that is open."""
        customer, read = self._customer(), self._read_last
        if customer is not None and read is not None:
            self.dialogs.edit(EditedCustomer(customer, read.custom), read.stamp)

    def merge(self) -> None:
        """Asks who is the same as the customer that is open."""
        customer = self._customer()
        if customer is not None:
            self.dialogs.merge(customer)

    def _act(self, action: BlockAction) -> None:
        if self.desk.view is not None:
            action.run(self.desk)

    def new_customer(self, number: str = "", name: str = "") -> None:
        """Opens the form of a new customer, with number and name where they are known."""
        self.dialogs.new(number, name)

    def assign(self, number: str) -> None:
        """Asks to whom a number belongs."""
        self.dialogs.assign(number)

    def _saved(self, customer_id: uuid.UUID) -> None:
        self.customer_saved.emit(customer_id)
        self.go_to.emit("customers", customer_id)
        self.finder.remember(customer_id)
        self.refresh()
