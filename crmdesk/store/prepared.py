"""Statements of the pop's path: compiled once, then run on the driver itself.

SQLAlchemy's execution costs more than the query where a query takes 50 µs. What it gives
(types, portable SQL) is used once, when a statement is compiled for a dialect; where the
driver has other ways than SQLite's, SQLAlchemy runs the statement as always.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
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
        if self._compiled is None:
            self._compiled = _Compiled(self._statement, connection.dialect, values)
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        return self._compiled.rows(driver, values)

    def row(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The first row, None where there is none."""
        return next(iter(self.rows(connection, values)), None)


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

    def rows(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        parameters = [value.of(values) for value in self._values]
        found: list[Any] = driver.execute(self._sql, parameters).fetchall()
        return [self._typed(row) for row in found] if self._results else found

    def _typed(self, row: Sequence[Any]) -> Sequence[Any]:
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
