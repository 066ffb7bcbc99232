"""Opens the database, an encrypted SQLite file.

The raw key reaches SQLCipher through a `creator`, never through a URL, which would end up
in logs and in `repr`. https://www.zetetic.net/sqlcipher/sqlcipher-api/
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.engine import Connection

from crmdesk.settings.runtime_place import make_private_folder
from crmdesk.store.errors import StoreFull, StoreKeyWrong, StoreUnreachable
from crmdesk.store.fold import fold

KEY_BYTES = 32
BUSY_TIMEOUT_S = 5
"""How long a writer waits for another program's transaction."""

_ASKED_FOR_MS = 25
_BEGIN_WRITING = "BEGIN IMMEDIATE"

_CACHE_KIB = 65_536
_WAL_LIMIT_BYTES = 64 * 1024 * 1024
# The WAL-reset race (two connections, one checkpoint) can corrupt the file before this one.
_FIRST_SAFE_SQLITE = (3, 51, 3)

# Said before anything else is read; each line must run even on a file we cannot decrypt.
_BEFORE_KEY = ("PRAGMA cipher_log_level = NONE",)
USUAL_CACHE = f"PRAGMA cache_size = -{_CACHE_KIB}"
_SETTINGS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = WAL",
    # FULL: with NORMAL a power loss takes acknowledged calls with it.
    "PRAGMA synchronous = FULL",
    USUAL_CACHE,
    f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}",
)


# The driver passes int, float and str straight on. For anything else it asks its table of
# adapters, then two attributes of the object, each miss an exception: 2 µs for every key and
# every NULL, eight tenths of what inserting a call took. An entry in the table ends the asking.
sqlcipher.register_adapter(bytes, bytes)
sqlcipher.register_adapter(bool, int)
sqlcipher.register_adapter(type(None), lambda nothing: nothing)


def make_engine(file: Path, key: bytes | None, *, read_only: bool = False) -> Engine:
    """An engine whose connections are ready to use; nothing is opened yet.

    Args:
        file: The store.
        key: The 32 raw bytes of its key.
        read_only: Refuse to write.
    """
    if key is None or len(key) != KEY_BYTES:
        raise StoreKeyWrong("The customer store cannot be opened without its key.")
    _refuse_unsafe_sqlite()
    return _sqlite_engine(_creator(file, key, read_only=read_only), read_only=read_only)


def _refuse_unsafe_sqlite() -> None:
    if sqlcipher.sqlite_version_info < _FIRST_SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {sqlcipher.sqlite_version} may corrupt a store: upgrade sqlcipher3"
        )


def _sqlite_engine(creator: Callable[[], sqlite3.Connection], *, read_only: bool) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=creator,
        poolclass=NullPool,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if read_only:
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection)

    return engine


def _begin_writing(connection: Connection) -> None:
    """Begins as soon as no other program writes; waits `BUSY_TIMEOUT_S` at most.

    SQLite asks again after 1, 2, 5, 10 ms and then ever more rarely, at last ten times a
    second: so a desk missed the pauses of an import for seconds. Asked anew it begins anew.
    """
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    give_up_at = time.monotonic() + BUSY_TIMEOUT_S
    driver.execute(f"PRAGMA busy_timeout = {_ASKED_FOR_MS}")
    try:
        while time.monotonic() < give_up_at:
            try:
                driver.execute(_BEGIN_WRITING)
            except sqlcipher.OperationalError as error:
                if "locked" in str(error):
                    continue
                break
            return
        connection.exec_driver_sql(_BEGIN_WRITING)  # its error is SQLAlchemy's
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")


def _creator(path: Path, key: bytes, *, read_only: bool) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        if not read_only:
            _make_private_file(path)
        uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
        connection: sqlite3.Connection = sqlcipher.connect(
            uri,
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _prepare(connection, key, read_only=read_only)
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _make_private_file(path: Path) -> None:
    """Nobody else may even copy the encrypted file; SQLite gives the WAL the same mode."""
    try:
        make_private_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreFull if error.errno == errno.ENOSPC else StoreUnreachable from error


def _fold(value: object) -> str | None:
    """`fold` for statements: SQLite itself knows no case beyond ASCII."""
    return None if value is None else fold(str(value))


def _prepare(connection: sqlite3.Connection, key: bytes, *, read_only: bool) -> None:
    for line in _BEFORE_KEY:
        connection.execute(line)
    # PRAGMA takes no bound parameter; bytes.hex() yields nothing but 0-9 and a-f.
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlcipher.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            raise StoreKeyWrong from None
        raise
    for line in _SETTINGS:
        if not (read_only and "journal" in line):
            connection.execute(line)
    connection.create_function("fold", 1, _fold, deterministic=True)
    if read_only:
        connection.execute("PRAGMA query_only = ON")
