"""Asks to whom a ticket goes: handed over, or escalated."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_text
from crmdesk.gui.widgets.fields import Field, check_box, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title


class HandOverDialog(FittedDialog):
    """Asks who works on a ticket from now on.

    Signals:
        chosen: A name, "" for nobody.
    """

    chosen = Signal(str)

    def __init__(
        self, parent: QWidget | None, title: str, people: Iterable[str], present: str
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Hand over")
        self.who = person_field(people, "Owner", present)
        hand = saving_button(self, "Hand over", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = label(f"Who works on {title}?", "lead-strong", wrap=True)
        who = Field("Owner", self.who, "Nobody: leave it empty.")
        self.setLayout(column(head, who, row(1, cancel, hand), spacing=Space.L, margin=Space.XL))
        self.who.setFocus()

    def accept(self) -> None:
        """Tells who."""
        self.chosen.emit(self.who.currentText().strip())
        super().accept()


class EscalateDialog(FittedDialog):
    """Asks to whom a ticket is escalated, and why.

    Signals:
        chosen: The name, the reason, and whether they work on it from now on.
    """

    chosen = Signal(str, str, bool)

    def __init__(
        self, parent: QWidget | None, title: str, people: Iterable[str], level: int
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Escalate")
        self.who = person_field(people, "To whom")
        self.reason = text_edit("What they need to know; the customer does not see it", name="Why")
        self.reason.setFixedHeight(3 * Size.ROW)
        masked = guard_text(self.reason)
        self.hands_over = check_box("They work on it from now on")
        self._escalate = saving_button(self, "Escalate", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = label(f"Escalate {title} to level {level + 1}", "lead-strong", wrap=True)
        parts = (
            head,
            Field("To whom", self.who),
            Field("Why", self.reason),
            masked,
            self.hands_over,
            row(1, cancel, self._escalate),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))
        self.who.editTextChanged.connect(self._check)
        self._check()
        self.who.setFocus()

    @Slot()
    def _check(self) -> None:
        self._escalate.setEnabled(bool(self.who.currentText().strip()))

    def accept(self) -> None:
        """Tells whom."""
        if self._escalate.isEnabled():
            name, reason = self.who.currentText().strip(), self.reason.toPlainText()
            self.chosen.emit(name, reason, self.hands_over.isChecked())
            super().accept()
