"""The calls page: views with counts, a filter, the log, one call beside it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from crmdesk.domain.call_log import CallPage, CallRow, Place
from crmdesk.domain.calls import Direction
from crmdesk.domain.segments import Segment
from crmdesk.gui.exports.choices import Scope
from crmdesk.gui.exports.page_export import PageExport
from crmdesk.gui.models.call_words import COLUMNS, CallLine, call_line
from crmdesk.gui.pages.calls.detail import CallDetailView
from crmdesk.gui.pages.calls.reading import (
    PAGE_ROWS,
    CallDetail,
    Counts,
    Shown,
    View,
    empty_words,
    read_counts,
    read_detail,
    read_page,
    shown_scope,
    start_of_day,
)
from crmdesk.gui.pages.calls.views_bar import views_bar
from crmdesk.gui.pages.calls.who import WhoCalled
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.pages.list_page import ListPage
from crmdesk.gui.pages.row_table import RowTable
from crmdesk.gui.segments.chooser import SegmentChooser
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch

_LIVE_PAUSE_MS = 500
"""Counts and filtered lists follow calls at most this often."""
_DAY_CHECK_MS = 30_000
_OPEN_PAUSE_MS = 60
"""The cursor may run down the list; only where it rests a call is read."""


class CallsPage(ListPage[CallLine]):
    """Today's calls, all, and those to call back."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view = View.TODAY
        self._text = ""
        self._next: Place | None = None
        self._asked = 0
        self._came: dict[uuid.UUID, CallRow] | None = None
        self._opened: uuid.UUID | None = None
        self._detail: CallDetail | None = None
        self._owed, self._goes_on = 0, False
        self._make_widgets()
        self._lay_out("Calls", self.detail, self.views, self._search_row())
        self._connect()
        self._bind_keys()
        self.refresh()

    def _make_widgets(self) -> None:
        self.views = views_bar()
        self.search = PageSearch(
            "Filter by name, company or number", "Filter the calls", keys.SEARCH
        )
        self.table = RowTable(self.context.memory, "Calls", "calls.columns.1", COLUMNS)
        self.empty = EmptyState("phone", "")
        self.detail = CallDetailView()
        self.steps = NumberSteps(self.context, self)
        self.undo_bar = UndoBar(self.steps)
        self.segments = SegmentChooser(self.context.store, "All customers")
        self.exports = PageExport(self, self._scope)
        self.who = WhoCalled(self, self.context, self.detail, self.steps)
        self.nothing_open = EmptyState(
            "phone-in", "No call selected", "Choose a call with J and K, Enter opens its customer."
        )
        self._reread = self._timer(_LIVE_PAUSE_MS, self._read_live)
        self._open_soon = self._timer(_OPEN_PAUSE_MS, self._read_detail)
        self._day = start_of_day(self.context.now())
        self._midnight = self._timer(_DAY_CHECK_MS, self.check_day)
        self._midnight.setSingleShot(False)
        self._midnight.start()

    def _banners(self) -> tuple[QWidget, ...]:
        return (self.trouble, self.undo_bar, self.exports.bar)

    def _search_row(self) -> QWidget:
        export = icon_button("upload", f"Export these calls  ({shown_key(keys.EXPORT.sequence)})")
        export.clicked.connect(self.exports.ask)
        whole = QWidget()
        whole.setLayout(row(self.search, self.segments, export))
        return whole

    def _connect(self) -> None:
        self.views.chosen.connect(self._choose_view)
        self.search.search_requested.connect(self._filter)
        self.search.left.connect(self.activate)
        self.segments.chosen.connect(self._choose_segment)
        self.segments.failed.connect(self._failed)
        self.context.segments.changed.connect(self.segments.read)
        self.table.model.more_wanted.connect(self._read_more)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open_customer_of)
        self.detail.customer_wanted.connect(partial(self.go_to.emit, "customers"))
        self.detail.call_wanted.connect(self.call_back)
        self.detail.creation_wanted.connect(self._create)
        self.detail.log_wanted.connect(self._show_log)
        self.steps.done.connect(self.refresh)
        self.steps.undone.connect(self.refresh)
        self.steps.failed.connect(self.show_trouble)

    def _bind_keys(self) -> None:
        self._bind_list_keys()
        bind(self, keys.CALL_BACK, self.call_back)
        bind(self, keys.CUSTOMER, self._open_current)
        bind(self, keys.WHY, self.who.explain)
        bind(self, keys.WHY_NO_POP, self._show_log)
        bind(self, keys.UNDO, self.undo_bar.undo)
        bind(self, keys.EXPORT, self.exports.ask)

    def check_day(self) -> None:
        """At midnight today's calls become those of yesterday."""
        if start_of_day(self.context.now()) != self._day:
            self._day = start_of_day(self.context.now())
            self.refresh()

    # --- what the window asks -----------------------------------------------------------

    def opened(self) -> uuid.UUID | None:
        """What is open."""
        return self._opened

    def show_item(self, key: uuid.UUID | None) -> None:
        """Opens a call, also one that is not in the list now."""
        self._opened = key
        with QSignalBlocker(self.table):
            self.table.select(key)
        self._read_detail()

    def call_changed(self, row: CallRow) -> None:
        """Puts a call in its place without moving what is selected."""
        if self._came is not None:
            self._came[row.call.id] = row
        self._put((row,))
        if not self._reread.isActive():  # on a busy desk there is no quiet time to wait for
            self._reread.start()
        if row.call.id == self._opened:
            self._open_soon.start()

    def settings_changed(self) -> None:
        """People and lines have other names."""
        self.table.model.retell([self._line(line.row) for line in self.table.model.lines()])
        self._read_detail()

    def refresh(self) -> None:
        """Reads list, counts and the call that is open."""
        self.segments.read()
        self._reread_list()
        self._read_detail()

    def _reread_list(self) -> None:
        """Reads the first page and the counts."""
        self._asked += 1
        self._came = {}
        self._owed = PAGE_ROWS // 2
        self._read(None)
        self._read_counts()

    # --- reading ------------------------------------------------------------------------

    def _read(self, before: Place | None) -> None:
        asked = self._asked
        job = partial(read_page, shown=self._shown(), now=self.context.now(), before=before)
        await_future(
            self.context.store.read(job),
            self,
            partial(self._show_page, asked, before is None),
            self._failed,
        )

    def _shown(self) -> Shown:
        return Shown(self._view, self._text, self.segments.present)

    def _read_more(self) -> None:
        self._owed = PAGE_ROWS // 2
        self._read(self._next)

    def _read_counts(self) -> None:
        job = partial(read_counts, now=self.context.now())
        await_future(self.context.store.read(job), self, self._show_counts, self._failed)

    def _read_live(self) -> None:
        if self._is_simple() or self._goes_on:
            self._read_counts()
        else:
            self._reread_list()

    def _read_detail(self) -> None:
        if self._opened is None:
            self._show_detail(None, None)
            return
        job = partial(
            read_detail,
            call_id=self._opened,
            look_ups=self.context.look_ups(),
            now=self.context.now(),
        )
        shown = partial(self._show_detail, self._opened)
        await_future(self.context.store.read(job), self, shown, self._failed)

    # --- showing ------------------------------------------------------------------------

    def _show_page(self, asked: int, is_first: bool, page: CallPage) -> None:
        if asked != self._asked:
            return  # the view or the filter is another by now
        self.clear_trouble()
        self._next = page.next
        lines = [self._line(row) for row in page.rows]
        self._owed -= len(lines)
        self._goes_on = page.next is not None and self._owed > 0
        has_more = page.next is not None and not self._goes_on
        if is_first:
            self._replace(lines, self._opened, has_more=has_more)
            self._put(self._came_meanwhile())
        else:
            self.table.model.append(lines, has_more=has_more)
        if self._goes_on:  # few calls of a segment in a stretch; a pop has its turn in between
            self._read(self._next)
        self._show_list()

    def _came_meanwhile(self) -> Iterable[CallRow]:
        """Calls of which was told while the page was read: it may not have them yet."""
        came, self._came = self._came or {}, None
        return came.values()

    def _put(self, rows: Iterable[CallRow]) -> None:
        """Puts calls where they stand, as far as that can be told without the store."""
        if not self._is_simple():
            return
        for one in rows:
            if self._view is View.ALL or self._is_today(one):
                self.table.model.put(self._line(one))
                self._show_list()

    def _empty_words(self) -> tuple[str, str]:
        if self._goes_on:
            return "Looking through the calls…", "Those that are found appear here."
        return empty_words(self._shown(), self.context.settings().agent.extension)

    def _show_counts(self, counts: Counts) -> None:
        self.views.set_count(View.TODAY, counts.today)
        self.views.set_count(View.CALL_BACK, counts.call_back)

    def _show_detail(self, asked: uuid.UUID | None, detail: CallDetail | None) -> None:
        if asked != self._opened:
            return  # the cursor went on
        self._detail = self.who.detail = detail
        if detail is not None:
            self.detail.show_call(detail, self.context.names())
        self._show_opened(is_open=detail is not None)

    def _line(self, row: CallRow) -> CallLine:
        return call_line(row, self.context.names(), self.context.now())

    def _is_simple(self) -> bool:
        """Whether a call's place in the list can be told without the store."""
        is_all = not self._text and self.segments.present is None
        return is_all and self._view is not View.CALL_BACK

    def _is_today(self, row: CallRow) -> bool:
        return row.call.started_at >= start_of_day(self.context.now())

    def _scope(self) -> Scope:
        return shown_scope(self._shown(), self.context.now())

    # --- doing --------------------------------------------------------------------------

    def _choose_view(self, view: View) -> None:
        self._view = view
        self._reread_list()

    def _filter(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._reread_list()

    def _choose_segment(self, segment: Segment | None) -> None:
        self.segments.set_present(segment)
        self._reread_list()

    def _choose(self, call_id: uuid.UUID) -> None:
        if call_id != self._opened:
            self._opened = call_id
            self._open_soon.start()
            self.visited.emit(call_id)

    def _open_current(self) -> None:
        line = self.table.current()
        if line is not None:
            self._open_customer_of(line)

    def _open_customer_of(self, line: CallLine) -> None:
        row = line.row
        if row.customer_id is not None:
            self.go_to.emit("customers", row.customer_id)
        elif row.call.direction is Direction.INTERNAL:
            self.trouble.set_tone("neutral")
            self.trouble.tell("An internal call: a colleague has no customer page.")
            self.trouble.show()
        elif row.call.id == self._opened:
            self.detail.focus_first()

    def call_back(self) -> None:
        """Asks, with the number, whether to call."""
        if self._detail is None or self._detail.row.call.is_withheld:
            return
        row = self._detail.row
        number = row.caller_e164 or row.call.caller_raw
        if number:
            ask_to_dial(
                self, self.context, number, name=row.customer_name, line_id=row.call.line_id
            )

    def _show_log(self) -> None:
        """Why a card was shown for this call, or not."""
        if self._opened is not None:
            self.go_to.emit("ledger", self._opened)

    def _create(self) -> None:
        self.go_to.emit("new-customer", self._number())

    def _number(self) -> str:
        row = self._detail.row if self._detail else None
        return (row.caller_e164 or row.call.caller_raw) if row else ""
