"""Passphrases for programs nobody sits in front of: a private file or a systemd credential."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from crmdesk.store.errors import StoreError

CREDENTIAL = "crmdesk-passphrase"
"""Name for `LoadCredentialEncrypted=` in a unit (systemd.exec(5), "Credentials")."""

_LONGEST_BYTES = 4096


class PassphraseFileUnsafe(StoreError):  # noqa: N818
    """The passphrase file is missing, or others could read or change it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The passphrase file {path} {reason}.",
            "It is not used, because a passphrase others can read protects nothing.",
            f"Make it yours alone: chmod 600 {path}",
        )


def clean(passphrase: str) -> str:
    """The passphrase as it is used: the same however a keyboard composes its letters."""
    return unicodedata.normalize("NFC", passphrase)


def read_passphrase_file(path: Path) -> str:
    """The first line of a file that only this user can read.

    Raises:
        PassphraseFileUnsafe: It is not such a file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise PassphraseFileUnsafe(path, f"cannot be opened ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as file:
        # Looked at through the open file: what is checked is what is read.
        _refuse_unless_private(path, os.fstat(file.fileno()))
        return _first_line(path, file.read(_LONGEST_BYTES))


def find_credential() -> str | None:
    """The passphrase systemd hands to this service, None where there is none."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder) / CREDENTIAL
    if not folder or not path.is_file():
        return None
    # systemd makes the folder for this service alone; the mode may be 0400 or an ACL.
    return _first_line(path, path.read_bytes()[:_LONGEST_BYTES])


def _refuse_unless_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise PassphraseFileUnsafe(path, "is no ordinary file")
    if os.name == "nt":
        return  # modes say nothing there; the folder's access list decides
    if status.st_uid != os.geteuid():
        raise PassphraseFileUnsafe(path, "belongs to another user")
    if stat.S_IMODE(status.st_mode) & 0o177:
        mode = stat.S_IMODE(status.st_mode)
        raise PassphraseFileUnsafe(path, f"has mode {mode:04o} instead of 0600")


def _first_line(path: Path, content: bytes) -> str:
    try:
        line = content.decode().partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise PassphraseFileUnsafe(path, "is not UTF-8 text") from None
    if not line:
        raise PassphraseFileUnsafe(path, "is empty")
    return line
