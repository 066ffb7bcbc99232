"""One calendar: its zone, the hours of each weekday, holidays."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import cache
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from crmdesk.domain.business_time import WorkCalendar, WorkHours, is_zone, why_never_open
from crmdesk.gui.models.work_times import (
    DAYS,
    WorkTimeError,
    calendar_words,
    read_day,
    read_holidays,
    write_day,
    write_holidays,
)
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tone, set_window_title

_WIDTH = 560
_USUAL = tuple(WorkHours(day, 9 * 60, 17 * 60) for day in range(5))
_CLOSED = "closed"


@cache
def zones() -> tuple[str, ...]:
    """The names of time zones that are offered: a place each."""
    named = (zone for zone in available_timezones() if "/" in zone and "Etc/" not in zone)
    return (*sorted(named), "UTC")


class CalendarDialog(FittedDialog):
    """Asks for working hours.

    Args:
        parent: The settings.
        zone: The zone of a new calendar, an IANA name.
        calendar: The one to change, None for a new one.

    Signals:
        chosen: The `WorkCalendar` as it is typed.
    """

    chosen = Signal(object)

    def __init__(
        self, parent: QWidget | None, zone: str, calendar: WorkCalendar | None = None
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Working hours")
        self._is_new = calendar is None
        self._before = calendar or WorkCalendar(uuid.uuid4(), "", zone, hours=_USUAL)
        self._make_fields()
        self._lay_out()
        self._connect()
        self._show_state()
        self.name.setFocus()

    def _make_fields(self) -> None:
        before = self._before
        self.name = line_edit("e.g. Office", name="Name")
        self.name.setText(before.name)
        self.zone = _zone_field(before.zone)
        self.is_always_open = check_box("Open round the clock", checked=before.is_always_open)
        self.days = []
        for weekday, day in enumerate(DAYS):
            edit = line_edit(_CLOSED, name=day)
            edit.setText(write_day(before.hours, weekday))
            self.days.append(edit)
        self.holidays = text_edit("2026-12-25 Christmas", name="Holidays")
        self.holidays.setPlainText(write_holidays(before.holidays))
        self.holidays.setFixedHeight(4 * Size.ROW)
        self._hours = QWidget()
        self._trouble = label("", "small", "muted", wrap=True)

    def _lay_out(self) -> None:
        self._zone_field = Field("Time zone", self.zone)
        self._holidays_field = Field("Holidays, one a line", self.holidays)
        grid = QGridLayout(self._hours)
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for place, (day, edit) in enumerate(zip(DAYS, self.days, strict=True)):
            grid.addWidget(label(day, tone="muted"), place, 0)
            grid.addWidget(edit, place, 1)
        grid.setColumnStretch(1, 1)
        self._save = saving_button(self, "Save", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        parts = (
            label("New working hours" if self._is_new else "Working hours", "lead-strong"),
            row(Field("Name", self.name), self._zone_field, spacing=Space.L),
            self.is_always_open,
            self._hours,
            self._trouble,
            self._holidays_field,
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def _connect(self) -> None:
        for edit in (self.name, *self.days):
            edit.textChanged.connect(self._show_state)
        self.zone.editTextChanged.connect(self._show_state)
        self.holidays.textChanged.connect(self._show_state)
        self.is_always_open.toggled.connect(self._show_state)

    def calendar(self) -> WorkCalendar:
        """The calendar as it is typed.

        Raises:
            WorkTimeError: Hours or holidays cannot be read.
        """
        hours = tuple(
            one for day, edit in enumerate(self.days) for one in read_day(day, edit.text())
        )
        return replace(
            self._before,
            name=self.name.text().strip(),
            zone=self.zone.currentText().strip(),
            is_always_open=self.is_always_open.isChecked(),
            hours=hours,
            holidays=read_holidays(self.holidays.toPlainText()),
        )

    @Slot()
    def _show_state(self) -> None:
        self._hours.setVisible(not self.is_always_open.isChecked())
        known = is_zone(self.zone.currentText().strip())
        self._zone_field.set_error("" if known else "Choose one, e.g. Europe/Berlin.")
        try:
            calendar = self.calendar()
        except WorkTimeError as error:
            self._tell(str(error), "bad")
            self._save.setEnabled(False)
            return
        trouble = why_never_open(calendar)
        self._tell(trouble or calendar_words(calendar), "warn" if trouble else "muted")
        self._save.setEnabled(known and bool(calendar.name))

    def _tell(self, text: str, tone: str) -> None:
        self._trouble.setText(text)
        set_tone(self._trouble, tone)

    def accept(self) -> None:
        """Tells the calendar."""
        if self._save.isEnabled():
            self.chosen.emit(self.calendar())
            super().accept()


def _zone_field(present: str) -> QComboBox:
    made = combo_box(((zone, zone) for zone in zones()), name="Time zone")
    made.setEditable(True)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    made.setEditText(present)
    return made
