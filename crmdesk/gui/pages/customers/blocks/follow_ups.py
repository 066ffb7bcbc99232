"""What was promised to the customer, and what is to be done next."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.follow_ups import FollowUp, FollowUpOutcome
from crmdesk.domain.records import RecordRef
from crmdesk.gui.follow_ups.dialog import ask_for_follow_up
from crmdesk.gui.follow_ups.reading import OpenFollowUps
from crmdesk.gui.follow_ups.steps import FollowUpSteps
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import isolate, joined, label, set_tooltip


def new_follow_up_of_shown(desk: CustomerDesk) -> None:
    """Asks what is to be done for the customer that is shown."""
    customer_id = desk.customer_id()
    if customer_id is not None:
        new_follow_up(desk, customer_id)


def new_follow_up(desk: CustomerDesk, customer_id: uuid.UUID) -> None:
    """Asks what is to be done for a customer, also while they are still being read."""

    def wrote(_key: object, change: ChangeSet) -> None:
        desk.wrote(change)

    ask_for_follow_up(desk.context, desk.window(), customer_id, wrote, desk.failed.emit)


def steps_of(desk: CustomerDesk) -> FollowUpSteps:
    """Steps whose changes the page tells of and takes back."""
    return FollowUpSteps(
        desk.context, desk.window, desk.do, desk.wrote, desk.failed.emit, parent=desk
    )


class FollowUpsBlock(Block):
    """Open ones, what is overdue on top; each can be ended and postponed by key."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Follow-ups", "follow-up")
        self.steps = steps_of(desk)
        self._rows: list[FollowUpRow] = []
        self.add_action("plus", keys.FOLLOW_UP, partial(new_follow_up_of_shown, desk))

    def show_value(self, value: OpenFollowUps, view: CustomerView) -> None:
        """Shows the open follow-ups of a customer."""
        focused = self._focused()
        self._rows = [self._row(one, view) for one in value.follow_ups]
        if not value.follow_ups:
            key = keys.FOLLOW_UP.sequence
            self.fill_empty(f"Nothing promised, nothing due. {key} notes what is to be done.")
            return
        rest = [self._all()] if value.more else []
        self.fill(*self._rows, *rest, count=None if value.more else len(value.follow_ups))
        if focused is not None:
            self._give_focus(*focused)

    def _focused(self) -> tuple[uuid.UUID, int] | None:
        """Which row has the keyboard, and where it stands."""
        focus = QApplication.focusWidget()
        for place, made in enumerate(self._rows):
            if focus is not None and (made is focus or made.isAncestorOf(focus)):
                return made.key, place
        return None

    def _give_focus(self, key: uuid.UUID, place: int) -> None:
        """Rows are made anew when something was written; whoever works by keys goes on there."""
        same = [made for made in self._rows if made.key == key]
        found = same or self._rows[min(place, len(self._rows) - 1) :][:1]
        found[0].setFocus()

    def _row(self, one: FollowUp, view: CustomerView) -> FollowUpRow:
        made = FollowUpRow(one, view)
        made.open_wanted.connect(partial(self._open, one))
        made.finish_wanted.connect(partial(self.steps.finish, one))
        made.postpone_wanted.connect(partial(self.steps.ask_postpone, one))
        return made

    def _open(self, one: FollowUp) -> None:
        self.desk.open(RecordRef(TimelineKind.FOLLOW_UP, one.id, one.customer_id))

    def _all(self) -> QWidget:
        made = button("All that is due", "link")
        made.clicked.connect(partial(self.desk.go_to.emit, "due", None))
        return made


class FollowUpRow(QWidget):
    """One line of the block; D, B, P, X and Enter work while it has the keyboard.

    Attributes:
        key: Which follow-up.

    Signals:
        open_wanted: It shall be opened.
        finish_wanted: It ended; carries the `FollowUpOutcome`.
        postpone_wanted: Another day is wanted; carries the widget the menu stands at.
    """

    open_wanted = Signal()
    finish_wanted = Signal(object)
    postpone_wanted = Signal(object)

    def __init__(self, one: FollowUp, view: CustomerView) -> None:
        super().__init__()
        self.key = one.id
        words = follow_up_words.due(one, view.now)
        name = button(follow_up_words.KINDS[one.kind], "link")
        name.setAccessibleName(follow_up_words.name(one))
        set_tooltip(name, one.detail)
        name.clicked.connect(self.open_wanted)
        self.done = icon_button("check", follow_up_words.done_word(one.kind))
        key = shown_key(keys.FOLLOW_UP_DONE.sequence)
        set_tooltip(self.done, follow_up_words.done_word(one.kind), key)
        self.done.clicked.connect(partial(self.finish_wanted.emit, FollowUpOutcome.KEPT))
        self.later = icon_button("clock", keys.FOLLOW_UP_POSTPONE.text)
        key = shown_key(keys.FOLLOW_UP_POSTPONE.sequence)
        set_tooltip(self.later, keys.FOLLOW_UP_POSTPONE.text, key)
        self.later.clicked.connect(self._postpone)
        owner = view.names.anybody(one.responsible)
        quiet = joined((words.text, isolate(owner), follow_up_words.repeats(one.repeat)))
        due = label(quiet, "small", words.tone, wrap=True)
        set_tooltip(due, words.tip)
        self._lay_out(name, wrapped(one.title), due, icon_label(words.icon, words.tone))
        self.setAccessibleName(joined((follow_up_words.name(one), words.text, owner), ", "))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _lay_out(self, name: QWidget, title: QWidget, due: QWidget, icon: QWidget) -> None:
        head = row(name, 1, spacing=Space.NONE)
        head.addWidget(self.done)
        head.addWidget(self.later)
        under = row(spacing=Space.XS)
        under.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        under.addWidget(due, 1)
        self.setLayout(column(head, title, under, spacing=Space.HAIR))

    def _postpone(self) -> None:
        self.postpone_wanted.emit(self.later)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Its keys, while the keyboard is in it."""
        outcome = _OUTCOMES.get(Qt.Key(event.key()))
        if event.modifiers():
            super().keyPressEvent(event)
        elif outcome is not None:
            self.finish_wanted.emit(outcome)
        elif event.key() == Qt.Key.Key_P:
            self._postpone()
        else:
            super().keyPressEvent(event)


_OUTCOMES = {
    Qt.Key.Key_D: FollowUpOutcome.KEPT,
    Qt.Key.Key_B: FollowUpOutcome.BROKEN,
    Qt.Key.Key_X: FollowUpOutcome.CANCELLED,
}
