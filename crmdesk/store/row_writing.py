"""Writes one row whether it is there or not, with what replication needs of every row."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, Table, Update, bindparam, insert, update

from crmdesk.store.queries import Queries

_STAMPS = ("id", "created_at", "updated_at", "deleted_at", "origin")


@dataclass(frozen=True, slots=True)
class RowStatements:
    """The prebuilt statements of one table."""

    insert: Insert
    update: Update
    remove: Update

    @classmethod
    def of(cls, table: Table, leave_alone: Collection[str] = ()) -> RowStatements:
        """Statements that write all columns of a table but its stamps and some others."""
        by_key = update(table).where(table.c.id == bindparam("key", type_=table.c.id.type))
        columns = [name for name in table.c.keys() if name not in {*_STAMPS, *leave_alone}]  # noqa: SIM118
        return cls(
            insert=insert(table),
            update=by_key.values(
                {name: bindparam(name) for name in (*columns, "updated_at", "deleted_at")}
            ),
            remove=by_key.values({name: bindparam(name) for name in ("updated_at", "deleted_at")}),
        )


class RowWriting(Queries):
    """Puts and removes rows by key. Deleting is a mark, so that replicas hear of it."""

    def _put(self, row: RowStatements, key: uuid.UUID, values: Mapping[str, Any]) -> None:
        """Writes a row: changed where the key is known (a deleted one revives), else added."""
        now = self._clock()
        stamped = {**values, "updated_at": now, "deleted_at": None}
        if self._connection.execute(row.update, {**stamped, "key": key}).rowcount:
            return
        new = {**stamped, "id": key, "created_at": now, "origin": self._desk_id}
        self._connection.execute(row.insert, new)

    def _remove(self, row: RowStatements, key: uuid.UUID) -> None:
        now = self._clock()
        self._connection.execute(row.remove, {"key": key, "updated_at": now, "deleted_at": now})
