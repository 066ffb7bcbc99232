"""Who has a value of a picklist, a stretch of rows at a time: a pop shares the reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, select

from crmdesk.store.queries import Queries

STRETCH = 5_000
"""Rows of one visit to the reader thread."""


class UseQueries(Queries):
    """Looks for values that are in use."""

    def rows_with_value(
        self, column: Column[Any], value: str, after: uuid.UUID | None, size: int = STRETCH
    ) -> tuple[Sequence[uuid.UUID], uuid.UUID | None]:
        """Rows among the next `size` of a table that hold a value, and where to go on.

        Args:
            column: Of `planning.places.PLACES`.
            value: The key of a choice, or of a custom field.
            after: Where the stretch before ended, None for the first.
            size: Rows that are looked at.

        Returns:
            Their keys, and the last row that was looked at, None at the end of the table.
        """
        table = column.table
        keys = select(table.c.id).order_by(table.c.id)
        wanted = [column == value, table.c.deleted_at.is_(None)]
        if after is not None:
            keys = keys.where(table.c.id > after)
            wanted.append(table.c.id > after)
        last: uuid.UUID | None = self._connection.scalar(keys.offset(size - 1).limit(1))
        if last is not None:
            wanted.append(table.c.id <= last)
        found = self._connection.execute(select(table.c.id).where(*wanted)).scalars().all()
        return found, last
