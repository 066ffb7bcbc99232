"""The one way from the other threads into the windows.

The core calls the listener's methods in its own threads; each emits a signal that is
delivered in the GUI thread. Only frozen dataclasses pass. Connect with `connect_queued`:
queued, and only to `@Slot` methods (undecorated callables have crashed across threads).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance


class Bridge(QObject):
    """A listener of the core whose signals arrive in the GUI thread."""

    pop_changed_signal = Signal(object)
    call_changed_signal = Signal(object)
    line_health_changed_signal = Signal(object)
    store_health_changed_signal = Signal(object)
    desk_requested_signal = Signal(object)

    def pop_changed(self, card: object) -> None:
        """A `PopCard` is new or changed; called in any thread."""
        self.pop_changed_signal.emit(card)

    def call_changed(self, call: object) -> None:
        """A row of the call log is new or changed; called in any thread."""
        self.call_changed_signal.emit(call)

    def line_health_changed(self, health: object) -> None:
        """A `LineHealth` changed; called in any thread."""
        self.line_health_changed_signal.emit(health)

    def store_health_changed(self, health: object) -> None:
        """The store's health changed; called in any thread."""
        self.store_health_changed_signal.emit(health)

    def desk_requested(self, request: object) -> None:
        """Another program asks for a window; called in any thread."""
        self.desk_requested_signal.emit(request)


def connect_queued(signal: SignalInstance, slot: Callable[..., object]) -> None:
    """Connects a signal that may be emitted in another thread to a `@Slot` method."""
    signal.connect(slot, Qt.ConnectionType.QueuedConnection)
