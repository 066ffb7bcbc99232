"""Finds what records of a file name: themselves of an earlier time, customers, other records."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, Text, bindparam, func, select

from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import (
    customer,
    external_ref,
    order_line,
    payment,
    receipt,
    record_ref,
    sales_order,
    survey,
)

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_keys = bindparam("keys", expanding=True, type_=Key)
_source, _table = bindparam("source", type_=Text), bindparam("table_name", type_=Text)
_refs = select(record_ref.c.external_id, record_ref.c.row_id).where(
    record_ref.c.source == _source,
    record_ref.c.table_name == _table,
    record_ref.c.external_id.in_(_ids),
    record_ref.c.deleted_at.is_(None),
)
_customer_refs = (
    select(external_ref.c.external_id, customer.c.id, customer.c.name)
    .join_from(external_ref, customer, customer.c.id == external_ref.c.customer_id)
    .where(
        external_ref.c.source == _source,
        external_ref.c.external_id.in_(_ids),
        external_ref.c.deleted_at.is_(None),
        customer.c.deleted_at.is_(None),
    )
)
# One step for each source there is, by the index: a million keys are not looked through.
_next_source = select(func.min(external_ref.c.source)).where(external_ref.c.source > _source)
_first_source = select(func.min(external_ref.c.source))
_next_record_source = select(func.min(record_ref.c.source)).where(record_ref.c.source > _source)
_first_record_source = select(func.min(record_ref.c.source))
_MOST_SOURCES = 200

_names = select(customer.c.id, customer.c.name).where(customer.c.id.in_(_keys))
_INVOICE = (payment.c.customer_id, payment.c.number, payment.c.id, payment.c.currency)
_invoices = select(*_INVOICE).where(payment.c.number.in_(_ids), payment.c.deleted_at.is_(None))
_orders = select(sales_order.c.customer_id, sales_order.c.number, sales_order.c.id).where(
    sales_order.c.number.in_(_ids), sales_order.c.deleted_at.is_(None)
)
_surveys = select(survey.c.name, survey.c.id).where(survey.c.deleted_at.is_(None))
_lines = (
    select(
        order_line.c.order_id,
        order_line.c.title,
        order_line.c.sku,
        order_line.c.quantity_milli,
        order_line.c.unit_cents,
        order_line.c.total_cents,
        order_line.c.id,
    )
    .where(order_line.c.order_id.in_(_keys), order_line.c.deleted_at.is_(None))
    .order_by(order_line.c.order_id, order_line.c.position, order_line.c.id)
)
_paid_on = select(receipt.c.invoice_id).where(
    receipt.c.invoice_id.in_(_keys), receipt.c.deleted_at.is_(None)
)

Numbered = dict[tuple[uuid.UUID, str], list[tuple[uuid.UUID, str]]]
"""Customer and number to keys of records and their currencies."""


class RecordLookups(Queries):
    """Asks for what some hundreds of records name at a time."""

    def records_by_ref(self, source: str, table: str, ids: Collection[str]) -> dict[str, uuid.UUID]:
        """Keys of rows by their keys in another system."""
        asked = {"source": source, "table_name": table, "ids": list(ids)}
        return {row[0]: row[1] for row in self._connection.execute(_refs, asked)}

    def records_by_any_ref(self, table: str, ids: Collection[str]) -> dict[str, uuid.UUID]:
        """The same whatever the system; for ids that are like no other system's."""
        found: dict[str, uuid.UUID] = {}
        for source in self._sources(_first_record_source, _next_record_source) if ids else ():
            found |= self.records_by_ref(source, table, ids)
        return found

    def own_records(self, table: str, keys: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of some keys that rows of this store have, removed ones too."""
        rows = journaled(table).table
        return set(self._connection.execute(select(rows.c.id).where(rows.c.id.in_(keys))).scalars())

    def customers_by_any_ref(
        self, ids: Collection[str], source: str = ""
    ) -> dict[str, dict[uuid.UUID, str]]:
        """Keys and names of customers by their keys in a system, or in any."""
        found: dict[str, dict[uuid.UUID, str]] = defaultdict(dict)
        asked = [source] if source else self._sources(_first_source, _next_source)
        for one in asked if ids else ():
            values = {"source": one, "ids": list(ids)}
            for text, key, name in self._connection.execute(_customer_refs, values):
                found[text][key] = name
        return found

    def customer_names(self, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
        """How customers are called."""
        rows = self._connection.execute(_names, {"keys": list(keys)})
        return {row[0]: row[1] for row in rows}

    def invoices_by_number(self, numbers: Collection[str]) -> Numbered:
        """Invoices by whose they are and their number."""
        found: Numbered = defaultdict(list)
        rows = self._connection.execute(_invoices, {"ids": list(numbers)})
        for customer_id, number, key, currency in rows:
            found[customer_id, number].append((key, currency))
        return found

    def orders_by_number(self, numbers: Collection[str]) -> Numbered:
        """Orders by whose they are and their number."""
        found: Numbered = defaultdict(list)
        for customer_id, number, key in self._connection.execute(_orders, {"ids": list(numbers)}):
            found[customer_id, number].append((key, ""))
        return found

    def surveys_by_name(self) -> dict[str, uuid.UUID]:
        """All surveys there are."""
        return {row[0]: row[1] for row in self._connection.execute(_surveys)}

    def lines_of_orders(
        self, orders: Collection[uuid.UUID]
    ) -> dict[uuid.UUID, list[tuple[Any, ...]]]:
        """Fields of `OrderLine` of the lines of some orders, in their order."""
        found: dict[uuid.UUID, list[tuple[Any, ...]]] = defaultdict(list)
        for order_id, *line in self._connection.execute(_lines, {"keys": list(orders)}):
            found[order_id].append(tuple(line))
        return found

    def paid_on(self, invoices: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of some invoices on which money came in."""
        rows = self._connection.execute(_paid_on, {"keys": list(invoices)})
        return set(rows.scalars())

    def present_records(
        self, table: str, columns: Collection[str], keys: Sequence[uuid.UUID]
    ) -> dict[uuid.UUID, dict[str, Any]]:
        """The present values of rows that are not removed, by key."""
        source = journaled(table).table
        names = sorted({*columns, DELETED})
        wanted = select(source.c.id, *(source.c[name] for name in names)).where(
            source.c.id.in_(keys), source.c.deleted_at.is_(None)
        )
        rows = self._connection.execute(wanted)
        return {key: dict(zip(names, row, strict=True)) for key, *row in rows}

    def _sources(self, first: Select[Any], following: Select[Any]) -> Iterable[str]:
        found: list[str] = []
        source = self._connection.scalar(first)
        while source is not None and len(found) < _MOST_SOURCES:
            found.append(source)
            source = self._connection.scalar(following, {"source": source})
        return found
