"""Reads all customers and numbers, as the driver gives them: no key becomes an object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import LargeBinary, Select, Text, func, select, type_coerce

from crmdesk.store.queries import Queries
from crmdesk.store.tables import customer, customer_number

ROWS_AT_ONCE = 5_000

_customers = select(
    type_coerce(customer.c.id, LargeBinary),
    customer.c.name,
    customer.c.kind,
    customer.c.status,
    type_coerce(customer.c.company_id, LargeBinary),
    customer.c.deleted_at.is_(None),
).order_by(customer.c.id)

_number = customer_number.c
_numbers = select(
    type_coerce(_number.customer_id, LargeBinary),
    _number.e164,
    _number.national,
    _number.rev_digits,
    _number.region,
    _number.label,
    _number.extension,
    type_coerce(_number.since, Text),
    type_coerce(_number.until, Text),
).where(_number.deleted_at.is_(None))

_sizes = select(
    select(func.count()).select_from(customer).scalar_subquery(),
    select(func.count()).select_from(customer_number).scalar_subquery(),
)

Rows = Sequence[Sequence[Any]]


class IndexQueries(Queries):
    """What an index in memory is made from."""

    def index_size(self) -> int:
        """Customers and numbers, removed ones too."""
        return sum(self._connection.execute(_sizes).one())

    def all_customers(self) -> Iterator[Rows]:
        """Key, name, kind, status, company's key and whether it is there; by key."""
        return self._all(_customers)

    def all_numbers(self) -> Iterator[Rows]:
        """Customer's key, E.164, national and reversed digits, region, label, extension, dates."""
        return self._all(_numbers)

    def _all(self, statement: Select[Any]) -> Iterator[Rows]:
        streamed = self._connection.execution_options(yield_per=ROWS_AT_ONCE)
        yield from streamed.execute(statement).partitions()
