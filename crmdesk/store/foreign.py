"""Another program's database, only read: the customers of a shop or an ERP.

Three walls keep it from being changed: the statement is one SELECT (`select_only`), the database is
told that we only read (a read-only transaction; for SQLite a read-only file, and an authorizer that
lets nothing but reading through), and the README asks for a user who may do no more. The password
reaches the driver as an argument of its own: it is in no URL, `repr` or log.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from sqlalchemy import (
    URL,
    ColumnClause,
    Connection,
    Dialect,
    Engine,
    FromClause,
    NullPool,
    Select,
    column,
    create_engine,
    event,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy import inspect as inspected
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from crmdesk.domain.errors import UserFacingError
from crmdesk.store.select_only import check_select

DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
}
"""What people call a database -> dialect and driver; another pair can be named as it is."""

CONNECT_S = 10
STATEMENT_S = 600
"""Longest a statement may run, where the database can be told."""

CELL_BYTES = 4 << 20
"""Longest value taken from SQLite; what is longer is an error there."""

_FETCHED = 500
"""Rows held at a time."""

_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""

Value: TypeAlias = Any
"""A value as the driver gives it."""

_NOTHING = "Nothing was imported, and nothing was changed there."
_ALLOWED = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
_FORBIDDEN_FUNCTIONS = frozenset(
    {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}
)


class ForeignError(UserFacingError):
    """A foreign database cannot be read."""


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """Where a database is, and who asks.

    Attributes:
        system: A key of DRIVERS, or a dialect and driver of SQLAlchemy.
        database: Its name; the file for SQLite.
        password: From the vault; in no `repr`.
        ca_file: The authority of a PostgreSQL server's certificate, "" for the system's.
        without_tls: The person accepts that everybody on the way reads along.
    """

    system: str
    database: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    without_tls: bool = False


@dataclass(frozen=True, slots=True)
class ForeignQuery:
    """What is read.

    Attributes:
        table: Name, with a schema before a dot where it needs one; or
        query: One SELECT.
        columns: Of the table, empty for all.
        updated: Column that tells when a row was last changed, "" reads all rows each time.
    """

    table: str = ""
    query: str = ""
    columns: tuple[str, ...] = ()
    updated: str = ""


class ForeignDatabase:
    """A connection that only reads.

    Args:
        place: Where the database is.
        statement_s: Longest a statement may run.

    Raises:
        ForeignError: There is no such driver, or the database cannot be reached.
    """

    def __init__(self, place: ForeignPlace, statement_s: int = STATEMENT_S) -> None:
        self._place = place
        self._statement_s = statement_s
        self._end = 0.0
        self._engine = self._made()
        self._connection = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()
        self._engine.dispose()

    def key_column(self, name: str) -> str:
        """The primary key of a table, "" where it has none of one column."""
        schema, bare = _parts(name)
        try:
            found = inspected(self._connection).get_pk_constraint(bare, schema)
        except SQLAlchemyError as error:
            raise self._in_words(error) from None
        columns = found["constrained_columns"]
        return columns[0] if len(columns) == 1 else ""

    def tables(self) -> tuple[str, ...]:
        """Tables and views of the usual schema, for messages and choosing."""
        looker = inspected(self._connection)
        return tuple(sorted([*looker.get_table_names(), *looker.get_view_names()]))

    def rows(
        self, query: ForeignQuery, since: Value = None, limit: int | None = None
    ) -> Generator[Sequence[Value], None, None]:
        """The rows, streamed: the database keeps what was not fetched yet.

        Args:
            query: What is read.
            since: Value of `updated` from which on rows are wanted; those without one come too.
            limit: Most rows, None for all.

        Raises:
            ForeignError: The database refuses it, or breaks off.
        """
        statement = self._statement(query, since)
        if limit is not None:
            statement = statement.limit(limit)
        try:
            self._begin_work()
            with self._connection.execute(statement) as result:
                for part in result.partitions(_FETCHED):
                    yield from part
                    self._begin_work()
        except SQLAlchemyError as error:
            raise self._in_words(error) from None

    # --- statements -----------------------------------------------------------------------------

    def columns(self, query: ForeignQuery) -> tuple[str, ...]:
        """The names of all that a table or query has, whatever `query.columns` says.

        Raises:
            ForeignError: It is no single SELECT, or the database refuses it.
        """
        self._begin_work()
        try:
            nothing = select(text("*")).select_from(self._from(query)).limit(0)
            with self._connection.execute(nothing) as result:
                names = tuple(result.keys())
        except SQLAlchemyError as error:
            raise self._in_words(error) from None
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ForeignError(
                f"The query gives several columns of one name: {', '.join(twice[:8])}.",
                _NOTHING,
                "Name them apart in the query, with AS.",
            )
        return names

    def _from(self, query: ForeignQuery) -> FromClause:
        if query.query:
            # Colons would be parameters of SQLAlchemy's; a comment at the end takes the line.
            given = check_select(query.query).replace(":", "\\:") + "\n"
            return text(given).columns().subquery("source")
        schema, name = _parts(query.table)
        return table(name, schema=schema)

    def _statement(self, query: ForeignQuery, since: Value) -> Select[Any]:
        columns: list[ColumnClause[Any]] = [
            column(name) for name in query.columns or self.columns(query)
        ]
        everything = select(*columns).select_from(self._from(query))
        if not query.updated or since is None:
            return everything
        updated: Any = column(query.updated)
        return everything.where(or_(updated >= literal(since), updated.is_(None)))

    # --- connections ----------------------------------------------------------------------------

    def _made(self) -> Engine:
        name = DRIVERS.get(self._place.system, self._place.system)
        try:
            if name == "sqlite":
                return create_engine(
                    "sqlite://", creator=self._sqlite, poolclass=NullPool, hide_parameters=True
                )
            engine = create_engine(self._url(name), poolclass=NullPool, hide_parameters=True)
        except (NoSuchModuleError, ArgumentError):
            raise ForeignError(
                f"There is no database system {self._place.system[:40]!r}.",
                _NOTHING,
                f"Use one of: {', '.join(DRIVERS)}.",
            ) from None
        except ImportError as error:
            raise _no_driver(self._place.system, error) from None
        event.listen(engine, "do_connect", self._give_password)
        return engine

    def _url(self, name: str) -> URL:
        place = self._place
        return URL.create(
            name, place.user or None, None, place.host or None, place.port, place.database or None
        )

    def _give_password(
        self, dialect: Dialect, _record: object, _arguments: object, options: dict[str, Any]
    ) -> None:
        """What is not in the URL: the password, TLS, and that we only read."""
        if self._place.password:
            options["password"] = self._place.password
        options.update(_OPTIONS.get(dialect.name, _no_options)(self._place, self._statement_s))

    def _opened(self) -> Connection:
        more: dict[str, Any] = {"stream_results": True, "max_row_buffer": _FETCHED}
        if self._engine.dialect.name == "postgresql":
            more["postgresql_readonly"] = True
        try:
            connection = self._engine.connect().execution_options(**more)
            if self._engine.dialect.name == "oracle":
                connection.execute(text("SET TRANSACTION READ ONLY"))
        except SQLAlchemyError as error:
            self._engine.dispose()
            raise self._in_words(error) from None
        return connection

    def _begin_work(self) -> None:
        """What the reader of the rows does in between is not SQLite's time."""
        self._end = time.monotonic() + self._statement_s

    def _sqlite(self) -> sqlite3.Connection:
        file = Path(self._place.database).expanduser().absolute()
        if not file.is_file():
            raise ForeignError(
                f"{file} does not exist.", _NOTHING, "Check the path in the profile."
            )
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=CONNECT_S)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.text_factory = _lenient
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_authorizer(_reading_only)
        self._begin_work()
        connection.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)
        return connection

    def _in_words(self, error: SQLAlchemyError) -> ForeignError:
        said = str(getattr(error, "orig", None) or error).strip()
        first = said.splitlines()[0][:200] if said else type(error).__name__
        if self._place.password:
            first = first.replace(self._place.password, "…")
        where = self._place.host or self._place.database
        return ForeignError(
            f"The database {where} says: {first}",
            _NOTHING,
            "Check place, user, table and columns in the profile.",
        )


def _reading_only(action: int, first: str | None, second: str | None, *_rest: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA:  # what SQLAlchemy asks of a table
        return sqlite3.SQLITE_OK if first in _ASKED else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_TRANSACTION:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


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


def _lenient(data: bytes) -> str:
    """Text of old programs is not always UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _postgresql(place: ForeignPlace, statement_s: int) -> Mapping[str, Any]:
    """The words of libpq: postgresql.org/docs/current/libpq-connect.html."""
    timeout = f"-c statement_timeout={statement_s * 1000} -c lock_timeout={CONNECT_S * 1000}"
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_S,
        "options": f"-c default_transaction_read_only=on {timeout}",
        "application_name": "CRMDesk",
        "sslmode": "prefer" if place.without_tls or _is_here(place.host) else "verify-full",
    }
    if place.ca_file:
        options |= {"sslmode": "verify-full", "sslrootcert": place.ca_file}
    elif options["sslmode"] == "verify-full":
        options["sslrootcert"] = "system"
    return options


def _mysql(_place: ForeignPlace, _statement_s: int) -> Mapping[str, Any]:
    return {
        "connect_timeout": CONNECT_S,
        "read_timeout": STATEMENT_S,
        "init_command": "SET SESSION TRANSACTION READ ONLY",
    }


def _no_options(_place: ForeignPlace, _statement_s: int) -> Mapping[str, Any]:
    return {}


_OPTIONS = {"postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}


def _is_here(host: str) -> bool:
    """This machine, or a socket in a folder: nobody listens on the way."""
    return host in ("", "localhost", "::1") or host.startswith(("127.", "/"))


def _parts(name: str) -> tuple[str | None, str]:
    schema, _, bare = name.rpartition(".")
    return schema or None, bare


def _no_driver(system: str, error: ImportError) -> ForeignError:
    module = (error.name or system).partition(".")[0]
    extra = " (crmdesk[postgresql] brings it)" if module == "psycopg" else ""
    return ForeignError(
        f"The driver for {system[:40]} is not installed: {module}.",
        _NOTHING,
        f"Install it beside CRMDesk with pip install {module}{extra}.",
    )
