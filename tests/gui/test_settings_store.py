"""The store in the settings window: passphrase, recovery key, keyring."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.gui.settings import safety
from crmdesk.gui.settings.store_section import StoreSection
from crmdesk.gui.unlock.old_passphrase import OldPassphraseDialog
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.settings import paths
from crmdesk.settings.model import LineSettings
from crmdesk.settings.secrets import KeyringVault
from crmdesk.store import keys
from crmdesk.store.errors import StoreKeyWrong
from tests.gui.first_start import PASSPHRASE, PBX_PASSWORD, clear_texts
from tests.gui.settings_desk import NEW_PASSPHRASE, Desk, desk, home, runtime, themed, wait

__all__ = ["desk", "home", "runtime", "themed", "wait"]


def _store_section(desk: Desk) -> StoreSection:
    section = next(s for s in desk.window.sections if isinstance(s, StoreSection))
    desk.window.show_section(desk.window.sections.index(section))
    desk.wait(section.change_passphrase.isVisible)
    return section


def test_passphrase_is_changed(desk: Desk, home: Path) -> None:
    section = _store_section(desk)
    section.change_passphrase.click()
    asking = desk.dialog(OldPassphraseDialog)
    assert isinstance(asking, OldPassphraseDialog)
    asking.secret.setText("not the passphrase")
    asking.ok.click()
    desk.wait(lambda: "The passphrase is wrong." in asking.trouble.accessibleName())
    asking.secret.setText(PASSPHRASE)
    asking.ok.click()
    choosing = desk.dialog(PassphraseChoiceDialog)
    assert isinstance(choosing, PassphraseChoiceDialog)
    choosing.choice.first.setText(NEW_PASSPHRASE)
    choosing.choice.second.setText(NEW_PASSPHRASE)
    choosing._choose()
    desk.wait(section.told.isVisible)
    assert keys.unlock(paths.store_file(), passphrase=NEW_PASSPHRASE).proved
    with pytest.raises(StoreKeyWrong):
        keys.unlock(paths.store_file(), passphrase=PASSPHRASE)
    assert clear_texts(home, PASSPHRASE, NEW_PASSPHRASE) == []


def test_new_recovery_key_replaces_the_old_one(desk: Desk, home: Path) -> None:
    section = _store_section(desk)
    section.new_recovery.click()
    asking = desk.dialog(OldPassphraseDialog)
    assert isinstance(asking, OldPassphraseDialog)
    asking.secret.setText("not the passphrase")
    asking.ok.click()
    desk.wait(lambda: "The passphrase is wrong." in asking.trouble.accessibleName())
    asking.secret.setText(PASSPHRASE)
    asking.ok.click()
    shown = desk.dialog(RecoveryKeyDialog)
    assert isinstance(shown, RecoveryKeyDialog)
    key = shown.panel._key
    shown.panel.tick.setChecked(True)
    shown.ok.click()
    opened = keys.unlock_with_recovery(paths.store_file(), key)
    assert opened.raw == keys.unlock(paths.store_file(), passphrase=PASSPHRASE).raw
    assert clear_texts(home, key) == []


class _Backend:
    """A keyring of the operating system, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, _service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, _service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, _service: str, username: str) -> None:
        del self.kept[username]


def test_key_and_passwords_move_to_the_keyring(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = KeyringVault("Test keyring", _Backend())
    monkeypatch.setattr(safety, "open_system_keyring", lambda: keyring)
    line = LineSettings(id="office", name="Office", host="192.0.2.1", secret_ref="line-office")
    assert desk.core.vault is not None
    desk.core.vault.set("line-office", PBX_PASSWORD)
    desk.window.book.put_line(line)
    desk.saved(lambda s: s.line("office") == line)
    section = _store_section(desk)
    section.to_keyring.click()
    asking = desk.dialog(OldPassphraseDialog)
    assert isinstance(asking, OldPassphraseDialog)
    asking.secret.setText(PASSPHRASE)
    asking.ok.click()
    desk.wait(lambda: section.to_passphrase.isVisible())
    assert keys.unlock(paths.store_file(), vault=keyring).proved
    assert desk.core.vault is keyring
    assert keyring.get("line-office") == PBX_PASSWORD
