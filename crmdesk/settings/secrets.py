"""Secrets in the system's keyring, and only in one that deserves the name.

Backends come from a list in this file and are made by class. `keyring.get_keyring()` is
never asked: it follows `PYTHON_KEYRING_BACKEND`, `keyringrc.cfg` and every installed plug-in,
and ends at backends that keep secrets in clear or not at all. A keyring counts after a
secret was written, read back and found equal. The daemon behind it may hang or wait for a
password: every question runs on a thread of its own and has a deadline.
"""

from __future__ import annotations

import importlib
import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from crmdesk.domain.errors import UserFacingError
from crmdesk.settings import paths
from crmdesk.settings.atomic import write_private

log = logging.getLogger(__name__)

T = TypeVar("T")

ANSWER_DEADLINE_S = 10.0
"""How long a keyring may take; long enough to type a password into its dialog."""

WINDOWS_MAX_CHARS = 1280
"""CRED_MAX_CREDENTIAL_BLOB_SIZE is 2,560 bytes, and the text is UTF-16."""

_SERVICE = "CRMDesk"
_SETTLED = "Secrets can be kept in the encrypted store under your passphrase instead."


class KeyringError(UserFacingError):
    """The keyring did not do what was asked."""


class SecretTooLongError(KeyringError):
    """The keyring of this system cannot hold so long a secret."""


class SecretVault(Protocol):
    """A place for secrets. All methods may block for some seconds and be called anywhere."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def get(self, ref: str) -> str | None:
        """The secret, None where there is none."""
        ...

    def set(self, ref: str, value: str) -> None:
        """Stores or replaces a secret."""
        ...

    def delete(self, ref: str) -> None:
        """Removes a secret; nothing happens where there is none."""
        ...


class KeyringBackend(Protocol):
    """What is used of a backend of the keyring library."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The secret, None where there is none."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Stores or replaces a secret."""
        ...

    def delete_password(self, service: str, username: str, /) -> None:
        """Removes a secret; raises where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class KeyringKind:
    """A keyring that is good enough.

    Attributes:
        platforms: Values of `sys.platform`, "" for the other ones.
        max_chars: Longest secret, None for no limit that matters.
    """

    name: str
    module: str
    backend: str
    platforms: tuple[str, ...]
    max_chars: int | None = None


ALLOWED = (
    KeyringKind("macOS Keychain", "keyring.backends.macOS", "Keyring", ("darwin",)),
    KeyringKind(
        "Windows Credential Manager",
        "keyring.backends.Windows",
        "WinVaultKeyring",
        ("win32",),
        WINDOWS_MAX_CHARS,
    ),
    KeyringKind("Secret Service", "keyring.backends.SecretService", "Keyring", ("",)),
    KeyringKind("libsecret", "keyring.backends.libsecret", "Keyring", ("",)),
    KeyringKind("KWallet", "keyring.backends.kwallet", "DBusKeyring", ("",)),
)
"""Best first."""


@dataclass(frozen=True, slots=True)
class KeyringSearch:
    """What came of looking for a keyring; `reasons` say why others were not taken."""

    vault: KeyringVault | None
    reasons: tuple[str, ...] = ()


def open_system_keyring(deadline_s: float = ANSWER_DEADLINE_S) -> SecretVault | None:
    """The first keyring of this system that keeps a secret, None where there is none.

    Blocks up to the deadline per keyring; not for the GUI thread.
    """
    return search_keyring(deadline_s).vault


def search_keyring(deadline_s: float = ANSWER_DEADLINE_S) -> KeyringSearch:
    """The same with the reasons, for the doctor."""
    reasons: list[str] = []
    for kind in ALLOWED:
        if _platform() not in kind.platforms:
            continue
        try:
            return KeyringSearch(_open(kind, deadline_s), tuple(reasons))
        except KeyringError as error:
            log.info("%s is not used: %s", kind.name, error.what)
            reasons.append(f"{kind.name}: {error.what}")
    return KeyringSearch(None, tuple(reasons))


class KeyringVault:
    """Secrets in one system keyring.

    Args:
        name: What people call it.
        backend: A backend of the keyring library, made by class.
        service: Name under which the keyring lists our secrets.
        max_chars: Longest secret it can hold.
        deadline_s: For each question.
    """

    def __init__(
        self,
        name: str,
        backend: KeyringBackend,
        service: str = _SERVICE,
        max_chars: int | None = None,
        deadline_s: float = ANSWER_DEADLINE_S,
    ) -> None:
        self.name = name
        self._backend = backend
        self._service = service
        self._max_chars = max_chars
        self._deadline_s = deadline_s

    def get(self, ref: str) -> str | None:
        """The secret, None where there is none.

        Raises:
            KeyringError: The keyring is locked, silent or gone.
        """
        return self._ask(self._backend.get_password, ref)

    def set(self, ref: str, value: str) -> None:
        """Stores a secret and reads it back.

        Raises:
            SecretTooLongError: Before anything is written.
            KeyringError: It was not kept.
        """
        if self._max_chars is not None and len(value) > self._max_chars:
            raise SecretTooLongError(
                f"The secret has {len(value):,} characters; the {self.name} holds at most"
                f" {self._max_chars:,}.",
                "It was not saved.",
                _SETTLED,
            )
        self._ask(self._backend.set_password, ref, value)
        if self.get(ref) != value:
            raise KeyringError(
                f"The {self.name} did not keep a secret it was given.", "It is not used.", _SETTLED
            )

    def delete(self, ref: str) -> None:
        """Removes a secret; nothing happens where there is none."""
        if self.get(ref) is not None:
            self._ask(self._backend.delete_password, ref)

    def probe(self) -> None:
        """Writes a secret, reads it back, compares and deletes it.

        Raises:
            KeyringError: This is no keyring to rely on.
        """
        ref, value = f"probe-{secrets.token_hex(8)}", secrets.token_hex(32)
        try:
            self.set(ref, value)
        finally:
            self.delete(ref)

    def _ask(self, question: Callable[..., T], ref: str, *rest: str) -> T:
        return _within(self._deadline_s, self.name, question, self._service, ref, *rest)


def _platform() -> str:
    return sys.platform if sys.platform in {"win32", "darwin"} else ""


def _open(kind: KeyringKind, deadline_s: float) -> KeyringVault:
    backend = _within(deadline_s, kind.name, _make_backend, kind)
    vault = KeyringVault(kind.name, backend, _service(), kind.max_chars, deadline_s)
    vault.probe()
    return vault


def _make_backend(kind: KeyringKind) -> KeyringBackend:
    """Makes the backend by class, deaf to `KEYRING_PROPERTY_*` variables.

    Raises:
        Exception: Whatever the library raises where this keyring is not there.
    """
    backend = getattr(importlib.import_module(kind.module), kind.backend)
    if backend.priority <= 0:
        raise RuntimeError("not usable here")
    deaf = type(backend.__name__, (backend,), {"set_properties_from_env": lambda _self: None})
    made: KeyringBackend = deaf()
    return made


def _within(deadline_s: float, name: str, function: Callable[..., T], *args: object) -> T:
    answer: Future[T] = Future()
    threading.Thread(
        target=_settle, args=(answer, function, args), name="crmdesk-keyring", daemon=True
    ).start()
    try:
        return answer.result(deadline_s)
    except TimeoutError:
        raise KeyringError(
            f"The {name} did not answer within {deadline_s:g} seconds.",
            "It may be waiting for its password, or it hangs.",
            "Unlock it and try again. " + _SETTLED,
        ) from None
    except Exception as error:
        log.debug("keyring %s failed", name, exc_info=True)
        raise _in_words(name, error) from error


def _settle(answer: Future[Any], function: Callable[..., Any], args: tuple[object, ...]) -> None:
    try:
        answer.set_result(function(*args))
    except BaseException as error:  # noqa: BLE001  the border of the thread: all goes to the asker
        answer.set_exception(error)


def _in_words(name: str, error: Exception) -> KeyringError:
    if type(error).__name__ in {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return KeyringError(
            f"The {name} is locked.", "Secrets cannot be read.", "Unlock it and try again."
        )
    if isinstance(error, ImportError):
        return KeyringError(f"The {name} is not installed.", "", _SETTLED)
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return KeyringError(f"The {name} cannot be used ({reason}).", "", _SETTLED)


def _service() -> str:
    """The name in the keyring; a portable folder has its own, which moves with it."""
    own = paths.portable_home()
    if own is None:
        return _SERVICE
    file = own / "keyring-name"
    try:
        return file.read_text("ascii")[:64].strip() or _SERVICE
    except FileNotFoundError:
        name = f"{_SERVICE} {secrets.token_hex(4)}"
        try:
            write_private(file, name.encode() + os.linesep.encode())
        except OSError as error:
            raise KeyringError(f"{file} cannot be written ({error.strerror}).") from error
        return name
