"""A field for passwords and passphrases, with an eye to see what is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from crmdesk.gui.theme.theme import theme

_LONGEST = 4096


class SecretField(QLineEdit):
    """Shows dots until asked; what is typed is neither completed nor remembered."""

    def __init__(self, placeholder: str = "", *, name: str) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setMaxLength(_LONGEST)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._eye = QAction("Show what is typed", self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self.set_readable)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        theme().changed.connect(self._tint)
        self._tint()

    @Slot(bool)
    def set_readable(self, is_readable: bool) -> None:
        """Shows the letters, or dots."""
        mode = QLineEdit.EchoMode.Normal if is_readable else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self._eye.setChecked(is_readable)
        self._tint()

    @Slot()
    def _tint(self) -> None:
        self._eye.setIcon(theme().icon("hidden", "accent" if self._eye.isChecked() else "muted"))
