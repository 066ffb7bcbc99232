"""The audit trail of one customer: every journaled row of theirs, by step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, func, or_, select, tuple_, union_all

from crmdesk.domain.audit import (
    CustomerStamp,
    HistoryPage,
    HistoryPlace,
    HistoryStep,
    RowFate,
    RowHistory,
)
from crmdesk.domain.changes import ChangeKind
from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import (
    address,
    change_row,
    change_set,
    custom_value,
    customer,
    customer_number,
    email,
)

_customer_id = bindparam("customer_id", type_=Key)
# Journals of before there was a column for the customer name them by their own row only.
_theirs = or_(
    change_row.c.customer_id == _customer_id,
    change_row.c.customer_id.is_(None) & (change_row.c.row_id == _customer_id),
)
_rows = (
    select(
        change_row.c.id,
        change_row.c.created_at,
        change_row.c.table_name,
        change_row.c.row_id,
        change_row.c.before,
        change_row.c.after,
        change_row.c.position,
        change_set.c.id,
        change_set.c.created_at,
        change_set.c.who,
        change_set.c.kind,
        change_set.c.title,
        change_set.c.undone_at,
    )
    .select_from(change_row)
    .join(change_set, change_set.c.id == change_row.c.change_id)
    .where(_theirs, change_set.c.deleted_at.is_(None))
)
_place = (change_row.c.created_at, change_row.c.change_id, change_row.c.position)
_newest = _rows.order_by(*(column.desc() for column in _place))
_one = _rows.where(change_row.c.id == bindparam("line_id", type_=Key))
_last_step = _newest.with_only_columns(change_set.c.id, change_set.c.who).limit(1)
_PROFILE = (customer_number, email, address, custom_value)
_written = union_all(
    select(customer.c.updated_at).where(customer.c.id == _customer_id),
    *(
        select(func.max(table.c.updated_at)).where(table.c.customer_id == _customer_id)
        for table in _PROFILE
    ),
).subquery()
_last_written = select(func.max(_written.c.updated_at))
_KINDS = frozenset(map(str, ChangeKind))
_POSITION, _FIRST_OF_STEP = 6, 7


class HistoryQueries(Queries):
    """Reads who changed what."""

    def customer_history(
        self,
        customer_id: uuid.UUID,
        before: HistoryPlace | None = None,
        limit: int = 100,
        table: str = "",
        field: str = "",
    ) -> HistoryPage:
        """A page of the steps that changed a customer, newest first.

        Args:
            customer_id: Whose.
            before: `next` of the page before, None for the first.
            limit: Rows of the journal at most; a step may go on on the next page.
            table: Only rows of this table, "" for all.
            field: Only changes of this column of it, e.g. "segment".
        """
        page = _newest.limit(limit + 1)
        if before is not None:
            page = page.where(tuple_(*_place) < (before.at, before.change_id, before.position))
        if table:
            page = page.where(change_row.c.table_name == table)
        if field:
            # Values are JSON objects: a column that changed stands in `after` as a key.
            page = page.where(change_row.c.after.contains(f'"{field}":', autoescape=True))
        found = self._connection.execute(page, {"customer_id": customer_id}).all()
        rows = found[:limit]
        more = len(found) > limit
        steps = tuple(
            _step(list(group)) for _, group in groupby(rows, lambda row: row[_FIRST_OF_STEP])
        )
        return HistoryPage(steps, _place_of(rows[-1]) if more else None)

    def customer_stamp(self, customer_id: uuid.UUID) -> CustomerStamp:
        """How new what is stored of a customer is; asked for every few seconds."""
        asked = {"customer_id": customer_id}
        written_at = self._connection.execute(_last_written, asked).scalar()
        step = self._connection.execute(_last_step, asked).first()
        return CustomerStamp(written_at, *(step or ()))

    def history_line(self, customer_id: uuid.UUID, line_id: uuid.UUID) -> HistoryStep | None:
        """The step of one line of the journal, with that line alone."""
        values = {"customer_id": customer_id, "line_id": line_id}
        rows = self._connection.execute(_one, values).all()
        return _step(rows) if rows else None


def _place_of(row: Sequence[Any]) -> HistoryPlace:
    return HistoryPlace(row[1], row[_FIRST_OF_STEP], row[_POSITION])


def _step(rows: Sequence[Sequence[Any]]) -> HistoryStep:
    change_id, at, who, kind, title, undone_at = rows[0][_FIRST_OF_STEP:]
    return HistoryStep(
        change_id,
        at,
        who,
        # What a newer CRMDesk did is shown as an edit.
        ChangeKind(kind) if kind in _KINDS else ChangeKind.EDIT,
        title,
        tuple(map(_row, rows)),
        undone_at is not None,
    )


def _row(row: Sequence[Any]) -> RowHistory:
    key, _, table, row_id, before, after = row[:_POSITION]
    entry = journaled(table)
    old = entry.decode(before) if before else {}
    new = entry.decode(after)
    return RowHistory(key, table, row_id, _fate(before, old, new), old, new)


def _fate(before: str | None, old: dict[str, Any], new: dict[str, Any]) -> RowFate:
    if before is None:
        return RowFate.ADDED
    if DELETED not in new:
        return RowFate.CHANGED
    return RowFate.RESTORED if old.get(DELETED) and not new[DELETED] else RowFate.REMOVED
