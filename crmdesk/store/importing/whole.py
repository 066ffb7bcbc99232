"""Hundreds of customers with all that an import may change in them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Table, bindparam, select

from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.store.columns import Key
from crmdesk.store.importing.facts import FactQueries
from crmdesk.store.tables import (
    address,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
)

READ_AT_ONCE = 500

_keys = bindparam("keys", expanding=True, type_=Key)
_company = customer.alias("company")
_OWN = (
    "role",
    "account_id",
    "language",
    "salutation",
    "source",
    "segment",
    "customer_since",
    "do_not_call",
    "owner",
)
_customers = (
    select(
        customer.c.id,
        customer.c.kind,
        customer.c.name,
        customer.c.company_id,
        _company.c.name,
        customer.c.status,
        *(customer.c[name] for name in _OWN),
    )
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(customer.c.id.in_(_keys), customer.c.deleted_at.is_(None))
)


def _set(table: Table, *columns: str) -> Select[Any]:
    wanted = (table.c[name] for name in columns)
    return (
        select(table.c.customer_id, *wanted)
        .where(table.c.customer_id.in_(_keys), table.c.deleted_at.is_(None))
        .order_by(table.c.id)
    )


_numbers = _set(customer_number, "raw", "e164", "label", "extension", "id", "since", "until")
_emails = _set(email, "address", "label")
_addresses = _set(address, "kind", "street", "postcode", "city", "country")
_refs = _set(external_ref, "source", "external_id")
_custom = _set(custom_value, "field_key", "value")


@dataclass(slots=True)
class _Sets:
    """What was read of one customer."""

    numbers: list[PhoneNumber] = field(default_factory=list)
    emails: list[Email] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    refs: list[ExternalRef] = field(default_factory=list)
    custom: dict[str, str] = field(default_factory=dict)


class WholeQueries(FactQueries):
    """Reads many customers at a time."""

    def whole_customers(self, customers: Collection[uuid.UUID]) -> dict[uuid.UUID, NewCustomer]:
        """Those of some customers that are not deleted, without notes."""
        every = list(dict.fromkeys(customers))
        found: dict[uuid.UUID, NewCustomer] = {}
        for start in range(0, len(every), READ_AT_ONCE):
            found |= self._read_whole(every[start : start + READ_AT_ONCE])
        return found

    def _read_whole(self, customers: list[uuid.UUID]) -> dict[uuid.UUID, NewCustomer]:
        keys = {"keys": customers}
        sets: dict[uuid.UUID, _Sets] = defaultdict(_Sets)
        for owner, *row in self._connection.execute(_numbers, keys):
            sets[owner].numbers.append(PhoneNumber(*row))
        for owner, *row in self._connection.execute(_emails, keys):
            sets[owner].emails.append(Email(*row))
        for owner, *row in self._connection.execute(_addresses, keys):
            sets[owner].addresses.append(Address(*row))
        for owner, *row in self._connection.execute(_refs, keys):
            sets[owner].refs.append(ExternalRef(*row))
        for owner, name, value in self._connection.execute(_custom, keys):
            sets[owner].custom[name] = value
        rows = self._connection.execute(_customers, keys)
        return {row[0]: _whole(row, sets[row[0]]) for row in rows}


def _whole(row: Any, sets: _Sets) -> NewCustomer:  # noqa: ANN401  a row of `_customers`
    key, kind, name, company_id, company_name, status, *own = row
    one = Customer(
        id=key,
        kind=CustomerKind(kind),
        name=name,
        company_id=company_id,
        company_name=company_name or "",
        status=CustomerStatus(status),
        numbers=tuple(sets.numbers),
        emails=tuple(sets.emails),
        addresses=tuple(sets.addresses),
        **dict(zip(_OWN, own, strict=True)),
    )
    return NewCustomer(one, tuple(sets.refs), sets.custom)
