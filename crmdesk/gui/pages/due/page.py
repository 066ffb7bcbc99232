"""The page of what is due: what is overdue on top, ended and postponed by one key each."""

from __future__ import annotations

import uuid
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.follow_ups import DueNews, DuePlace, FollowUp, FollowUpKind, FollowUpOutcome
from crmdesk.domain.records import RecordRef
from crmdesk.gui.exports.choices import Scope
from crmdesk.gui.exports.page_export import PageExport
from crmdesk.gui.follow_ups.steps import FollowUpSteps
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.models.due_rows import COLUMNS, DueLine, lines
from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.pages.due.reading import COUNT_LIMIT, Chosen, Due, View, read_first, read_next
from crmdesk.gui.pages.due.scope import shown_scope
from crmdesk.gui.pages.due.words import EMPTY, TITLES
from crmdesk.gui.pages.page import Page
from crmdesk.gui.pages.row_table import RowTable
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.fields import combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch
from crmdesk.gui.widgets.pieces import rule

_TELL_AGAIN_MS = 30_000
"""Times are told to the minute."""
_CALLS_PAUSE_MS = 500
"""Many calls may end at once; the list is read once for all of them."""


class Whose(StrEnum):
    """Whose follow-ups are shown."""

    MINE = "mine"
    ALL = "all"


class DuePage(Page):
    """Everything that is to be done."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view, self._kind, self._text = View.ALL, "", ""
        self._whose = Whose.MINE
        self._next: DuePlace | None = None
        self._asked = 0
        self.steps = NumberSteps(context, self)
        self.follow_ups = FollowUpSteps(
            context, self.window, self.steps.do, self.steps.tell, self.show_trouble, parent=self
        )
        self._make_widgets()
        self._make_timers()
        self._lay_out()
        self._connect()
        self._bind_keys()

    # --- making -----------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.views: ChipBar[View] = ChipBar(TITLES, COUNT_LIMIT)
        self.whose = combo_box((("Mine", Whose.MINE), ("Everybody's", Whose.ALL)), name="Whose")
        kinds = ((title, kind) for kind, title in follow_up_words.KINDS.items())
        self.kind = combo_box((("All kinds", ""), *kinds), name="Kind")
        self.search = PageSearch("Filter by what or customer", "Filter what is due", keys.SEARCH)
        self.table: RowTable[DueLine] = RowTable(
            self.context.memory, "What is due", "due.columns.1", COLUMNS
        )
        self.empty = EmptyState("check-circle", "")
        self.undo_bar = UndoBar(self.steps)
        self.exports = PageExport(self, self.scope)

    def _make_timers(self) -> None:
        self._tell_again = QTimer(self)
        self._tell_again.setInterval(_TELL_AGAIN_MS)
        self._tell_again.timeout.connect(self._tell_times)
        self._tell_again.start()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_CALLS_PAUSE_MS)
        self._soon.timeout.connect(self._refresh_shown)

    def _lay_out(self) -> None:
        for choice in (self.whose, self.kind):
            choice.setMinimumWidth(Size.FIELD // 2)
        filters = row(self.whose, self.kind, spacing=Space.S)
        filters.addWidget(self.search, 1)
        tip = f"Export what is due  ({shown_key(keys.EXPORT.sequence)})"
        export = icon_button("upload", tip)
        export.clicked.connect(self.exports.ask)
        filters.addWidget(export)
        top = column(self.views, spacing=Space.S, margin=Space.M)
        top.addLayout(filters)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        whole = column(
            self.trouble, self.undo_bar, self.exports.bar, top, rule(), spacing=Space.NONE
        )
        whole.addWidget(self.stack, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.views.chosen.connect(self._choose_view)
        self.whose.currentIndexChanged.connect(self._choose)
        self.kind.currentIndexChanged.connect(self._choose)
        self.search.search_requested.connect(self._filter)
        self.search.left.connect(self.activate)
        self.table.model.more_wanted.connect(self._read_more)
        self.table.opened.connect(self.open_line)
        self.steps.done.connect(self.refresh)
        self.steps.undone.connect(self.refresh)
        self.steps.failed.connect(self._step_failed)

    def _bind_keys(self) -> None:
        for key, act in (
            (keys.DOWN, partial(self.table.move_cursor, 1)),
            (keys.UP, partial(self.table.move_cursor, -1)),
            (keys.REFRESH, self.refresh),
            (keys.CUSTOMER, self._open_customer),
            (keys.CALL, self.call),
            (keys.UNDO, self.undo_bar.undo),
            (keys.FOLLOW_UP_DONE, partial(self.end, FollowUpOutcome.KEPT)),
            (keys.FOLLOW_UP_BROKEN, partial(self.end, FollowUpOutcome.BROKEN)),
            (keys.FOLLOW_UP_CANCEL, partial(self.end, FollowUpOutcome.CANCELLED)),
            (keys.FOLLOW_UP_POSTPONE, self.postpone),
            (keys.FOLLOW_UP_EDIT, self.edit),
            (keys.EXPORT, self.exports.ask),
        ):
            bind(self, key, act)

    # --- what the window asks ---------------------------------------------------------------

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Into the filter."""
        self.search.take_focus()

    def opened(self) -> uuid.UUID | None:
        """Follow-ups open at their customer."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Selects a follow-up, where it is among those that are shown."""
        if key is not None:
            self.table.select(key)

    def settings_changed(self) -> None:
        """People have other names, or somebody else sits here."""
        self._refresh_shown()

    def follow_ups_due(self, _news: DueNews) -> None:
        """Another number waits; a page that is not seen reads it when it is."""
        self._refresh_shown()

    def call_changed(self, row: CallRow) -> None:
        """A call that ended may be one to call back, or may have been it."""
        if row.call.is_over:
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Reads what changed while another page was in front."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def _refresh_shown(self) -> None:
        if self.isVisible():
            self.refresh()

    # --- reading ----------------------------------------------------------------------------

    def chosen(self) -> Chosen:
        """What is shown."""
        agent = self.context.agent()
        mine = agent if self._whose is Whose.MINE and agent else None
        kind = FollowUpKind(self._kind) if self._kind else None
        return Chosen(self._view, mine, kind, self._text)

    def scope(self) -> Scope:
        """What an export of the list is of."""
        return shown_scope(self.chosen(), TITLES[self._view], self.context.now())

    def refresh(self) -> None:
        """Reads the first page and the counts."""
        self._asked += 1
        job = partial(read_first, chosen=self.chosen(), now=self.context.now())
        shown = partial(self._show_first, self._asked)
        await_future(self.context.store.read(job), self, shown, self._failed)

    def _read_more(self) -> None:
        job = partial(read_next, chosen=self.chosen(), now=self.context.now(), after=self._next)
        shown = partial(self._show_more, self._asked)
        await_future(self.context.store.read(job), self, shown, self._failed)

    def _failed(self, error: Exception) -> None:
        self.table.model.failed()
        self.show_trouble(error)

    def _step_failed(self, error: Exception) -> None:
        self.refresh()
        self.show_trouble(error)

    # --- showing ----------------------------------------------------------------------------

    def _show_first(self, asked: int, due: Due) -> None:
        if asked != self._asked:
            return  # the filter is another by now
        for view, count in due.counts.items():
            self.views.set_count(view, count)
        self._next = due.next
        current, bar = self.table.current(), self.table.view.verticalScrollBar()
        place = bar.value()
        with QSignalBlocker(self.table):
            found = lines(
                (*due.calls, *due.follow_ups), (), self.context.names(), self.context.now()
            )
            self.table.model.reset(found, has_more=self._next is not None)
            if current is not None:
                self._select_again(current, found)
                bar.setValue(place)
        self._show_list()

    def _select_again(self, current: DueLine, found: list[DueLine]) -> None:
        """The same row, or what moved up into its place: whoever works down the list goes on."""
        if not self.table.select(current.key) and found:
            self.table.select(found[min(current.place, len(found) - 1)].key)

    def _show_more(self, asked: int, due: Due) -> None:
        if asked == self._asked:
            self._next = due.next
            before = self.table.model.lines()
            more = lines(due.follow_ups, before, self.context.names(), self.context.now())
            self.table.model.append(more, has_more=self._next is not None)

    @Slot()
    def _tell_times(self) -> None:
        """The same rows, a minute later."""
        told = [one.follow_up or one.call for one in self.table.model.lines()]
        known = [one for one in told if one is not None]
        self.table.model.retell(lines(known, (), self.context.names(), self.context.now()))

    def _show_list(self) -> None:
        is_empty = self.table.model.rowCount() == 0
        self.empty.set_texts(*self._empty_words())
        shown: QWidget = self.empty if is_empty else self.table
        self.stack.setCurrentWidget(shown)

    def _empty_words(self) -> tuple[str, str]:
        if self._text:
            return f"Nothing here matches “{self._text}”.", "Type less, or choose another view."
        if self._kind:
            return "Nothing of this kind here.", "Choose all kinds, or another view."
        title, hint = EMPTY[self._view]
        is_mine = self._whose is Whose.MINE and self._view is not View.CALLS
        return title, f"{hint} Only yours are shown." if is_mine else hint

    # --- choosing ---------------------------------------------------------------------------

    def _choose_view(self, view: View) -> None:
        self._view = view
        self.refresh()

    @Slot()
    def _choose(self) -> None:
        self._whose = Whose(self.whose.currentData())
        self._kind = self.kind.currentData() or ""
        self.refresh()

    def _filter(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.refresh()

    # --- doing ------------------------------------------------------------------------------

    def _current(self) -> FollowUp | None:
        line = self.table.current()
        return line.follow_up if line else None

    def end(self, outcome: FollowUpOutcome) -> None:
        """Ends the selected one; says why a missed call cannot be."""
        if (one := self._current()) is not None:
            self.follow_ups.finish(one, outcome)
        elif self.table.current() is not None:
            self._tell_of_call()

    def _tell_of_call(self) -> None:
        self.trouble.set_tone("warn")
        self.trouble.tell(
            "A missed call is not ended by hand.",
            "It leaves the list as soon as anybody reaches who called.",
            f"{keys.CALL_BACK.sequence} calls back.",
        )
        self.trouble.show()

    def postpone(self) -> None:
        """Asks for another day for the selected one."""
        if (one := self._current()) is not None:
            view = self.table.view
            place = view.visualRect(view.currentIndex()).bottomLeft()
            self.follow_ups.ask_postpone(one, view.viewport(), QPoint(Space.XL, place.y()))

    def edit(self) -> None:
        """Opens the form of the selected one."""
        if (one := self._current()) is not None:
            self.follow_ups.edit(one)

    def open_line(self, line: DueLine) -> None:
        """Opens a follow-up at its customer; of a lost call, who called, or the call."""
        one = line.follow_up
        if one is not None:
            ref = RecordRef(TimelineKind.FOLLOW_UP, one.id, one.customer_id)
            self.go_to.emit("customers", ref)
        elif line.customer_id is not None:
            self.go_to.emit("customers", line.customer_id)
        else:
            self.go_to.emit("calls", line.key)

    def _open_customer(self) -> None:
        line = self.table.current()
        if line is not None and line.customer_id is not None:
            self.go_to.emit("customers", line.customer_id)

    def call(self) -> None:
        """Asks whether to ring who called, or whom a call-back names."""
        line = self.table.current()
        if line is None:
            return
        if line.call is not None:
            number = line.call.caller_e164 or line.call.call.caller_raw
            ask_to_dial(self, self.context, number, name=line.call.customer_name)
        elif line.follow_up is not None and line.follow_up.e164:
            ask_to_dial(self, self.context, line.follow_up.e164, name=line.follow_up.customer_name)
        else:
            self._open_customer()
