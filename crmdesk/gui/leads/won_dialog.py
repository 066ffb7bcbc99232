"""Asks for what a lead lacks before it is won."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from crmdesk.domain.leads import Lead
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.sales.typed_fields import DayField, MoneyField
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_field
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label

Winning = Callable[[Mapping[str, Any]], Job]
"""What writes that a lead is won, with what is filled in by attribute of the lead."""

_MOST_CHARS = 200
_TITLES = {
    "source": "How they found us (needed)",
    "value": "Value (needed)",
    "expected_on": "Expected to close (needed)",
    "next_step": "Next step (needed)",
    "owner": "Owner (needed)",
}


class WonDialog(SavingDialog):
    """Only the fields that are missing; it ends with all of them, or leaves the lead open.

    Args:
        parent: The window.
        context: The desk.
        lead: As it is.
        missing: Names of fields; see `desk.planning.required.missing_of_lead`.
        winning: What is written.
        people: Who may have it.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        lead: Lead,
        missing: Iterable[str],
        winning: Winning,
        people: Iterable[str] = (),
    ) -> None:
        super().__init__(parent, context, "Lead won", "Won", Size.DIALOG)
        self._lead, self._people, self._winning = lead, people, winning
        self.fields: dict[str, Field] = {name: self._field(name) for name in missing}
        cancel = button("Not yet")
        cancel.clicked.connect(self.reject)
        head = label(f"What is missing to win “{lead.title}”?", "lead-strong", wrap=True)
        hint = label("Your company wants it said before a lead is won.", "small", "muted")
        buttons = row(1, cancel, self.save_button)
        top = column(head, hint, spacing=Space.XS)
        fields = self.fields.values()
        items = column(top, self.trouble, *fields, buttons, spacing=Space.L, margin=Space.XL)
        self.setLayout(items)
        self.check()
        next(iter(self.fields.values())).editor.setFocus()

    def _field(self, name: str) -> Field:
        title = _TITLES[name]
        if name == "value":
            money = MoneyField(title, self._lead.currency)
            money.changed.connect(self.check)
            return money
        if name == "expected_on":
            day = DayField(title, self.context.now())
            day.changed.connect(self.check)
            return day
        if name == "next_step":
            return self._text(title)
        return Field(title, self._choice(name))

    def _text(self, title: str) -> Field:
        edit = line_edit("e.g. send the contract", name="Next step")
        edit.setMaxLength(_MOST_CHARS)
        made = Field(title, edit)
        guard_field(made, edit)
        edit.textChanged.connect(self.check)
        return made

    def _choice(self, name: str) -> QComboBox:
        if name == "owner":
            made = person_field(self._people, "Owner")
            made.editTextChanged.connect(self.check)
            return made
        offered = self.context.plan.lists.offered(PicklistKey.SOURCE)
        choices = [("Not known", ""), *((one.title, one.key) for one in offered)]
        made = combo_box(choices, name="How they found us")
        made.currentIndexChanged.connect(self.check)
        return made

    def is_complete(self) -> bool:
        """Nothing is missing any more."""
        return all(map(_value, self.fields.values()))

    def filled(self) -> dict[str, Any]:
        """What is filled in, by attribute of the lead."""
        found = {name: _value(field) for name, field in self.fields.items()}
        worth = found.pop("value", None)
        if worth is not None:
            found["value_cents"], found["currency"] = worth
        return found

    def begin(self) -> None:
        """Wins it."""
        self.write(self._winning(self.filled()))


def _value(field: Field) -> Any:  # noqa: ANN401  each field has values of its own
    if isinstance(field, MoneyField):
        worth = field.value()
        return worth if worth and worth[0] else None
    if isinstance(field, DayField):
        return field.value()
    editor = field.editor
    if isinstance(editor, QComboBox):
        return editor.currentText().strip() if editor.isEditable() else editor.currentData()
    return editor.text().strip() if isinstance(editor, QLineEdit) else None
