"""A folder for what a job leaves: plan and bad rows. It holds rows of customers in clear.

Only this user can read it, and it goes with the window. What a crash left behind goes at the next
start: a lock tells whether the program that made a folder still runs.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile

from crmdesk.settings import paths

_LOCK: Final = "lock"
_HEX_BYTES: Final = 8


def all_folders() -> Path:
    """Where they all are."""
    return paths.home() / "import-work"


class WorkFolder:
    """One of them, made when it is first needed."""

    def __init__(self) -> None:
        self._place: Path | None = None
        self._lock: QLockFile | None = None

    @property
    def place(self) -> Path:
        """Where it is."""
        if self._place is None:
            place = all_folders() / secrets.token_hex(_HEX_BYTES)
            place.mkdir(mode=0o700, parents=True)
            self._lock = _lock_of(place)
            self._lock.tryLock(0)
            self._place = place
        return self._place

    def remove(self) -> None:
        """Deletes it with all that is in it."""
        if self._place is not None and self._lock is not None:
            self._lock.unlock()
            shutil.rmtree(self._place, ignore_errors=True)
            self._place = self._lock = None
            _remove_empty()


def remove_left_over() -> int:
    """Deletes the folders of programs that run no more.

    Returns:
        How many.
    """
    found = 0
    with suppress(OSError):
        for place in [each for each in all_folders().iterdir() if each.is_dir()]:
            lock = _lock_of(place)
            if lock.tryLock(0):
                lock.unlock()
                shutil.rmtree(place, ignore_errors=True)
                found += 1
    _remove_empty()
    return found


def _lock_of(place: Path) -> QLockFile:
    """A lock that is stale as soon as its program is gone, and not before."""
    lock = QLockFile(str(place / _LOCK))
    lock.setStaleLockTime(0)
    return lock


def _remove_empty() -> None:
    with suppress(OSError):
        all_folders().rmdir()
