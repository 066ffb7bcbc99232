"""The audit trail of one customer: every journaled row of theirs, by step."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, bindparam, func, or_, select, true, tuple_, union_all

from crmdesk.domain.audit import (
    CustomerStamp,
    HistoryPage,
    HistoryPlace,
    HistoryStep,
    RowFate,
    RowHistory,
)
from crmdesk.domain.changes import ChangeKind
from crmdesk.store.audit.person_copy import PersonCopy, copy_of_person
from crmdesk.store.changes.row_batches import PARTS
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
    follow_up,
    metadata,
    opportunity,
    order_line,
    payment,
    sales_order,
    survey_reply,
    ticket,
    ticket_link,
)

_customer_id = bindparam("customer_id", type_=Key)
_PARTS = tuple((metadata.tables[name], *where) for name, where in PARTS.items())
# Journals of older releases name the customer by their own row only, and parts of records (lines
# of orders, replies, links) not at all.
_own_parts = tuple(
    select(part.c.id).where(
        part.c[column].in_(select(record.c.id).where(record.c.customer_id == _customer_id))
    )
    for part, column, record in _PARTS
)
# Compared, not asked: else the rows of nobody are read by their index, and not these few.
_is_nobodys = change_row.c.customer_id.is_(None).is_(true())
_theirs = or_(
    change_row.c.customer_id == _customer_id,
    _is_nobodys & change_row.c.row_id.in_(union_all(select(_customer_id), *_own_parts)),
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
# By its index alone: a page asks for it whenever it reads, however long the history is.
_last_change = (
    select(change_row.c.change_id)
    .where(change_row.c.customer_id == _customer_id)
    .order_by(change_row.c.created_at.desc(), change_row.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_last_step = select(change_set.c.id, change_set.c.who).where(change_set.c.id == _last_change)
_PROFILE = (customer_number, email, address, custom_value)
_written = union_all(
    select(customer.c.updated_at).where(customer.c.id == _customer_id),
    *(
        select(func.max(table.c.updated_at)).where(table.c.customer_id == _customer_id)
        for table in _PROFILE
    ),
).subquery()
_last_written = select(func.max(_written.c.updated_at))
_LATELY = 5_000
"""Rows of the journal that are looked at for who wrote them."""
_late = _newest.with_only_columns(change_set.c.who).limit(_LATELY).subquery()
_people = select(_late.c.who).where(_late.c.who != "").distinct()
_own_rows = select(custom_value.c.id).where(
    custom_value.c.customer_id == _customer_id, custom_value.c.field_key == bindparam("key")
)
# By the index on row_id: a record has few steps, a customer may have many.
_writers = (
    select(change_set.c.who, change_row.c.created_at)
    .select_from(change_row)
    .join(change_set, change_set.c.id == change_row.c.change_id)
    .where(change_row.c.row_id.in_(bindparam("rows", expanding=True, type_=Key)))
    .order_by(change_row.c.created_at.desc(), change_row.c.position.desc())
    .limit(1)
)
_NAMES: dict[str, Column[Any]] = {
    "customer_number": customer_number.c.raw,
    "email": email.c.address,
    "address": address.c.kind,
    "custom_value": custom_value.c.field_key,
    "ticket": ticket.c.number,
    "sales_order": sales_order.c.number,
    "payment": payment.c.number,
    "follow_up": follow_up.c.title,
    "opportunity": opportunity.c.title,
    "order_line": order_line.c.title,
    "survey_reply": survey_reply.c.question,
}
"""What tells a row from others of its table, for people."""
_LINKED = {"order": "sales_order", "invoice": "payment", "ticket": "ticket"}
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
        who: str | None = None,
        rows: Collection[uuid.UUID] = (),
    ) -> HistoryPage:
        """A page of the steps that changed a customer, newest first.

        Args:
            customer_id: Whose.
            before: `next` of the page before, None for the first.
            limit: Rows of the journal at most; a step may go on on the next page.
            table: Only rows of this table, "" for all.
            field: Only changes of this column of it, e.g. "segment".
            who: Only what this person did, None for everybody.
            rows: Only what became of these rows, or of all.
        """
        page = _newest.limit(limit + 1)
        if before is not None:
            page = page.where(tuple_(*_place) < (before.at, before.change_id, before.position))
        if table:
            page = page.where(change_row.c.table_name == table)
        if field:
            # Values are JSON objects: a column that changed stands in `after` as a key.
            page = page.where(change_row.c.after.contains(f'"{field}":', autoescape=True))
        if who is not None:
            page = page.where(change_set.c.who == who)
        if rows:
            page = page.where(change_row.c.row_id.in_(rows))
        found = self._connection.execute(page, {"customer_id": customer_id}).all()
        shown = found[:limit]
        steps = tuple(
            _step(list(group)) for _, group in groupby(shown, lambda row: row[_FIRST_OF_STEP])
        )
        return HistoryPage(steps, _place_of(shown[-1]) if len(found) > limit else None)

    def history_people(self, customer_id: uuid.UUID) -> tuple[str, ...]:
        """Who changed anything of a customer lately, by name."""
        found = self._connection.execute(_people, {"customer_id": customer_id}).scalars()
        return tuple(sorted(found))

    def last_writer(
        self, rows: Collection[uuid.UUID], columns: Collection[str] = ()
    ) -> tuple[str, datetime | None]:
        """Who wrote some rows last, and when; "" and None where nobody did as a step.

        Args:
            rows: Their keys.
            columns: Only where any of these was written, or any at all.
        """
        # Values are JSON objects: a column that changed stands in `after` as a key.
        named = [change_row.c.after.contains(f'"{one}":', autoescape=True) for one in columns]
        wanted = _writers.where(or_(*named)) if named else _writers
        row = self._connection.execute(wanted, {"rows": list(rows)}).one_or_none()
        return (row[0], row[1]) if row else ("", None)

    def own_field_rows(self, customer_id: uuid.UUID, key: str) -> tuple[uuid.UUID, ...]:
        """The rows that hold, or held, a field of the company's own."""
        rows = self._connection.execute(_own_rows, {"customer_id": customer_id, "key": key})
        return tuple(rows.scalars())

    def history_names(self, page: HistoryPage) -> dict[uuid.UUID, str]:
        """What the rows of a page are called, and the customers their values stand for."""
        lines = [row for step in page.steps for row in step.rows]
        names: dict[uuid.UUID, str] = {}
        for table, column in _NAMES.items():
            wanted = {row.row_id for row in lines if row.table == table}
            names |= self._names(column, wanted)
        values = (
            value for row in lines for side in (row.before, row.after) for value in [*side.items()]
        )
        names |= self._linked({row.row_id for row in lines if row.table == "ticket_link"})
        people = {value for name, value in values if name == "company_id" and value}
        return names | self._names(customer.c.name, people)

    def _linked(self, links: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The numbers of what tickets hang on, by the key of the link; calls have none."""
        if not links:
            return {}
        wanted = select(ticket_link.c.id, ticket_link.c.target_id, ticket_link.c.kind)
        rows = self._connection.execute(wanted.where(ticket_link.c.id.in_(links))).all()
        names: dict[uuid.UUID, str] = {}
        for kind, table in _LINKED.items():
            names |= self._names(_NAMES[table], {row[1] for row in rows if row[2] == kind})
        return {key: names[target] for key, target, _ in rows if target in names}

    def _names(self, column: Column[Any], keys: Collection[Any]) -> dict[uuid.UUID, str]:
        if not keys:
            return {}
        wanted = select(column.table.c.id, column).where(column.table.c.id.in_(keys))
        return {key: str(name or "") for key, name in self._connection.execute(wanted)}

    def customer_stamp(self, customer_id: uuid.UUID) -> CustomerStamp:
        """How new what is stored of a customer is; asked for every few seconds."""
        asked = {"customer_id": customer_id}
        written_at = self._connection.execute(_last_written, asked).scalar()
        step = self._connection.execute(_last_step, asked).first()
        return CustomerStamp(written_at, *(step or ()))

    def copy_of_person(self, customer_id: uuid.UUID) -> PersonCopy | None:
        """All that is stored of a customer, None where there is none; see `person_copy`."""
        return copy_of_person(self._connection, customer_id)

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
