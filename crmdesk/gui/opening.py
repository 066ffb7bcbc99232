"""The way to an open store: settings, customer store, and on the first start the wizard.

Opening runs on a thread of its own; every question is a window of its own that blocks
nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog

from crmdesk.desk.handover.client import hand_over
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.gui.background import in_background
from crmdesk.gui.bridge import connect_queued
from crmdesk.gui.crash import in_words
from crmdesk.gui.door import Door
from crmdesk.gui.settings.line_secrets import adopt_secrets
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.unlock.trouble import TroubleDialog
from crmdesk.gui.unlock.unlock_dialog import RecoverDialog, UnlockDialog
from crmdesk.gui.wizard.window import Wizard
from crmdesk.settings import file, paths
from crmdesk.settings.model import Settings

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.desk.runtime import Runtime

log = logging.getLogger(__name__)

FRONT = {"verb": RequestVerb.FRONT.value}
"""What a second start says to the first."""

_NO_KEYRING = "This computer has no keyring that CRMDesk can trust."
_NO_KEYRING_MEANS = (
    "Choose a passphrase that protects your customers instead. It is asked for at each start and "
    "kept nowhere."
)


@dataclass(frozen=True, slots=True)
class Ready:
    """What the main window needs."""

    settings: Settings
    opened: OpenedStore


class Startup(QObject):
    """Asks and opens until there is a store and settings, or somebody quits.

    Args:
        runtime: A started runtime, for the wizard's test and the local door.
        store: Another place of the store than the settings say.
        passphrase_file: Holds the passphrase, for an unattended start.

    Attributes:
        ready: What was opened; None where somebody quit.
        window: The question on the screen, None for none.
        has_failed: An error that nobody foresaw came in the way; for the exit code.

    Signals:
        finished: It is over.
    """

    finished = Signal()

    def __init__(
        self, runtime: Runtime, store: str | None = None, passphrase_file: Path | None = None
    ) -> None:
        super().__init__()
        self.ready: Ready | None = None
        self.window: QDialog | None = None
        self.has_failed = False
        self.door = Door(runtime, self)
        self._runtime = runtime
        self._wanted_store = store
        self._passphrase_file = passphrase_file
        self._settings = Settings()
        self._is_first = False
        self._is_over = False
        self._passphrase: str | None = None
        self.door.taken.connect(self._hand_over)
        connect_queued(self.door.requested, self._requested)

    @Slot()
    def begin(self) -> None:
        """Reads the settings and goes on from there."""
        from crmdesk.bootstrap.stores import given_passphrase

        self.door.open()
        try:
            self._is_first = not paths.settings_file().exists()
            self._settings = file.load(paths.settings_file())
            self._passphrase = given_passphrase(self._passphrase_file)
        except UserFacingError as error:
            self._show_trouble(error, self.begin, choose=False, place="")
            return
        theme().set_mode(self._settings.look.theme)
        try:
            self.place()
        except UserFacingError as error:
            self._show_trouble(error, self.begin, place="")
            return
        self._open_or_set_up()

    def close(self) -> None:
        """Gives the local door to the desk that comes now."""
        self._dismiss()
        self.door.close()

    def place(self) -> Path:
        """Where the store is."""
        from crmdesk.bootstrap.stores import place_of

        return place_of(self._settings, self._wanted_store)

    # --- opening ---------------------------------------------------------------------------

    @Slot()
    def _open_or_set_up(self) -> None:
        if self._is_first and self._is_new():
            self._show_wizard(None)
        else:
            self._open()

    def _is_new(self) -> bool:
        """Whether there is no store yet at this place."""
        from crmdesk.store import keys

        place = self.place()
        return not place.exists() and not keys.has_keys(place)

    @Slot()
    def _open(self) -> None:
        place, passphrase, settings = self.place(), self._passphrase, self._settings
        future = in_background(lambda: _open_store(place, passphrase, settings), "crmdesk-open")
        await_future(future, self, self._opened, self._not_opened)

    def _opened(self, opened: OpenedStore) -> None:
        self._passphrase = None
        if self._is_over:
            opened.store.close()
        elif self._is_first:
            self._show_wizard(opened)
        elif opened.recovery_key:
            self._show_recovery_key(opened, opened.recovery_key)
        else:
            self._finish(self._settings, opened)

    def _not_opened(self, error: Exception) -> None:
        from crmdesk.store.errors import StoreKeyWrong
        from crmdesk.store.keys import PassphraseNeeded, PassphraseTooShort

        if self._is_over:
            return
        if not isinstance(error, UserFacingError):
            log.error("the store was not opened", exc_info=error)
            self.has_failed = True
            self._show_trouble(in_words(error), self._open, place=str(self.place()))
            return
        asks = isinstance(error, PassphraseNeeded)
        mistyped = isinstance(error, StoreKeyWrong | PassphraseTooShort)
        if mistyped and isinstance(self.window, UnlockDialog | PassphraseChoiceDialog):
            self.window.show_error(error)
        elif asks and self._is_new():
            self._ask_new_passphrase(self._open_with)
        elif asks:
            self._ask_passphrase()
        else:
            recover = isinstance(error, StoreKeyWrong) and not self._is_new()
            self._show_trouble(error, self._open, recover=recover, place=str(self.place()))

    @Slot(str)
    def _open_with(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self._open()

    # --- questions -------------------------------------------------------------------------

    @Slot()
    def _ask_passphrase(self) -> None:
        dialog = UnlockDialog(str(self.place()))
        dialog.answered.connect(self._open_with)
        dialog.recovery_wanted.connect(partial(self._ask_recovery_key, "Use the passphrase"))
        self._show(dialog, self._quit)

    def _ask_new_passphrase(self, use: Callable[[str], None]) -> None:
        dialog = PassphraseChoiceDialog(None, "Choose a passphrase", _NO_KEYRING, _NO_KEYRING_MEANS)
        dialog.chosen.connect(use)
        self._show(dialog, self._quit)

    def _ask_recovery_key(self, back: str = "") -> None:
        dialog = RecoverDialog(str(self.place()), back=back)
        dialog.answered.connect(self._recover)
        dialog.back_wanted.connect(self._ask_passphrase)
        self._show(dialog, self._quit)

    @Slot(str)
    def _recover(self, key: str, passphrase: str | None = None) -> None:
        from crmdesk.bootstrap.stores import recover

        place = self.place()
        future = in_background(lambda: recover(place, key, passphrase), "crmdesk-open")
        await_future(future, self, self._opened, partial(self._not_recovered, key))

    def _not_recovered(self, key: str, error: Exception) -> None:
        from crmdesk.store.keys import PassphraseNeeded

        if isinstance(error, PassphraseNeeded):
            self._ask_new_passphrase(partial(self._recover, key))
        elif isinstance(error, UserFacingError) and isinstance(
            self.window, RecoverDialog | PassphraseChoiceDialog
        ):
            self.window.show_error(error)
        else:
            self._not_opened(error)

    def _show_recovery_key(self, opened: OpenedStore, key: str) -> None:
        dialog = RecoveryKeyDialog(key, str(self.place()))
        dialog.accepted.connect(partial(self._finish, self._settings, opened))
        self._show(dialog, None)

    def _show_wizard(self, opened: OpenedStore | None) -> None:
        wizard = Wizard(self._runtime, self.door, self.place(), opened, self._settings)
        wizard.completed.connect(self._finish)
        self._show(wizard, partial(self._quit_wizard, wizard))

    def _quit_wizard(self, wizard: Wizard) -> None:
        if wizard.answers.opened is not None:
            wizard.answers.opened.store.close()
        self._quit()

    def _show_trouble(
        self,
        error: UserFacingError,
        retry: Callable[[], None],
        *,
        place: str,
        choose: bool = True,
        recover: bool = False,
    ) -> None:
        dialog = TroubleDialog(error, place, choose=choose, recover=recover)
        dialog.retry_wanted.connect(retry)
        dialog.other_store_wanted.connect(self._choose_store)
        dialog.recovery_wanted.connect(partial(self._ask_recovery_key, ""))
        self._show(dialog, self._quit)

    @Slot()
    def _choose_store(self) -> QFileDialog:
        """Asks for another file; the choice is kept in the settings."""
        try:
            folder = self.place().parent
        except UserFacingError:  # the settings name no place: it is what one comes from
            folder = paths.store_file().parent
        dialog = QFileDialog(self.window, "Choose a customer store", str(folder), "Stores (*.db)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.use_store)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    @Slot(str)
    def use_store(self, path: str) -> None:
        """Opens another store, from now on."""
        store = msgspec.structs.replace(self._settings.store, url=path)
        self._settings = msgspec.structs.replace(self._settings, store=store)
        self._wanted_store = self._passphrase = None
        try:
            if not self._is_first:
                file.save(paths.settings_file(), self._settings)
        except UserFacingError as error:
            self._show_trouble(error, partial(self.use_store, path), place=path)
            return
        self._open()

    # --- windows ---------------------------------------------------------------------------

    def _show(self, dialog: QDialog, rejected: Callable[[], None] | None) -> None:
        """Shows the one question there is; closing it is `rejected`."""
        self._dismiss()
        self.window = dialog
        if rejected is not None:
            dialog.rejected.connect(rejected)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _dismiss(self) -> None:
        if self.window is not None:
            self.window.blockSignals(True)
            self.window.close()
            self.window.hide()
            self.window.deleteLater()
            self.window = None

    @Slot(object, object)
    def _finish(self, settings: Settings, opened: OpenedStore) -> None:
        self.ready = Ready(settings, opened)
        self._quit()

    @Slot()
    def _quit(self) -> None:
        self._is_over = True
        self._dismiss()
        self.finished.emit()

    # --- other programs ------------------------------------------------------------------

    @Slot(object)
    def _requested(self, request: DeskRequest) -> None:
        """A second start brings the question to the front."""
        if request.verb is RequestVerb.FRONT and self.window is not None:
            self.window.showNormal()
            self.window.raise_()
            self.window.activateWindow()

    @Slot()
    def _hand_over(self) -> None:
        """Another desk was quicker: it comes to the front, this start ends."""
        try:
            hand_over(FRONT)
        except (OSError, ValueError, UserFacingError) as error:
            log.warning("the other desk does not come to the front: %s", error)
            self.has_failed = True
        self._quit()

    @Slot(object)
    def crashed(self, told: QDialog) -> None:
        """Somebody is told of an error; where no question is open, the start ends with it."""
        self.has_failed = True
        if self.window is None:
            told.finished.connect(self._quit)


def _open_store(place: str | Path, passphrase: str | None, settings: Settings) -> OpenedStore:
    """Opens the store; blocks."""
    from crmdesk.bootstrap.stores import open_customers

    opened = open_customers(place, passphrase)
    try:
        adopt_secrets(opened, settings)
    except UserFacingError:
        opened.store.close()
        raise
    return opened
