"""What can be done with a follow-up wherever it stands: ended, postponed, changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.reminding import next_monday, other_day, postponed
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.follow_ups import FollowUp, FollowUpOutcome
from crmdesk.gui.follow_ups.dialog import FollowUpDialog
from crmdesk.gui.follow_ups.edits import edit_follow_up
from crmdesk.gui.follow_ups.postpone_dialog import PostponeDialog
from crmdesk.gui.follow_ups.reading import FollowUpForm, read_form
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets.buttons import action
from crmdesk.gui.widgets.open_dialogs import show_again

if TYPE_CHECKING:
    from crmdesk.store import Writer

Do = Callable[["Callable[[Writer], ChangeSet]"], None]


class FollowUpSteps(QObject):
    """Does steps with follow-ups.

    Args:
        context: The desk.
        window: What dialogs belong to.
        do: Writes a step, and offers to take it back.
        wrote: Gets the change that a dialog wrote.
        failed: Gets errors.
    """

    def __init__(
        self,
        context: PageContext,
        window: Callable[[], QWidget],
        do: Do,
        wrote: Callable[[ChangeSet], object],
        failed: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._window, self._do = context, window, do
        self._wrote, self._failed = wrote, failed

    def finish(self, one: FollowUp, outcome: FollowUpOutcome) -> None:
        """Ends it, well or badly, or cancels it."""
        if one.done_at is None:
            who = self._context.agent()
            self._do(lambda writer: writer.finish_follow_up(one.id, outcome, who, OWN_ZONE))

    def postpone_to(self, one: FollowUp, due_at: datetime) -> None:
        """It is due at another time; its reminder moves along."""
        moved = postponed(one, due_at, self._context.now(), OWN_ZONE)
        self._do(edit_follow_up(one, moved, self._context.agent()))

    def ask_postpone(self, one: FollowUp, anchor: QWidget, at: QPoint | None = None) -> None:
        """Opens a menu with tomorrow, next week and a typed day.

        Args:
            one: What is postponed.
            anchor: What the menu stands at.
            at: Where in it; its lower left corner where None.
        """
        if one.done_at is not None:
            return
        now = self._context.now()
        menu = QMenu(self._window())  # not of the anchor: a row is made anew when somebody writes
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, days in (("Tomorrow", 1), ("Next week", next_monday(now, OWN_ZONE))):
            due_at = other_day(one, days, now, OWN_ZONE)
            entry = action(menu, f"{name}  {follow_up_words.moment(due_at, now)}")
            entry.triggered.connect(partial(self.postpone_to, one, due_at))
            menu.addAction(entry)
        typed = action(menu, "Another day…")
        typed.triggered.connect(partial(self._ask_day, one))
        menu.addAction(typed)
        menu.popup(anchor.mapToGlobal(at or anchor.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _ask_day(self, one: FollowUp) -> None:
        dialog = PostponeDialog(self._window(), follow_up_words.name(one), self._context.now)
        dialog.chosen.connect(partial(self.postpone_to, one))
        dialog.open()

    def edit(self, one: FollowUp, form: FollowUpForm | None = None) -> None:
        """Opens the form; reads what it needs where it is not known."""
        if one.done_at is not None:
            return
        if form is not None:
            self._show_form(one, form)
            return
        reading = self._context.store.read(partial(read_form, customer_id=one.customer_id))
        await_future(reading, self, partial(self._show_form, one), self._failed)

    def _show_form(self, one: FollowUp, form: FollowUpForm | None) -> None:
        window = self._window()
        if form is None or show_again(window, FollowUpDialog):
            return
        dialog = FollowUpDialog(window, self._context, form, one)
        dialog.saved.connect(lambda _key, change: self._wrote(change))
        dialog.open()
