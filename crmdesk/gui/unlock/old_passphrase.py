"""Asking for the passphrase that holds now, before it is changed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.secret_field import SecretField
from crmdesk.gui.widgets.text import label, set_window_title


class OldPassphraseDialog(FittedDialog):
    """One field; `answered` carries the passphrase, then call `accept` or `show_error`."""

    answered = Signal(str)

    def __init__(self, parent: QWidget | None, title: str, meaning: str, verb: str) -> None:
        super().__init__(parent)
        set_window_title(self, title)
        self.secret = SecretField(name="Passphrase so far")
        self._field = Field("Passphrase so far", self.secret)
        self.trouble = Banner("bad", closable=False)
        self.trouble.hide()
        self.ok = button(verb, "primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._answer)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)
        texts = column(label(title, "lead-strong"), label(meaning, "body", "muted", wrap=True))
        body = column(texts, self.trouble, self._field, spacing=Space.L)
        self.setLayout(column(body, row(1, cancel, self.ok), spacing=Space.XL, margin=Space.XL))

    def show_error(self, error: UserFacingError) -> None:
        """It was wrong, or something else is."""
        self.ok.setEnabled(True)
        self.trouble.tell_error(error)
        self.trouble.show()
        self.secret.selectAll()
        self.secret.setFocus()

    @Slot()
    def _answer(self) -> None:
        if not self.secret.text():
            self._field.set_error("Type the passphrase.")
            return
        self._field.set_error("")
        self.trouble.hide()
        self.ok.setEnabled(False)
        self.answered.emit(self.secret.text())
