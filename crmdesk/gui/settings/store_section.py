"""Section "Store and safety": where the customers are and what protects them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.store_health import StoreState
from crmdesk.gui.background import in_background
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.safety import (
    Guard,
    Safety,
    new_recovery_key,
    protect_by_keyring,
    protect_by_passphrase,
    read_safety,
)
from crmdesk.gui.settings.section import Section
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.unlock.old_passphrase import OldPassphraseDialog
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, Question
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label

_WORDS: Final = {
    Guard.KEYRING: "Encrypted with a key that is kept in {keyring}. It opens when you log in.",
    Guard.PASSPHRASE: "Encrypted under your passphrase, which is asked for at each start.",
    Guard.PUBLIC: "A demo store of invented people. Its key is public: it protects nothing.",
}
_RECOVERY_MEANING: Final = (
    "The recovery key you wrote down before is void from then on. Everything else stays as it is."
)
_NEW_MEANING: Final = (
    "Everything stays encrypted with the same key; only the way to it changes. Your recovery key "
    "stays valid."
)


class StoreSection(Section):
    """Place, protection, and changing it."""

    title = "Store and safety"
    icon = "lock"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(book)
        health = book.core.store.health()
        self._place = health.place
        self._guard: Guard | None = None
        self.place = line_edit(name="Place of the customer store")
        self.place.setText(self._place)
        self.place.setReadOnly(True)
        self.place.setCursorPosition(0)
        self.folder = button("Open folder", icon="external")
        self.folder.clicked.connect(self._open_folder)
        self._state = label("", "body", "muted", wrap=True)
        self._words = label("Looking…", "body", "text", wrap=True)
        self.told = Banner("good")
        self.told.hide()
        self.change_passphrase = button("Change the passphrase…", icon="key")
        self.to_keyring = button("Move the key to the keyring…", icon="lock")
        self.to_passphrase = button("Protect it by a passphrase…", icon="key")
        self.new_recovery = button("Show a new recovery key…", icon="key")
        self._lay_out()
        self.new_recovery.clicked.connect(self._ask_for_recovery)
        self.change_passphrase.clicked.connect(self._ask_old)
        self.to_keyring.clicked.connect(self._ask_for_keyring)
        self.to_passphrase.clicked.connect(lambda: self._ask_new(None))
        self.show_safety(None)

    def _lay_out(self) -> None:
        place = row(self.place, self.folder)
        holder = QWidget()
        place.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        holder.setLayout(place)
        holder.setFocusProxy(self.place)
        field = Field("Place", holder)
        buttons = row(self.change_passphrase, self.to_keyring, self.to_passphrase, 1)
        more = row(self.new_recovery, 1)
        safety = column(
            SectionHeader("Protection", "lock"), self._words, buttons, more, spacing=Space.M
        )
        self.body.addWidget(self.told)
        self.body.addLayout(column(field, self._state))
        self.body.addLayout(safety)
        for widget in (field, self.told):
            widget.setMaximumWidth(Size.DIALOG + Size.FIELD // 2)

    def enter(self) -> None:
        """Looks again what protects the store; a keyring may have come."""
        place = self._place
        await_future(
            in_background(lambda: read_safety(place)), self, self.show_safety, self._failed
        )
        health = self.book.core.store.health()
        is_well = health.state is StoreState.READY
        text = f"Version {health.schema} of its tables. Everything is well."
        self._state.setText(text if is_well else f"{health.message} {health.remedy}")

    # --- asking ----------------------------------------------------------------------------

    @Slot()
    def _ask_old(self) -> QDialog:
        dialog = OldPassphraseDialog(self.window(), "Change the passphrase", _NEW_MEANING, "Next")
        dialog.answered.connect(lambda old: self._check_old(dialog, old))
        dialog.open()
        return dialog

    def _check_old(self, dialog: OldPassphraseDialog, old: str) -> None:
        """Tries the old passphrase before a new one is asked for."""
        from crmdesk.store import keys

        path = Path(self._place)

        def go_on(_key: object) -> None:
            dialog.accept()
            self._ask_new(old)

        future = in_background(lambda: keys.unlock(path, passphrase=old))
        await_future(future, dialog, go_on, lambda error: dialog.show_error(_in_words(error)))

    @Slot()
    def _ask_for_keyring(self) -> None:
        meaning = "The keyring opens with your login; the passphrase is no longer asked for."
        dialog = OldPassphraseDialog(self.window(), "Move the key to the keyring", meaning, "Move")
        path, core = Path(self._place), self.book.core
        dialog.answered.connect(
            lambda passphrase: self._work(
                dialog,
                lambda: protect_by_keyring(path, passphrase, core),
                "The key is in the keyring now.",
            )
        )
        dialog.open()

    def _ask_new(self, old: str | None) -> None:
        dialog = PassphraseChoiceDialog(
            self.window(), "New passphrase", "Choose a new passphrase", _NEW_MEANING
        )
        path = Path(self._place)
        dialog.chosen.connect(
            lambda new: self._work(
                dialog,
                lambda: protect_by_passphrase(path, old, new),
                "The new passphrase holds from now on.",
            )
        )
        dialog.open()

    @Slot()
    def _ask_for_recovery(self) -> None:
        title, path = "New recovery key", Path(self._place)
        if self._guard is Guard.PASSPHRASE:
            asking = OldPassphraseDialog(self.window(), title, _RECOVERY_MEANING, "Show it")
            asking.answered.connect(lambda old: self._renew(path, old, asking))
            asking.open()
            return
        question = Question(
            self.window(), title, "Make a new recovery key?", _RECOVERY_MEANING,
            answer="Show it", cancel="Leave it",
        )  # fmt: skip
        question.accepted.connect(lambda: self._renew(path, None, None))
        question.open()

    def _renew(
        self, path: Path, passphrase: str | None, asking: OldPassphraseDialog | None
    ) -> None:
        def show(key: str) -> None:
            if asking is not None:
                asking.accept()
            RecoveryKeyDialog(key, str(path), self.window()).open()

        def failed(error: Exception) -> None:
            if asking is not None:
                asking.show_error(_in_words(error))
            else:
                self._failed(error)

        future = in_background(lambda: new_recovery_key(path, passphrase))
        await_future(future, self, show, failed)

    def _work(
        self,
        dialog: OldPassphraseDialog | PassphraseChoiceDialog,
        work: Callable[[], None],
        told: str,
    ) -> None:
        def done(_nothing: None) -> None:
            dialog.accept()
            self.told.set_tone("good")
            self.told.tell(told)
            self.told.show()
            self.enter()

        future: Future[None] = in_background(work)
        await_future(future, dialog, done, lambda error: dialog.show_error(_in_words(error)))

    # --- showing ---------------------------------------------------------------------------

    def show_safety(self, safety: Safety | None) -> None:
        """Shows how the store is protected; None while that is looked up."""
        guard = self._guard = safety.guard if safety else None
        keyring = safety.keyring if safety else ""
        if guard is not None:
            self._words.setText(_WORDS[guard].format(keyring=keyring or "the keyring"))
        self.change_passphrase.setVisible(guard is Guard.PASSPHRASE)
        self.to_keyring.setVisible(guard is Guard.PASSPHRASE and bool(keyring))
        self.to_passphrase.setVisible(guard is Guard.KEYRING)
        self.new_recovery.setVisible(guard in {Guard.KEYRING, Guard.PASSPHRASE})

    def _failed(self, error: Exception) -> None:
        self.told.tell_error(_in_words(error))
        self.told.show()

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._place).parent)))


def _in_words(error: Exception) -> UserFacingError:
    """The error, if it is one for people; anything else is a bug and goes on."""
    if not isinstance(error, UserFacingError):
        raise error
    return error
