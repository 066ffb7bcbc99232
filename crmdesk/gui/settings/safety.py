"""How a store is protected, and changing that. Everything here blocks: not for the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.settings.line_secrets import move_secrets
from crmdesk.settings.secrets import open_system_keyring

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.settings.secrets import SecretVault
    from crmdesk.store.keys import StoreKey


class Guard(StrEnum):
    """What opens a store."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105  the word, not a passphrase
    PUBLIC = "public"
    """A demo store: its key is in the program."""


@dataclass(frozen=True, slots=True)
class Safety:
    """How a store is protected.

    Attributes:
        keyring: Name of the keyring this system has now, "" for none.
    """

    guard: Guard
    keyring: str = ""


class NoKeyringError(UserFacingError):
    """There is none, or none that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__(
            "This computer has no keyring that CRMDesk can trust.",
            "The key stays under your passphrase.",
            "On Linux, install and unlock GNOME Keyring or KWallet, then try again.",
        )


def read_safety(place: str) -> Safety:
    """How the store at a place is protected."""
    from crmdesk.store import keys

    vault = open_system_keyring()
    name = vault.name if vault is not None else ""
    if not keys.has_keys(Path(place)):
        return Safety(Guard.PUBLIC, name)
    guard = Guard.PASSPHRASE if keys.needs_passphrase(Path(place)) else Guard.KEYRING
    return Safety(guard, name)


def protect_by_passphrase(path: Path, old: str | None, new: str) -> None:
    """From now on a passphrase opens the store.

    Args:
        path: File of the store.
        old: The passphrase so far, None where the keyring has the key.
        new: The passphrase from now on.

    Raises:
        StoreError: Wrong passphrase, or the keyring does not have the key.
    """
    from crmdesk.store import keys

    keys.keep(path, _key(path, old), passphrase=new)


def protect_by_keyring(path: Path, passphrase: str, core: Core) -> None:
    """From now on the keyring opens the store; passwords of lines move there too.

    Raises:
        StoreError: Wrong passphrase.
        NoKeyringError: There is none.
    """
    from crmdesk.store import keys

    key = _key(path, passphrase)
    vault = open_system_keyring()
    if vault is None:
        raise NoKeyringError
    keys.keep(path, key, vault=vault)
    _adopt_keyring(core, vault)


def new_recovery_key(path: Path, passphrase: str | None) -> str:
    """Makes a new recovery key; the old one is void.

    Args:
        path: File of the store.
        passphrase: The one that opens it, None where the keyring has the key.

    Raises:
        StoreError: Wrong passphrase, or the keyring does not have the key.
    """
    from crmdesk.store import keys

    return keys.renew_recovery(path, _key(path, passphrase))


def _key(path: Path, passphrase: str | None) -> StoreKey:
    from crmdesk.store import keys

    vault = open_system_keyring() if passphrase is None else None
    return keys.unlock(path, vault=vault, passphrase=passphrase)


def _adopt_keyring(core: Core, keyring: SecretVault) -> None:
    if core.vault is not None and core.vault.name != keyring.name:
        move_secrets(core.settings, core.vault, keyring)
        core.vault = keyring
