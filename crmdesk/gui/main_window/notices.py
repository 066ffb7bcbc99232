"""What is told in a quiet line and in the tray: clocks of tickets, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.domain.follow_ups import DueNews, FollowUp
from crmdesk.domain.tickets import TicketNews
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.tickets.notices import TicketNotices

if TYPE_CHECKING:
    from crmdesk.settings.model import Settings


class Notices(QObject):
    """Turns what the desk tells into one line, and opens what was told last.

    Args:
        settings: What holds now.
        now: The clock, aware UTC.

    Attributes:
        reminders: What was reminded of and not looked at yet.

    Signals:
        told: The line and its tone.
        open_wanted: A `RecordRef` of the one ticket it is about, None for several.
        reminders_wanted: The reminders shall be shown.
    """

    told = Signal(str, str)
    open_wanted = Signal(object)
    reminders_wanted = Signal()

    def __init__(
        self,
        settings: Callable[[], Settings],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._tickets = TicketNotices(settings, now, self)
        self._tickets.told.connect(self._tell_ticket)
        self._tickets.open_wanted.connect(self.open_wanted)
        self._is_reminder = False
        self.reminders: tuple[FollowUp, ...] = ()

    @Slot(object)
    def take(self, news: tuple[TicketNews, ...]) -> None:
        """Warnings and breaches were recorded."""
        self._tickets.take(news)

    def _tell_ticket(self, text: str, tone: str) -> None:
        self._is_reminder = False
        self.told.emit(text, tone)

    def remind(self, news: DueNews) -> None:
        """Reminders have come; those that nobody looked at stay with them."""
        if not news.reminders:
            return
        new = {one.id for one in news.reminders}
        before = tuple(one for one in self.reminders if one.id not in new)
        self.reminders = (*before, *news.reminders)
        self._is_reminder = True
        self.told.emit(*follow_up_words.reminder(news.reminders, news.missed, self._now()))

    @Slot()
    def open(self) -> None:
        """Opens what was told last."""
        if self._is_reminder:
            self.reminders_wanted.emit()
        else:
            self._tickets.open()
