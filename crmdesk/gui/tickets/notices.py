"""Tells who sits here of tickets that are due soon, or were not done in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.tickets import TicketNews
from crmdesk.gui.models import ticket_words

if TYPE_CHECKING:
    from crmdesk.settings.model import Settings


def concerning(news: tuple[TicketNews, ...], settings: Settings) -> tuple[TicketNews, ...]:
    """What is this agent's: their own tickets, those escalated to them, and nobody's."""
    agent = settings.agent
    own = {agent.name, agent.extension} - {""}
    return tuple(
        one for one in news if not one.owner or one.owner in own or one.escalated_to in own
    )


class TicketNotices(QObject):
    """Turns what the desk recorded into one line, and opens what it is about.

    Args:
        settings: What holds now.
        now: The clock, aware UTC.

    Signals:
        told: The line and its tone.
        open_wanted: A `RecordRef` of the one ticket it is about, None for several.
    """

    told = Signal(str, str)
    open_wanted = Signal(object)

    def __init__(
        self,
        settings: Callable[[], Settings],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._now = settings, now
        self._latest: tuple[TicketNews, ...] = ()

    @Slot(object)
    def take(self, news: tuple[TicketNews, ...]) -> None:
        """Warnings and breaches were recorded."""
        found = concerning(news, self._settings())
        if found:
            self._latest = found
            self.told.emit(*ticket_words.news(found, self._now()))

    @Slot()
    def open(self) -> None:
        """Opens what was told last."""
        keys = {(one.ticket_id, one.customer_id) for one in self._latest}
        if len(keys) == 1:
            ((ticket_id, customer_id),) = keys
            self.open_wanted.emit(RecordRef(TimelineKind.TICKET, ticket_id, customer_id))
        elif keys:
            self.open_wanted.emit(None)
