"""One choice of a picklist: how it is called, its colour, and what the program takes it for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSpinBox, QWidget

from crmdesk.desk.planning.edits import new_key
from crmdesk.domain.planning import FIXED, Choice, PicklistKey
from crmdesk.gui.models.plan_words import MEANINGS, PICKLISTS, TONES
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip, set_chip
from crmdesk.gui.widgets.text import label, set_window_title

_LONGEST = 60
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A BCP 47 tag, as far as people type one."""


class ChoiceDialog(FittedDialog):
    """Asks for a choice.

    Args:
        parent: The settings.
        key: The list it is in.
        others: The choices there are.
        choice: The one to change, None for a new one.

    Signals:
        chosen: The `Choice` as it is typed.
    """

    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        key: PicklistKey,
        others: Collection[Choice],
        choice: Choice | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, PICKLISTS[key])
        self._key, self._is_new = key, choice is None
        self._before = choice or Choice("", "", meaning=next(iter(MEANINGS.get(key, {})), ""))
        self._taken = {one.key for one in others}
        alike = (one for one in others if one.key != self._before.key and not one.is_retired)
        self._titles = {one.title.casefold() for one in alike}
        self._make_fields()
        self._lay_out()
        self._connect()
        self._show_state()
        self.name.setFocus()

    def _make_fields(self) -> None:
        before, meanings = self._before, MEANINGS.get(self._key, {})
        self.name = line_edit(name="Name")
        self.name.setMaxLength(_LONGEST)
        self.name.setText(before.title)
        self.tag = line_edit("e.g. pt-BR", name="Language tag")
        self.tone = combo_box(((text, tone) for tone, text in TONES.items()), name="Colour")
        self.tone.setCurrentIndex(max(self.tone.findData(before.tone), 0))
        self.meaning = combo_box(((t, meaning) for meaning, t in meanings.items()), name="Meaning")
        self.meaning.setCurrentIndex(self.meaning.findData(before.meaning))
        self.percent = QSpinBox()
        self.percent.setAccessibleName("How likely it comes off")
        self.percent.setRange(0, 100)
        self.percent.setSuffix(" %")
        self.percent.setValue(before.percent or 0)
        self.percent.lineEdit().setTextMargins(Space.S, 0, 0, 0)  # as other fields
        self.is_retired = check_box("Retired: no longer offered", checked=before.is_retired)
        self.is_retired.setVisible(not self._is_new)
        self._look = chip("")

    def _lay_out(self) -> None:
        self._name_field, self._tag_field = (
            guarded("Name", self.name),
            Field("Language tag", self.tag),
        )
        self._tag_field.setVisible(self._is_new and self._key is PicklistKey.LANGUAGE)
        meaning = Field("What the program takes it for", self.meaning)
        meaning.setVisible(self._key in MEANINGS and self._key not in FIXED)
        percent = Field("How likely it comes off", self.percent, "For the forecast.")
        percent.setVisible(self._key is PicklistKey.LEAD_STAGE)
        tone = Field("Colour", self.tone, "Always beside the word.")
        self._save = saving_button(self, "Save", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = "New choice" if self._is_new else f"Choice “{self._before.title}”"
        parts = (
            label(head, "lead-strong", wrap=True),
            self._name_field,
            self._tag_field,
            tone,
            row(label("On the screen:", "small", "muted"), self._look, 1),
            meaning,
            percent,
            self.is_retired,
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def _connect(self) -> None:
        for edit in (self.name, self.tag):
            edit.textChanged.connect(self._show_state)
        self.tone.currentIndexChanged.connect(self._show_state)

    def choice(self) -> Choice | None:
        """The choice as it is typed, None while it is not right."""
        name, key = self.name.text().strip(), self._new_key()
        if not name or name.casefold() in self._titles or not key:
            return None
        is_lead = self._key is PicklistKey.LEAD_STAGE
        return replace(
            self._before,
            key=key,
            title=name,
            tone=self.tone.currentData(),
            meaning=self.meaning.currentData() or self._before.meaning,
            percent=self.percent.value() if is_lead else self._before.percent,
            is_retired=self.is_retired.isChecked(),
        )

    def _new_key(self) -> str:
        """What rows hold; "" where it cannot be told yet."""
        if not self._is_new:
            return self._before.key
        if self._key is not PicklistKey.LANGUAGE:
            return new_key(self.name.text(), self._taken, self._key)
        tag = self.tag.text().strip()
        return tag if _TAG.fullmatch(tag) and tag not in self._taken else ""

    @Slot()
    def _show_state(self) -> None:
        name = self.name.text().strip()
        is_twice = name.casefold() in self._titles
        self._name_field.set_error("There is a choice of this name." if is_twice else "")
        self._tag_field.set_error(self._tag_trouble())
        set_chip(self._look, name or "Name", self.tone.currentData() or "neutral")
        self._save.setEnabled(self.choice() is not None)

    def _tag_trouble(self) -> str:
        tag = self.tag.text().strip()
        if not tag:
            return ""
        if tag in self._taken:
            return "This language is in the list."
        return "" if _TAG.fullmatch(tag) else "Two or three letters, e.g. pt, or pt-BR."

    def accept(self) -> None:
        """Tells the choice."""
        choice = self.choice()
        if choice is not None:
            self.chosen.emit(choice)
            super().accept()
