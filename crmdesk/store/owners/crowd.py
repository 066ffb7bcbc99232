"""Which owners to show of a number that more people have than fit on a screen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from itertools import chain, islice

from sqlalchemy import bindparam, exists, select, union

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import ClaimKind
from crmdesk.store.owners.claims import ClaimQueries
from crmdesk.store.owners.statements import LOOKED_AT, OWNER_LIMIT
from crmdesk.store.prepared import Prepared
from crmdesk.store.tables import call, customer, customer_number

_COMPANIES = 16
_CHOSEN = 8
_NEWEST_CALLS = 500
"""Calls of a number in which its latest callers are looked for."""

_number = customer_number.c
_is_owner = (_number.e164 == bindparam("e164")) & _number.deleted_at.is_(None)

# The oldest customers come first (keys grow with time): a company is usually there before
# its people. Where only its people are among them, it is asked for by its key.
_first = select(_number.customer_id).where(_is_owner).limit(LOOKED_AT).subquery("first")
_of_first = (
    select(customer.c.id)
    .select_from(_first)
    .join(customer, customer.c.id == _first.c.customer_id)
    .where(customer.c.deleted_at.is_(None))
)
_own = customer_number.alias("own")
# Exists, not a join: joined, the planner may read all owners for each of the first.
_company_owns_it = exists().where(
    _own.c.e164 == bindparam("e164"),
    _own.c.deleted_at.is_(None),
    _own.c.customer_id == customer.c.company_id,
)
_companies = Prepared(
    union(
        _of_first.where(customer.c.kind == CustomerKind.COMPANY.value),
        _of_first.with_only_columns(customer.c.company_id).where(_company_owns_it),
    ).limit(_COMPANIES)
)

_newest = (
    select(call.c.customer_id, call.c.direction, call.c.started_at)
    .where(call.c.caller_e164 == bindparam("e164"), call.c.deleted_at.is_(None))
    .order_by(call.c.started_at.desc())
    .limit(_NEWEST_CALLS)
).subquery("newest")
_callers = Prepared(
    select(_newest.c.customer_id)
    .where(_newest.c.direction == "inbound", _newest.c.customer_id.is_not(None))
    .order_by(_newest.c.started_at.desc())
)


class CrowdQueries(ClaimQueries):
    """Chooses among many owners."""

    def ids_to_show(self, e164: str, others: Iterable[uuid.UUID]) -> tuple[uuid.UUID, ...]:
        """At most `OWNER_LIMIT` customers: companies, chosen ones, latest callers, others.

        Whoever no longer has the number may be among them.
        """
        chosen = (
            claim.customer_id for claim in self.claims(e164) if claim.kind is ClaimKind.CHOSEN
        )
        every = chain(
            self._ids(_companies, e164),
            islice(chosen, _CHOSEN),
            self._ids(_callers, e164),
            others,
        )
        return tuple(islice(dict.fromkeys(every), OWNER_LIMIT))

    def _ids(self, statement: Prepared, e164: str) -> Iterable[uuid.UUID]:
        return (key for (key,) in statement.rows(self._connection, {"e164": e164}))
