"""Between the desk's reminders and the windows: a quiet line, a count on the rail, the list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.follow_ups import DueNews, FollowUp
from crmdesk.domain.records import RecordRef
from crmdesk.gui.bridge import Bridge, connect_queued
from crmdesk.gui.follow_ups.reminder_list import ReminderList
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.widgets.open_dialogs import show_again

if TYPE_CHECKING:
    from crmdesk.gui.main_window.window import MainWindow

_PAGE = "due"


class Reminding(QObject):
    """Shows what the desk reminds of; nothing of it takes the keyboard before it is asked to.

    Args:
        window: The main window.
        bridge: A listener of the core.
    """

    def __init__(self, window: MainWindow, bridge: Bridge) -> None:
        super().__init__(window)
        self._window = window
        connect_queued(bridge.follow_ups_due_signal, self._take)
        window.notices.reminders_wanted.connect(self.show_reminders)
        bind(window, keys.REMINDERS, self.show_reminders)

    @Slot(object)
    def _take(self, news: DueNews) -> None:
        self._window.notices.remind(news)
        waiting = f"{news.most}+" if news.waiting > news.most else str(news.waiting or "")
        told = f"{waiting} due today or overdue" if waiting else ""
        self._window.rail.set_count(_PAGE, waiting, "bad" if news.overdue else "accent", told)
        for page in self._window.pages.made():
            page.follow_ups_due(news)

    @Slot()
    def show_reminders(self) -> None:
        """Opens what was reminded of; where nothing was, the page of what is due."""
        window = self._window
        reminders, window.notices.reminders = window.notices.reminders, ()
        if not reminders:
            window.show_page(_PAGE)
            return
        if show_again(window, ReminderList):
            window.notices.reminders = reminders
            return
        dialog = ReminderList(window, window.context, reminders)
        dialog.wrote.connect(partial(window.customers().steps.tell))
        dialog.open_wanted.connect(self._open)
        dialog.all_wanted.connect(partial(window.show_page, _PAGE))
        dialog.open()

    def _open(self, one: FollowUp) -> None:
        self._window.open_record(RecordRef(TimelineKind.FOLLOW_UP, one.id, one.customer_id))
