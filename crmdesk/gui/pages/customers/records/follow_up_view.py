"""A follow-up, opened: what is to be done, what was done with it, and its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from crmdesk.domain.audit import HistoryStep
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind, FollowUpOutcome
from crmdesk.gui.follow_ups.reading import OpenedFollowUp
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.blocks.follow_ups import steps_of
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key, bind
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.buttons import button, icon_label, set_icon, shown_key
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, chip, rule, set_chip
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import joined, label, set_tone, set_tooltip

_TELL_AGAIN_MS = 30_000
"""Times are told to the minute."""

_TONES = {
    FollowUpKind.PROMISE: "accent",
    FollowUpKind.CALL_BACK: "warn",
}


class FollowUpRecordView(RecordView):
    """Shows one follow-up after the other."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk)
        self._opened: OpenedFollowUp | None = None
        self.steps = steps_of(desk)
        self._make_head()
        self._make_buttons()
        self._facts = QVBoxLayout()
        self._facts.setSpacing(Space.XS)
        self._detail = wrapped("")
        self._history = QVBoxLayout()
        self._history.setSpacing(Space.S)
        self._lay_out()
        self._tell_again = QTimer(self)
        self._tell_again.setInterval(_TELL_AGAIN_MS)
        self._tell_again.timeout.connect(self._show_due)

    # --- making -----------------------------------------------------------------------------

    def _make_head(self) -> None:
        self._title = wrapped("", "lead-strong")
        self._about = wrapped("", "small", "muted")
        self._kind = chip("")
        self._repeat = chip("")
        self._due_icon = icon_label("clock")
        self._due = wrapped("", "strong")

    def _make_buttons(self) -> None:
        self.done = self._button("Done", keys.FOLLOW_UP_DONE, partial(self._end, _O.KEPT))
        self.broken = self._button("Not done", keys.FOLLOW_UP_BROKEN, partial(self._end, _O.BROKEN))
        self.later = self._button("Postpone", keys.FOLLOW_UP_POSTPONE, self.postpone)
        self.change = self._button("Edit", keys.FOLLOW_UP_EDIT, self.edit)
        self.cancel = self._button(
            "Cancel it", keys.FOLLOW_UP_CANCEL, partial(self._end, _O.CANCELLED)
        )
        self.ring = button("Call", icon="phone")
        set_tooltip(self.ring, keys.CALL.text)
        self.ring.clicked.connect(self._call)

    def _button(self, text: str, key: Key, act: Callable[[], object]) -> QPushButton:
        made = button(text)
        set_tooltip(made, key.text, shown_key(key.sequence))
        made.clicked.connect(act)
        bind(self, key, act)
        return made

    def _lay_out(self) -> None:
        due = row(self._due_icon, spacing=Space.S)
        due.addWidget(self._due, 1)
        head = column(self._title, self._about, spacing=Space.XS)
        head.addLayout(flow(self._kind, self._repeat, spacing=Space.XS))
        head.addLayout(due)
        head.addLayout(self._facts)
        head.addWidget(self._detail)
        buttons = (self.done, self.broken, self.later, self.change, self.cancel, self.ring)
        head.addLayout(flow(*buttons, spacing=Space.S))
        head.setSpacing(Space.S)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.body.addWidget(SectionHeader("History", "log"))
        self.body.addLayout(self._history)

    # --- showing ----------------------------------------------------------------------------

    def title(self, value: OpenedFollowUp) -> str:
        """Its kind."""
        return follow_up_words.KINDS[value.follow_up.kind]

    def show_value(self, value: OpenedFollowUp, view: CustomerView) -> None:
        """Shows a follow-up."""
        self._opened = value
        one, names = value.follow_up, view.names
        set_wrapped(self._title, one.title)
        by = joined(("noted by", names.anybody(one.who)), " ") if one.who else "noted"
        set_wrapped(self._about, joined((by, times.full(one.at))))
        set_chip(self._kind, follow_up_words.KINDS[one.kind], _TONES.get(one.kind, "neutral"))
        set_chip(self._repeat, follow_up_words.repeats(one.repeat), "neutral")
        set_wrapped(self._detail, one.detail)
        self._detail.setVisible(bool(one.detail))
        self._show_facts(one, view)
        self._show_due()
        self._show_buttons(one)
        self._show_history(value.steps, names, view)
        self._tell_again.start()

    def leave(self) -> None:
        """Its time need not be told any more."""
        self._tell_again.stop()
        self._opened = None

    @property
    def follow_up(self) -> FollowUp | None:
        """What is shown."""
        return self._opened.follow_up if self._opened else None

    @Slot()
    def _show_due(self) -> None:
        one = self.follow_up
        if one is None:
            return
        words = follow_up_words.due(one, self.desk.context.now())
        set_wrapped(self._due, words.text)
        set_tooltip(self._due, words.tip)
        set_tone(self._due, "text" if words.tone == "muted" else words.tone)
        set_icon(self._due_icon, words.icon, words.tone)

    def _show_facts(self, one: FollowUp, view: CustomerView) -> None:
        clear(self._facts)
        for name, value in _facts(one, view):
            line = row(label(name, "body", "muted"), spacing=Space.M)
            line.addWidget(wrapped(value), 1)
            made = QWidget()
            made.setLayout(line)
            self._facts.addWidget(made)

    def _show_buttons(self, one: FollowUp) -> None:
        is_open = one.done_at is None
        self.done.setText(follow_up_words.done_word(one.kind))
        self.broken.setText(follow_up_words.broken_word(one.kind))
        for made in (self.done, self.broken, self.later, self.change, self.cancel):
            made.setVisible(is_open)
        self.ring.setVisible(is_open and one.kind is FollowUpKind.CALL_BACK)

    def _show_history(
        self, steps: tuple[HistoryStep, ...], names: Names, view: CustomerView
    ) -> None:
        clear(self._history)
        for step in steps:
            self._history.addWidget(_step(step, names, view))
        if not steps:
            self._history.addWidget(label("Imported, or older than the history.", tone="muted"))

    # --- doing ------------------------------------------------------------------------------

    def _end(self, outcome: FollowUpOutcome) -> None:
        if (one := self.follow_up) is not None:
            self.steps.finish(one, outcome)

    def postpone(self) -> None:
        """Asks for another day."""
        if (one := self.follow_up) is not None:
            self.steps.ask_postpone(one, self.later)

    def edit(self) -> None:
        """Opens the form."""
        if self._opened is not None:
            self.steps.edit(self._opened.follow_up, self._opened.form)

    def _call(self) -> None:
        if (one := self.follow_up) is not None:
            self.desk.call_wanted.emit(one.e164)


_O = FollowUpOutcome


def _facts(one: FollowUp, view: CustomerView) -> Iterator[tuple[str, str]]:
    """Name and value of what else is known; what is not known is left out."""
    now = view.now
    yield "Owner", view.names.anybody(one.responsible) or "Nobody's yet"
    yield "Due", follow_up_words.moment(one.due_at, now)
    if one.ends_at is not None:
        yield "Until", times.clock(one.ends_at)
    if one.place:
        yield "Place", one.place
    if one.e164:
        yield "Number", view.names.number(one.e164)
    if one.done_at is None:
        yield "Reminder", follow_up_words.moment(one.reminds_at, now)


def _step(step: HistoryStep, names: Names, view: CustomerView) -> QWidget:
    made = QWidget()
    undone = "taken back since" if step.is_undone else ""
    who, when = names.anybody(step.who), times.ago(step.at, view.now)
    note = label(joined((who, when, undone)), "small", "muted", wrap=True)
    set_tooltip(note, times.full(step.at))
    made.setLayout(column(wrapped(step.title), note, spacing=Space.HAIR))
    return made
