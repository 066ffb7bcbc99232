"""Who called, of every call of the log: for work over millions of calls."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, bindparam, case, func, select

from crmdesk.domain.call_log import CallerRow, CallerSort
from crmdesk.store.columns import to_micros
from crmdesk.store.engine import USUAL_CACHE
from crmdesk.store.queries import Queries
from crmdesk.store.tables import call

ROWS_AT_ONCE = 1_000
"""So many a turn: whoever reads them tells progress and hears a cancel between turns."""

# Each page is read once and never again: the usual cache would only take memory.
_SMALL_CACHE = "PRAGMA cache_size = -8192"

_sort = case(
    (call.c.direction == "internal", CallerSort.INTERNAL.value),
    (call.c.presentation == "withheld", CallerSort.WITHHELD.value),
    else_=CallerSort.OUTSIDE.value,
)
_rows = select(call.c.line_id, call.c.caller_raw, call.c.account_id, _sort).where(
    call.c.deleted_at.is_(None)
)
_count = select(func.count()).select_from(call).where(call.c.deleted_at.is_(None))
_since = call.c.started_at >= bindparam("since", type_=call.c.started_at.type)


class CallerQueries(Queries):
    """Reads the callers of the log, in no order."""

    def caller_count(self, since: datetime | None = None) -> int:
        """How many rows `callers` gives."""
        return int(self._connection.execute(*_from(_count, since)).scalar_one())

    def callers(self, since: datetime | None = None) -> Iterator[list[CallerRow]]:
        """One row for each call, a list at a time; memory stays flat.

        Args:
            since: Only calls that began then or later, aware.
        """
        if self._connection.dialect.name == "sqlite":
            yield from self._from_driver(since)
            return
        streamed = self._connection.execution_options(yield_per=ROWS_AT_ONCE)
        for rows in streamed.execute(*_from(_rows, since)).partitions():
            yield [cast("CallerRow", tuple(row)) for row in rows]

    def _from_driver(self, since: datetime | None) -> Iterator[list[CallerRow]]:
        """The same without a row object for each call: half the time."""
        statement, _ = _from(_rows, since)
        compiled = statement.compile(
            dialect=self._connection.dialect, compile_kwargs={"render_postcompile": True}
        )
        given = {**compiled.params, "since": None if since is None else to_micros(since)}
        driver = cast("sqlite3.Connection", self._connection.connection.driver_connection)
        driver.execute(_SMALL_CACHE)
        cursor = driver.execute(str(compiled), [given[n] for n in compiled.positiontup or ()])
        try:
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield rows
        finally:
            cursor.close()
            driver.execute(USUAL_CACHE)


def _from(
    statement: Select[Any], since: datetime | None
) -> tuple[Select[Any], dict[str, datetime]]:
    """A statement and its values, with or without a first moment."""
    if since is None:
        return statement, {}
    return statement.where(_since), {"since": since}
