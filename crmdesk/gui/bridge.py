"""The one way from the other threads into the windows.

The core calls the listener's methods in its own threads; each emits a signal that is
delivered in the GUI thread. Only frozen dataclasses pass. Connect with `connect_queued`:
queued, and only to `@Slot` methods (undecorated callables have crashed across threads).

Cards pass at once. States of calls are collected: a busy phone system changes hundreds a
second, and a window that repaints its list for each has no time left to paint the pop.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance, Slot

from crmdesk.domain.call_log import CallRow

CALLS_EVERY_MS = 250
"""The first change after a pause is told at once, those that follow so often."""


class Bridge(QObject):
    """A listener of the core whose signals arrive in the GUI thread."""

    pop_changed_signal = Signal(object)
    call_changed_signal = Signal(object)
    ledger_written_signal = Signal()
    line_health_changed_signal = Signal(object)
    store_health_changed_signal = Signal(object)
    desk_requested_signal = Signal(object)
    tickets_due_signal = Signal(object)
    follow_ups_due_signal = Signal(object)
    message_tried_signal = Signal(object)
    _calls_wait = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._calls: dict[uuid.UUID, CallRow] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(CALLS_EVERY_MS)
        self._rest.timeout.connect(self._tell_calls)
        connect_queued(self._calls_wait, self._calls_came)

    def pop_changed(self, card: object) -> None:
        """A `PopCard` is new or changed; called in any thread."""
        self.pop_changed_signal.emit(card)

    def call_changed(self, row: CallRow) -> None:
        """A row of the call log is new or changed; called in any thread."""
        with self._lock:
            is_first = not self._calls
            self._calls[row.call.id] = row
        if is_first:
            self._calls_wait.emit()

    def ledger_written(self, _lines: object) -> None:
        """The ledger has new lines, a few times a second at most; called in any thread."""
        self.ledger_written_signal.emit()

    def line_health_changed(self, health: object) -> None:
        """A `LineHealth` changed; called in any thread."""
        self.line_health_changed_signal.emit(health)

    def store_health_changed(self, health: object) -> None:
        """The store's health changed; called in any thread."""
        self.store_health_changed_signal.emit(health)

    def desk_requested(self, request: object) -> None:
        """Another program asks for a window; called in any thread."""
        self.desk_requested_signal.emit(request)

    def tickets_due(self, news: object) -> None:
        """A tuple of `TicketNews` was recorded; called in any thread."""
        self.tickets_due_signal.emit(news)

    def follow_ups_due(self, news: object) -> None:
        """`DueNews`: reminders, or how much waits; called in any thread."""
        self.follow_ups_due_signal.emit(news)

    def message_tried(self, attempt: object) -> None:
        """An `Attempt` was made; called in any thread."""
        self.message_tried_signal.emit(attempt)

    @Slot()
    def _calls_came(self) -> None:
        if not self._rest.isActive():
            self._tell_calls()

    @Slot()
    def _tell_calls(self) -> None:
        """Tells the newest state of each call that changed."""
        with self._lock:
            rows, self._calls = self._calls, {}
        if rows:
            self._rest.start()
        for row in rows.values():
            self.call_changed_signal.emit(row)


def connect_queued(signal: SignalInstance, slot: Callable[..., object]) -> None:
    """Connects a signal that may be emitted in another thread to a `@Slot` method."""
    signal.connect(slot, Qt.ConnectionType.QueuedConnection)
