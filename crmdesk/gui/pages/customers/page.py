"""The customers page: the finder and one customer beside it."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget

from crmdesk.domain.call_log import CallRow, Place
from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import Customer, CustomerStory
from crmdesk.gui.exports.page_export import PageExport
from crmdesk.gui.merge.dialog import MergeDialog
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pages.customers.drafts import DraftKeeper
from crmdesk.gui.pages.customers.finder import CustomerFinder
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.pages.customers.number_care import NumberCare
from crmdesk.gui.pages.customers.reading import Opened, read_opened, read_timeline
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.pages.page import Page
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.why.assign import AssignDialog, CallerNumber
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.open_dialogs import show_again

_OPEN_PAUSE_MS = 60
"""The cursor may run down the list; only where it rests a customer is read."""


class CustomersPage(Page):
    """Finds customers and shows one.

    Signals:
        customer_saved: A customer was made or changed; carries its key.
    """

    customer_saved = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._opened: uuid.UUID | None = None
        self._story: CustomerStory | None = None
        self._next: Place | None = None
        self._asked = 0
        self._saving: set[uuid.UUID] = set()
        self.finder = CustomerFinder(context)
        self.card = CustomerCard()
        self.drafts = DraftKeeper(context.store, self)
        self.steps = NumberSteps(context, self)
        self.undo_bar = UndoBar(self.steps)
        self.exports = PageExport(self, self.finder.scope)
        self.care = NumberCare(self, context, self.card.side, self.steps)
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
        whole = column(self.trouble, self.undo_bar, self.exports.bar, spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)

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
        card.header.note_wanted.connect(card.note.start)
        card.header.edit_wanted.connect(self.edit)
        card.header.merge_wanted.connect(self.merge)
        card.side.call_wanted.connect(self.call)
        card.timeline.wanted.connect(self._read_timeline)
        card.timeline.more_wanted.connect(self._read_more)
        card.note.typed.connect(self._keep_draft)
        card.note.save_wanted.connect(self._save_note)
        card.note.left.connect(card.timeline.list.setFocus)
        self.drafts.kept.connect(self._draft_kept)
        self.drafts.failed.connect(self._draft_failed)
        self.steps.done.connect(self._read)
        self.steps.undone.connect(self.refresh)
        self.steps.failed.connect(self.show_trouble)

    def _bind_keys(self) -> None:
        bind(self, keys.DOWN, partial(self._move, 1))
        bind(self, keys.UP, partial(self._move, -1))
        bind(self, keys.CALL, self.call)
        bind(self, keys.NOTE, self.write_note)
        bind(self, keys.EDIT, self.edit)
        bind(self, keys.MERGE, self.merge)
        bind(self, keys.UNDO, self.undo_bar.undo)
        bind(self, keys.EXPORT, self.exports.ask)
        bind(self, keys.REFRESH, self.refresh)

    # --- what the window asks -----------------------------------------------------------

    def activate(self) -> None:
        """Nobody is open: search. Else the list."""
        target = self.finder.list if self._opened else self.finder.search
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Into the finder."""
        self.finder.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.finder.search.selectAll()

    def opened(self) -> uuid.UUID | None:
        """What is open."""
        return self._opened

    def show_item(self, key: uuid.UUID | None) -> None:
        """Opens a customer."""
        self.finder.select(key)
        self._opened = key
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

    def settings_changed(self) -> None:
        """Numbers may be shown in another way."""
        self._read()

    def finish(self) -> None:
        """Brings the notes that are being written to the disk."""
        self.drafts.flush()

    # --- reading ------------------------------------------------------------------------

    def _read(self) -> None:
        self._asked += 1
        key, timeline = self._opened, self.card.timeline
        if key is None:
            self.stack.setCurrentWidget(self.nothing_open)
            return
        if self._story is None or self._story.customer.id != key:
            timeline.clear_choice()
        job = partial(read_opened, customer_id=key, now=self.context.now(), kinds=timeline.kinds)
        shown = partial(self._show, self._asked)
        await_future(self.context.store.read(job), self, shown, self.show_trouble)

    def _show(self, asked: int, opened: Opened | None) -> None:
        if asked != self._asked:
            return  # another customer is open by now
        self.clear_trouble()
        if opened is None:
            self._show_gone()
            return
        is_other = self._story is None or self._story.customer.id != opened.story.customer.id
        self._story, now = opened.story, self.context.now()
        self.care.customer = opened.story.customer
        self.card.show_head(opened, self.context.names(), now)
        if self.card.timeline.text:
            self._read_timeline()
        else:
            self._show_timeline(asked, is_first=True, page=opened.timeline)
        self.stack.setCurrentWidget(self.card)
        if is_other:
            self._read_draft(opened.story.customer.id)

    def _show_gone(self) -> None:
        self._story = None
        self.stack.setCurrentWidget(self.nothing_open)
        self.trouble.set_tone("warn")
        self.trouble.tell(
            "This customer is no longer in the store.",
            "It was deleted, or the store is another one than before.",
            "Search for the name; old calls stay in the log.",
        )
        self.trouble.show()

    def _read_timeline(self) -> None:
        self._next = None
        self._asked += 1
        self._read_page(is_first=True)

    def _read_more(self) -> None:
        self._read_page(is_first=False)

    def _read_page(self, *, is_first: bool) -> None:
        if self._opened is None:
            return
        timeline = self.card.timeline
        job = partial(
            read_timeline,
            customer_id=self._opened,
            kinds=timeline.kinds,
            text=timeline.text,
            before=self._next,
        )
        asked = self._asked
        await_future(
            self.context.store.read(job),
            self,
            lambda page: self._show_timeline(asked, is_first=is_first, page=page),
            self._page_failed,
        )

    def _page_failed(self, error: Exception) -> None:
        self.card.timeline.model.failed()
        self.show_trouble(error)

    def _show_timeline(self, asked: int, *, is_first: bool, page: TimelinePage) -> None:
        if asked == self._asked:
            self._next = page.next
            names, now = self.context.names(), self.context.now()
            self.card.timeline.show_page(page, names, now, is_first=is_first)

    # --- choosing -----------------------------------------------------------------------

    def _choose(self, customer_id: uuid.UUID) -> None:
        if customer_id != self._opened:
            self._opened = customer_id
            self._open_soon.start()
            self.visited.emit(customer_id)

    def _open(self, customer_id: uuid.UUID) -> None:
        self._choose(customer_id)
        self.finder.select(customer_id)
        self.finder.remember(customer_id)

    def _move(self, step: int) -> None:
        if self.card.timeline.list.hasFocus():
            self.card.timeline.move_cursor(step)
        else:
            self.finder.move_cursor(step)

    # --- doing --------------------------------------------------------------------------

    def call(self, number: str = "") -> None:
        """Asks whether to call; without a number the customer's first."""
        if self._story is None:
            return
        customer = self._story.customer
        first = next((one.e164 or one.raw for one in customer.numbers), "")
        if number or first:
            warning = "This customer does not want to be called." if customer.do_not_call else ""
            ask_to_dial(self, self.context, number or first, name=customer.name, warning=warning)

    def write_note(self) -> None:
        """Into the note of the customer that is open."""
        if self._story is not None:
            self.card.note.start()

    def edit(self) -> None:
        """Opens the form of the customer that is open."""
        if self._story is not None:
            self._open_form(self._story.customer, is_new=False)

    def merge(self) -> None:
        """Asks who is the same as the customer that is open."""
        if self._story is None:
            return
        dialog = MergeDialog(self.window(), self.context, self._story.customer)
        dialog.merged.connect(self.steps.tell)
        dialog.merged.connect(self.finder.refresh)
        dialog.open()

    def new_customer(self, number: str = "", name: str = "") -> None:
        """Opens the form of a new customer, with number and name where they are known."""
        self._open_form(blank(self.context.now(), number, name), is_new=True)

    def assign(self, number: str) -> None:
        """Asks to whom a number belongs."""
        dialog = AssignDialog(self.window(), self.context, CallerNumber(number))
        dialog.done_step.connect(self.steps.tell)
        dialog.saved.connect(self._saved)
        dialog.open()

    def _open_form(self, customer: Customer, *, is_new: bool) -> None:
        if show_again(self.window(), CustomerForm):
            return
        form = CustomerForm(self.window(), self.context, customer, is_new=is_new)
        form.created.connect(self.steps.tell)
        form.saved.connect(self._saved)
        form.open()

    def _saved(self, customer_id: uuid.UUID) -> None:
        self.customer_saved.emit(customer_id)
        self.go_to.emit("customers", customer_id)
        self.finder.remember(customer_id)
        self.refresh()

    # --- notes --------------------------------------------------------------------------

    def _read_draft(self, customer_id: uuid.UUID) -> None:
        self.card.note.set_draft(self.drafts.unkept(customer_id))
        self.card.note.set_saving(customer_id in self._saving)
        shown = partial(self._show_draft, customer_id)
        failed = partial(self._draft_failed, customer_id)
        await_future(self.drafts.read(customer_id), self, shown, failed)

    def _show_draft(self, customer_id: uuid.UUID, text: str) -> None:
        # What somebody has begun to type since is newer than any draft.
        if self._shown_id() == customer_id and text and not self.card.note.text():
            self.card.note.set_draft(text)

    def _shown_id(self) -> uuid.UUID | None:
        return self._story.customer.id if self._story else None

    def _keep_draft(self, text: str) -> None:
        customer_id = self._shown_id()
        if customer_id is not None:
            self.drafts.keep(customer_id, text)

    def _draft_kept(self, customer_id: uuid.UUID) -> None:
        if self._shown_id() == customer_id:
            self.card.note.set_state("Draft kept" if self.card.note.text() else "")

    def _draft_failed(self, customer_id: uuid.UUID, error: Exception) -> None:
        if self._shown_id() == customer_id:
            self.card.note.set_state("Not kept yet. It stays in this field.")
        self.show_trouble(error)

    def _save_note(self, text: str) -> None:
        customer_id = self._shown_id()
        if customer_id is None or customer_id in self._saving:
            return
        self._set_saving(customer_id, is_saving=True)
        note = self.drafts.save(customer_id, text, self.context.agent(), self.context.now())
        saved = partial(self._note_saved, customer_id, text)
        failed = partial(self._note_failed, customer_id, text)
        await_future(note, self, saved, failed)

    def _set_saving(self, customer_id: uuid.UUID, *, is_saving: bool) -> None:
        (self._saving.add if is_saving else self._saving.discard)(customer_id)
        if self._shown_id() == customer_id:
            self.card.note.set_saving(is_saving)

    def _note_saved(self, customer_id: uuid.UUID, text: str, _result: None) -> None:
        self._set_saving(customer_id, is_saving=False)
        if self._shown_id() != customer_id:
            return
        if self.card.note.text() == text:  # what was typed on since is a draft of its own
            self.card.note.set_draft("")
            self.card.timeline.list.setFocus()
        self._read()

    def _note_failed(self, customer_id: uuid.UUID, text: str, error: Exception) -> None:
        self._set_saving(customer_id, is_saving=False)
        is_shown = self._shown_id() == customer_id
        if is_shown and not self.card.note.text():
            self.card.note.set_draft(text)
        newer = self.card.note.text() if is_shown else self.drafts.unkept(customer_id)
        self.drafts.keep(customer_id, newer or text)
        self._draft_failed(customer_id, error)
