"""Statements that read owners, each of which looks at a bounded number of rows.

The bound is on what is looked at, not on what is answered: a limit on the answer alone
reads a million rows where the first million belong to customers that were removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, null, select

from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.domain.matches import OWNERS_COUNTED, Owner
from crmdesk.store.prepared import Prepared
from crmdesk.store.tables import customer, customer_number
from crmdesk.store.tables.customers import has_extension

OWNER_LIMIT = 64
"""Most owners in one answer; a switchboard may have hundreds."""

LOOKED_AT = 512
"""Most stored numbers that one statement looks at."""

LOOKED_AT_IN_CROWD = 4_096
"""The same where it is known that very many own a number."""

COUNT_LIMIT = OWNERS_COUNTED
"""How far owners of one number are counted."""

_ROWS_COUNTED = 4 * COUNT_LIMIT
"""A customer may have a number several times, with different extensions."""

AFTER_DIGITS = ":"
"""The character after "9": closes a range of all texts that begin with given digits."""

_number = customer_number.c
_company = customer.alias("company")
_e164 = _number.e164 == bindparam("e164")
_is_kept = _number.deleted_at.is_(None)

_CUSTOMER = (
    customer.c.id,
    customer.c.name,
    customer.c.kind,
    customer.c.company_id,
    _company.c.name,
    customer.c.status,
)
_OF_NUMBER = ("label", "e164", "extension", "since", "until")


def _some(*conditions: ColumnElement[bool]) -> Select[Any]:
    columns = (_number[name] for name in _OF_NUMBER)
    return select(_number.customer_id, *columns, _number.deleted_at).where(*conditions)


def _with_customers(numbers: Select[Any], looked_at: int) -> Select[Any]:
    """The rows `owner` takes, those of removed customers too."""
    found = numbers.limit(looked_at).subquery("found")
    return (
        select(*_CUSTOMER, *(found.c[name] for name in _OF_NUMBER))
        .select_from(found)
        .join(customer, customer.c.id == found.c.customer_id)
        .outerjoin(_company, _company.c.id == customer.c.company_id)
        .where(found.c.deleted_at.is_(None))
    )


def _kept(numbers: Select[Any], looked_at: int = LOOKED_AT) -> Select[Any]:
    """The same without removed customers; one row above the limit says that there are more."""
    found = _with_customers(numbers, looked_at).where(customer.c.deleted_at.is_(None))
    return found.limit(OWNER_LIMIT + 1)


def _companies_first(numbers: Select[Any]) -> Prepared:
    is_person = customer.c.kind != CustomerKind.COMPANY.value
    return Prepared(_kept(numbers).order_by(is_person, customer.c.id))


def padded(names: str, values: Sequence[Any]) -> dict[str, Any]:
    """Values for the placeholders of `one_of`: the last one stands for those that are free.

    Args:
        names: As given to `one_of`.
        values: At least one, at most `OWNER_LIMIT`.
    """
    every = [*values, *[values[-1]] * (OWNER_LIMIT - len(values))]
    return {f"{names}{at}": value for at, value in enumerate(every)}


def one_of(column: ColumnElement[Any], names: str) -> ColumnElement[bool]:
    """`column IN (...)` with a fixed number of placeholders, so that it can be prepared."""
    return column.in_([bindparam(f"{names}{at}", type_=column.type) for at in range(OWNER_LIMIT)])


def _between(column: ColumnElement[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= bindparam("start"), column < bindparam("end")


_of_number = _some(_e164, _is_kept)
BY_E164 = Prepared(
    _with_customers(_of_number, OWNER_LIMIT + 1).add_columns(customer.c.deleted_at.is_(None))
)
"""The first owners, and whether each is still there."""

BY_EXTENSION = _companies_first(
    _some(_e164, _number.extension == bindparam("extension"), has_extension)
)

FIRST_LIVING = Prepared(_kept(_of_number, LOOKED_AT_IN_CROWD))
"""The first owners that are still there."""

BY_ANY_E164 = _companies_first(_some(one_of(_number.e164, "e164_"), _is_kept))
BY_PREFIX = _companies_first(_some(*_between(_number.e164)))
BY_SUFFIX = _companies_first(_some(*_between(_number.rev_digits)))

_national = _number.national == bindparam("national")
BY_NATIONAL = _companies_first(_some(_national))
BY_NATIONAL_IN_REGION = _companies_first(_some(_national, _number.region == bindparam("region")))

BY_CUSTOMER = Prepared(_kept(_some(_e164, _is_kept, one_of(_number.customer_id, "customer_"))))
"""The same number, but only some of its owners."""

_of_account = (
    select(customer).where(customer.c.account_id == bindparam("account_id")).limit(LOOKED_AT)
).subquery("found")

BY_ACCOUNT = Prepared(
    select(
        _of_account.c.id,
        _of_account.c.name,
        _of_account.c.kind,
        _of_account.c.company_id,
        _company.c.name,
        _of_account.c.status,
        literal(""),
        literal(""),
        literal(""),
        null(),
        null(),
    )
    .select_from(_of_account)
    .outerjoin(_company, _company.c.id == _of_account.c.company_id)
    .where(_of_account.c.deleted_at.is_(None))
    .limit(OWNER_LIMIT + 1)
)

_owner_ids = select(_number.customer_id).where(_e164, _is_kept).limit(_ROWS_COUNTED).subquery("ids")
_customers = select(_owner_ids.c.customer_id).distinct().limit(COUNT_LIMIT).subquery("customers")
COUNT = Prepared(
    select(func.count())
    .select_from(_customers)
    .join(customer, customer.c.id == _customers.c.customer_id)
    .where(customer.c.deleted_at.is_(None))
)


def owner(row: Sequence[Any]) -> Owner:
    """An owner from a row of one of these statements."""
    key, name, kind, company_id, company_name, status, label, e164, extension, since, until = row
    return Owner(
        customer_id=key,
        name=name,
        kind=CustomerKind(kind),
        company_id=company_id,
        company_name=company_name or "",
        label=label,
        e164=e164 or "",
        extension=extension,
        status=CustomerStatus(status),
        since=since,
        until=until,
    )
