"""One large change of a store at a time, and a way to see that its program is gone."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path


class ChangeLock:
    """A lock that the operating system lets go of when the process ends, however it ends.

    It is the exclusive lock of an empty SQLite file beside the store: that works alike on
    every system, between processes and between threads of one.

    Args:
        store_file: The store.
    """

    def __init__(self, store_file: Path) -> None:
        self._file = store_file.with_name(f"{store_file.name}.change")
        self._held: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Takes the lock; False where somebody has it."""
        if self._held is not None:
            return False
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._file, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._held = connection
        return True

    def release(self) -> None:
        """Lets go of it, where it is held."""
        held, self._held = self._held, None
        if held is not None:
            held.close()
