"""The recovery key of a new store: shown once, then nowhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QWidget

from crmdesk.gui.background import in_background
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import FontSize, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import check_box
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tone, set_window_title
from crmdesk.settings.atomic import write_private

WHAT = "Write down your recovery key"
MEANING = (
    "If your keyring or passphrase is ever lost, this key is the only way to your customers. "
    "It is shown now and never again, and nobody can send it to you."
)
_FILE_TEXT = (
    "CRMDesk recovery key\n\n    {key}\n\n"
    "It opens the customer store {place} when keyring or passphrase are lost.\n"
    "Keep it away from this computer.\n"
)
_COLUMNS = 4


class RecoveryKeyPanel(QWidget):
    """The key in groups, ways to keep it, and a tick that it was kept.

    Signals:
        confirmed: The tick was set or taken away.
    """

    confirmed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._key, self._place = "", ""
        self._groups = QGridLayout()
        self._groups.setSpacing(Space.L)
        self._frame = QFrame()
        self._frame.setProperty("kind", "card")
        self._frame.setLayout(column(self._groups, margin=Space.L))
        self.copy = button("Copy", icon="copy", tip="Copy the recovery key")
        self.copy.clicked.connect(self._copy)
        self.save = button("Save to a file…", icon="download")
        self.save.clicked.connect(self._ask_file)
        self._said = label("", "small", "muted", wrap=True)
        self.tick = check_box("I have written it down and keep it in a safe place")
        self.tick.toggled.connect(self.confirmed)
        buttons = row(self.copy, self.save, 1)
        self.setLayout(column(self._frame, buttons, self._said, self.tick, spacing=Space.M))
        self._said.hide()

    def show_key(self, key: str, place: str) -> None:
        """Shows a key: groups of five characters with dashes between."""
        self._key, self._place = key, place
        self._frame.setAccessibleName(f"Recovery key {key}")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(FontSize.TITLE)
        for at, group in enumerate(key.split("-")):
            shown = label(group, "title", selectable=True)
            shown.setFont(font)
            self._groups.addWidget(shown, at // _COLUMNS, at % _COLUMNS)

    def forget(self) -> None:
        """Takes the key off the screen and out of the clipboard, where it is still there."""
        clipboard = QGuiApplication.clipboard()
        if self._key and clipboard.text() == self._key:
            clipboard.clear()
        self._key = ""
        while (item := self._groups.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.deleteLater()

    def save_to(self, path: str) -> None:
        """Writes the key to a file only this user can read."""
        text = _FILE_TEXT.format(key=self._key, place=self._place)
        future = in_background(lambda: write_private(Path(path), text.encode()))
        await_future(future, self, lambda _: self._say_saved(path), self._say_failed)

    def said(self) -> str:
        """What came of copying or saving, "" before."""
        return self._said.text()

    @Slot()
    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Save the recovery key", "crmdesk-recovery-key.txt")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._key)
        self._say("Copied. It leaves the clipboard when you go on.", "muted")

    def _say_saved(self, path: str) -> None:
        self._say(f"Saved to {path}. Move it to a safe place, away from this computer.", "good")

    def _say_failed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self._say(f"The file could not be written: {error.strerror}. Choose another place.", "bad")

    def _say(self, text: str, tone: str) -> None:
        self._said.setText(text)
        set_tone(self._said, tone)
        self._said.show()


class RecoveryKeyDialog(FittedDialog):
    """Shows the key in front of everything else; it cannot be closed without the tick."""

    def __init__(self, key: str, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, parent is not None)
        set_window_title(self, "Recovery key")
        self.panel = RecoveryKeyPanel()
        self.panel.show_key(key, place)
        self.ok = button("Continue", "primary")
        self.ok.setEnabled(False)
        self.ok.setDefault(True)
        self.ok.clicked.connect(self.accept)
        self.panel.confirmed.connect(self.ok.setEnabled)
        texts = column(label(WHAT, "lead-strong"), label(MEANING, "body", "muted", wrap=True))
        body = column(texts, self.panel, spacing=Space.L)
        self.setLayout(column(body, row(1, self.ok), spacing=Space.XL, margin=Space.XL))
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, on=False)

    def reject(self) -> None:
        """Esc and the close button do nothing before the tick; afterwards they go on."""
        if self.panel.tick.isChecked():
            self.accept()

    def accept(self) -> None:
        """Goes on without the key on the screen."""
        self.panel.forget()
        super().accept()
