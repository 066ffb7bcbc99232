"""Calls that came in before their customer did."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import call, customer, customer_number

_NUMBERS_AT_ONCE = 100

# From the calls to the customers: of numbers there may be millions more.
_numbers_to_link = (
    select(call.c.caller_e164, customer_number.c.customer_id)
    .join(customer_number, customer_number.c.e164 == call.c.caller_e164)
    .join(customer, customer.c.id == customer_number.c.customer_id)
    .where(
        call.c.caller_e164 > bindparam("after"),
        call.c.customer_id.is_(None),
        call.c.deleted_at.is_(None),
        customer_number.c.deleted_at.is_(None),
        customer.c.batch_id == bindparam("batch", type_=Key),
        customer.c.deleted_at.is_(None),
    )
    .distinct()
    .order_by(call.c.caller_e164)
    .limit(_NUMBERS_AT_ONCE)
)
NumbersToLink = Sequence[tuple[str, uuid.UUID]]


class LinkingQueries(Queries):
    """Finds calls of new customers."""

    def numbers_to_link(self, batch: uuid.UUID, after: str) -> NumbersToLink:
        """Numbers behind another one that called, and whose they are by an import."""
        values = {"batch": batch, "after": after}
        rows = self._connection.execute(_numbers_to_link, values)
        return [(e164, owner) for e164, owner in rows]
