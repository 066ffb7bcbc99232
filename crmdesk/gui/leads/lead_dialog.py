"""The form of a lead, and the question why one was lost."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.planning import Choice, PicklistKey, Picklists, Situation
from crmdesk.gui.models import lead_words
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.sales.store_dialog import StoreDialog
from crmdesk.gui.sales.typed_fields import DayField, MoneyField, end_of
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title

_MOST_CHARS = 200
_PERCENTS = 100
_UNKNOWN = ("Not known", "")


def new_lead(
    customer_id: uuid.UUID, now: datetime, lists: Picklists, source: str = "", owner: str = ""
) -> Lead:
    """A lead of this moment, in the first stage that is open."""
    offered = lead_words.stages(lists, LeadState.OPEN)
    stage = offered[0].key if offered else "new"
    return Lead(uuid.uuid4(), customer_id, now, "", stage, source=source, owner=owner)


class LeadDialog(StoreDialog):
    """Asks for a lead, or changes one; its stage is changed on the lead itself.

    Args:
        parent: The window.
        context: The desk.
        lead: As it is, or `new_lead`.
        people: Who may have it.
        is_new: Whether it is in the store yet.
        heading: Whose it is.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        lead: Lead,
        people: Iterable[str] = (),
        *,
        is_new: bool,
        heading: str = "",
    ) -> None:
        title, answer = ("New lead", "Add lead") if is_new else ("Edit lead", "Save")
        super().__init__(parent, context, title, answer)
        self._lead, self._is_new = lead, is_new
        self._make_fields(lead, people)
        for line in (self.title, self.percent, self.next_step):
            line.textChanged.connect(self.check)
        self.source.currentIndexChanged.connect(self.check)
        self.owner.editTextChanged.connect(self.check)
        for field in (self.value, self.expected, self.step_day):
            field.changed.connect(self.check)
        self._lay_out(heading or title)
        self.title.setFocus()

    def _make_fields(self, lead: Lead, people: Iterable[str]) -> None:
        now, lists = self.context.now(), self.context.plan.lists
        self.title = line_edit("e.g. 20 desks for the new office", name="What it is about")
        self.title.setText(lead.title)
        self.title.setMaxLength(_MOST_CHARS)
        self.source = _choice(lists.offered(PicklistKey.SOURCE, lead.source), lead.source, "Source")
        stages = lead_words.stages(lists, LeadState.OPEN, lead.stage)
        self.stage = combo_box(((one.title, one.key) for one in stages), name="Stage")
        self.stage.setCurrentIndex(max(self.stage.findData(lead.stage), 0))
        self.value = MoneyField(
            self._title("value", "Value"), lead.currency, "What it brings if it comes off."
        )
        if lead.value_cents:
            self.value.set_value(lead.value_cents, lead.currency)
        self.percent = line_edit("as the stage says", name="Percent")
        self.percent.setText("" if lead.percent is None else str(lead.percent))
        self._percent_field = Field("How likely, in percent", self.percent)
        self.expected = DayField(self._title("expected_on", "Expected to close"), now)
        self.expected.set_value(lead.expected_on)
        self.next_step = line_edit("e.g. send the offer", name="Next step")
        self.next_step.setText(lead.next_step)
        self.next_step.setMaxLength(_MOST_CHARS)
        self.step_day = DayField("Next step until", now)
        self.step_day.set_value(_day(lead.next_step_at))
        self.owner = person_field(people, "Owner", lead.owner)

    def _lay_out(self, heading: str) -> None:
        stage = Field("Stage", self.stage)
        stage.setVisible(self._is_new)
        source = Field(self._title("source", "How they found us"), self.source)
        whose = self.beside(source, stage)
        worth = self.beside(self.value, self._percent_field, self.expected)
        step = self.beside(
            self.free_text(self._title("next_step", "Next step"), self.next_step), self.step_day
        )
        what = self.free_text("What is it about?", self.title)
        self.lay_out(
            heading, what, whose, worth, step, Field(self._title("owner", "Owner"), self.owner)
        )

    def _is_required(self, name: str) -> bool:
        return self.context.plan.value.is_required(Situation.NEW_LEAD, name)

    def _title(self, name: str, title: str) -> str:
        return f"{title} (needed)" if self._is_required(name) else title

    def _is_missing(self) -> bool:
        """Whether the company wants something that is not there yet."""
        given = {
            "source": bool(self.source.currentData()),
            "value": bool(self.value.cents()),
            "expected_on": self.expected.value() is not None,
            "next_step": bool(self.next_step.text().strip()),
            "owner": bool(self.owner.currentText().strip()),
        }
        return any(self._is_required(name) and not is_there for name, is_there in given.items())

    def check(self) -> None:
        """Says what is no percentage."""
        wrong = self._percent() is None and bool(self.percent.text().strip())
        self._percent_field.set_error("A figure from 0 to 100." if wrong else "")
        super().check()

    def _percent(self) -> int | None:
        text = self.percent.text().strip().removesuffix("%").strip()
        is_figure = text.isascii() and text.isdigit() and len(text) <= 3
        return int(text) if is_figure and int(text) <= _PERCENTS else None

    def is_complete(self) -> bool:
        """It says what it is about, and all of it can be read."""
        is_percent = not self.percent.text().strip() or self._percent() is not None
        wrong = any(one.is_wrong() for one in (self.value, self.expected, self.step_day))
        is_read = is_percent and not wrong
        return bool(self.title.text().strip()) and is_read and not self._is_missing()

    def lead(self) -> Lead:
        """The lead as it is typed."""
        cents, currency = self.value.value() or (0, self._lead.currency)
        step_day, before = self.step_day.value(), self._lead.next_step_at
        is_same = step_day == _day(before)
        return replace(
            self._lead,
            title=self.title.text().strip(),
            source=self.source.currentData() or "",
            stage=self.stage.currentData() if self._is_new else self._lead.stage,
            value_cents=cents,
            currency=currency,
            percent=self._percent(),
            expected_on=self.expected.value(),
            next_step=self.next_step.text().strip(),
            next_step_at=before if is_same else end_of(step_day) if step_day else None,
            owner=self.owner.currentText().strip(),
        )

    def job(self) -> tuple[uuid.UUID, Job]:
        """Adds the lead or writes what was changed of it."""
        lead, who = self.lead(), self.context.agent()
        if self._is_new:
            return lead.id, steps.add_lead(lead, who)
        return lead.id, steps.edit_lead(self._lead, lead, who)


class LostDialog(FittedDialog):
    """Asks why a lead was lost.

    Signals:
        chosen: Key of the picklist `LOST_REASON`, "" where nobody knows.
    """

    chosen = Signal(str)

    def __init__(
        self, parent: QWidget | None, title: str, lists: Picklists, *, is_required: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Lead lost")
        self.reason = _choice(lists.offered(PicklistKey.LOST_REASON), "", "Why")
        self._is_required = is_required
        self.save_button = saving_button(self, "Lost", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = label(f"Why was “{title}” lost?", "lead-strong", wrap=True)
        why = Field("Why (needed)" if is_required else "Why", self.reason)
        self.reason.currentIndexChanged.connect(self._check)
        self._check()
        self.setLayout(
            column(head, why, row(1, cancel, self.save_button), spacing=Space.L, margin=Space.XL)
        )
        self.reason.setFocus()

    def _check(self) -> None:
        self.save_button.setEnabled(bool(self.reason.currentData()) or not self._is_required)

    def accept(self) -> None:
        """Tells why."""
        if self.save_button.isEnabled():
            self.chosen.emit(self.reason.currentData() or "")
            super().accept()


def _choice(offered: Iterable[Choice], present: str, name: str) -> QComboBox:
    made = combo_box([_UNKNOWN, *((one.title, one.key) for one in offered)], name=name)
    made.setCurrentIndex(max(made.findData(present), 0))
    return made


def _day(at: datetime | None) -> date | None:
    return times.local(at).date() if at else None
