"""Choosing a passphrase: twice, with a hint how easily it is guessed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.unlock.strength import strength
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.secret_field import SecretField
from crmdesk.gui.widgets.text import label, set_tone, set_window_title

_STEPS = 100


class PassphraseChoice(QWidget):
    """Two fields and a hint.

    Signals:
        changed: Something was typed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first = SecretField("e.g. four words that do not belong together", name="Passphrase")
        self.second = SecretField(name="The same again")
        self._first = Field("Passphrase", self.first)
        self._second = Field("The same again", self.second)
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Strength of the passphrase")
        self._word = label("", "small", "muted")
        self.first.textChanged.connect(self._typed)
        self.second.textChanged.connect(self._typed)
        hint = column(self._bar, self._word, spacing=Space.XS)
        self.setLayout(column(self._first, hint, self._second, spacing=Space.M))
        self.setFocusProxy(self.first)
        self._typed()

    def passphrase(self) -> str:
        """What was chosen; "" while the two differ or it is too short."""
        text = self.first.text()
        return text if strength(text).is_enough and text == self.second.text() else ""

    def check(self) -> bool:
        """Shows what is missing; True where nothing is."""
        if not strength(self.first.text()).is_enough:
            self._first.set_error("Choose at least 8 characters.")
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.passphrase():
            self._second.set_error("The two are not the same.")
            self.second.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(self.passphrase())

    @Slot()
    def _typed(self) -> None:
        judged = strength(self.first.text())
        self._bar.setValue(round(judged.share * _STEPS))
        self._word.setText(judged.word)
        set_tone(self._word, judged.tone)
        self._first.set_error("")
        differs = not self.first.text().startswith(self.second.text())
        self._second.set_error("The two are not the same." if differs else "")
        self.changed.emit()


class PassphraseChoiceDialog(FittedDialog):
    """Asks for a new passphrase; `chosen` carries it, and the dialog stays until `accept`.

    Args:
        what: Why it is asked.
        meaning: What it is for.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None, title: str, what: str, meaning: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, title)
        self.choice = PassphraseChoice()
        self._trouble = Banner("bad", closable=False)
        self._trouble.hide()
        self._ok = button("Use this passphrase", "primary")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self._choose)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        texts = column(
            label(what, "lead-strong", wrap=True), label(meaning, "body", "muted", wrap=True)
        )
        body = column(self._trouble, texts, self.choice, spacing=Space.L)
        self.setLayout(column(body, row(1, cancel, self._ok), spacing=Space.XL, margin=Space.XL))
        self.choice.setFocus()

    def show_error(self, error: UserFacingError) -> None:
        """The passphrase could not be used."""
        self.set_busy(False)
        self._trouble.tell_error(error)
        self._trouble.show()

    def set_busy(self, is_busy: bool) -> None:
        """While the key is being wrapped."""
        self._ok.setEnabled(not is_busy)
        self._ok.setText("One moment…" if is_busy else "Use this passphrase")

    @Slot()
    def _choose(self) -> None:
        if self.choice.check():
            self._trouble.hide()
            self.set_busy(True)
            self.chosen.emit(self.choice.passphrase())
