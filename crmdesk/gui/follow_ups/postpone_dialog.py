"""Asks when something is due instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.gui.follow_ups.when_field import WhenField
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title


class PostponeDialog(FittedDialog):
    """One field for a day or a time.

    Args:
        parent: The window.
        what: What is postponed, in words.
        now: The clock, aware UTC.

    Signals:
        chosen: The moment, aware UTC.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None, what: str, now: Callable[[], datetime]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Postpone")
        self.when = WhenField(now, "When instead")
        self._save = saving_button(self, "Postpone", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = label(what, "lead-strong", wrap=True)
        field = Field("When instead", self.when)
        self.setLayout(
            column(head, field, row(1, cancel, self._save), spacing=Space.L, margin=Space.XL)
        )
        self.when.changed.connect(self._check)
        self._check()
        self.when.setFocus()

    @Slot()
    def _check(self) -> None:
        self._save.setEnabled(self.when.value() is not None)

    def accept(self) -> None:
        """Tells when."""
        when = self.when.value()
        if when is not None:
            self.chosen.emit(when.at)
            super().accept()
