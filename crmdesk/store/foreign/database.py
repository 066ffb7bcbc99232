"""Another program's database, only read: the customers of a shop or an ERP.

Three walls keep it from being changed: the statement is one SELECT (`select_only`), the database is
told that we only read (a read-only transaction; for SQLite a read-only file, and an authorizer that
lets nothing but reading through), and the README asks for a user who may do no more. The password
reaches the driver as an argument of its own: it is in no URL, `repr` or log.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias, cast

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
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.text import sanitise_external
from crmdesk.store.foreign import sqlite_file as foreign_sqlite
from crmdesk.store.foreign.drivers import DRIVERS, options_of
from crmdesk.store.foreign.places import (
    NOTHING,
    ForeignError,
    ForeignPlace,
    check_host,
    no_driver,
    no_such_system,
)
from crmdesk.store.foreign.select_only import check_select

__all__ = ["DRIVERS", "ForeignDatabase", "ForeignError", "ForeignPlace", "ForeignQuery", "Value"]

STATEMENT_S = 600
"""Longest a statement may run, where the database can be told."""

_FETCHED = 500
"""Rows held at a time."""

_SAID_CHARS = 200

Value: TypeAlias = Any
"""A value as the driver gives it."""


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
        check_host(place)
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
        with self._in_words():
            found = inspected(self._connection).get_pk_constraint(bare, schema)
        columns = found["constrained_columns"]
        return columns[0] if len(columns) == 1 else ""

    def tables(self) -> tuple[str, ...]:
        """Tables and views of the usual schema, for messages and choosing."""
        with self._in_words():
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
        with self._in_words():
            self._begin_work()
            with self._connection.execute(statement) as result:
                for part in result.partitions(_FETCHED):
                    yield from part
                    self._begin_work()

    # --- statements -----------------------------------------------------------------------------

    def columns(self, query: ForeignQuery) -> tuple[str, ...]:
        """The names of all that a table or query has, whatever `query.columns` says.

        Raises:
            ForeignError: It is no single SELECT, or the database refuses it.
        """
        self._begin_work()
        with self._in_words():
            nothing = select(text("*")).select_from(self._from(query)).limit(0)
            with self._connection.execute(nothing) as result:
                names = tuple(result.keys())
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ForeignError(
                f"The query gives several columns of one name: {', '.join(twice[:8])}.",
                NOTHING,
                "Name them apart in the query, with AS.",
            )
        return names

    def _from(self, query: ForeignQuery) -> FromClause:
        if query.query:
            # Colons would be parameters of SQLAlchemy's; a comment at the end takes the line.
            given = check_select(query.query, self._engine.dialect.name).replace(":", "\\:") + "\n"
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
        system = self._place.system
        name = DRIVERS.get(system, system)
        names = ", ".join(DRIVERS)
        try:
            if name.partition("+")[0] == "sqlite":  # whatever the driver: the walls are ours
                return create_engine(
                    "sqlite://", creator=self._sqlite, poolclass=NullPool, hide_parameters=True
                )
            engine = create_engine(self._url(name), poolclass=NullPool, hide_parameters=True)
        except (NoSuchModuleError, ArgumentError):
            raise no_such_system(system, names) from None
        except ImportError as error:
            raise no_driver(system, error) from None
        if engine.dialect.is_async:
            raise no_such_system(system, names)
        event.listen(engine, "do_connect", self._connected)
        return engine

    def _url(self, name: str) -> URL:
        place = self._place
        return URL.create(
            name, place.user or None, None, place.host or None, place.port, place.database or None
        )

    def _connected(
        self, dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]
    ) -> DBAPIConnection:
        """With what is not in the URL: the password, TLS, and that we only read."""
        options.update(options_of(self._place, dialect, self._statement_s))
        connection = dialect.connect(*arguments, **options)
        if dialect.driver == "psycopg":  # before SQLAlchemy asks its own questions
            from crmdesk.store.foreign.psycopg_values import be_lenient

            be_lenient(cast("Any", connection))
        return connection

    def _opened(self) -> Connection:
        more: dict[str, Any] = {"stream_results": True, "max_row_buffer": _FETCHED}
        if self._engine.dialect.name == "postgresql":
            more["postgresql_readonly"] = True
        try:
            with self._in_words():
                connection = self._engine.connect().execution_options(**more)
                self._settle(connection)
        except BaseException:
            self._engine.dispose()
            raise
        return connection

    def _settle(self, connection: Connection) -> None:
        """What can only be said when the connection is there."""
        dialect = self._engine.dialect
        if dialect.name == "oracle":
            connection.execute(text("SET TRANSACTION READ ONLY"))
        elif dialect.name in ("mysql", "mariadb"):
            # It waits this long while we work on rows, and would hang up after a minute.
            wait = {"seconds": STATEMENT_S}
            connection.execute(text("SET SESSION net_write_timeout = :seconds"), wait)

    def _begin_work(self) -> None:
        """What the reader of the rows does in between is not SQLite's time."""
        self._end = time.monotonic() + self._statement_s

    def _sqlite(self) -> sqlite3.Connection:
        self._begin_work()
        return foreign_sqlite.open_file(self._place.database, lambda: time.monotonic() > self._end)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Whatever the driver stumbles over is the database's, and is told without its trace."""
        try:
            yield
        except (UserFacingError, MemoryError):
            raise
        except SQLAlchemyError as error:
            raise self._told(_said(getattr(error, "orig", None) or error)) from None
        except Exception as error:  # noqa: BLE001  drivers raise what they like of strange answers
            raise self._told(f"what its driver cannot read ({type(error).__name__})") from None

    def _told(self, said: str) -> ForeignError:
        if self._place.password:
            said = said.replace(self._place.password, "…")
        where = self._place.host or self._place.database
        return ForeignError(
            f"The database {where} says: {sanitise_external(said, _SAID_CHARS)}",
            NOTHING,
            "Check place, user, table and columns in the profile.",
        )


def _said(error: BaseException) -> str:
    """The first line of a driver's words; some give a number before them, some bytes."""
    last = error.args[-1] if error.args else ""
    text = last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last)
    return next(iter(text.strip().splitlines()), type(error).__name__)


def _parts(name: str) -> tuple[str | None, str]:
    schema, _, bare = name.rpartition(".")
    return schema or None, bare
