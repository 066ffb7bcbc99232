"""What the desk tells of calls, lines, tickets, messages and the store: to pages and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from crmdesk.bootstrap.lines import softphone_line
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.lines import LineHealth
from crmdesk.domain.records import RecordRef
from crmdesk.domain.store_health import StoreHealth
from crmdesk.domain.tickets import TicketNews
from crmdesk.gui.bridge import Bridge, connect_queued

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.desk.outreach.mail import Attempt
    from crmdesk.gui.main_window.window import MainWindow


class DeskNews(QObject):
    """Hands on what the core tells.

    Not straight from the bridge to the pages: what is on its way may arrive when they are gone.

    Args:
        window: The main window; its parts are made.
        core: What is told of.
        bridge: A listener of the core.
    """

    def __init__(self, window: MainWindow, core: Core, bridge: Bridge) -> None:
        super().__init__(window)
        self._window, self._core = window, core
        self._lines: dict[str, LineHealth] = {}
        connect_queued(bridge.ledger_written_signal, self._ledger_written)
        connect_queued(bridge.call_changed_signal, self._call_changed)
        connect_queued(bridge.line_health_changed_signal, self.line_health)
        connect_queued(bridge.store_health_changed_signal, self._store_health)
        connect_queued(bridge.tickets_due_signal, self._tickets_due)
        connect_queued(bridge.message_tried_signal, self._message_tried)
        window.notices.told.connect(window.status.show_notice)
        window.notices.open_wanted.connect(self._open_ticket)
        window.status.notice_opened.connect(window.notices.open)

    def tell_all(self) -> None:
        """How lines and store are now: what was told before somebody listened."""
        for health in tuple(self._core.health.values()):
            self.line_health(health)
        self._store_health(self._core.store.health())
        self._show_agent()

    def settings_changed(self) -> None:
        """Lines may be gone, and somebody else may sit here."""
        settings = self._core.settings
        known = {line.id for line in (*settings.lines, softphone_line(settings))}
        self._window.top.lines.keep_only(known)
        self._lines = {key: health for key, health in self._lines.items() if key in known}
        self._show_agent()

    @Slot(object)
    def line_health(self, health: LineHealth) -> None:
        """A line is up, down or in trouble."""
        self._lines[health.line_id] = health
        self._window.top.lines.show_health(health)
        self._show_agent()

    @Slot(object)
    def _call_changed(self, row: CallRow) -> None:
        for page in self._window.pages.made():
            page.call_changed(row)
        self._show_unsaved()

    @Slot()
    def _ledger_written(self) -> None:
        for page in self._window.pages.made():
            page.ledger_written()

    @Slot(object)
    def _tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        self._window.notices.take(news)
        for page in self._window.pages.made():
            page.tickets_due(news)

    @Slot(object)
    def _message_tried(self, attempt: Attempt) -> None:
        if attempt.trouble:
            self._window.status.show_notice(f"A message was not sent: {attempt.trouble}", "bad")
        for page in self._window.pages.made():
            page.message_tried()

    @Slot(object)
    def _store_health(self, health: StoreHealth) -> None:
        self._window.status.show_store(health)
        self._show_unsaved()

    @Slot(object)
    def _open_ticket(self, ref: RecordRef | None) -> None:
        """One ticket at its customer, several in the list."""
        if ref is not None:
            self._window.open_record(ref)
        else:
            self._window.show_page("tickets")

    def _show_unsaved(self) -> None:
        self._window.status.show_waiting(self._core.call_log.unsaved)

    def _show_agent(self) -> None:
        agent = self._core.settings.agent
        lines = tuple(self._lines.values())
        self._window.status.show_agent(agent.name, agent.extension, lines)
