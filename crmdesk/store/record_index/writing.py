"""Keeps the index of records; every writer of a record calls it in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.record_index.sources import SOURCES, RecordText, texts_of
from crmdesk.store.record_index.words import index_text
from crmdesk.store.tables import search_record

AT_ONCE = 500

_keys = bindparam("keys", expanding=True, type_=Key)
_known = select(search_record.c.record_id, search_record.c.row).where(
    search_record.c.record_id.in_(_keys)
)
_last = select(func.coalesce(func.max(search_record.c.row), 0))
_new = insert(search_record)
_moved = (
    update(search_record)
    .where(search_record.c.row == bindparam("old_row"))
    .values(kind=bindparam("kind"), customer_id=bindparam("customer_id"), at=bindparam("at"))
)
_drop = delete(search_record).where(search_record.c.row == bindparam("old_row"))
_put = text("INSERT OR REPLACE INTO record_search (rowid, text) VALUES (:row, :text)")
_take = text("DELETE FROM record_search WHERE rowid = :row")


class RecordIndexWriting(Queries):
    """Writes the index of records."""

    def index_records(self, table: str, keys: Collection[uuid.UUID]) -> None:
        """Writes what the index knows of some records anew; deleted ones leave it.

        Args:
            table: Name of the table they are in; one that is not searched is passed over.
            keys: Of its rows, in any order.
        """
        source = SOURCES.get(table)
        every = list(dict.fromkeys(keys)) if source else []
        for start in range(0, len(every), AT_ONCE):
            some = every[start : start + AT_ONCE]
            found = texts_of(self._connection, SOURCES[table], some)
            self._write_texts(found)
            living = {record.id for record in found}
            self.forget_records([key for key in some if key not in living])

    def forget_records(self, keys: Collection[uuid.UUID]) -> None:
        """Takes records out of the index."""
        rows = self._index_places(list(keys)) if keys else {}
        if rows:
            self._connection.execute(_take, [{"row": row} for row in rows.values()])
            self._connection.execute(_drop, [{"old_row": row} for row in rows.values()])

    def _write_texts(self, records: list[RecordText]) -> None:
        if not records:
            return
        rows = self._index_places([record.id for record in records])
        last = int(self._connection.execute(_last).scalar_one())
        fresh, moved = [], []
        for record in records:
            is_new = record.id not in rows
            if is_new:
                rows[record.id] = last = last + 1
            facts = {"kind": record.kind.value, "customer_id": record.customer_id, "at": record.at}
            if is_new:
                fresh.append({**facts, "row": last, "record_id": record.id})
            else:
                moved.append({**facts, "old_row": rows[record.id]})
        if fresh:
            self._connection.execute(_new, fresh)
        if moved:
            self._connection.execute(_moved, moved)
        texts = [
            {"row": rows[one.id], "text": index_text(one.customer_id, one.texts)} for one in records
        ]
        self._connection.execute(_put, texts)

    def _index_places(self, keys: list[uuid.UUID]) -> dict[uuid.UUID, int]:
        found: dict[uuid.UUID, int] = {}
        for start in range(0, len(keys), AT_ONCE):
            rows = self._connection.execute(_known, {"keys": keys[start : start + AT_ONCE]})
            found |= {key: int(row) for key, row in rows}
        return found
