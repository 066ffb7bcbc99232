"""Who a customer is now that was merged into another."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import bindparam, func, select, union_all

from crmdesk.store.changes import refusals
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import call, customer
from crmdesk.store.tables.of_customers import history_tables

_LONGEST_CHAIN = 32
"""A customer into whom another was merged may be merged again."""

_merged_into = select(customer.c.merged_into).where(
    customer.c.id == bindparam("customer_id", type_=Key)
)


_living = select(customer.c.id).where(
    customer.c.id.in_(bindparam("keys", expanding=True, type_=Key)),
    customer.c.deleted_at.is_(None),
)
_AT_ONCE = 500
_counts = [
    select(func.count().label("rows")).where(
        table.c.customer_id == bindparam("customer_id", type_=Key), table.c.deleted_at.is_(None)
    )
    for table in (*history_tables(), call)
]
_size = select(func.sum(union_all(*_counts).subquery().c.rows))


class MergeQueries(Queries):
    """Tells who customers are now."""

    def living(self, keys: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Those of some keys that are customers, and neither deleted nor merged."""
        every = list(dict.fromkeys(keys))
        found: set[uuid.UUID] = set()
        for start in range(0, len(every), _AT_ONCE):
            asked = {"keys": every[start : start + _AT_ONCE]}
            found.update(self._connection.execute(_living, asked).scalars())
        return found

    def living_customer(self, customer_id: uuid.UUID) -> uuid.UUID:
        """For whom something is written that was begun for a customer: also one merged since.

        Raises:
            UserFacingError: The customer was removed, or never was.
        """
        now = self.merged_into(customer_id) or customer_id
        if now not in self.living([now]):
            raise refusals.unknown_customer()
        return now

    def history_size(self, customer_id: uuid.UUID) -> int:
        """How many things happened with a customer, calls included: rows that a merge moves."""
        asked = {"customer_id": customer_id}
        return int(self._connection.execute(_size, asked).scalar_one())

    def merged_into(self, customer_id: uuid.UUID) -> uuid.UUID | None:
        """The customer another one was merged into, over several merges; None where into none."""
        found = None
        for _ in range(_LONGEST_CHAIN):
            asked = {"customer_id": found or customer_id}
            further = self._connection.execute(_merged_into, asked).scalar()
            if further is None:
                break
            found = further
        return found
