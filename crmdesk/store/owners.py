"""Whose number is it? The first question of every pop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, literal, select

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Owner
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import call, customer, customer_number, ticket

OWNER_LIMIT = 64
"""Most owners of one number that are looked at; a switchboard may have hundreds."""

_number, _company = customer_number.c, customer.alias("company")

_of_number = (
    select(
        customer.c.id,
        customer.c.name,
        customer.c.kind,
        customer.c.company_id,
        _company.c.name,
        _number.label,
        _number.e164,
        _number.extension,
    )
    .select_from(customer_number)
    .join(customer, customer.c.id == _number.customer_id)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(_number.deleted_at.is_(None), customer.c.deleted_at.is_(None))
    .limit(OWNER_LIMIT)
)
_by_e164 = Prepared(_of_number.where(_number.e164 == bindparam("e164")))
_national = _of_number.where(_number.national == bindparam("national"))
_by_national = Prepared(_national)
_by_national_and_region = Prepared(_national.where(_number.region == bindparam("region")))

_by_account = Prepared(
    select(
        customer.c.id,
        customer.c.name,
        customer.c.kind,
        customer.c.company_id,
        _company.c.name,
        literal(""),
        literal(""),
        literal(""),
    )
    .select_from(customer)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(customer.c.account_id == bindparam("account_id"), customer.c.deleted_at.is_(None))
    .limit(OWNER_LIMIT)
)

_evidence = select(
    customer.c.id,
    exists().where(
        ticket.c.customer_id == customer.c.id,
        ticket.c.status != "solved",
        ticket.c.deleted_at.is_(None),
    ),
    select(func.max(call.c.started_at))
    .where(call.c.customer_id == customer.c.id)
    .scalar_subquery(),
).where(customer.c.id.in_(bindparam("ids", expanding=True)))


class OwnerQueries(Queries):
    """Implements `crmdesk.matching.ladder.OwnerLookup`."""

    def by_account(self, account_id: str) -> tuple[Owner, ...]:
        """Owners of the account a caller keyed in; empty for ""."""
        if not account_id:
            return ()
        return self._owners(_by_account, {"account_id": account_id})

    def by_e164(self, e164: str) -> tuple[Owner, ...]:
        """Owners of a number, whatever the extension."""
        return self._owners(_by_e164, {"e164": e164})

    def by_national(self, national: str, region: str) -> tuple[Owner, ...]:
        """Owners of a national significant number; region "" means any."""
        if region:
            query = {"national": national, "region": region}
            return self._owners(_by_national_and_region, query)
        return self._owners(_by_national, {"national": national})

    def _owners(self, statement: Prepared, values: dict[str, str]) -> tuple[Owner, ...]:
        owners = tuple(map(_owner, statement.rows(self._connection, values)))
        # Evidence only ranks several people; the usual single owner is not kept waiting.
        return self._with_evidence(owners) if len({o.customer_id for o in owners}) > 1 else owners

    def _with_evidence(self, owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
        ids = [owner.customer_id for owner in owners]
        rows = self._connection.execute(_evidence, {"ids": ids})
        known = {row[0]: (bool(row[1]), row[2]) for row in rows}
        now = self._clock()
        return tuple(
            replace(
                owner,
                has_open_ticket=known[owner.customer_id][0],
                last_called_days=_days_since(known[owner.customer_id][1], now),
            )
            for owner in owners
        )


def _owner(row: Sequence[Any]) -> Owner:
    key, name, kind, company_id, company_name, label, e164, extension = row
    return Owner(
        customer_id=key,
        name=name,
        kind=CustomerKind(kind),
        company_id=company_id,
        company_name=company_name or "",
        label=label,
        e164=e164 or "",
        extension=extension,
    )


def _days_since(at: datetime | None, now: datetime) -> int | None:
    return max((now - at).days, 0) if at else None
