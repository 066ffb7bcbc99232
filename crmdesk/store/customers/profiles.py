"""Customers with everything on their profile, and the list of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, literal, null, select, tuple_, union_all

from crmdesk.domain.customer_pages import CustomerPage, CustomerPlace
from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerHit,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)
from crmdesk.domain.store_health import StoreCounts
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import address, call, customer, customer_number, email, ticket

_company = customer.alias("company")
_customer_id = bindparam("customer_id", type_=customer.c.id.type)

_profile = Prepared(
    select(
        customer.c.kind,
        customer.c.name,
        customer.c.company_id,
        _company.c.name,
        customer.c.role,
        customer.c.account_id,
        customer.c.language,
        customer.c.salutation,
        customer.c.source,
        customer.c.status,
        customer.c.segment,
        customer.c.customer_since,
        customer.c.do_not_call,
        customer.c.owner,
    )
    .select_from(customer)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(customer.c.id == _customer_id, customer.c.deleted_at.is_(None))
)

# Numbers, e-mails and addresses in one statement: what they are, five texts, two days.
_contacts = Prepared(
    union_all(
        select(
            literal("number"),
            customer_number.c.id,
            customer_number.c.raw,
            customer_number.c.e164,
            customer_number.c.label,
            customer_number.c.extension,
            literal(""),
            customer_number.c.since,
            customer_number.c.until,
        ).where(
            customer_number.c.customer_id == _customer_id, customer_number.c.deleted_at.is_(None)
        ),
        select(
            literal("email"),
            email.c.id,
            email.c.address,
            null(),
            email.c.label,
            literal(""),
            literal(""),
            null(),
            null(),
        ).where(email.c.customer_id == _customer_id, email.c.deleted_at.is_(None)),
        select(
            literal("address"),
            address.c.id,
            address.c.kind,
            address.c.street,
            address.c.postcode,
            address.c.city,
            address.c.country,
            null(),
            null(),
        ).where(address.c.customer_id == _customer_id, address.c.deleted_at.is_(None)),
    )
)

_hit_columns = (
    customer.c.id,
    customer.c.kind,
    customer.c.name,
    _company.c.name,
    customer.c.segment,
    customer.c.sort_key,
)
hit_rows = (
    select(*_hit_columns)
    .select_from(customer)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(customer.c.deleted_at.is_(None))
)
"""Customers as lines of a list; `as_hit` makes values of the rows."""

_list = hit_rows.order_by(customer.c.sort_key, customer.c.id).limit(bindparam("limit"))
_list_after = _list.where(
    tuple_(customer.c.sort_key, customer.c.id)
    > tuple_(bindparam("sort_key"), bindparam("after_id", type_=customer.c.id.type))
)

_counts = select(
    select(func.count())
    .select_from(customer)
    .where(customer.c.deleted_at.is_(None))
    .scalar_subquery(),
    select(func.count()).select_from(customer_number).scalar_subquery(),
    select(func.count()).select_from(call).scalar_subquery(),
    select(func.count()).select_from(ticket).where(ticket.c.status != "solved").scalar_subquery(),
)


class ProfileQueries(Queries):
    """Reads customers."""

    def customer(self, customer_id: uuid.UUID) -> Customer | None:
        """A customer with numbers, e-mails and addresses; None where deleted or unknown."""
        key = {"customer_id": customer_id}
        row = _profile.row(self._connection, key)
        if row is None:
            return None
        return _customer(customer_id, row, _contacts.rows(self._connection, key))

    def customers(self, after: CustomerPlace | None = None, limit: int = 100) -> CustomerPage:
        """A page of all customers, by family or company name."""
        values: dict[str, object] = {"limit": limit + 1}
        if after is None:
            rows = self._connection.execute(_list, values).all()
        else:
            values |= {"sort_key": after.sort_key, "after_id": after.id}
            rows = self._connection.execute(_list_after, values).all()
        last = rows[limit - 1] if len(rows) > limit else None
        return CustomerPage(
            tuple(map(as_hit, rows[:limit])), CustomerPlace(last[5], last[0]) if last else None
        )

    def has_customers(self) -> bool:
        """Whether anybody is in the store; answers at once however many there are."""
        return bool(self.customers(limit=1).customers)

    def counts(self) -> StoreCounts:
        """How much is in the store. Reads whole indexes, seconds where there are millions."""
        return StoreCounts(*self._connection.execute(_counts).one())


def as_hit(row: Sequence[Any]) -> CustomerHit:
    """The value of a row of `hit_rows`."""
    key, kind, name, company_name, segment, _ = row
    return CustomerHit(key, CustomerKind(kind), name, company_name or "", segment)


def _customer(key: uuid.UUID, row: Sequence[Any], contacts: Sequence[Sequence[Any]]) -> Customer:
    kind, name, company_id, company_name, role, account, language, salutation, *rest = row
    source, status, segment, since, do_not_call, owner = rest
    return Customer(
        id=key,
        kind=CustomerKind(kind),
        name=name,
        company_id=company_id,
        company_name=company_name or "",
        role=role,
        account_id=account,
        language=language,
        salutation=salutation,
        source=source,
        status=CustomerStatus(status),
        segment=segment,
        customer_since=since,
        do_not_call=do_not_call,
        owner=owner,
        numbers=tuple(
            PhoneNumber(raw, e164, label, extension, number_id, first_day, last_day)
            for what, number_id, raw, e164, label, extension, _, first_day, last_day in contacts
            if what == "number"
        ),
        emails=tuple(Email(row[2], row[4]) for row in contacts if row[0] == "email"),
        addresses=tuple(Address(*row[2:7]) for row in contacts if row[0] == "address"),
    )
