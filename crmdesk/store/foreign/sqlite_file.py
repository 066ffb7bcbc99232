"""A SQLite file of another program: read-only, and whatever its schema tries (threat model 19)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from crmdesk.store.foreign.drivers import CONNECT_S
from crmdesk.store.foreign.places import NOTHING, ForeignError

CELL_BYTES = 4 << 20
"""Longest value taken from SQLite; what is longer is an error there."""

_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""

_ALLOWED = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
_FORBIDDEN_FUNCTIONS = frozenset(
    {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}
)
_ASKED = frozenset(
    {
        "read_uncommitted",
        "table_info",
        "table_xinfo",
        "index_list",
        "index_info",
        "foreign_key_list",
    }
)
"""Pragmas by which SQLAlchemy looks at a table."""


def open_file(database: str, is_late: Callable[[], bool]) -> sqlite3.Connection:
    """A connection that only reads.

    Args:
        database: Path of the file.
        is_late: Whether the statement that runs has had its time.

    Raises:
        ForeignError: There is no such file.
    """
    file = Path(database).expanduser().absolute()
    if not file.is_file():
        raise ForeignError(f"{file} does not exist.", NOTHING, "Check the path in the profile.")
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=CONNECT_S)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.text_factory = lenient
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_reading_only)
    connection.set_progress_handler(is_late, _STEPS)
    return connection


def _reading_only(action: int, first: str | None, second: str | None, *_rest: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in _ASKED else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_TRANSACTION:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def lenient(data: bytes) -> str:
    """Text of old programs is not always UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
