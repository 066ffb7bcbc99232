"""What was reminded of: done, later, or opened, from one small window."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.reminding import snoozed_until_morning
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import FollowUp, FollowUpOutcome
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, icon_label
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import isolate, joined, label, set_tooltip, set_window_title

if TYPE_CHECKING:
    from crmdesk.store import Writer

_WIDTH = 600
_MOST = 8
_TEN_MINUTES, _HOUR = timedelta(minutes=10), timedelta(hours=1)
_SNOOZES = (("10 min", "1", _TEN_MINUTES), ("1 hour", "2", _HOUR), ("Tomorrow", "3", None))
"""Text, key, and how much later; None for the next morning."""


class ReminderList(FittedDialog):
    """Shows reminders; it closes when nothing is left.

    Args:
        parent: The window.
        context: The desk.
        reminders: What to show, the earliest first.

    Signals:
        open_wanted: The `FollowUp` shall be opened.
        all_wanted: The page of what is due shall be shown.
        wrote: A step is in the store; carries its `ChangeSet`.
    """

    open_wanted = Signal(object)
    all_wanted = Signal()
    wrote = Signal(object)

    def __init__(
        self, parent: QWidget | None, context: PageContext, reminders: Iterable[FollowUp]
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Reminders")
        self._context = context
        found = tuple(reminders)
        self.rows = [self._row(one) for one in found[:_MOST]]
        self._left = len(found) - len(self.rows)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._lay_out()
        self._tell_keys()
        if self.rows:
            self.rows[0].setFocus()

    def _lay_out(self) -> None:
        parts: list[QWidget] = [label("Reminders", "lead-strong"), self.trouble]
        for made in self.rows:
            parts += [made, rule()]
        more = button(f"{self._left} more: all that is due", "link")
        set_shown(more, self._left > 0)
        more.clicked.connect(self._show_all)
        everything = button("All that is due")
        everything.clicked.connect(self._show_all)
        close = button("Close", "primary")
        close.clicked.connect(self.reject)
        items = column(*parts, more, row(everything, 1, close), spacing=Space.M, margin=Space.XL)
        self.setLayout(items)

    def _tell_keys(self) -> None:
        self.setAccessibleDescription("D done, 1 to 3 later, Enter opens, Up and Down move.")

    def _row(self, one: FollowUp) -> ReminderRow:
        made = ReminderRow(one, self._context.now())
        made.done_wanted.connect(partial(self._finish, made))
        made.snooze_wanted.connect(partial(self._snooze, made))
        made.open_wanted.connect(partial(self._open, one))
        made.move_wanted.connect(partial(self._move, made))
        return made

    # --- doing ------------------------------------------------------------------------------

    def _finish(self, made: ReminderRow) -> None:
        kept, who = FollowUpOutcome.KEPT, self._context.agent()
        key = made.follow_up.id
        self._write(made, lambda writer: writer.finish_follow_up(key, kept, who, OWN_ZONE))

    def _snooze(self, made: ReminderRow, later: timedelta | None) -> None:
        now, who = self._context.now(), self._context.agent()
        at = now + later if later is not None else snoozed_until_morning(now, OWN_ZONE)
        self._write(made, partial(_remind_at, key=made.follow_up.id, at=at, who=who))

    def _write(self, made: ReminderRow, job: Callable[[Writer], ChangeSet | None]) -> None:
        made.setEnabled(False)
        written = partial(self._written, made)
        failed = partial(self._not_written, made)
        await_future(self._context.store.write(job), self, written, failed)

    def _written(self, made: ReminderRow, change: ChangeSet | None) -> None:
        place = self.rows.index(made)
        self.rows.remove(made)
        made.hide()
        if change is not None:
            self.wrote.emit(change)
        if not self.rows:
            self.accept()
        else:
            self.rows[min(place, len(self.rows) - 1)].setFocus()

    def _not_written(self, made: ReminderRow, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        made.setEnabled(True)
        self.trouble.tell_error(error)
        self.trouble.show()

    def _open(self, one: FollowUp) -> None:
        self.accept()
        self.open_wanted.emit(one)

    def _show_all(self) -> None:
        self.accept()
        self.all_wanted.emit()

    def _move(self, made: ReminderRow, step: int) -> None:
        place = self.rows.index(made) + step
        self.rows[max(0, min(place, len(self.rows) - 1))].setFocus()


class ReminderRow(QWidget):
    """One reminder with what can be done.

    Signals:
        done_wanted, open_wanted: As they say.
        snooze_wanted: How much later, None for the next morning.
        move_wanted: The keyboard goes so many rows on.
    """

    done_wanted = Signal()
    open_wanted = Signal()
    snooze_wanted = Signal(object)
    move_wanted = Signal(int)

    def __init__(self, one: FollowUp, now: datetime) -> None:
        super().__init__()
        self.follow_up = one
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = follow_up_words.due(one, now)
        name = button(follow_up_words.name(one), "link")
        name.clicked.connect(self.open_wanted)
        text = joined((isolate(one.customer_name), words.text))
        quiet = wrapped(text, "small", words.tone)
        texts = column(row(name, 1), quiet, spacing=Space.NONE)
        head = row(spacing=Space.S)
        icon = icon_label(words.icon, words.tone)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        self.setLayout(column(head, row(*self._buttons(), 1), spacing=Space.S))
        self.setAccessibleName(joined((follow_up_words.name(one), one.customer_name, words.text)))

    def _buttons(self) -> list[QPushButton]:
        done = button(follow_up_words.done_word(self.follow_up.kind), icon="check")
        set_tooltip(done, follow_up_words.done_word(self.follow_up.kind), "D")
        done.clicked.connect(self.done_wanted)
        made = [done]
        for text, key, later in _SNOOZES:
            one = button(text, "quiet", icon="clock")
            set_tooltip(one, f"Remind again: {text.lower()}", key)
            one.clicked.connect(partial(self.snooze_wanted.emit, later))
            made.append(one)
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """D, 1 to 3, Enter and the arrows, while it has the keyboard."""
        later = {key: (later,) for _, key, later in _SNOOZES}.get(event.text())
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}.get(
            Qt.Key(event.key())
        )
        if event.key() == Qt.Key.Key_D:
            self.done_wanted.emit()
        elif later is not None:
            self.snooze_wanted.emit(later[0])
        elif step is not None:
            self.move_wanted.emit(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.open_wanted.emit()
        else:
            super().keyPressEvent(event)


def _remind_at(writer: Writer, key: uuid.UUID, at: datetime, who: str) -> ChangeSet | None:
    """Another reminder of one that is still open; None where somebody ended it meanwhile."""
    one = writer.follow_up(key)
    if one is None or one.done_at is not None:
        return None
    return writer.edit_follow_up(one, replace(one, remind_at=at), who)
