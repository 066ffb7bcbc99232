"""One service level: for which tickets, how soon, by which calendar, and what then."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.gui.models.work_times import WorkTimeError, read_length, write_length
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.due_preview import preview
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tone, set_window_title

_WIDTH = 600
_PERCENTS = (0, 50, 60, 70, 75, 80, 90, 95)


class PolicyDialog(FittedDialog):
    """Asks for a service level; the preview follows what is typed.

    Args:
        parent: The settings.
        levels: The calendars there are.
        lists: Kinds, priorities and segments.
        people: Who may be told of a breach.
        now: What the preview counts from, aware UTC.
        policy: The one to change, None for a new one.

    Signals:
        chosen: The `SlaPolicy` as it is typed.
    """

    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        levels: ServiceLevels,
        lists: Picklists,
        people: Iterable[str],
        now: datetime,
        policy: SlaPolicy | None = None,
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Service level")
        self._levels, self._now = levels, now
        self._is_new = policy is None
        self._before = policy or SlaPolicy(uuid.uuid4(), "")
        self._make_fields(lists, people)
        self._lay_out()
        self._connect()
        self._show_state()
        self.name.setFocus()

    def _make_fields(self, lists: Picklists, people: Iterable[str]) -> None:
        before = self._before
        self.name = line_edit("e.g. Complaints of gold customers", name="Name")
        self.name.setText(before.name)
        self.kind = _any_of(lists, PicklistKey.TICKET_KIND, before.ticket_kind, "Kind")
        self.priority = _any_of(lists, PicklistKey.TICKET_PRIORITY, before.priority, "Priority")
        self.segment = _any_of(lists, PicklistKey.SEGMENT, before.segment, "Segment")
        self.first_answer = line_edit("e.g. 1 h", name="First answer within")
        self.first_answer.setText(write_length(before.first_answer_minutes))
        self.resolution = line_edit("e.g. 8 h", name="Solution within")
        self.resolution.setText(write_length(before.resolution_minutes))
        calendars: list[tuple[str, object]] = [("Round the clock", None)]
        calendars += [(one.name, one.id) for one in self._levels.calendars]
        self.calendar = combo_box(calendars, name="Working hours")
        self.calendar.setCurrentIndex(max(self.calendar.findData(before.calendar_id), 0))
        percents = sorted({*_PERCENTS, before.warn_percent})
        words = ((f"at {one} % of the time" if one else "no warning", one) for one in percents)
        self.warn = combo_box(words, name="Warning")
        self.warn.setCurrentIndex(percents.index(before.warn_percent))
        self.escalate_to = person_field(people, "After a breach tell", before.escalate_to)
        self.is_active = check_box("Holds for tickets now", checked=before.is_active)
        self._preview = label("", "small", "muted", wrap=True)

    def _lay_out(self) -> None:
        self._name_field = Field("Name", self.name)
        self._first_field = Field("First answer within", self.first_answer)
        self._resolution_field = Field("Solution within", self.resolution)
        whom = row(
            Field("Kind", self.kind),
            Field("Priority", self.priority),
            Field("Customers in", self.segment),
            spacing=Space.L,
        )
        soon = row(self._first_field, self._resolution_field, spacing=Space.L)
        how = row(
            Field("By the working hours of", self.calendar),
            Field("Warn", self.warn),
            spacing=Space.L,
        )
        self._save = saving_button(self, "Save", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        parts = (
            label("New service level" if self._is_new else "Service level", "lead-strong"),
            self._name_field,
            whom,
            soon,
            how,
            self._preview,
            Field("After a breach tell", self.escalate_to, "Nobody: leave it empty."),
            self.is_active,
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def _connect(self) -> None:
        for edit in (self.name, self.first_answer, self.resolution):
            edit.textChanged.connect(self._show_state)
        for choice in (self.kind, self.priority, self.segment, self.calendar):
            choice.currentIndexChanged.connect(self._show_state)

    def policy(self) -> SlaPolicy | None:
        """The service level as it is typed, None while it is not right."""
        first, is_first_right = _length(self.first_answer, self._first_field)
        last, is_last_right = _length(self.resolution, self._resolution_field)
        if is_first_right and is_last_right and first is None and last is None:
            self._resolution_field.ask("Promise an answer, a solution, or both.")
            return None
        name = self.name.text().strip()
        if not (is_first_right and is_last_right and name):
            return None
        return replace(
            self._before,
            name=name,
            ticket_kind=self.kind.currentData(),
            priority=self.priority.currentData(),
            segment=self.segment.currentData(),
            first_answer_minutes=first,
            resolution_minutes=last,
            calendar_id=self.calendar.currentData(),
            warn_percent=self.warn.currentData(),
            escalate_to=self.escalate_to.currentText().strip(),
            is_active=self.is_active.isChecked(),
        )

    @Slot()
    def _show_state(self) -> None:
        policy = self.policy()
        self._save.setEnabled(policy is not None)
        self._preview.setVisible(policy is not None)
        if policy is not None:
            alone = ServiceLevels((replace(policy, is_active=True),), self._levels.calendars)
            kind, priority, segment = policy.ticket_kind, policy.priority, policy.segment
            text, tone = preview(alone, kind, priority, segment, self._now)
            self._preview.setText(text)
            set_tone(self._preview, tone)

    def accept(self) -> None:
        """Tells the service level."""
        policy = self.policy()
        if policy is not None:
            self.chosen.emit(policy)
            super().accept()


def _any_of(lists: Picklists, key: PicklistKey, present: str, name: str) -> QComboBox:
    choices: list[tuple[str, object]] = [("All", "")]
    choices += [(one.title, one.key) for one in lists.offered(key, present)]
    made = combo_box(choices, name=name)
    made.setCurrentIndex(max(made.findData(present), 0))
    return made


def _length(edit: QLineEdit, field: Field) -> tuple[int | None, bool]:
    """The minutes that are typed, and whether they can be read."""
    try:
        length = read_length(edit.text())
    except WorkTimeError as error:
        field.set_error(str(error))
        return None, False
    field.set_error("")
    return length, True
