"""The windows of a running desk, and what connects them."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.pops import PopCard
from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.gui.bridge import Bridge, connect_queued
from crmdesk.gui.crash import CrashHook
from crmdesk.gui.gc_guard import GcGuard
from crmdesk.gui.jobs.question import ask_to_stop
from crmdesk.gui.main_window import MainWindow
from crmdesk.gui.pages.dialling import ask_to_dial
from crmdesk.gui.platform import Desktop, open_desktop
from crmdesk.gui.pop.actions import PopActions
from crmdesk.gui.pop.deck import PopDeck
from crmdesk.gui.pop.window import PopWindow
from crmdesk.gui.settings.book import Change, SettingsBook, Then
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.stopping import quit_on_signals
from crmdesk.gui.theme.theme import Theme, theme
from crmdesk.gui.tray import Tray
from crmdesk.gui.widgets.times import utc_now

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.desk.runtime import Runtime

SWITCH_INTERVAL_S = 0.0005
"""A tenth of Python's own: a busy thread may hold the pop up for this long, and no longer."""

Running = Callable[[], Coroutine[Any, Any, None]]


def application() -> QApplication:
    """The application, made where there is none.

    Qt never sees our arguments: its own options (plug-in paths, stylesheets) must not come
    in through a link that somebody else wrote.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QApplication([sys.argv[0]])
    app.setApplicationName("crmdesk")
    app.setApplicationDisplayName("CRMDesk")
    app.setDesktopFileName("crmdesk")
    return app


def run_gui(core: Core, running: Running | None = None) -> int:
    """Shows the desk until it is closed.

    Args:
        core: The wired core, not running yet.
        running: What runs on the NET thread; the core's own `run` where None.

    Returns:
        Exit code.
    """
    app = application()
    windows = DeskWindows(app, core, running or core.run)
    windows.start()
    try:
        with quit_on_signals(app):
            return app.exec()
    finally:
        windows.stop()


class DeskWindows(QObject):
    """Main window, pop, tray and chords of one desk.

    Args:
        app: The application.
        core: The wired core.
        running: The coroutine function that runs on the NET thread.
        now: The clock of the pop, aware UTC.
    """

    chord_pressed = Signal(str)

    def __init__(
        self,
        app: QApplication,
        core: Core,
        running: Running,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        from crmdesk.desk.runtime import Runtime

        self._app, self.core, self._running = app, core, running
        self.crash = CrashHook()
        self.gc_guard = GcGuard(self)
        self.theme = _theme(app, core.settings.look.theme)
        self.desktop: Desktop = open_desktop()
        self.bridge = Bridge(self)
        self.runtime: Runtime = Runtime()
        self.window = MainWindow(core, self.runtime, self.bridge)
        self.book = SettingsBook(core, self.runtime, self)
        self.pop = PopWindow(PopDeck(), now, composited=self.desktop.is_composited)
        self.actions = PopActions(self.window, self.pop, self.come_to_front, self._refresh_caller)
        self._settings_changed()
        self.tray = Tray(self.window)
        self._came_from: int | None = None
        self._connect()

    def start(self) -> None:
        """Shows the main window and lets the core run."""
        self.crash.install()
        self._take_chords()
        self.window.show()
        self.pop.warm_up()
        self.core.add_listener(self.bridge)
        self.runtime.start()
        future = self.runtime.submit(self._running())
        future.add_done_callback(self._core_ended)
        self.gc_guard.freeze()

    def stop(self) -> None:
        """Stops everything: the core first, the windows last."""
        self.desktop.close()
        self.runtime.stop()
        self.core.listeners.remove(self.bridge)
        self.pop.close()
        self.window.close()
        self.crash.uninstall()

    def _take_chords(self) -> None:
        """Chords in any program; those we cannot have work in our own window."""
        wanted = tuple(key.sequence for key in keys.POP_KEYS)
        got = self.desktop.grab_keys(wanted, self.chord_pressed.emit)
        for key in keys.POP_KEYS:
            if key.sequence not in got:
                keys.bind(self.window, key, partial(self._chord, key.sequence))

    def _core_ended(self, done: Future[None]) -> None:
        """On the NET thread; a stop is no error."""
        if not done.cancelled() and (error := done.exception()) is not None:
            self.crash.report(error)

    def _connect(self) -> None:
        connect_queued(self.bridge.pop_changed_signal, self._show_pop)
        connect_queued(self.bridge.line_health_changed_signal, self.tray.line_changed)
        connect_queued(self.bridge.desk_requested_signal, self._answer_request)
        connect_queued(self.chord_pressed, self._chord)
        self.pop.dragged.connect(self._remember_place)
        self.pop.changed.connect(self._count_waiting)
        self.tray.show_wanted.connect(self.come_to_front)
        self.tray.pop_wanted.connect(self.pop.bring_back)
        self.tray.settings_wanted.connect(self._show_settings)
        self.tray.quit_wanted.connect(self._quit)
        self.tray.message_clicked.connect(self._show_what_was_told)
        self.window.plan.changed.connect(self._plan_changed)
        self.window.notices.told.connect(self.tray.tell)
        self.window.settings_wanted.connect(self._show_settings)
        self.window.line_settings_wanted.connect(self._show_line_settings)
        self.window.changes_wanted.connect(self._show_changes)
        self.window.theme_chosen.connect(self._keep_theme)
        self.window.section_wanted.connect(self._show_section)
        self.window.change_wanted.connect(self._change_settings)
        self.window.closing.connect(self._app.quit)
        self.book.changed.connect(self._settings_changed)
        self.book.saved.connect(self.window.settings_changed)
        self.book.failed.connect(self._settings_failed)

    # --- the pop ----------------------------------------------------------------------------

    @Slot(object)
    def _show_pop(self, card: PopCard) -> None:
        self.gc_guard.touched()
        self.pop.show_card(card)

    @Slot()
    def _plan_changed(self) -> None:
        self.pop.set_plan(self.window.plan.value)

    def _refresh_caller(self, call_id: uuid.UUID) -> None:
        """Has the desk ask anew who is calling; card and lists follow by themselves."""
        self.runtime.submit(self.core.refresh_caller(call_id))

    # --- chords and focus -------------------------------------------------------------------

    @Slot(str)
    def _chord(self, sequence: str) -> None:
        card = self.pop.deck.current
        if sequence == keys.POP_BACK.sequence:
            self.go_back_to_where_one_was()
        elif sequence == keys.POP_LATER.sequence:
            self.pop.put_away(card)
        elif card is None:
            self.come_to_front()
        elif sequence == keys.POP_NOTE.sequence:
            self.actions.note(card)
        elif sequence == keys.POP_TICKET.sequence:
            self.actions.ticket(card)
        elif sequence == keys.POP_FOLLOW_UP.sequence:
            self.actions.follow_up(card)
        elif sequence == keys.POP_WHY.sequence:
            self.actions.why(card)
        elif sequence == keys.POP_OPEN.sequence:
            self.actions.open(card)

    def come_to_front(self) -> None:
        """Brings the main window to the front and remembers where the agent was."""
        own = int(self.window.winId())
        active = self.desktop.active_window()
        if active is not None and active != own:
            self._came_from = active
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self.desktop.activate(own)

    def go_back_to_where_one_was(self) -> None:
        """Gives the keyboard back to the window the agent came from."""
        if self._came_from is not None:
            self.desktop.activate(self._came_from)
            self._came_from = None

    # --- the rest ---------------------------------------------------------------------------

    @Slot(object)
    def _answer_request(self, request: DeskRequest) -> None:
        self.come_to_front()
        if request.verb is RequestVerb.DIAL:
            ask_to_dial(self.window, self.window.context, request.number)

    @Slot()
    def _show_what_was_told(self) -> None:
        self.come_to_front()
        self.window.notices.open()

    @Slot()
    def _quit(self) -> None:
        ask_to_stop(self.window, self.window.jobs, self._app.quit)

    @Slot(int, int)
    def _remember_place(self, left: int, top: int) -> None:
        from crmdesk.gui.settings import keep_place

        keep_place(self, left, top)

    @Slot()
    def _settings_changed(self) -> None:
        wanted = self.book.settings.pop
        self.pop.remembered, self.pop.wanted_screen = wanted.position, wanted.screen
        self.pop.deck.set_leave_after(wanted.leave_after_s)

    @Slot(object)
    def _settings_failed(self, error: UserFacingError) -> None:
        from crmdesk.gui.settings import settings_trouble

        settings_trouble(self, error)

    @Slot()
    def _count_waiting(self) -> None:
        self.tray.set_waiting(len(self.pop.deck.waiting))

    @Slot()
    def _show_settings(self) -> None:
        from crmdesk.gui.settings import show_settings

        show_settings(self)

    @Slot()
    def _show_line_settings(self) -> None:
        from crmdesk.gui.settings import show_settings

        show_settings(self).show_lines()

    @Slot(str)
    def _show_section(self, title: str) -> None:
        from crmdesk.gui.settings import show_settings

        show_settings(self).show_section_called(title)

    @Slot()
    def _show_changes(self) -> None:
        from crmdesk.gui.settings import show_settings

        show_settings(self).show_changes()

    @Slot(object, object)
    def _change_settings(self, change: Change, then: Then) -> None:
        self.book.change(change, then=then)

    @Slot(str)
    def _keep_theme(self, mode: str) -> None:
        from crmdesk.gui.settings import keep_theme

        keep_theme(self, mode)


def _theme(app: QApplication, mode: str) -> Theme:
    try:
        existing = theme()
    except RuntimeError:
        return Theme(app, mode)
    existing.set_mode(mode)
    return existing
