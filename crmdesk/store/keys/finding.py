"""How the key of a store is found: keyring, passphrase, recovery key.

    new, recovery_text = create_keys(store, vault=vault)          # show recovery_text once
    key = unlock(store, vault=vault)                              # with a keyring
    key = unlock(store, passphrase="...")                         # without
    key = unlock_with_recovery(store, "ABCDE-...")                # when all else is lost
    keep(store, key, passphrase="...")                            # from now on open it so
    new_text = renew_recovery(store, key)                         # the old text was lost

The key of the demo store is public: it protects nothing and says so.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from crmdesk.settings.secrets import SecretVault
from crmdesk.store.engine import KEY_BYTES
from crmdesk.store.errors import StoreError, StoreKeyWrong
from crmdesk.store.keys import key_file, recovery
from crmdesk.store.keys.key_file import KeyFile, WrappedKey, WrongSecret
from crmdesk.store.keys.passphrases import clean

DEMO_KEY = hashlib.sha256(b"CRMDesk demo store: invented people, public key").digest()
"""Fixed and public, for invented data only."""

MIN_PASSPHRASE = 8
"""Characters; Argon2id makes each guess cost 0.1 s and 64 MiB."""


class PassphraseNeeded(StoreError):  # noqa: N818
    """No keyring holds the key, and no passphrase was given."""

    def __init__(self) -> None:
        super().__init__(
            "The customer store is protected by a passphrase.",
            "It cannot be opened without it.",
            "Type the passphrase, or name a file with --passphrase-file.",
        )


class PassphraseTooShort(StoreError):  # noqa: N818
    """The passphrase is easy to guess."""

    def __init__(self) -> None:
        super().__init__(
            f"The passphrase has fewer than {MIN_PASSPHRASE} characters.",
            "It would be guessed too easily.",
            "Choose a longer one, for example four words.",
        )


@dataclass(frozen=True, slots=True)
class StoreKey:
    """The raw key of a store; `repr` does not show it.

    Attributes:
        raw: 32 bytes.
        proved: It is the key of this store, so a file it does not open is damaged.
    """

    raw: bytes = field(repr=False)
    proved: bool = False


def has_keys(store: Path) -> bool:
    """Whether keys were made for a store."""
    return key_file.path_beside(store).exists()


def needs_passphrase(store: Path) -> bool:
    """Whether a person has to be asked: no keyring is said to hold the key."""
    return not _load(store).keyring


def create_keys(
    store: Path, *, vault: SecretVault | None = None, passphrase: str | None = None
) -> tuple[StoreKey, str]:
    """Makes the key of a new store and keeps it in the vault or under the passphrase.

    Returns:
        The key, and the recovery key to show once and never again.

    Raises:
        PassphraseNeeded: Neither a vault nor a passphrase was given.
        FileExistsError: The store has keys already; they are not overwritten.
    """
    path = key_file.path_beside(store)
    if path.exists() or store.exists():
        raise FileExistsError(f"{path} belongs to a store that exists")
    raw, secret, store_id = os.urandom(KEY_BYTES), os.urandom(recovery.SECRET_BYTES), os.urandom(16)
    key = StoreKey(raw, proved=True)
    new = KeyFile(
        store_id=store_id.hex(),
        check=key_file.check_of(raw),
        recovery=key_file.wrap_with_recovery(raw, secret, store_id.hex()),
    )
    _keep(path, new, key, vault, passphrase)
    return key, recovery.to_text(secret)


def discard(store: Path) -> None:
    """Takes back `create_keys` of a store that could not be made; its empty file goes too."""
    key_file.path_beside(store).unlink(missing_ok=True)
    store.unlink(missing_ok=True)


def keep(
    store: Path,
    key: StoreKey,
    *,
    vault: SecretVault | None = None,
    passphrase: str | None = None,
) -> None:
    """Changes how a store is opened: by this keyring, or by this passphrase.

    The data stays encrypted with the same key, and the recovery key stays valid.

    Raises:
        PassphraseNeeded: Neither a vault nor a passphrase was given.
        StoreKeyWrong: The key is not the one of this store.
    """
    file = _load(store)
    _prove(file, key.raw)
    _keep(key_file.path_beside(store), file, key, vault, passphrase)


def renew_recovery(store: Path, key: StoreKey) -> str:
    """Makes a new recovery key; the old one opens the store no longer.

    The data stays encrypted with the same key, and keyring or passphrase stay as they are.

    Returns:
        The recovery key to show once and never again.

    Raises:
        StoreKeyWrong: The key is not the one of this store.
    """
    file = _load(store)
    _prove(file, key.raw)
    secret = os.urandom(recovery.SECRET_BYTES)
    wrapped = key_file.wrap_with_recovery(key.raw, secret, file.store_id)
    new = msgspec.structs.replace(file, recovery=wrapped)
    key_file.save(key_file.path_beside(store), new)
    return recovery.to_text(secret)


def unlock(
    store: Path, *, vault: SecretVault | None = None, passphrase: str | None = None
) -> StoreKey:
    """The key of a store.

    Args:
        store: The store's file.
        vault: The system keyring, where there is one.
        passphrase: Used instead where it is given.

    Raises:
        PassphraseNeeded: A person has to be asked.
        StoreKeyWrong: Wrong passphrase, another keyring, or the keyring lost the key.
    """
    file = _load(store)
    if passphrase is not None and file.passphrase is not None:
        return _with_passphrase(file, file.passphrase, passphrase)
    if not file.keyring:
        raise PassphraseNeeded
    return _from_vault(file, vault)


def unlock_with_recovery(store: Path, text: str) -> StoreKey:
    """The key of a store, by the recovery key; `keep` a new passphrase afterwards.

    Raises:
        StoreKeyWrong: Mistyped, or the recovery key of another store.
    """
    file = _load(store)
    try:
        secret = recovery.from_text(text)
    except recovery.RecoveryKeyMistyped:
        raise StoreKeyWrong("The recovery key has a typing error.") from None
    try:
        raw = key_file.unwrap_with_recovery(file.recovery, secret, file.store_id)
    except WrongSecret:
        raise StoreKeyWrong("The recovery key belongs to another store.") from None
    return _prove(file, raw)


def _load(store: Path) -> KeyFile:
    try:
        return key_file.load(key_file.path_beside(store))
    except FileNotFoundError:
        name = key_file.path_beside(store).name
        raise StoreKeyWrong(f"The file {name} beside the customer store is missing.") from None


def _keep(
    path: Path, file: KeyFile, key: StoreKey, vault: SecretVault | None, passphrase: str | None
) -> None:
    """The key is in its place before the file says so: a crash between leaves both roads."""
    if vault is not None:
        vault.set(_ref(file), key.raw.hex())
        _prove(file, _read(file, vault))
        file = msgspec.structs.replace(file, keyring=vault.name, passphrase=None)
    elif passphrase is not None:
        if len(clean(passphrase)) < MIN_PASSPHRASE:
            raise PassphraseTooShort
        wrapped = key_file.wrap_with_passphrase(key.raw, clean(passphrase), file.store_id)
        file = msgspec.structs.replace(file, keyring="", passphrase=wrapped)
    else:
        raise PassphraseNeeded
    key_file.save(path, file)


def _with_passphrase(file: KeyFile, wrapped: WrappedKey, passphrase: str) -> StoreKey:
    try:
        raw = key_file.unwrap_with_passphrase(wrapped, clean(passphrase), file.store_id)
    except WrongSecret:
        raise StoreKeyWrong("The passphrase is wrong.") from None
    return _prove(file, raw)


def _from_vault(file: KeyFile, vault: SecretVault | None) -> StoreKey:
    if vault is None:
        raise StoreKeyWrong(
            f"The key of the customer store is in {file.keyring}, which is not there."
        )
    return _prove(file, _read(file, vault))


def _read(file: KeyFile, vault: SecretVault) -> bytes:
    text = vault.get(_ref(file))
    if text is None:
        kept = f"it was kept in {file.keyring}" if file.keyring else "it was not kept"
        raise StoreKeyWrong(f"{vault.name} does not have the key of the customer store; {kept}.")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise StoreKeyWrong(f"{vault.name} has a broken key of the customer store.") from None


def _prove(file: KeyFile, raw: bytes) -> StoreKey:
    if not file.is_key(raw):
        raise StoreKeyWrong
    return StoreKey(raw, proved=True)


def _ref(file: KeyFile) -> str:
    return f"store-{file.store_id}"
