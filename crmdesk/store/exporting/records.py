"""Reads what happened with customers for exports, a page at a time, however long it takes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, tuple_

from crmdesk.domain.exporting import ExportedRecord, RecordPage, RecordPlace
from crmdesk.domain.sales import OrderLine
from crmdesk.store.changes.values import journaled
from crmdesk.store.columns import Key
from crmdesk.store.exporting import statements
from crmdesk.store.importing.record_lookups import RecordLookups
from crmdesk.store.tables import customer, payment, sales_order, survey, survey_reply

_keys = bindparam("keys", expanding=True, type_=Key)
_NAMED: dict[str, tuple[str, str, Select[Any]]] = {
    "receipt": (
        "invoice_number",
        "invoice_id",
        select(payment.c.id, payment.c.number).where(payment.c.id.in_(_keys)),
    ),
    "payment": (
        "order_number",
        "order_id",
        select(sales_order.c.id, sales_order.c.number).where(sales_order.c.id.in_(_keys)),
    ),
    "survey_answer": (
        "survey",
        "survey_id",
        select(survey.c.id, survey.c.name).where(survey.c.id.in_(_keys)),
    ),
}
"""Table to the name, by which it names another record, that one's key, and how it is called."""

_replies = (
    select(survey_reply.c.answer_id, survey_reply.c.question, survey_reply.c.text)
    .where(survey_reply.c.answer_id.in_(_keys), survey_reply.c.deleted_at.is_(None))
    .order_by(survey_reply.c.answer_id, survey_reply.c.position, survey_reply.c.id)
)


class RecordExportQueries(RecordLookups):
    """Reads records of one table."""

    def exported_records(
        self,
        table: str,
        after: uuid.UUID | None = None,
        limit: int = 500,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> RecordPage:
        """A page of all there are, in the order of the store.

        Args:
            table: Which.
            after: Key in `next` of the page before, None for the first.
            limit: Length of the page.
            since: Only what happened then or later.
            until: Only what happened earlier.
        """
        rows = journaled(table).table
        wanted = _rows(table).order_by(rows.c.id).limit(limit)
        wanted = wanted.where(*_between(table, since, until))
        if after is not None:
            wanted = wanted.where(rows.c.id > after)
        return self._page(table, wanted, limit)

    def records_of(
        self,
        table: str,
        customers: Sequence[uuid.UUID],
        after: RecordPlace | None = None,
        limit: int = 500,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> RecordPage:
        """A page of those of some hundreds of customers, one customer after the other."""
        rows = journaled(table).table
        place = tuple_(rows.c.customer_id, rows.c.at, rows.c.id)
        left = [key for key in customers if after is None or key.bytes >= after[0].bytes]
        wanted = _rows(table).where(rows.c.customer_id.in_(left), *_between(table, since, until))
        if after is not None:
            wanted = wanted.where(place > after)
        wanted = wanted.order_by(rows.c.customer_id, rows.c.at, rows.c.id).limit(limit)
        return self._page(table, wanted, limit)

    def these_records(self, table: str, keys: Sequence[uuid.UUID]) -> tuple[ExportedRecord, ...]:
        """Some hundreds of them by their keys, in that order."""
        rows = journaled(table).table
        found = self._page(table, _rows(table).where(rows.c.id.in_(keys)), len(keys) + 1)
        by_key = {one.id: one for one in found.records}
        return tuple(by_key[key] for key in keys if key in by_key)

    def exported_member_keys(
        self, condition: ColumnElement[bool], after: uuid.UUID | None, limit: int
    ) -> tuple[tuple[uuid.UUID, ...], uuid.UUID | None]:
        """Keys of those of the next customers that fulfil a condition, and where to go on."""
        place = {"after_id": after or uuid.UUID(int=0)}
        end = self._connection.scalar(statements.next_ids.offset(limit - 1).limit(1), place)
        page = statements.next_ids.where(customer.c.deleted_at.is_(None), condition)
        if end is not None:
            page = page.where(customer.c.id <= end)
        return tuple(self._connection.execute(page, place).scalars()), end

    # --- what belongs to them -------------------------------------------------------------------

    def _page(self, table: str, wanted: Select[Any], limit: int) -> RecordPage:
        found = self._connection.execute(wanted).mappings().all()
        rows = [dict(row) for row in found]
        self._add_names(table, rows)
        lines = self._lines(table, [row["id"] for row in rows])
        records = tuple(
            ExportedRecord(
                row["id"], row["customer_id"], row.pop("_customer"), row.pop("_account") or "",
                row, lines.get(row["id"], ()),
            )
            for row in rows
        )  # fmt: skip
        if len(records) < limit:
            return RecordPage(records)
        last = records[-1]
        return RecordPage(records, (last.customer_id, last.values["at"], last.id))

    def _add_names(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """What the records that these name are called."""
        if table == "survey_answer":
            replies = self._replies([row["id"] for row in rows])
            for row in rows:
                row["replies"] = "\n".join(replies.get(row["id"], ()))
        if table in _NAMED:
            name, key, statement = _NAMED[table]
            keys = {row[key] for row in rows if row[key] is not None}
            asked = self._connection.execute(statement, {"keys": list(keys)}) if keys else ()
            names = {found[0]: found[1] for found in asked}
            for row in rows:
                row[name] = names.get(row[key], "")

    def _replies(self, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
        found: dict[uuid.UUID, list[str]] = defaultdict(list)
        for key, question, text in self._connection.execute(_replies, {"keys": list(keys)}):
            found[key].append(f"{question} {text}".strip())
        return found

    def _lines(
        self, table: str, keys: Collection[uuid.UUID]
    ) -> dict[uuid.UUID, tuple[OrderLine, ...]]:
        if table != sales_order.name or not keys:
            return {}
        lines = self.lines_of_orders(keys)
        return {key: tuple(OrderLine(*line) for line in every) for key, every in lines.items()}


def _rows(table: str) -> Select[Any]:
    """Rows that are there of customers who are, with how these are called."""
    rows = journaled(table).table
    return (
        select(rows, customer.c.name.label("_customer"), customer.c.account_id.label("_account"))
        .join_from(rows, customer, customer.c.id == rows.c.customer_id)
        .where(rows.c.deleted_at.is_(None), customer.c.deleted_at.is_(None))
    )


def _between(
    table: str, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    at = journaled(table).table.c.at
    return [
        *([at >= since] if since is not None else []),
        *([at < until] if until is not None else []),
    ]
