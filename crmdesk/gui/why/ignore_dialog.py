"""No card for this caller any more: this number, numbers that begin so, or a pattern."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, line_edit, radio_button
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title
from crmdesk.matching.ignoring import IgnoreRuleError, ignore_text

_BLOCK_DIGITS = 3
_HINTS = {
    IgnoreKind.EXACT: "With country code, e.g. +49 30 23125 710.",
    IgnoreKind.PREFIX: "All numbers that begin so, e.g. +49 30 23125.",
    IgnoreKind.PATTERN: "? stands for one digit, * for any number of digits.",
}
_TITLES = {
    IgnoreKind.EXACT: "This number",
    IgnoreKind.PREFIX: "Numbers that begin so",
    IgnoreKind.PATTERN: "A pattern",
}


class IgnoreDialog(FittedDialog):
    """Asks what to ignore and why; the calls are logged all the same.

    Args:
        number: E.164 of the caller, "" where it is typed.
        steps: Writes the entry.
        call_id: The call that was the occasion, None for none.
    """

    def __init__(
        self,
        parent: QWidget | None,
        number: str,
        steps: NumberSteps,
        call_id: uuid.UUID | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Ignore a caller")
        self._number, self._steps, self._call_id = number, steps, call_id
        self.kinds = {kind: radio_button(title) for kind, title in _TITLES.items()}
        self.text = line_edit("+49 30 23125 710", name="Number or pattern")
        self.reason = line_edit("e.g. call centre that sells solar roofs", name="Reason")
        self._text_field = Field("Number", self.text)
        self._hint = label("", "small", "muted", wrap=True)
        self._ignore = button("Ignore", "primary")
        self._lay_out()
        for kind, choice in self.kinds.items():
            choice.toggled.connect(lambda on, kind=kind: self._propose(kind) if on else None)
        self.text.textChanged.connect(self._show_state)
        self.kinds[IgnoreKind.EXACT].setChecked(True)
        (self.reason if number else self.text).setFocus()

    def _lay_out(self) -> None:
        head = column(
            label("No card for which callers?", "lead-strong", wrap=True),
            label(
                "Their calls stay in the log. Colleagues see who ignored them and why.",
                "body",
                "muted",
                wrap=True,
            ),
            spacing=Space.XS,
        )
        self._ignore.setDefault(True)
        self._ignore.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        kinds = row(*self.kinds.values(), 1, spacing=Space.L)
        why = Field("Why, for colleagues", self.reason)
        buttons = row(1, cancel, self._ignore)
        what = column(self._text_field, self._hint, spacing=Space.XS)
        parts = (head, kinds, what, why, buttons)
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def kind(self) -> IgnoreKind:
        """How the text is compared."""
        return next(kind for kind, choice in self.kinds.items() if choice.isChecked())

    def rule(self) -> IgnoreRule | None:
        """The entry as it is typed, None while it is not right."""
        kind, typed = self.kind(), self.text.text()
        if _wrong(kind, typed):
            return None
        text, reason = ignore_text(kind, typed), self.reason.text().strip()
        return IgnoreRule(uuid.uuid4(), kind, text, reason)

    def _propose(self, kind: IgnoreKind) -> None:
        """What fits the caller: the number, without its last digits, or with ? for them."""
        if self._number:
            stem = self._number[:-_BLOCK_DIGITS]
            self.text.setText({
                IgnoreKind.EXACT: self._number,
                IgnoreKind.PREFIX: stem,
                IgnoreKind.PATTERN: stem + "?" * _BLOCK_DIGITS,
            }[kind])  # fmt: skip
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        text = self.text.text().strip()
        wrong = _wrong(self.kind(), text) if text else ""
        self._text_field.set_error(wrong)
        self._hint.setText(_HINTS[self.kind()])
        self._hint.setVisible(not wrong)
        self._ignore.setEnabled(bool(text) and not wrong)

    def accept(self) -> None:
        """Writes the entry."""
        rule = self.rule()
        if rule is not None:
            self._steps.ignore(rule, self._call_id)
            super().accept()


def _wrong(kind: IgnoreKind, text: str) -> str:
    """What is not right with a text, "" where all is."""
    try:
        ignore_text(kind, text)
    except IgnoreRuleError as error:
        return error.meaning
    return ""
