"""Who changed what of a customer, opened in place of the timeline."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.domain.audit import HistoryPlace, HistoryStep, RowHistory
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.edits import CUSTOM
from crmdesk.gui.history.reading import Chosen, HistoryRead, read_page
from crmdesk.gui.history.step_widget import StepWidget
from crmdesk.gui.models.history_words import TABLES, HistoryWords
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import combo_box
from crmdesk.gui.widgets.focus import tab_stops, tab_through
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import clear

_FIELDS = (
    "name",
    "company_id",
    "role",
    "segment",
    "status",
    "language",
    "salutation",
    "account_id",
    "source",
    "customer_since",
    "do_not_call",
    "owner",
)
"""Fields of everybody whose own history can be asked for."""


class HistoryView(RecordView):
    """Steps, newest first, of all fields or one, of everybody or one person."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk)
        self._asked = 0
        self._next: HistoryPlace | None = None
        self._is_filling = False
        self.field = combo_box([("Everything", "")], name="What was changed")
        self.person = combo_box([("By everybody", None)], name="Who changed it")
        for box in (self.field, self.person):
            box.currentIndexChanged.connect(self._choose)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(Space.M)
        self._empty = EmptyState(
            "log",
            "Nothing was changed yet.",
            "What somebody changes appears here, with who and when.",
        )
        self.older = button("Older changes", "plain")
        self.older.clicked.connect(self._read_on)
        choices = QWidget()
        choices.setLayout(row(self.field, self.person, 1, spacing=Space.S))
        steps = QWidget()
        steps.setLayout(column(self._steps, spacing=Space.NONE))
        more = QWidget()
        more.setLayout(row(self.older, 1))
        self.fill((choices, steps, self._empty, more))

    def title(self, _value: HistoryRead) -> str:
        """In the bar."""
        return "History"

    def focus_first(self) -> None:
        """Into the choice of what is shown."""
        self.field.setFocus()

    def leave(self) -> None:
        """The next one begins with everything."""
        self._asked += 1
        self._fill_choices((), "")

    def show_value(self, value: HistoryRead, view: CustomerView) -> None:
        """Shows the newest; where a part is chosen, the newest of that."""
        about = self.ref.about if self.ref else ""
        kept = self.field.currentData() or about
        self._fill_choices(value.people, str(kept))
        if self._chosen() == Chosen():
            self._asked += 1
            self._show(self._asked, value)
        else:
            self._choose()

    def shown(self) -> list[StepWidget]:
        """The steps that are shown."""
        items = (self._steps.itemAt(place) for place in range(self._steps.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [one for one in widgets if isinstance(one, StepWidget)]

    def _stops(self) -> list[QWidget]:
        return [stop for step in self.shown() for stop in tab_stops(step)]

    def move_cursor(self, step: int) -> bool:
        """To the way back of the next or earlier step that has one."""
        steps = [one for one in self.shown() if tab_stops(one)]
        focus = self.window().focusWidget()
        at = next((i for i, one in enumerate(steps) if focus and one.isAncestorOf(focus)), -1)
        place = at + step if at >= 0 else 0
        if 0 <= place < len(steps):
            tab_stops(steps[place])[0].setFocus(Qt.FocusReason.TabFocusReason)
            self.seen.emit(steps[place])
        return True

    # --- choosing ---------------------------------------------------------------------------

    def _chosen(self) -> Chosen:
        return Chosen(str(self.field.currentData() or ""), self.person.currentData())

    def _fill_choices(self, people: tuple[str, ...], about: str) -> None:
        person = self.person.currentData()
        self._is_filling = True
        self.field.clear()
        for text, value in self._field_choices():
            self.field.addItem(text, value)
        self.field.setCurrentIndex(max(0, self.field.findData(about)))
        self.person.clear()
        self.person.addItem("By everybody", None)
        names = self.desk.context.names()
        for who in people:
            self.person.addItem(f"By {names.anybody(who)}", who)
        self.person.setCurrentIndex(max(0, self.person.findData(person) if person else 0))
        self._is_filling = False

    def _field_choices(self) -> list[tuple[str, str]]:
        words = self._words({})
        plain = [(words.title("customer", name), f"customer.{name}") for name in _FIELDS]
        own = [(one.title, CUSTOM + one.key) for one in self.desk.context.plan.value.fields]
        tables = [
            (f"All of: {title.lower()}", table)
            for table, title in TABLES.items()
            if table not in {"customer", "custom_value", "ticket_entry"}
        ]
        return [("Everything", ""), *plain, *own, *tables]

    def _choose(self) -> None:
        if not self._is_filling:
            self._ask(None)

    def _read_on(self) -> None:
        self._ask(self._next)

    def _ask(self, before: HistoryPlace | None) -> None:
        if self.ref is None:
            return
        self._asked += 1
        job = partial(
            read_page, customer_id=self.ref.customer_id, chosen=self._chosen(), before=before
        )
        shown = partial(self._show, self._asked)
        await_future(self.desk.context.store.read(job), self, shown, self.desk.failed.emit)

    # --- showing ----------------------------------------------------------------------------

    def _words(self, names: Mapping[uuid.UUID, str]) -> HistoryWords:
        context = self.desk.context
        return HistoryWords(context.names(), context.plan.value.fields, names)

    def _show(self, asked: int, value: HistoryRead) -> None:
        if asked != self._asked:
            return
        if not value.gone_on:
            clear(self._steps)
        words = self._words(value.names)
        for step in value.page.steps:
            self._steps.addWidget(self._step(step, words))
            self._steps.addWidget(rule())
        tab_through((self.field, self.person, *self._stops(), self.older))
        self._next = value.page.next
        self.older.setVisible(self._next is not None)
        self._empty.setVisible(not self._steps.count())

    def _step(self, step: HistoryStep, words: HistoryWords) -> StepWidget:
        made = StepWidget(step, words)
        made.field_wanted.connect(self._set_back)
        made.undo_wanted.connect(self._undo)
        made.changes_wanted.connect(self._show_changes)
        return made

    # --- taking back ------------------------------------------------------------------------

    def _set_back(self, line: RowHistory, field: str) -> None:
        from crmdesk.store.audit.editing import CustomerEdits

        if self.ref is None:
            return
        customer_id, who = self.ref.customer_id, self.desk.context.agent()
        self.desk.do(lambda w: CustomerEdits(w).set_back(customer_id, line.id, field, who))

    def _show_changes(self) -> None:
        self.desk.go_to.emit("changes", None)

    def _undo(self, step: HistoryStep) -> None:
        """The bar of the page tells how it went."""
        change = ChangeSet(step.change_id, step.kind, step.title, step.who, step.at, len(step.rows))
        self.desk.steps.undo(change)
