"""One field of the company's own: what it is called and what it holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.desk.planning.edits import new_key
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.gui.models.plan_words import KINDS
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title

_LONGEST = 60
_OTHER_KIND = "What customers have already stays as it is, also where the new kind cannot hold it."


class FieldDialog(FittedDialog):
    """Asks for a field.

    Args:
        parent: The settings.
        others: The fields there are.
        field: The one to change, None for a new one.

    Signals:
        chosen: The `CustomField` as it is typed.
    """

    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        others: Collection[CustomField],
        field: CustomField | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Field")
        self._before, self._is_new = field or CustomField("", ""), field is None
        self._taken = {one.key for one in others}
        self._titles = {one.title.casefold() for one in others if one.key != self._before.key}
        self._make_fields()
        self._lay_out()
        for changed in (self.name.textChanged, self.choices.textChanged):
            changed.connect(self._show_state)
        self.kind.currentIndexChanged.connect(self._show_state)
        self._show_state()
        self.name.setFocus()

    def _make_fields(self) -> None:
        before = self._before
        self.name = line_edit("e.g. Loyalty card", name="Name")
        self.name.setMaxLength(_LONGEST)
        self.name.setText(before.title)
        self.kind = combo_box(((text, kind) for kind, text in KINDS.items()), name="Kind")
        self.kind.setCurrentIndex(self.kind.findData(before.kind))
        self.choices = text_edit("One on each line", name="Choices")
        self.choices.setPlainText("\n".join(before.choices))
        self.choices.setFixedHeight(4 * Size.ROW)
        self.hint = line_edit("e.g. The number on the back of the card", name="Hint")
        self.hint.setText(before.hint)
        self.is_retired = check_box("Retired: no longer filled in", checked=before.is_retired)
        self.is_retired.setVisible(not self._is_new)

    def _lay_out(self) -> None:
        self._name_field = guarded("Name", self.name)
        self._kind_field = Field("What it holds", self.kind)
        self._choices_field = guarded("Choices", self.choices)
        self._save = saving_button(self, "Save", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = "New field" if self._is_new else f"Field “{self._before.title}”"
        parts = (
            label(head, "lead-strong", wrap=True),
            self._name_field,
            self._kind_field,
            self._choices_field,
            guarded("Hint", self.hint, "Shown beside it in the form."),
            self.is_retired,
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def field(self) -> CustomField | None:
        """The field as it is typed, None while it is not right."""
        name = self.name.text().strip()
        offered = self._offered()
        is_choice = self.kind.currentData() == CustomFieldKind.CHOICE
        if not name or name.casefold() in self._titles or (is_choice and not offered):
            return None
        return replace(
            self._before,
            key=new_key(name, self._taken) if self._is_new else self._before.key,
            title=name,
            kind=CustomFieldKind(self.kind.currentData()),
            choices=offered if is_choice else self._before.choices,
            hint=self.hint.text().strip(),
            is_retired=self.is_retired.isChecked(),
        )

    def _offered(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.choices.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    @Slot()
    def _show_state(self) -> None:
        kind = self.kind.currentData()
        is_twice = self.name.text().strip().casefold() in self._titles
        self._name_field.set_error("There is a field of this name." if is_twice else "")
        is_choice = kind == CustomFieldKind.CHOICE
        self._choices_field.setVisible(is_choice)
        is_empty = is_choice and not self._offered()
        self._choices_field.set_error("There has to be something to choose." if is_empty else "")
        is_other = not self._is_new and kind != self._before.kind
        self._kind_field.set_hint(_OTHER_KIND if is_other else "")
        self._save.setEnabled(self.field() is not None)

    def accept(self) -> None:
        """Tells the field."""
        field = self.field()
        if field is not None:
            self.chosen.emit(field)
            super().accept()
