"""The file beside a store that says where its key is, and holds it only wrapped.

The data key is 32 random bytes. It is never written in clear: it lies in the system keyring,
or here under a key derived from the passphrase (Argon2id, RFC 9106), and always here under
the recovery key. Wrapping is AES-256-GCM; the store's id and the road are bound to it, so
that pieces of two files cannot be mixed.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crmdesk.settings.atomic import write_private
from crmdesk.store.errors import StoreCorrupt

FORMAT = 1

# RFC 9106, section 4, second recommended option: 64 MiB.
_ITERATIONS, _LANES, _MEMORY_KIB = 3, 4, 64 * 1024
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
# Files may ask for more than we write, but not for a denial of service.
_MOST_MEMORY_KIB, _MOST_ITERATIONS, _MOST_LANES = 1024 * 1024, 100, 64


class WrongSecret(Exception):  # noqa: N818
    """The passphrase or recovery key does not unwrap the data key."""


class Argon2idCost(msgspec.Struct, frozen=True):
    """What deriving costs; written with the file so that it can be raised later."""

    iterations: int = _ITERATIONS
    lanes: int = _LANES
    memory_kib: int = _MEMORY_KIB


class WrappedKey(msgspec.Struct, frozen=True, kw_only=True):
    """The data key under a secret. `cost` is None for the recovery key, which needs none."""

    salt: bytes
    nonce: bytes
    sealed: bytes
    cost: Argon2idCost | None = None


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file.

    Attributes:
        store_id: Random; also the name of the key in the keyring.
        check: Proves a data key without opening the store.
        keyring: Name of the keyring that holds the key, "" where none does.
        passphrase: None where a keyring holds the key and no passphrase was chosen.
    """

    format: int = FORMAT
    store_id: str
    check: bytes
    keyring: str = ""
    passphrase: WrappedKey | None = None
    recovery: WrappedKey

    def is_key(self, key: bytes) -> bool:
        """Whether a data key is the one of this store."""
        return hmac.compare_digest(self.check, check_of(key))


def check_of(key: bytes) -> bytes:
    """A value that tells a key from all others and nothing else about it."""
    return hmac.digest(key, b"CRMDesk store key check", "sha256")


def path_beside(store: Path) -> Path:
    """Where the file of a store is."""
    return store.with_suffix(".keys.json")


def load(path: Path) -> KeyFile:
    """Reads the file.

    Raises:
        FileNotFoundError: There is none.
        StoreCorrupt: It is none of ours, or damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except msgspec.DecodeError as error:
        raise StoreCorrupt from error


def save(path: Path, file: KeyFile) -> None:
    """Writes the file so that a crash leaves the old one or the new one."""
    write_private(path, msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n")


def wrap_with_passphrase(key: bytes, passphrase: str, store_id: str) -> WrappedKey:
    """Wraps the data key; takes about 0.1 s and 64 MiB, by design."""
    salt, cost = os.urandom(_SALT_BYTES), Argon2idCost()
    return _seal(key, _stretched(passphrase, salt, cost), salt, f"passphrase {store_id}", cost)


def wrap_with_recovery(key: bytes, secret: bytes, store_id: str) -> WrappedKey:
    """Wraps the data key under the 160 random bits of the recovery key."""
    salt = os.urandom(_SALT_BYTES)
    return _seal(key, _derived(secret, salt), salt, f"recovery {store_id}", None)


def unwrap_with_passphrase(wrapped: WrappedKey, passphrase: str, store_id: str) -> bytes:
    """The data key.

    Raises:
        WrongSecret: Wrong passphrase, or the file was changed.
    """
    cost = wrapped.cost
    if cost is None or not _is_bearable(cost):
        raise StoreCorrupt
    return _open(wrapped, _stretched(passphrase, wrapped.salt, cost), f"passphrase {store_id}")


def unwrap_with_recovery(wrapped: WrappedKey, secret: bytes, store_id: str) -> bytes:
    """The data key.

    Raises:
        WrongSecret: Recovery key of another store, or the file was changed.
    """
    return _open(wrapped, _derived(secret, wrapped.salt), f"recovery {store_id}")


def _is_bearable(cost: Argon2idCost) -> bool:
    return (
        0 < cost.iterations <= _MOST_ITERATIONS
        and 0 < cost.lanes <= _MOST_LANES
        and 8 * cost.lanes <= cost.memory_kib <= _MOST_MEMORY_KIB
    )


def _stretched(passphrase: str, salt: bytes, cost: Argon2idCost) -> bytes:
    derivation = Argon2id(
        salt=salt,
        length=_KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return derivation.derive(passphrase.encode())


def _derived(secret: bytes, salt: bytes) -> bytes:
    derivation = HKDF(hashes.SHA256(), length=_KEY_BYTES, salt=salt, info=b"CRMDesk recovery key")
    return derivation.derive(secret)


def _seal(
    key: bytes, wrapping: bytes, salt: bytes, purpose: str, cost: Argon2idCost | None
) -> WrappedKey:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(wrapping).encrypt(nonce, key, purpose.encode())
    return WrappedKey(salt=salt, nonce=nonce, sealed=sealed, cost=cost)


def _open(wrapped: WrappedKey, wrapping: bytes, purpose: str) -> bytes:
    try:
        return AESGCM(wrapping).decrypt(wrapped.nonce, wrapped.sealed, purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise WrongSecret from error
