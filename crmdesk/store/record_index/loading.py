"""Entries of the index for rows that go in by the thousand: imports, the demo."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select

from crmdesk.store.bulk import BulkWriting
from crmdesk.store.record_index.sources import SOURCES, Source, named_texts
from crmdesk.store.record_index.words import index_text
from crmdesk.store.tables import search_record

_last = select(func.coalesce(func.max(search_record.c.row), 0))
_INDEX_SQL = "INSERT INTO record_search (rowid, text) VALUES (?, ?)"
Row = tuple[Any, ...]


class Entry(NamedTuple):
    """What the index gets of a new record; keys and moment as the driver takes them."""

    kind: str
    record_id: bytes
    customer_id: bytes
    at: int
    text: str


def entries_of(rows: Mapping[Table, Sequence[Row]]) -> list[Entry]:
    """The entries of new rows, as they are given to `BulkWriting.insert_rows`.

    Parts (lines of an order) belong into the same load as their record.
    """
    return [
        entry
        for source in SOURCES.values()
        for entry in _entries(source, rows.get(source.table, ()), _part_texts(source, rows))
    ]


def _part_texts(source: Source, rows: Mapping[Table, Sequence[Row]]) -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = defaultdict(list)
    if source.part is not None:
        parent, *texts = _places(source.part.table, (source.part.parent, *source.part.texts))
        for row in rows.get(source.part.table, ()):
            found[row[parent]] += _texts(row, texts)
    return found


def _entries(
    source: Source, rows: Sequence[Row], parts: Mapping[bytes, list[str]]
) -> Iterator[Entry]:
    key, customer, at, kind, *texts = _places(
        source.table,
        ("id", "customer_id", "at", "kind" if len(source.kinds) > 1 else "id", *source.texts),
    )
    for row in rows:
        name = row[kind] if len(source.kinds) > 1 else source.kinds[0].value
        found = named_texts(name, [*_texts(row, texts), *parts.get(row[key], ())])
        text = index_text(uuid.UUID(bytes=row[customer]), found)
        yield Entry(name, row[key], row[customer], row[at], text)


def _texts(row: Row, places: Sequence[int]) -> list[str]:
    """Columns behind the end of a row have their defaults: no text."""
    return [row[place] for place in places if place < len(row) and row[place]]


@lru_cache
def _places(table: Table, names: tuple[str, ...]) -> list[int]:
    columns = list(table.c.keys())
    return [columns.index(name) for name in names]


class RecordLoading(BulkWriting):
    """Adds entries for new records."""

    def load_record_entries(self, entries: Sequence[Entry]) -> None:
        """Adds entries of records that are in no index yet."""
        first = int(self._connection.execute(_last).scalar_one()) + 1
        rows = list(enumerate(entries, first))
        self.insert_rows(
            search_record,
            [(row, one.kind, one.record_id, one.customer_id, one.at) for row, one in rows],
        )
        self._insert(_INDEX_SQL, [(row, one.text) for row, one in rows])
