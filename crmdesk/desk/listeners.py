"""Who wants to hear of pops, calls and health: the GUI's bridge, `listen`, tests."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmdesk.desk.outreach.mail import Attempt
    from crmdesk.domain.call_log import CallRow
    from crmdesk.domain.follow_ups import DueNews
    from crmdesk.domain.ledger import LedgerLine
    from crmdesk.domain.lines import LineHealth
    from crmdesk.domain.pops import PopCard
    from crmdesk.domain.requests import DeskRequest
    from crmdesk.domain.store_health import StoreHealth
    from crmdesk.domain.tickets import TicketNews

log = logging.getLogger(__name__)


class DeskListener(Protocol):
    """What a listener is told, always on the NET thread; it must return at once."""

    def pop_changed(self, card: PopCard) -> None:
        """A card appeared, or changed; `call_id` and `extension` say which."""

    def call_changed(self, row: CallRow) -> None:
        """The state of a call is safe in the store; `match_state` is None until matched."""

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        """Lines of the ledger are safe in the store; they come in batches, in order."""

    def line_health_changed(self, health: LineHealth) -> None:
        """A phone line came up, went down or works less well."""

    def store_health_changed(self, health: StoreHealth) -> None:
        """Calls cannot be written now and wait in memory, or can be written again."""

    def desk_requested(self, request: DeskRequest) -> None:
        """Another program asks for the main window or the dialling dialog."""

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        """Warnings and breaches of tickets that were recorded just now."""

    def follow_ups_due(self, news: DueNews) -> None:
        """Reminders of what is to be done here, or how much of it waits."""

    def message_tried(self, attempt: Attempt) -> None:
        """The mail server was asked to take a message; what became of it is in the store."""


class Listeners:
    """Tells everybody; one that fails does not keep the others from hearing."""

    def __init__(self) -> None:
        self._listeners: list[DeskListener] = []
        self._on_call: list[Callable[[CallRow], None]] = []

    def add(self, listener: DeskListener) -> None:
        """Adds a listener."""
        self._listeners.append(listener)

    def on_call(self, tell: Callable[[CallRow], None]) -> None:
        """Adds a part of the desk that wants to hear of saved calls only."""
        self._on_call.append(tell)

    def remove(self, listener: DeskListener) -> None:
        """Removes a listener; unknown ones are ignored."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def pop_changed(self, card: PopCard) -> None:
        """Tells of a card."""
        for listener in tuple(self._listeners):
            _guarded(listener.pop_changed, card)

    def call_changed(self, row: CallRow) -> None:
        """Tells of a saved call."""
        for tell in self._on_call:
            _guarded(tell, row)
        for listener in tuple(self._listeners):
            _guarded(listener.call_changed, row)

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        """Tells of lines of the ledger."""
        for listener in tuple(self._listeners):
            _guarded(listener.ledger_written, lines)

    def line_health_changed(self, health: LineHealth) -> None:
        """Tells of a line."""
        for listener in tuple(self._listeners):
            _guarded(listener.line_health_changed, health)

    def store_health_changed(self, health: StoreHealth) -> None:
        """Tells how the store is."""
        for listener in tuple(self._listeners):
            _guarded(listener.store_health_changed, health)

    def desk_requested(self, request: DeskRequest) -> None:
        """Tells what another program asks for."""
        for listener in tuple(self._listeners):
            _guarded(listener.desk_requested, request)

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        """Tells of tickets that are due soon, or were not done in time."""
        for listener in tuple(self._listeners):
            _guarded(listener.tickets_due, news)

    def follow_ups_due(self, news: DueNews) -> None:
        """Tells of reminders, and how much waits."""
        for listener in tuple(self._listeners):
            _guarded(listener.follow_ups_due, news)

    def message_tried(self, attempt: Attempt) -> None:
        """Tells what became of a message."""
        for listener in tuple(self._listeners):
            _guarded(listener.message_tried, attempt)


def _guarded(tell: Callable[..., None], *args: object) -> None:
    try:
        tell(*args)
    except Exception:
        # The border between the desk and whoever listens: a broken window must not stop calls.
        log.exception("a listener failed")
