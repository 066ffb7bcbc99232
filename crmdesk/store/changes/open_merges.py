"""Whose merge is being made, or taken back, part by part.

Until its end half of what happened is with one customer and half with the other: neither of them
may be removed or merged meanwhile, or what is moved later would go to somebody who is gone.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.changes import ChangeKind
from crmdesk.store.changes import refusals
from crmdesk.store.changes.values import journaled
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import change_row, change_set, customer
from crmdesk.store.tables.changes import is_unfinished

_unfinished = select(change_set.c.id, change_set.c.title).where(
    is_unfinished, change_set.c.kind == ChangeKind.MERGE.value
)
_change_id = bindparam("change_id", type_=Key)
_moved = select(change_row.c.table_name, change_row.c.before, change_row.c.after).where(
    change_row.c.change_id == _change_id, change_row.c.position == 0
)
_of_customers = select(change_row.c.row_id, change_row.c.after).where(
    change_row.c.change_id == _change_id, change_row.c.table_name == customer.name
)


class OpenMergeQueries(Queries):
    """Knows which customers have to be left alone until a merge is over."""

    def refuse_in_merge(self, *customers: uuid.UUID) -> None:
        """Raises UserFacingError where one of some customers is in a merge that goes on."""
        for change_id, title in self._connection.execute(_unfinished).all():
            if not self._sides(change_id).isdisjoint(customers):
                raise refusals.in_a_merge(title)

    def refuse_undo_in_merge(self, change_id: uuid.UUID) -> None:
        """The same for the customers of a merge that is to be taken back."""
        self.refuse_in_merge(*self._merged(change_id))

    def _sides(self, change_id: uuid.UUID) -> set[uuid.UUID]:
        """Who is merged: the first row of one in parts tells from whom to whom it moved."""
        for table, before, after in self._connection.execute(_moved, {"change_id": change_id}):
            decode = journaled(table).decode
            texts = [decode(text) for text in (before, after) if text is not None]
            sides = {row["customer_id"] for row in texts if row.get("customer_id")}
            if len(sides) > 1:
                return sides
        return self._merged(change_id)

    def _merged(self, change_id: uuid.UUID) -> set[uuid.UUID]:
        found: set[Any] = set()
        for key, after in self._connection.execute(_of_customers, {"change_id": change_id}):
            found |= {key, journaled(customer).decode(after).get("merged_into")}
        return found - {None}
