"""Writes a small file so that a crash leaves the old one or the new one, never half of one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from crmdesk.settings.runtime_place import make_private_folder


def write_private(path: Path, data: bytes) -> None:
    """Replaces a file: temporary file, fsync, rename; readable by this user only.

    Folders are made 0700. A link stays a link: what it points to is replaced.

    Raises:
        OSError: Nothing was changed.
    """
    target = path.resolve()
    make_private_folder(target.parent)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        _write_synced(temporary, data)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write_synced(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself last; Windows cannot and need not."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
