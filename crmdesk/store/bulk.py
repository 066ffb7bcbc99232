"""Many rows at once: for imports and the demo.

Tuples go straight to the driver, many rows a statement; SQLAlchemy's insert of
dictionaries takes 2.5 times as long. For millions of rows the indexes are dropped first
and built at the end; should the program die between, the next start builds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Index, Table, delete, insert, inspect, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection

from crmdesk.store.queries import Queries
from crmdesk.store.tables import meta, metadata

_FLAG = "bulk_load"
_is_loading = select(meta.c.name).where(meta.c.name == _FLAG)

_VALUES_AT_ONCE = 8_000
"""Each statement lets go of the GIL once, and waits for it where another Python thread is
busy: with one row each inserting was ten times slower. SQLite takes 32,766 values; statements
of so many took 20 MB more, as the driver keeps those it prepared."""

_INDEX_SQL = "INSERT INTO customer_search (rowid, text) VALUES (?, ?)"


class BulkWriting(Queries):
    """Inserts rows as they are: ids, times and folded columns are the caller's business."""

    def insert_rows(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Inserts rows given in the order of the table's columns, as the driver takes them.

        Keys are 16 bytes, moments microseconds since 1970, dates ISO text. All rows are alike
        long; columns behind their end get their defaults.
        """
        if rows:
            self._insert(_insert_sql(table.name, len(rows[0])), rows)

    def insert_search_texts(self, rows: Sequence[tuple[int, str]]) -> None:
        """Adds (search_row, text of `search.search_text`) to the search index."""
        self._insert(_INDEX_SQL, rows)

    def _insert(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Inserts with one statement as many rows as it takes."""
        start = 0
        for count in _pieces(len(rows), len(rows[0]) if rows else 1):
            some = rows[start : start + count]
            start += count
            flat = tuple(chain.from_iterable(some))
            self._connection.exec_driver_sql(_of_many(sql, len(some)), flat)

    def drop_indexes(self) -> None:
        """Until `end_load`, rows go in fast and are found slowly."""
        self._connection.execute(insert(meta), {"name": _FLAG, "value": "1"})
        for index in _indexes():
            index.drop(self._connection, checkfirst=True)

    def missing_indexes(self) -> list[str]:
        """Names of what `drop_indexes` took away."""
        return [str(index.name) for index in _missing(self._connection)]

    def build_index(self, name: str) -> None:
        """Makes one index; each in a transaction of its own keeps the write-ahead log short."""
        for index in _missing(self._connection):
            if index.name == name:
                index.create(self._connection)

    def end_load(self) -> None:
        """Makes the indexes that are still missing, and tells the query planner what is there."""
        _end_load(self._connection)


@lru_cache(256)
def _insert_sql(table: str, columns: int) -> str:
    """Inserts the first columns of a table."""
    names = [column.name for column in metadata.tables[table].c][:columns]
    return str(insert(metadata.tables[table]).compile(column_keys=names, dialect=sqlite.dialect()))


def _pieces(rows: int, columns: int) -> Iterator[int]:
    """Rows of each statement: powers of two, so that few texts of statements are ever made.

    The driver keeps the statements it prepared last, large ones where they have thousands of
    values: with a text for every number of rows, 20,000 customers took 90 MB more.
    """
    size = 1 << ((_VALUES_AT_ONCE // columns).bit_length() - 1)
    while rows:
        while size > rows:
            size //= 2
        yield size
        rows -= size


def _of_many(sql: str, rows: int) -> str:
    head, values = sql.split(" VALUES ")
    return f"{head} VALUES {', '.join([values] * rows)}"


def finish_interrupted_load(connection: Connection) -> None:
    """Builds the indexes where a program died between dropping and building them."""
    if connection.execute(_is_loading).first():
        _end_load(connection)


def _end_load(connection: Connection) -> None:
    for index in _missing(connection):
        index.create(connection)
    connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
    connection.exec_driver_sql("ANALYZE")
    connection.execute(delete(meta).where(meta.c.name == _FLAG))


def _missing(connection: Connection) -> list[Index]:
    inspector = inspect(connection)
    present = {
        index["name"]
        for table in metadata.sorted_tables
        for index in inspector.get_indexes(table.name)
    }
    return [index for index in _indexes() if index.name not in present]


def _indexes() -> Iterator[Index]:
    for table in metadata.sorted_tables:
        yield from sorted(table.indexes, key=lambda index: str(index.name))
