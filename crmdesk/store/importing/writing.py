"""Writes the parts of an import: hidden rows, then what shows them."""

from __future__ import annotations

import uuid

from sqlalchemy import Integer, bindparam, func, literal_column, select, update

from crmdesk.store.changes import refusals
from crmdesk.store.columns import Key
from crmdesk.store.importing.rows import NewRows
from crmdesk.store.record_index.loading import RecordLoading, entries_of
from crmdesk.store.tables import change_set, customer, search_row

_batch = bindparam("batch", type_=Key)
_count = (
    update(change_set)
    .where(change_set.c.id == _batch, change_set.c.state == bindparam("open_state"))
    .values(created=change_set.c.created + bindparam("more", type_=Integer))
)
_last_row = select(func.coalesce(func.max(search_row.c.row), 0))
# HIDDEN as it is stored; a literal, for a plan that reads the batch's index only.
is_hidden = customer.c.deleted_at == literal_column("0")
_after = bindparam("after", type_=Key)
_next_of_batch = (
    select(customer.c.id)
    .where(customer.c.batch_id == _batch, customer.c.id > _after)
    .order_by(customer.c.id)
    .limit(1)
    .offset(bindparam("skip"))
)
_show = (
    update(customer)
    .where(customer.c.batch_id == _batch, customer.c.id > _after, is_hidden)
    .values(deleted_at=None)
)
_show_up_to = _show.where(customer.c.id <= bindparam("last", type_=Key))

BEFORE_ALL = uuid.UUID(int=0)
"""Before the first customer of a batch."""


class ImportWriting(RecordLoading):
    """Adds customers of an import, and shows them."""

    def add_hidden(self, batch: uuid.UUID, rows: NewRows) -> None:
        """Adds customers that nobody sees yet; UserFacingError where the batch is not OPEN."""
        values = {"batch": batch, "open_state": "open", "more": len(rows.texts)}
        if not self._connection.execute(_count, values).rowcount:
            raise refusals.undone_already()
        for table, some in rows.tables.items():
            self.insert_rows(table, some)
        first = self._connection.execute(_last_row).scalar_one() + 1
        self.insert_rows(
            search_row, [(place, key) for place, (key, _) in enumerate(rows.texts, first)]
        )
        self.insert_search_texts(
            [(place, text) for place, (_, text) in enumerate(rows.texts, first)]
        )
        self.load_record_entries(entries_of(rows.tables))

    def show_created(self, batch: uuid.UUID, after: uuid.UUID, limit: int) -> uuid.UUID | None:
        """Shows the next customers of a batch.

        Args:
            batch: Its key.
            after: The last one that is shown, `BEFORE_ALL` at first.
            limit: How many at most.

        Returns:
            The last one that is shown now, None where all are.
        """
        values = {"batch": batch, "after": after}
        asked = {**values, "skip": limit - 1}
        last: uuid.UUID | None = self._connection.execute(_next_of_batch, asked).scalar()
        if last is None:
            self._connection.execute(_show, values)
        else:
            self._connection.execute(_show_up_to, {**values, "last": last})
        return last
