"""A table or a query of a foreign database as a source of customers.

With a column that tells when a row was last changed, a run reads only what is new since the highest
value the last one saw (`marks`). Reading a row twice does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.store.foreign.database import (
    STATEMENT_S,
    ForeignDatabase,
    ForeignPlace,
    ForeignQuery,
    Value,
)
from crmdesk.sync.server import UNCHANGED, ServerError, ServerSource, State
from crmdesk.sync.sources import headers
from crmdesk.sync.sources.limits import COLUMNS, FIELD_CHARS
from crmdesk.sync.sql import marks

MOST_ROWS = 5_000_000

_SAMPLES = 50
_KEY_CHARS = 255
_UUID_BYTES = 16

_MOST_DIGITS = 1_000


class SqlSource(ServerSource):
    """The rows of a table or query that are new or changed since a state.

    Args:
        place: Where the database is, and who asks.
        query: What is read.
        key: Column with a row's own id, "" for the table's primary key.
        state: Of the last run, empty for the first.
        statement_s: Longest the database may work on it.

    Raises:
        ForeignError: The database cannot be reached, or refuses the query.
        ServerError: A column is not there.
    """

    def __init__(
        self,
        place: ForeignPlace,
        query: ForeignQuery,
        key: str = "",
        state: State | None = None,
        statement_s: int = STATEMENT_S,
    ) -> None:
        if bool(query.table) == bool(query.query):
            raise ServerError(
                "Nothing says what to read."
                if not query.table
                else "Both table and query are set.",
                UNCHANGED,
                "Set either table or query in the profile.",
            )
        self._database = ForeignDatabase(place, statement_s)
        try:
            self._begin(query, key, state or {})
        except BaseException:
            self._database.close()
            raise

    def _begin(self, query: ForeignQuery, key: str, state: State) -> None:
        asked = {"table": query.table, "query": query.query, "updated": query.updated}
        is_same = bool(query.updated) and state.get("asked") == asked
        self._asked, self._since = asked, marks.from_state(state.get("mark")) if is_same else None
        self._mark = self._since
        there = self._database.columns(query)
        self._titles = query.columns or there
        key = key or (self._database.key_column(query.table) if query.table else "")
        names = _wanted(there, self._titles, key, query.updated)
        self._query = replace(query, columns=names)
        self._key = names.index(key) if key in names else -1
        self._updated = names.index(query.updated) if query.updated else -1
        self.facts = self._found_out(key)

    def _found_out(self, key: str) -> SourceFacts:
        rows = [self._texts(row) for row in self._database.rows(self._query, limit=_SAMPLES)]
        details = {"table": self._query.table} if self._query.table else {"query": "SELECT"}
        if self._key >= 0:
            details["key"] = key
        if self._since is not None:
            details["changed since"] = _text(self._since)
        notes = (
            () if self._key >= 0 else ("No column is the key, so rows are known by number only.",)
        )
        return SourceFacts(
            SourceKind.SQL, headers.columns(self._titles, rows), details, notes, None
        )

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def state(self) -> dict[str, Any]:
        """The highest time of change that was seen."""
        if self._updated < 0 or self._mark is None:
            return {}
        return {"asked": self._asked, "mark": marks.to_state(self._mark)}

    def _records(self) -> Iterator[SourceRecord]:
        self._mark = self._since
        with closing(self._database.rows(self._query, since=marks.earlier(self._since))) as rows:
            for place, row in enumerate(rows, 1):
                if place > MOST_ROWS:
                    raise ServerError(
                        f"There are more than {MOST_ROWS:,} rows.",
                        UNCHANGED,
                        "Narrow it: a query with a condition in the profile.",
                    )
                if self._updated >= 0:
                    self._see(row[self._updated])
                key = _key(row[self._key]) if self._key >= 0 else ""
                yield SourceRecord(place, self._texts(row), "", key)

    def _see(self, updated: Value) -> None:
        try:
            self._mark = marks.later(self._mark, updated)
        except marks.UnfitError as error:
            raise ServerError(
                f"The column {self._query.updated!r} {error}.",
                UNCHANGED,
                "Use a column of times or counting numbers as updated, or none.",
            ) from None

    def _texts(self, row: Sequence[Value]) -> tuple[str, ...]:
        return tuple(_text(value) for value in row[: len(self._titles)])


def _wanted(there: Sequence[str], chosen: Sequence[str], key: str, updated: str) -> tuple[str, ...]:
    """The columns, and behind them key and time of change where they were not chosen."""
    wanted = tuple(dict.fromkeys((*chosen, *filter(None, (key, updated)))))
    missing = next((name for name in wanted if name not in there), None)
    if missing is not None:
        raise ServerError(
            f"There is no column {missing[:60]!r}.",
            UNCHANGED,
            f"The columns are: {', '.join(there[:40])}.",
        )
    if len(chosen) > COLUMNS:
        raise ServerError(
            f"There are {len(chosen):,} columns; up to {COLUMNS} can be read.",
            UNCHANGED,
            "Name the columns that are wanted: columns in the profile.",
        )
    return wanted


def _text(value: Value) -> str:
    """A value as a file would have it: dates in ISO 8601, yes and no, decimals with a point."""
    if value is None:
        return ""
    if type(value) is str:  # most are, and of a million rows each microsecond counts
        return value[:FIELD_CHARS].replace("\0", "")
    if type(value) is int:
        return str(value)[:FIELD_CHARS]
    match value:
        case bool():
            text = "yes" if value else "no"
        case float() | Decimal():
            text = _number(value)
        case datetime() | date() | time():
            text = _moment(value)
        case bytes() | bytearray() | memoryview():
            # An id, as Shopware keeps them; else a picture, or something else nobody reads.
            return bytes(value).hex() if len(value) == _UUID_BYTES else ""
        case list() | tuple() | set() | frozenset():
            text = "; ".join(filter(None, map(_text, value)))
        case dict():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            text = str(value)
    return text[:FIELD_CHARS].replace("\0", "")


def _number(value: float | Decimal) -> str:
    """Without an exponent and without ".0": phone numbers are kept as numbers, too."""
    try:
        exact = Decimal(str(value))
        if not exact.is_finite() or exact.adjusted() > _MOST_DIGITS:
            return ""
        whole = exact.to_integral_value()
        return format(whole if whole == exact else exact.normalize(), "f")
    except InvalidOperation:
        return ""


def _moment(value: datetime | date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()


def _key(value: Value) -> str:
    """The id of a row; the bytes of a binary one in hexadecimal."""
    if isinstance(value, bytes | bytearray | memoryview):
        value = bytes(value).hex()
    return _text(value)[:_KEY_CHARS]
