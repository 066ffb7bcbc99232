"""Writes rows and journals what was in them before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from crmdesk.domain.changes import ChangeSet
from crmdesk.store.changes.row_batches import JournalRow, Row, RowBatches, Touched
from crmdesk.store.changes.values import DELETED, Journaled, journaled
from crmdesk.store.ids import new_id

_PENDING = 1_000
"""Rows that wait to be written together; memory stays flat however many there are."""

_INDEXED_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An update that waits: what to write, and what has to be there for it.

    Attributes:
        revives: The row has to be removed, else it must not be.
    """

    key: uuid.UUID
    values: Row
    expected: Mapping[str, Any]
    revives: bool = False


class ChangeRecorder:
    """Adds, changes and removes rows as one step that can be taken back.

    Rows are written by batches, so a job that reads what it has written calls `flush`
    before. Columns that follow from others (`name_key`, `rev_digits`...) are the caller's
    business: `fold`, `number_columns`.

    Args:
        batches: Writes them.
        change: The step; its row is in the store already.
        position: Of the next row in the journal.
    """

    def __init__(self, batches: RowBatches, change: ChangeSet) -> None:
        self._batches = batches
        self._change = change
        self._position = change.rows
        self._inserts: dict[tuple[str, tuple[str, ...]], dict[uuid.UUID, Row]] = {}
        self._updates: dict[str, list[_Wanted]] = {}
        self._waiting: set[tuple[str, uuid.UUID]] = set()
        self._touched = Touched()
        self.skipped = 0
        """Rows that were not changed: gone, deleted (or not, for `restore`), not as `expected`."""

    @property
    def id(self) -> uuid.UUID:
        """Key of the change."""
        return self._change.id

    @property
    def change(self) -> ChangeSet:
        """The change with what was written so far."""
        return replace(self._change, rows=self._position)

    def moment(self) -> datetime:
        """The present moment, aware UTC."""
        return self._batches.moment()

    def insert(
        self, table: Table, values: Mapping[str, Any], key: uuid.UUID | None = None
    ) -> uuid.UUID:
        """Adds a row.

        Args:
            table: One of the allow-list, else ValueError.
            values: Of all columns that have no default; no stamps.
            key: None for a new one.

        Returns:
            Its key.
        """
        entry = journaled(table)
        entry.refuse_unknown(values)
        key = key or self._new_key()
        self._wait_for(table.name, key)
        self._inserts.setdefault((table.name, tuple(sorted(values))), {})[key] = dict(values)
        return key

    def update(
        self,
        table: Table,
        key: uuid.UUID,
        values: Mapping[str, Any],
        *,
        expected: Mapping[str, Any] | None = None,
    ) -> None:
        """Changes columns of a row; what is there already is neither written nor journaled.

        Args:
            table: One of the allow-list, else ValueError.
            key: Of the row.
            values: New values of some columns.
            expected: What a preview showed: where the row has other values by now it is
                left alone and counted in `skipped`.
        """
        entry = journaled(table)
        entry.refuse_unknown(values)
        entry.refuse_unknown(expected or ())
        self._wait_for(table.name, key)
        self._updates.setdefault(table.name, []).append(_Wanted(key, dict(values), expected or {}))

    def remove(self, table: Table, key: uuid.UUID) -> None:
        """Marks a row as deleted."""
        journaled(table)
        self._wait_for(table.name, key)
        gone = {DELETED: self._batches.moment()}
        self._updates.setdefault(table.name, []).append(_Wanted(key, gone, {}))

    def restore(
        self, table: Table, key: uuid.UUID, values: Mapping[str, Any] | None = None
    ) -> None:
        """Brings a row back that was removed, with other values where some are given."""
        journaled(table).refuse_unknown(values or ())
        self._wait_for(table.name, key)
        back = {**(values or {}), DELETED: None}
        self._updates.setdefault(table.name, []).append(_Wanted(key, back, {}, revives=True))

    def flush(self) -> None:
        """Writes what waits."""
        for (table, columns), rows in self._inserts.items():
            self._insert(journaled(table), columns, rows)
        for table, wanted in self._updates.items():
            self._update(journaled(table), wanted)
        self._inserts.clear()
        self._updates.clear()
        self._waiting.clear()
        waiting = max(len(self._touched.customers), len(self._touched.records))
        if waiting >= _INDEXED_TOGETHER:
            self._batches.index_touched(self._touched)

    def finish(self) -> None:
        """Writes what waits and brings the search index up to date."""
        self.flush()
        self._batches.index_touched(self._touched)

    def _new_key(self) -> uuid.UUID:
        return new_id(self._batches.moment())

    def _wait_for(self, table: str, key: uuid.UUID) -> None:
        """Rows of a batch are written in any order, so none may be in it twice."""
        if (table, key) in self._waiting or len(self._waiting) >= _PENDING:
            self.flush()
        self._waiting.add((table, key))

    def _insert(
        self, entry: Journaled, columns: tuple[str, ...], rows: dict[uuid.UUID, Row]
    ) -> None:
        table = entry.table.name
        self._batches.add_rows(table, columns, rows)
        for key, row in rows.items():
            self._touched.note(table, key, {}, row)
        whose = self._batches.owners(table, {key: (row,) for key, row in rows.items()})
        self._journal(
            [
                JournalRow(table, key, None, entry.encode(row), whose[key])
                for key, row in rows.items()
            ]
        )

    def _update(self, entry: Journaled, wanted: list[_Wanted]) -> None:
        table = entry.table.name
        columns = {name for one in wanted for name in (*one.values, *one.expected)}
        present = self._batches.present_rows(table, columns, [one.key for one in wanted])
        both = {one.key: (one.values, present.get(one.key, {})) for one in wanted}
        owners = self._batches.owners(table, both)
        changed: dict[uuid.UUID, Row] = {}
        journal: list[JournalRow] = []
        for one in wanted:
            before = present.get(one.key)
            if before is None or not _may_write(before, one):
                self.skipped += 1
                continue
            new = {name: value for name, value in one.values.items() if before[name] != value}
            if not new:
                continue
            old = {name: before[name] for name in new}
            texts = entry.encode(old), entry.encode(new)
            journal.append(JournalRow(table, one.key, *texts, owners[one.key]))
            changed[one.key] = new
            self._touched.note(table, one.key, before, new)
        self._batches.update_rows(table, changed)
        self._journal(journal)

    def _journal(self, rows: list[JournalRow]) -> None:
        self._batches.write_journal(self.id, self._position, rows)
        self._position += len(rows)


def _may_write(before: Row, wanted: _Wanted) -> bool:
    is_as_expected = all(before[name] == value for name, value in wanted.expected.items())
    return (before[DELETED] is not None) == wanted.revives and is_as_expected
