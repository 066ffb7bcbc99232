"""The fields of the company's own in the form of a customer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from crmdesk.domain.edits import LONGEST_CUSTOM
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.gui.models.typed_days import typed_day
from crmdesk.gui.pages.customers.form_values import date_error, shown_date
from crmdesk.gui.widgets.card_guard import guard_field
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit

_K = CustomFieldKind
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_HINTS = {_K.NUMBER: "e.g. 12.5", _K.DATE: "e.g. 31 Dec 2026, 31.12."}


class OwnField(QObject):
    """One field of the company's own, with the editor its kind needs.

    Args:
        own: As the company planned it.
        present: What the customer has of it.
        title: With a mark where it has to be filled in.
        now: What "tomorrow" is measured against, aware UTC.
        is_required: Whether it has to be.

    Signals:
        changed: It was edited.
    """

    changed = Signal()

    def __init__(
        self,
        own: CustomField,
        present: str,
        title: str,
        parent: QWidget,
        *,
        now: datetime,
        is_required: bool,
    ) -> None:
        super().__init__(parent)
        self.own = own
        self._now = now
        self._is_required = is_required
        self.editor = self._make(present)
        heading = "" if own.kind is _K.FLAG else title
        self.field = Field(heading, self.editor, own.hint or _HINTS.get(own.kind, ""))
        self.fill(present)
        self._connect()

    def _make(self, present: str) -> QLineEdit | QComboBox | QCheckBox:
        if self.own.kind is _K.FLAG:
            return check_box(self.own.title)
        if self.own.kind is not _K.CHOICE:
            return line_edit(name=self.own.title)
        offered = [*self.own.choices]
        if present and present not in offered:
            offered.append(present)
        choices: list[tuple[str, object]] = [("None", ""), *((one, one) for one in offered)]
        return combo_box(choices, name=self.own.title)

    def _connect(self) -> None:
        if isinstance(self.editor, QCheckBox):
            self.editor.toggled.connect(self.changed)
        elif isinstance(self.editor, QComboBox):
            self.editor.currentIndexChanged.connect(self._edited)
        else:
            self.editor.textChanged.connect(self._edited)
            self.editor.setMaxLength(LONGEST_CUSTOM)
            guard_field(self.field, self.editor)

    def _edited(self) -> None:
        self.check()
        self.changed.emit()

    def fill(self, value: str) -> None:
        """Shows a value."""
        if isinstance(self.editor, QCheckBox):
            self.editor.setChecked(bool(value))
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(max(0, self.editor.findData(value)))
        else:
            self.editor.setText(shown_date(value) if self.own.kind is _K.DATE else value)

    def value(self) -> str:
        """As it is stored; see `CustomFieldKind`."""
        if isinstance(self.editor, QCheckBox):
            return "1" if self.editor.isChecked() else ""
        if isinstance(self.editor, QComboBox):
            return str(self.editor.currentData())
        text = self.editor.text().strip()
        if self.own.kind is _K.NUMBER and _NUMBER.fullmatch(text):
            return text.replace(",", ".").removeprefix("+")
        if self.own.kind is _K.DATE and (day := typed_day(text, self._now)):
            return day.isoformat()
        return text

    def error(self) -> str:
        """What is wrong with it, "" where nothing."""
        value = self.value()
        if not value:
            missing = self._is_required and self.own.kind is not _K.FLAG
            return f"{self.own.title} is needed." if missing else ""
        if self.own.kind is _K.NUMBER and not _NUMBER.fullmatch(value):
            return "Write a number, e.g. 12.5."
        return date_error(value, self._now) if self.own.kind is _K.DATE else ""

    def check(self) -> None:
        """Says what is wrong, beside the field."""
        self.field.set_error(self.error())


def own_values(fields: Mapping[str, OwnField], before: Mapping[str, str]) -> dict[str, str]:
    """All values of a customer; those of fields that are retired stay as they were."""
    typed = {key: one.value() for key, one in fields.items()}
    return {key: value for key, value in {**before, **typed}.items() if value}
