"""Not this person: one small question with three answers."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Slot
from PySide6.QtWidgets import QDateEdit, QRadioButton, QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.steps import NumberSteps, Subject
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, check_box, line_edit, radio_button
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import isolate, label, set_window_title

_CALMING = "What happened before stays with them. You can undo this."
_DATE = "d MMM yyyy"
_EVER = date(1971, 1, 1)
"""Before every call there is."""


class NotThisPersonDialog(FittedDialog):
    """Asks what is wrong, and does it.

    Args:
        about: Number, customer and call.
        steps: Writes what is answered.
        today: The day from which on a number may be somebody else's.
    """

    def __init__(
        self, parent: QWidget | None, about: Subject, steps: NumberSteps, today: date
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Not this person")
        self._about, self._steps = about, steps
        self._make_answers(today)
        self._lay_out()
        self._show_state()

    def _make_answers(self, today: date) -> None:
        has_number, has_call = self._about.e164 is not None, self._about.call_id is not None
        self.ended = radio_button("The number is no longer theirs")
        self.never = radio_button("It never was theirs")
        self.only_call = radio_button("Only this call was somebody else's")
        for answer, is_possible in (
            (self.ended, has_number),
            (self.never, has_number),
            (self.only_call, has_call),
        ):
            answer.setVisible(is_possible)
            answer.toggled.connect(self._show_state)
        first = self.ended if has_number else self.only_call
        first.setChecked(True)
        self.since = QDateEdit(QDate(today.year, today.month, today.day))
        self.since.setDisplayFormat(_DATE)
        self.since.setCalendarPopup(True)
        self.since.setMaximumDate(QDate(today.year, today.month, today.day))
        self.since.setAccessibleName("Not theirs since")
        self.earlier = check_box("Also take away earlier calls of this number")
        self.reason = line_edit("e.g. a wrong digit in the import", name="Reason")

    def _lay_out(self) -> None:
        name = isolate(self._about.name)
        head = column(
            label(f"{self._about.shown} is not {name}?", "lead-strong", wrap=True),
            label(
                "What happened before stays with them. You can undo this.",
                "body",
                "muted",
                wrap=True,
            ),
            spacing=Space.XS,
        )
        self._since_field = Field(
            "Since", self.since, "Calls from this day on are no longer linked to them."
        )
        self._never_more = QWidget()
        reason = Field("Why, for colleagues (may stay empty)", self.reason)
        self._never_more.setLayout(column(reason, self.earlier, spacing=Space.S))
        apply = button("Apply", "primary")
        apply.setDefault(True)
        apply.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        answers = column(
            self.ended,
            _indented(self._since_field),
            self.never,
            _indented(self._never_more),
            self.only_call,
            spacing=Space.S,
        )
        buttons = row(1, cancel, apply)
        self.setLayout(column(head, answers, buttons, spacing=Space.L, margin=Space.XL))

    @Slot()
    def _show_state(self) -> None:
        if hasattr(self, "_since_field"):
            self._since_field.setVisible(self.ended.isChecked())
            self._never_more.setVisible(self.never.isChecked())

    def answer(self) -> QRadioButton:
        """The answer that is chosen."""
        return next(a for a in (self.ended, self.never, self.only_call) if a.isChecked())

    def accept(self) -> None:
        """Does what was answered."""
        if self.ended.isChecked():
            since: date = self.since.date().toPython()  # type: ignore[assignment]
            self._steps.end(self._about, since - timedelta(days=1))
        elif self.never.isChecked():
            earlier = _EVER if self.earlier.isChecked() else None
            self._steps.deny(self._about, self.reason.text().strip(), earlier)
        else:
            self._steps.unlink(self._about)
        super().accept()


def _indented(field: QWidget) -> QWidget:
    made = QWidget()
    items = row(field)
    items.setContentsMargins(Space.XL, Space.NONE, Space.NONE, Space.NONE)
    made.setLayout(items)
    return made
