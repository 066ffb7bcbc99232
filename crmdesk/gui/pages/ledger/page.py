"""The log page: lines of the ledger, filtered, live; one line opened beside them."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from crmdesk.domain.ledger import LedgerLine, LedgerOutcome
from crmdesk.domain.ledger import LedgerPage as LinesPage
from crmdesk.gui.models.ledger_words import COLUMNS, OUTCOMES, LedgerRow, ledger_row
from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.ledger.detail import LedgerDetailView
from crmdesk.gui.pages.ledger.reading import View, read_page, wanted
from crmdesk.gui.pages.list_page import ListPage
from crmdesk.gui.pages.row_table import RowTable
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_button
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.page_search import PageSearch
from crmdesk.gui.widgets.text import label

_LIVE_PAUSE_MS = 500
"""The list follows the phone lines at most this often."""

MOST_ROWS = 2000
"""A list that grew longer by what came live begins anew with its first page."""

_TITLES = {
    View.TELLING: "All but merged",
    **{View[outcome.name]: OUTCOMES[outcome].word for outcome in LedgerOutcome
       if outcome.name in View.__members__},
    View.EVERYTHING: "Everything",
}  # fmt: skip


class LedgerPage(ListPage[LedgerRow]):
    """What became of every event, newest first; of one call, or of all."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view = View.TELLING
        self._text = ""
        self._call: uuid.UUID | None = None
        self._next: int | None = None
        self._asked = 0
        self._opened: LedgerLine | None = None
        self._make_widgets()
        self._lay_out("Log", self.detail, self.views, self.call_filter, self.search)
        self._connect()
        self._bind_keys()

    def _make_widgets(self) -> None:
        self.views = ChipBar(_TITLES)
        self.search = PageSearch("Filter by phone, digits or words", "Filter the log", keys.SEARCH)
        self.table = RowTable(self.context.memory, "Log", "log.columns.1", COLUMNS)
        self.empty = EmptyState("log", "")
        self.detail = LedgerDetailView()
        self.nothing_open = EmptyState(
            "log", "No line selected", "Choose a line with J and K, Enter opens its call."
        )
        self._reread = self._timer(_LIVE_PAUSE_MS, self._read_live)
        self._make_call_filter()

    def _make_call_filter(self) -> None:
        """Stands in place of the views: of one call everything is shown."""
        self.call_filter = QWidget()
        close = icon_button("close", "Show all calls again")
        close.clicked.connect(self.show_all)
        words = label("All events of one call", "strong")
        self.call_filter.setLayout(row(words, close, 1, spacing=Space.XS))
        self.call_filter.hide()

    def _connect(self) -> None:
        self.views.chosen.connect(self._choose_view)
        self.search.search_requested.connect(self._filter)
        self.search.left.connect(self.activate)
        self.table.model.more_wanted.connect(self._read_more)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open_call_of)
        self.detail.call_wanted.connect(partial(self.go_to.emit, "calls"))
        self.detail.events_wanted.connect(self._show_call)

    def _bind_keys(self) -> None:
        self._bind_list_keys()
        bind(self, keys.COPY_LINE, self.detail.copy)

    # --- what the window asks -----------------------------------------------------------

    def opened(self) -> uuid.UUID | None:
        """The call whose events are shown."""
        return self._call

    def show_item(self, key: uuid.UUID | None) -> None:
        """Shows the events of one call, or of all."""
        self._call, self._opened = key, None
        self._show_line(None)
        self.call_filter.setVisible(key is not None)
        self.views.setVisible(key is None)
        self.search.clear()
        self._text = ""
        self.refresh()

    @Slot()
    def show_all(self) -> None:
        """Shows the events of all calls."""
        self.show_item(None)
        self.visited.emit(None)

    def ledger_written(self) -> None:
        """There are new lines; a page that is not seen reads them when it is."""
        if self.isVisible() and not self._reread.isActive():
            self._reread.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Reads what came while another page was in front."""
        super().showEvent(event)
        self._read_live()

    def settings_changed(self) -> None:
        """People and lines have other names."""
        self.table.model.retell([self._row(row.line) for row in self.table.model.lines()])
        self._show_line(self._opened)

    def refresh(self) -> None:
        """Reads the first page."""
        self._asked += 1
        self._read(None, partial(self._show_page, self._asked, True))

    # --- reading ------------------------------------------------------------------------

    def _read(self, before: int | None, shown: partial[None]) -> None:
        job = partial(
            read_page, chosen=wanted(self._view, self._text, self._call), before=before
        )  # fmt: skip
        await_future(self.context.store.read(job), self, shown, self._failed)

    def _read_more(self) -> None:
        self._read(self._next, partial(self._show_page, self._asked, False))

    def _read_live(self) -> None:
        self._read(None, partial(self._show_news, self._asked))

    # --- showing ------------------------------------------------------------------------

    def _show_page(self, asked: int, is_first: bool, page: LinesPage) -> None:
        if asked != self._asked:
            return  # the filter is another by now
        self.clear_trouble()
        self._next = page.next
        rows, has_more = [self._row(line) for line in page.lines], page.next is not None
        if is_first:
            self._replace(rows, self._key(), has_more=has_more)
            self._open_most_telling()
        else:
            self.table.model.append(rows, has_more=has_more)
        self._show_list()

    def _show_news(self, asked: int, page: LinesPage) -> None:
        """Puts new lines on top; rows and the place in the list stay."""
        if asked != self._asked:
            return
        known = self.table.model.line(0)
        newest = known.key if known else 0
        fresh = [line for line in page.lines if line.sequence > newest]
        has_gap = len(fresh) == len(page.lines) and page.next is not None
        is_long = self.table.model.rowCount() + len(fresh) > MOST_ROWS
        if has_gap or is_long:
            if self.table.view.verticalScrollBar().value() == 0:
                self._show_page(asked, True, page)
            return
        for line in reversed(fresh):
            self.table.model.put(self._row(line))
        self._show_list()

    def _open_most_telling(self) -> None:
        """Of one call, the line that answers why there was a card or none is opened."""
        if self._call is None or self._opened is not None:
            return
        own = self.context.settings().agent.extension
        lines = [row.line for row in self.table.model.lines()]
        telling = [line for line in lines if line.outcome is not LedgerOutcome.MERGED]
        ours = [line for line in telling if line.extension == own]
        for line in (ours or telling or lines)[:1]:
            self.table.select(line.sequence)

    def _empty_words(self) -> tuple[str, str]:
        if self._text:
            return f"No line matches “{self._text}”.", "Type less, or look in Everything."
        if self._call is not None:
            return (
                "Nothing of this call is in the log.",
                "The log keeps the newest lines of this desk; the call is older, or another desk"
                " saw it.",
            )
        return (
            "Nothing here yet.",
            "Each event of the phone lines appears here, with why a card was shown or not.",
        )

    def _show_line(self, line: LedgerLine | None) -> None:
        self._opened = line
        if line is not None:
            is_one_call = self._call is not None
            self.detail.show_line(line, self.context.names(), among_its_call=is_one_call)
        self._show_opened(is_open=line is not None)

    def _row(self, line: LedgerLine) -> LedgerRow:
        return ledger_row(line, self.context.names(), self.context.now())

    def _key(self) -> int | None:
        return self._opened.sequence if self._opened else None

    # --- doing --------------------------------------------------------------------------

    def _choose_view(self, view: View) -> None:
        self._view = view
        self.refresh()

    def _filter(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.refresh()

    def _choose(self, _sequence: int) -> None:
        current = self.table.current()
        if current is not None:
            self._show_line(current.line)

    def _show_call(self, call_id: uuid.UUID) -> None:
        line = self._opened
        self.show_item(call_id)
        self._show_line(line)
        self.visited.emit(call_id)

    def _open_call_of(self, row: LedgerRow) -> None:
        if row.line.call_id is not None:
            self.go_to.emit("calls", row.line.call_id)
