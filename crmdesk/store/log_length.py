"""Keeps the write-ahead log short while a large change is made."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

LONGEST = 128 * 1024 * 1024
"""Bytes; twice what SQLite leaves of it when it begins anew (`engine`)."""

_PATIENCE = "PRAGMA busy_timeout = 250"
"""Milliseconds that readers are waited for, while nobody else can write."""


class LogLength:
    """The length of the log of a store.

    SQLite begins the log anew when nobody reads in it at the moment somebody writes. Where
    somebody always does, as a desk with much to do, an import made seven gigabytes of it: and
    each page is looked up in the log first, so everything took longer and longer.

    Args:
        file: The store.
        engine: Of connections that may write.
    """

    def __init__(self, file: Path, engine: Engine) -> None:
        self._log = file.with_name(f"{file.name}-wal")
        self._engine = engine
        self._longest = LONGEST

    def shorten(self) -> None:
        """Has it begin anew where it is long; to be called between two transactions.

        Waits for those who read in it now, not for those who come. Where somebody reads for
        long it goes on growing, and is tried again when it is as much longer.
        """
        with suppress(OSError, DBAPIError):  # no log, or others are at it: the next time, then
            length = self._log.stat().st_size
            if length > self._longest:
                self._longest = LONGEST if self._begin_anew() else length + LONGEST

    def _begin_anew(self) -> bool:
        with closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(_PATIENCE)
            cursor.execute("PRAGMA wal_checkpoint(RESTART)")
            is_busy, _, _ = cursor.fetchone() or (1, 0, 0)
            return not is_busy
