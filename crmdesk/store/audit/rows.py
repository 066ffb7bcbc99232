"""Finds rows by what is in them, for edits of sets."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select

from crmdesk.store.queries import Queries


class RowQueries(Queries):
    """Reads rows of the tables that can be journaled."""

    def row_keys(self, table: Table, values: Mapping[str, Any]) -> Sequence[uuid.UUID]:
        """Keys of the rows that hold exactly these values and are not removed."""
        alike = (table.c[name] == value for name, value in values.items())
        wanted = select(table.c.id).where(*alike, table.c.deleted_at.is_(None))
        return self._connection.execute(wanted).scalars().all()

    def named_rows(
        self, table: Table, name: str, where: Mapping[str, Any]
    ) -> dict[str, tuple[uuid.UUID, bool]]:
        """Rows by one of their columns, removed ones too: key, and whether the row is there."""
        alike = (table.c[column] == value for column, value in where.items())
        rows = self._connection.execute(
            select(table.c[name], table.c.id, table.c.deleted_at).where(*alike)
        )
        return {value: (key, deleted_at is None) for value, key, deleted_at in rows}
