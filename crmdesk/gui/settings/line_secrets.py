"""Where passwords of phone lines go: the keyring, else the encrypted store. Never a file.

Everything here blocks and runs off the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.settings.model import Settings
    from crmdesk.settings.secrets import SecretVault


class NoPlaceForSecretsError(UserFacingError):
    """A demo store has a public key, and there is no keyring."""

    def __init__(self) -> None:
        super().__init__(
            "There is no safe place for the password.",
            "This computer has no keyring, and the key of a demo store is public.",
            "Use a store of your own, protected by a passphrase.",
        )


def safe_vault(opened: OpenedStore) -> SecretVault:
    """The vault of an open store, if it deserves the name.

    Raises:
        NoPlaceForSecretsError: It is a demo store and there is no keyring.
    """
    if not opened.is_demo:
        return opened.vault
    from crmdesk.settings.secrets import open_system_keyring

    keyring = open_system_keyring()
    if keyring is None:
        raise NoPlaceForSecretsError
    return keyring


def adopt_secrets(opened: OpenedStore, settings: Settings) -> None:
    """Moves passwords kept in the store into a keyring that has come since."""
    from crmdesk.store.keys.vault import StoreVault

    if opened.is_demo or isinstance(opened.vault, StoreVault):
        return
    move_secrets(settings, StoreVault(opened.store), opened.vault)


def move_secrets(settings: Settings, old: SecretVault, new: SecretVault) -> None:
    """Moves all passwords; one that is in the new place stays as it is."""
    refs = {*(line.secret_ref for line in settings.lines), settings.mail.secret_ref} - {""}
    for ref in refs:
        value = old.get(ref)
        if value is None:
            continue
        if new.get(ref) is None:
            new.set(ref, value)
        old.delete(ref)
