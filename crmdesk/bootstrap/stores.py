"""Opens the customer store: whichever place, whichever road to its key.

A file without keys beside it is a demo store (public key, invented people); everything
else is protected by the system keyring, or where there is none by a passphrase.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.settings import paths
from crmdesk.settings.secrets import open_system_keyring
from crmdesk.store import Store, keys, open_store
from crmdesk.store.keys.passphrases import find_credential, read_passphrase_file
from crmdesk.store.keys.vault import StoreVault
from crmdesk.store.places import file_of

if TYPE_CHECKING:
    from crmdesk.settings.model import Settings
    from crmdesk.settings.secrets import SecretVault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """An open store and where secrets go from now on.

    Attributes:
        recovery_key: Set once, when the store was made: show it, it is kept nowhere.
        is_demo: Invented people under a public key.
    """

    store: Store
    vault: SecretVault
    recovery_key: str | None = None
    is_demo: bool = False


def place_of(settings: Settings, place: str | Path | None = None) -> Path:
    """Where the store is: as asked, else as set, else in the data folder.

    Raises:
        StoreError: What was asked or set is no place for a store.
    """
    return file_of(place or settings.store.url or paths.store_file())


def given_passphrase(file: Path | None) -> str | None:
    """The passphrase of an unattended start: from the file, else a systemd credential.

    Raises:
        StoreError: The file is readable for others, or empty.
    """
    return read_passphrase_file(file) if file is not None else find_credential()


def open_customers(place: str | Path, passphrase: str | None = None) -> OpenedStore:
    """Opens a store, and makes it where there is none.

    Raises:
        PassphraseNeeded: A person has to be asked; call again with what they typed.
        StoreError: It cannot be opened, in words.
    """
    path = file_of(place)
    if not path.exists() and not keys.has_keys(path):
        return _make(path, passphrase)
    if not keys.has_keys(path):
        return open_demo(path)
    # One road for key and secrets: a store behind a passphrase keeps its secrets inside.
    vault = None if keys.needs_passphrase(path) else open_system_keyring()
    key = keys.unlock(path, vault=vault, passphrase=passphrase)
    store = open_store(path, key.raw, key_is_right=key.proved)
    return OpenedStore(store, vault or StoreVault(store))


def open_with_key(path: Path, key: keys.StoreKey) -> OpenedStore:
    """Opens a store with the key that the desk which started this program sent.

    Raises:
        StoreError: It cannot be opened, in words.
    """
    is_demo = not keys.has_keys(path)
    store = open_store(path, key.raw, key_is_right=key.proved)
    inside = is_demo or keys.needs_passphrase(path)
    vault = None if inside else open_system_keyring()
    return OpenedStore(store, vault or StoreVault(store), is_demo=is_demo)


def open_demo(path: Path) -> OpenedStore:
    """Opens or makes a demo store. Its key is public: it protects nothing, and says so."""
    store = open_store(path, keys.DEMO_KEY)
    return OpenedStore(store, StoreVault(store), is_demo=True)


def recover(path: Path, recovery_key: str, passphrase: str | None = None) -> OpenedStore:
    """Opens a store with its recovery key and keeps its key in a new place.

    Raises:
        PassphraseNeeded: There is no keyring, so a new passphrase is needed.
        StoreKeyWrong: Mistyped, or of another store.
    """
    key = keys.unlock_with_recovery(path, recovery_key)
    vault = None if passphrase else open_system_keyring()
    keys.keep(path, key, vault=vault, passphrase=passphrase)
    store = open_store(path, key.raw, key_is_right=True)
    return OpenedStore(store, vault or StoreVault(store))


def _make(path: Path, passphrase: str | None) -> OpenedStore:
    vault = None if passphrase else open_system_keyring()
    key, recovery_key = keys.create_keys(path, vault=vault, passphrase=passphrase)
    try:
        store = open_store(path, key.raw, key_is_right=True)
    except BaseException:
        # Nobody has seen its recovery key: the next try makes new keys and shows theirs.
        keys.discard(path)
        raise
    log.info("made a new customer store")
    return OpenedStore(store, vault or StoreVault(store), recovery_key)
