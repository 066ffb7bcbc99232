"""Finds rows by what is in them, for edits of sets."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select

from crmdesk.store.changes.values import journaled
from crmdesk.store.queries import Queries


class RowQueries(Queries):
    """Reads rows of the tables that can be journaled."""

    def row_keys(self, table: Table, values: Mapping[str, Any]) -> Sequence[uuid.UUID]:
        """Keys of the rows that hold exactly these values and are not removed."""
        alike = (table.c[name] == value for name, value in values.items())
        wanted = select(table.c.id).where(*alike, table.c.deleted_at.is_(None))
        return self._connection.execute(wanted).scalars().all()

    def row_values(self, table: Table, key: uuid.UUID) -> dict[str, Any] | None:
        """What a change may write of a row, removed or not; None where there is none."""
        names = sorted(journaled(table).columns)
        wanted = select(*(table.c[name] for name in names)).where(table.c.id == key)
        row = self._connection.execute(wanted).one_or_none()
        return dict(zip(names, row, strict=True)) if row else None
