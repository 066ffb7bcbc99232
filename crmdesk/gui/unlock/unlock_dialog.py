"""Asking for the passphrase of a store, or for its recovery key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_label
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.secret_field import SecretField
from crmdesk.gui.widgets.text import ElidedLabel, label, set_window_title


class _Asking(FittedDialog):
    """One field, an answer that takes a moment, and words when it was wrong."""

    _verb = "Open"

    def __init__(self, title: str, what: str, meaning: str, place: str, field: Field) -> None:
        super().__init__()
        set_window_title(self, title)
        self.field = field
        self.edit = field.editor
        self.trouble = Banner("bad", closable=False)
        self.trouble.hide()
        self.ok = button(self._verb, "primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._answer)
        self.other = button("", "link")
        self.quit = button("Quit")
        self.quit.clicked.connect(self.reject)
        self._lay_out(what, meaning, place)
        self.edit.setFocus()

    def _lay_out(self, what: str, meaning: str, place: str) -> None:
        head = row(spacing=Space.M)
        head.addWidget(icon_label("lock", "accent", Size.ICON_LARGE), 0, Qt.AlignmentFlag.AlignTop)
        texts = column(label(what, "lead-strong", wrap=True), spacing=Space.XS)
        texts.addWidget(label(meaning, "body", "muted", wrap=True))
        texts.addWidget(ElidedLabel(place, "small", "faint"))
        head.addLayout(texts, 1)
        body = column(head, self.trouble, self.field, spacing=Space.L)
        buttons = row(self.other, 1, self.quit, self.ok)
        self.setLayout(column(body, buttons, spacing=Space.XL, margin=Space.XL))

    def show_error(self, error: UserFacingError) -> None:
        """The answer was wrong, or something else is."""
        self.set_busy(False)
        self.trouble.tell_error(error)
        self.trouble.show()
        if isinstance(self.edit, QLineEdit):
            self.edit.selectAll()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, is_busy: bool) -> None:
        """While the store is being opened."""
        for widget in (self.ok, self.other, self.edit):
            widget.setEnabled(not is_busy)
        self.ok.setText("Opening…" if is_busy else self._verb)

    @Slot()
    def _answer(self) -> None:
        raise NotImplementedError


class UnlockDialog(_Asking):
    """Asks for the passphrase of a store.

    Signals:
        answered: The passphrase; the dialog waits for `accept` or `show_error`.
        recovery_wanted: The passphrase is lost.
    """

    answered = Signal(str)
    recovery_wanted = Signal()

    def __init__(self, place: str) -> None:
        self._secret = SecretField(name="Passphrase")
        super().__init__(
            "Open the customer store",
            "Your customers are protected by a passphrase.",
            "It was chosen when this store was made.",
            place,
            Field("Passphrase", self._secret),
        )
        self.other.setText("Use the recovery key")
        self.other.clicked.connect(self.recovery_wanted)

    @Slot()
    def _answer(self) -> None:
        if not self._secret.text():
            self.field.set_error("Type the passphrase.")
            return
        self.field.set_error("")
        self.trouble.hide()
        self.set_busy(True)
        self.answered.emit(self._secret.text())


class RecoverDialog(_Asking):
    """Asks for the recovery key.

    Signals:
        answered: The key as typed.
        back_wanted: Rather the passphrase.
    """

    answered = Signal(str)
    back_wanted = Signal()
    _verb = "Continue"

    def __init__(self, place: str, *, back: str = "Use the passphrase") -> None:
        self._key = line_edit("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX", name="Recovery key")
        super().__init__(
            "Recovery key",
            "Open the customer store with its recovery key.",
            "It was shown once, when this store was made. Small letters and missing dashes do "
            "not matter.",
            place,
            Field("Recovery key", self._key),
        )
        self.other.setText(back)
        self.other.setVisible(bool(back))
        self.other.clicked.connect(self.back_wanted)

    @Slot()
    def _answer(self) -> None:
        if not self._key.text().strip():
            self.field.set_error("Type the recovery key.")
            return
        self.field.set_error("")
        self.trouble.hide()
        self.set_busy(True)
        self.answered.emit(self._key.text())
