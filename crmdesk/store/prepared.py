"""Statements of the pop's path: compiled once, then run on the driver itself.

SQLAlchemy's execution costs more than the query where a query takes 50 µs. What it gives
(types, portable SQL) is used once, when a statement is compiled for a dialect; where the
driver has other ways than SQLite's, SQLAlchemy runs the statement as always.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.engine import Connection, Dialect

_Convert = Callable[[Any], Any]


class Prepared:
    """A select that is run often, with the same names of values each time.

    Not for values that expand (`IN`).
    """

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        self._statement = statement
        self._compiled: _Compiled | None = None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """All rows, with the types of the columns."""
        if connection.dialect.name != "sqlite":
            return list(connection.execute(self._statement, values))
        return self._ready(connection, values).rows(_driver(connection), values)

    def row(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The first row, None where there is none."""
        return next(iter(self.rows(connection, values)), None)

    def walk(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> Generator[Sequence[Any], None, None]:
        """Row after row as the driver gives them, read when it is asked for; close it early.

        Keys and moments of such rows are in the same order as their values; `typed` makes these.
        """
        if connection.dialect.name != "sqlite":
            yield from connection.execute(self._statement, values)
            return
        cursor = self._ready(connection, values).begin(_driver(connection), values)
        try:
            yield from cursor
        finally:
            cursor.close()

    def typed(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row of `walk`, with the types of the columns."""
        return self._compiled.typed(row) if self._compiled else row

    def _ready(self, connection: Connection, values: Mapping[str, Any]) -> _Compiled:
        if self._compiled is None:
            self._compiled = _Compiled(self._statement, connection.dialect, values)
        return self._compiled


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


class _Compiled:
    """SQL text, and how each value goes in and comes out."""

    def __init__(
        self,
        statement: Select[Any] | CompoundSelect[Any],
        dialect: Dialect,
        values: Mapping[str, Any],
    ) -> None:
        compiled = statement.params(**values).compile(dialect=dialect)
        self._sql = str(compiled)
        known = compiled.params
        self._values = [
            _Value(name, known[name], _converter(compiled.binds[name].type, dialect, "bind"))
            for name in compiled.positiontup or ()
        ]
        converters = (
            _converter(column.type, dialect, "result") for column in statement.selected_columns
        )
        self._results = [(at, how) for at, how in enumerate(converters) if how is not None]

    def begin(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> sqlite3.Cursor:
        return driver.execute(self._sql, [value.of(values) for value in self._values])

    def rows(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        found: list[Any] = self.begin(driver, values).fetchall()
        return [self.typed(row) for row in found] if self._results else found

    def typed(self, row: Sequence[Any]) -> Sequence[Any]:
        typed = list(row)
        for at, convert in self._results:
            typed[at] = convert(typed[at])
        return typed


class _Value:
    """One placeholder: given with each run, or part of the statement."""

    def __init__(self, name: str, fixed: Any, convert: _Convert | None) -> None:  # noqa: ANN401
        self._name = name
        self._convert = convert
        self._fixed = convert(fixed) if convert else fixed

    def of(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever the column holds
        if self._name not in values:
            return self._fixed
        value = values[self._name]
        return self._convert(value) if self._convert else value


def _converter(kind: Any, dialect: Dialect, way: str) -> _Convert | None:  # noqa: ANN401
    special = kind.dialect_impl(dialect)
    found: _Convert | None = (
        special.bind_processor(dialect)
        if way == "bind"
        else special.result_processor(dialect, None)
    )
    return found
