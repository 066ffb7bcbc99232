"""The main window: it holds the pages and knows where one has been."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from crmdesk.domain.records import RecordRef
from crmdesk.gui.after_call.asking import AfterCalls
from crmdesk.gui.after_call.bar import AfterCallBar
from crmdesk.gui.after_call.survey_offer import SurveyOffers
from crmdesk.gui.bridge import Bridge
from crmdesk.gui.company_plan import PlanBook
from crmdesk.gui.help.viewer import HelpViewer
from crmdesk.gui.jobs import Jobs, line_of
from crmdesk.gui.jobs.question import ask_to_stop
from crmdesk.gui.main_window.commands import window_commands
from crmdesk.gui.main_window.desk_news import DeskNews
from crmdesk.gui.main_window.focus import FocusKeeper, go_round
from crmdesk.gui.main_window.history import History, Visit
from crmdesk.gui.main_window.notices import Notices
from crmdesk.gui.main_window.pages import Pages
from crmdesk.gui.main_window.rail import Rail, page_key
from crmdesk.gui.main_window.reminding import Reminding
from crmdesk.gui.main_window.status_line import StatusLine
from crmdesk.gui.main_window.top_bar import TopBar
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.registry import spec_of
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.pages.memory import Memory
from crmdesk.gui.pages.page import Page, PageEntry, all_pages
from crmdesk.gui.palette.commands import Command
from crmdesk.gui.palette.palette import CommandPalette
from crmdesk.gui.segments.book import SegmentBook
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.shortcuts.sheet import ShortcutSheet
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule, upright_rule
from crmdesk.gui.widgets.text import set_window_title
from crmdesk.gui.widgets.times import utc_now
from crmdesk.settings.paths import state_file

if TYPE_CHECKING:
    from concurrent.futures import Future

    from crmdesk.bootstrap.core import Core
    from crmdesk.desk.runtime import Runtime

SMALLEST = (Size.WINDOW_MIN[0] + Size.FIELD // 3, Size.WINDOW_MIN[1] + 2 * Size.CONTROL)
"""Below this the customer page has no room for its timeline."""


class MainWindow(QMainWindow):
    """The desk's window.

    Args:
        core: Its store must be open.
        runtime: Where the core's coroutines run.
        bridge: A listener of the core; its signals arrive here.

    Signals:
        settings_wanted: Somebody asks for the settings.
        line_settings_wanted: Somebody asks for those of the phone lines.
        changes_wanted: Somebody asks for the list of changes.
        section_wanted: Somebody asks for a section of the settings, by its title.
        change_wanted: A page wants a change of the settings, as `Page.change_wanted`.
        theme_chosen: "light" or "dark" was chosen here; the settings should keep it.
        page_made: A page is there from now on.
        closing: The window was closed by its user.
    """

    settings_wanted = Signal()
    line_settings_wanted = Signal()
    changes_wanted = Signal()
    section_wanted = Signal(str)
    change_wanted = Signal(object, object)
    theme_chosen = Signal(str)
    page_made = Signal(object)
    closing = Signal()

    def __init__(self, core: Core, runtime: Runtime, bridge: Bridge) -> None:
        super().__init__()
        self._core, self._runtime = core, runtime
        self.memory = Memory(state_file(), self)
        self.jobs = Jobs(partial(line_of, core), self)
        self.plan = PlanBook(core.store, self)
        self.segments = SegmentBook(core.store, self)
        self.context = PageContext(
            core.store,
            lambda: core.settings,
            self._dial,
            utc_now,
            self.memory,
            self.jobs,
            self.plan,
            self.segments,
            partial(core.post, core.mailing.wake),
        )
        self._history = History()
        self._entries = all_pages()
        set_window_title(self, "CRMDesk")
        self.setMinimumSize(*SMALLEST)
        self._make_parts()
        self._lay_out()
        self._connect(bridge)
        self._bind_keys()
        self._come_back()

    # --- making ---------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.pages = Pages(self._entries, self._make_page)
        self.keyboard = FocusKeeper(self, self._activate_page)
        self.rail = Rail(self._entries)
        self.top = TopBar()
        self.status = StatusLine()
        self.notices = Notices(self.context.settings, self.context.now, self)
        self.stack = QStackedWidget()
        self.after_call = AfterCallBar()
        self.survey_bar = AfterCallBar("survey", "Ask", keys.ASK)

    def _lay_out(self) -> None:
        right = column(
            self.top, rule(), self.after_call, self.survey_bar, self.stack, spacing=Space.NONE
        )
        middle = row(self.rail, upright_rule(), right, spacing=Space.NONE)
        content = QWidget()
        content.setLayout(column(middle, rule(), self.status, spacing=Space.NONE))
        self.setCentralWidget(content)
        self.customers()  # a card opens its customer there: that is not to wait for the page

    def _make_page(self, entry: PageEntry) -> Page:
        page = entry.make(self.context)
        page.visited.connect(partial(self._visited, entry.id))
        page.go_to.connect(self._go_to)
        page.store_changed.connect(self.refresh_pages)
        page.change_wanted.connect(self.change_wanted)
        page.settings_wanted.connect(self.section_wanted)
        page.line_settings_wanted.connect(self.line_settings_wanted)
        self.stack.addWidget(page)
        self.page_made.emit(page)
        return page

    def _connect(self, bridge: Bridge) -> None:
        self.rail.page_chosen.connect(self.show_page)
        self.rail.settings_wanted.connect(self.settings_wanted)
        self.rail.help_wanted.connect(self.show_help)
        self.top.back_wanted.connect(self.go_back)
        self.top.forward_wanted.connect(self.go_forward)
        self.top.search_wanted.connect(self.show_palette)
        self.top.theme_wanted.connect(self.toggle_theme)
        self.top.lines.settings_wanted.connect(self.line_settings_wanted)
        self.status.follow(self.jobs)
        self.plan.changed.connect(self.refresh_pages)
        self.plan.start()
        self.segments.start()
        self.news = DeskNews(self, self._core, bridge)
        self.reminding = Reminding(self, bridge)
        self.after_calls = AfterCalls(self, self.after_call, bridge)
        self.survey_offers = SurveyOffers(self, self.survey_bar, self.after_call, bridge)

    def _bind_keys(self) -> None:
        for key, slot in (
            (keys.PALETTE, self.show_palette), (keys.SEARCH, self._search_page),
            (keys.FIND, self._find_on_page),
            (keys.BACK, self.go_back), (keys.FORWARD, self.go_forward),
            (keys.SETTINGS, self.settings_wanted.emit), (keys.THEME, self.toggle_theme),
            (keys.SHORTCUTS, self.show_shortcuts), (keys.HELP, self.show_help),
            (keys.NEW, self.show_new_customer), (keys.PANE, partial(self._next_part, 1)),
            (keys.PANE_BACK, partial(self._next_part, -1)),
        ):  # fmt: skip
            bind(self, key, slot)
        for place, entry in enumerate(self._entries):
            shortcut = QShortcut(QKeySequence(page_key(entry, place).sequence), self)
            shortcut.activated.connect(partial(self.show_page, entry.id))

    def _come_back(self) -> None:
        """Where the window was when it was last closed."""
        self.resize(*Size.WINDOW)
        self.restoreGeometry(self.memory.bytes("window.geometry"))
        page_id = self.memory.get("window.page", self._entries[0].id)
        self.show_page(page_id if page_id in self.pages else self._entries[0].id)
        self.news.tell_all()

    # --- what others may ask ----------------------------------------------------------------

    def open_customer(self, customer_id: uuid.UUID) -> None:
        """Shows a customer; the pop and the palette ask for it."""
        self.customers().finder.remember(customer_id)
        self._go(Visit("customers", customer_id))

    def open_record(self, ref: RecordRef) -> None:
        """Shows a ticket, an order or the like at its customer."""
        if spec_of(ref.kind) is None:
            self.open_customer(ref.customer_id)
            return
        self.customers().finder.remember(ref.customer_id)
        self._go(Visit("customers", ref))

    def open_segment(self, segment_id: uuid.UUID) -> None:
        """Shows the customers of a segment."""
        self.show_page("customers")
        self.customers().finder.show_segment(segment_id)

    def open_call(self, call_id: uuid.UUID) -> None:
        """Shows a call."""
        self._go(Visit("calls", call_id))

    def open_note(self, customer_id: uuid.UUID) -> None:
        """Shows a customer with the cursor in the note."""
        self.open_customer(customer_id)
        self.customers().card.show_timeline()
        self.customers().card.note.start()

    def open_ticket_form(self, customer_id: uuid.UUID, call_id: uuid.UUID) -> None:
        """Shows a customer, and asks what a ticket opened in a call is about."""
        self.open_customer(customer_id)
        self.customers().ask_for_ticket(customer_id, call_id)

    def show_new_customer(self, number: str = "", name: str = "") -> None:
        """Opens the form of a new customer, with number and name where they are known."""
        self.show_page("customers")
        self.customers().new_customer(number, name)

    def show_assign(self, number: str) -> None:
        """Asks to whom a number belongs."""
        self.show_page("customers")
        self.customers().assign(number)

    def settings_changed(self) -> None:
        """The core has other settings."""
        self.news.settings_changed()
        for page in self.pages.made():
            page.settings_changed()

    def customers(self) -> CustomersPage:
        """The customers page."""
        page = self.pages["customers"]
        if not isinstance(page, CustomersPage):
            raise TypeError("the page called customers is another one")
        return page

    # --- going places -------------------------------------------------------------------------

    @Slot(str)
    def show_page(self, page_id: str) -> None:
        """Brings a page to the front as it was."""
        if self._current_page_id() == page_id and self.rail.isVisible():
            self.pages[page_id].activate()
            return
        self._history.visit(Visit(page_id, self.pages[page_id].opened()))
        self._show(page_id)

    def _go(self, visit: Visit) -> None:
        self._history.visit(visit)
        self._return_to(visit)

    def go_back(self) -> None:
        """To where one was before."""
        self._return_to(self._history.back())

    def go_forward(self) -> None:
        """To where one came back from."""
        self._return_to(self._history.forward())

    def _return_to(self, visit: Visit | None) -> None:
        if visit is not None:
            self.pages[visit.page].show_place(visit.key)
            self._show(visit.page)
            self.pages[visit.page].focus_opened()

    def _show(self, page_id: str) -> None:
        self.stack.setCurrentWidget(self.pages[page_id])
        self.rail.choose(page_id)
        self.memory.set("window.page", page_id)
        self._show_ways()
        self.pages[page_id].activate()

    def _visited(self, page_id: str, key: object) -> None:
        if isinstance(key, uuid.UUID | RecordRef):
            self._history.visit(Visit(page_id, key))
            self._show_ways()

    def _go_to(self, target: str, what: object) -> None:
        if target == "new-customer":
            self.show_new_customer(str(what))
        elif target == "assign-number":
            self.show_assign(str(what))
        elif target == "changes":
            self.changes_wanted.emit()
        elif target == "all-customers":
            self.show_page("customers")
            self.customers().show_all()
        elif target == "segment" and isinstance(what, uuid.UUID):
            self.open_segment(what)
        elif target == "customers" and isinstance(what, uuid.UUID):
            self.open_customer(what)
        elif isinstance(what, RecordRef):
            self.open_record(what)
        elif what is None:
            self.show_page(target)
        elif isinstance(what, uuid.UUID):
            self._go(Visit(target, what))

    def _show_ways(self) -> None:
        self.top.show_ways(back=self._history.can_go_back, forward=self._history.can_go_forward)

    def _current_page_id(self) -> str:
        current = self.stack.currentWidget()
        return self.pages.id_of(current)

    def _page(self) -> Page:
        return self.pages[self._current_page_id()]

    def _activate_page(self) -> None:
        self._page().activate()

    def _search_page(self) -> None:
        self._page().focus_search()

    def _find_on_page(self) -> None:
        self._page().focus_find()

    def _next_part(self, step: int) -> None:
        """From the rail to the search to the parts of the page and round again."""
        rail, top = (self.rail, self.rail.focus_current), (self.top, self.top.take_focus)
        go_round((rail, top, *self._page().parts()), step)

    @Slot()
    def refresh_pages(self) -> None:
        """All pages read again: many customers or calls are other ones now."""
        for page in self.pages.made():
            page.refresh()

    # --- overlays ---------------------------------------------------------------------------

    def show_palette(self) -> None:
        """Opens the search over everything."""
        palette = CommandPalette(self, self.context, self.commands())
        palette.customer_wanted.connect(self.open_customer)
        palette.record_wanted.connect(self.open_record)
        palette.call_wanted.connect(partial(ask_to_dial, self, self.context))
        palette.creation_wanted.connect(self.show_new_customer)
        palette.open()

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers besides customers and numbers."""
        return window_commands(self, self._entries)

    def show_shortcuts(self) -> None:
        """Opens the overlay with all keys."""
        pages = [page_key(entry, place) for place, entry in enumerate(self._entries)]
        ShortcutSheet(self, pages).open()

    def show_help(self) -> None:
        """Opens the help at what it says of the page that is shown."""
        present = self._current_page_id()
        wanted = next((entry.help for entry in self._entries if entry.id == present), "")
        HelpViewer(self, wanted).open()

    def toggle_theme(self) -> None:
        """Light becomes dark, dark becomes light."""
        mode = "light" if theme().palette.is_dark else "dark"
        theme().set_mode(mode)
        self.theme_chosen.emit(mode)

    # --- keyboard and end ---------------------------------------------------------------------

    def _dial(self, number: str, line_id: str | None) -> Future[None]:
        return self._runtime.submit(self._core.dial(number, line_id))

    def event(self, event: QEvent) -> bool:
        """A dialog is gone: Qt gives the keyboard to the rail where what had it is gone too."""
        if event.type() == QEvent.Type.WindowActivate and self.keyboard.is_lost():
            self.keyboard.give_back()
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802  Qt's names
        """Tab, or Qt's way out of a widget that is hidden or disabled while it is typed into."""
        if self.isActiveWindow() and self.keyboard.is_lost():
            self.keyboard.give_back()
            return True
        return super().focusNextPrevChild(next)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaves nothing that was typed behind, and remembers where the window was.

        Only a person is asked whether work may be stopped, not a log-out.
        """
        if event.spontaneous() and self.jobs.running():
            event.ignore()
            ask_to_stop(self, self.jobs, self.close)
            return
        self.jobs.stop()
        self.plan.stop()
        self.segments.stop()
        for page in self.pages.made():
            page.finish()
        self.memory.set_bytes("window.geometry", self.saveGeometry())
        self.memory.save()
        super().closeEvent(event)
        self.closing.emit()
