"""Fifth step: the customer store, how it is protected, and what is in it at first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.background import in_background
from crmdesk.gui.bridge import connect_queued
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoice
from crmdesk.gui.widgets.choice_cards import Choice, ChoiceCards
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.new_store import fill_with_demo, keyring_name, make_store
from crmdesk.gui.wizard.step import Step

_CHOICES = (
    Choice(
        "demo",
        "Look around with invented people",
        "200 customers with history, calls and tickets, so that there is something to see.",
        "users",
    ),
    Choice(
        "file",
        "Bring my customers in",
        "From a spreadsheet, an export of another program, an address book, a directory or a"
        " database. CRMDesk opens with it.",
        "download",
    ),
    Choice("empty", "Start empty", "For work: customers come in as they call.", "inbox"),
)
_NO_KEYRING = "This computer has no keyring that CRMDesk can trust."
_NO_KEYRING_MEANS = (
    "So a passphrase protects your customers. It is asked for at each start and kept nowhere."
)


class CustomersStep(Step):
    """Makes the store when one goes on."""

    progressed = Signal(int, int)

    def __init__(self, answers: Answers) -> None:
        super().__init__(
            answers,
            "Customers",
            "Your customers",
            "They lie in an encrypted file on this computer. Nothing is sent anywhere.",
        )
        self._is_busy = False
        self.contents = ChoiceCards(_CHOICES, name="What is in the store at first")
        self.passphrase = PassphraseChoice()
        self.passphrase.setMaximumWidth(Size.DIALOG)
        self.trouble = Banner("bad", closable=False)
        self.trouble.hide()
        self._no_keyring = Banner("warn", closable=False)
        self._no_keyring.tell(_NO_KEYRING, _NO_KEYRING_MEANS)
        self._kept = label("", "body", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self._lay_out()
        connect_queued(self.progressed, self._show_progress)

    def _lay_out(self) -> None:
        safety = column(
            SectionHeader("Protection", "lock"), self._kept, self._no_keyring, self.passphrase,
            spacing=Space.M,
        )  # fmt: skip
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.contents)
        self.body.addLayout(safety)
        self.body.addWidget(self._bar)

    def applies(self) -> bool:
        """Not where the store was there before."""
        return self.answers.makes_store

    def enter(self) -> None:
        """Looks for the keyring once."""
        self.contents.setFocus(Qt.FocusReason.TabFocusReason)
        if self.answers.keyring is None:
            await_future(in_background(keyring_name, "crmdesk-keyring"), self, self._found_keyring)
        self._show_protection()

    def may_go_on(self) -> bool:
        """Not while the keyring is looked for or the store is made."""
        return not self._is_busy and self.answers.keyring is not None

    def may_leave(self) -> bool:
        """Not in the middle of making the store."""
        return not self._is_busy

    def may_go_back(self) -> bool:
        """Not while the store is made, nor when it is."""
        return not self._is_busy and self.answers.opened is None

    def go_on(self) -> None:
        """Makes the store, fills it, and goes on."""
        needs_passphrase = self.answers.keyring == "" and self.answers.opened is None
        if needs_passphrase and not self.passphrase.check():
            return
        self.answers.contents = self.contents.value()
        self.trouble.hide()
        self._set_busy(True)
        passphrase = self.passphrase.passphrase() if needs_passphrase else None
        await_future(in_background(lambda: self._make(passphrase)), self, self._made, self._failed)

    def _make(self, passphrase: str | None) -> None:
        """Runs off the GUI thread; a second try does not make the store again."""
        if self.answers.opened is None:
            self.answers.opened = make_store(self.answers.place, passphrase)
        if self.answers.contents == "demo":
            fill_with_demo(self.answers.opened.store, self.progressed.emit)

    def _made(self, _nothing: None) -> None:
        self._set_busy(False)
        self.done.emit()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    def _found_keyring(self, name: str) -> None:
        self.answers.keyring = name
        self._show_protection()
        self.ways_changed.emit()

    def _show_protection(self) -> None:
        name = self.answers.keyring
        texts = {
            None: "Looking for the keyring of this computer…",
            "": "",
        }
        kept = f"The key is kept in {name}. You do not have to remember anything."
        self._kept.setText(texts.get(name, kept))
        self._kept.setVisible(name != "")
        self._no_keyring.setVisible(name == "")
        self.passphrase.setVisible(name == "" and self.answers.opened is None)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._bar.setRange(0, 0)
        self._bar.setVisible(is_busy)
        for widget in (self.contents, self.passphrase):
            widget.setEnabled(not is_busy)
        self.ways_changed.emit()

    def next_text(self) -> str:
        """Says that something is going on."""
        return "One moment…" if self._is_busy else "Next"
