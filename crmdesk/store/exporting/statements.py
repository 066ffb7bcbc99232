"""What exports ask of the database; built once, when the module is loaded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Label,
    Select,
    Text,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
    text,
    tuple_,
)

from crmdesk.store.calls.reading import call_rows
from crmdesk.store.columns import Key
from crmdesk.store.tables import (
    address,
    call,
    custom_field,
    custom_value,
    customer,
    customer_number,
    email,
    search_row,
)

_company = customer.alias("company")
_living = customer.c.deleted_at.is_(None)
_profile = (
    select(
        customer.c.id,
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
        customer.c.created_at,
        customer.c.updated_at,
    )
    .select_from(customer)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(_living)
)
_after_id = bindparam("after_id", type_=Key)
_limit = bindparam("limit", type_=BigInteger)
_ids = bindparam("ids", expanding=True, type_=Key)

next_customers = _profile.where(customer.c.id > _after_id).order_by(customer.c.id).limit(_limit)
next_ids = select(customer.c.id).where(customer.c.id > _after_id).order_by(customer.c.id)
these_customers = _profile.where(customer.c.id.in_(_ids)).order_by(customer.c.id)

_index = table("customer_search", column("rowid", BigInteger))
found_rows = (
    select(search_row.c.row, search_row.c.customer_id)
    .select_from(_index)
    .join(search_row, search_row.c.row == _index.c.rowid)
    .where(text("customer_search MATCH :query"), _index.c.rowid > bindparam("after_row"))
    .order_by(_index.c.rowid)
    .limit(_limit)
)
found_count = select(func.count()).select_from(_index).where(text("customer_search MATCH :query"))

_start, _end = bindparam("start", type_=Text), bindparam("end", type_=Text)
_after_text = bindparam("after_text", type_=Text)


def _beginning(key: Any) -> Select[Any]:  # noqa: ANN401  a text column of customer
    """Keys of customers whose folded name begins with what was typed."""
    return (
        select(key, customer.c.id)
        .where(_living, key >= _start, key < _end)
        .where(tuple_(key, customer.c.id) > tuple_(_after_text, _after_id))
        .order_by(key, customer.c.id)
        .limit(_limit)
    )


by_name = _beginning(customer.c.name_key)
by_family = _beginning(customer.c.sort_key).where(
    or_(customer.c.name_key < _start, customer.c.name_key >= _end)
)

# Rows of one customer come in the order of the index, as its page shows them.
numbers = select(
    customer_number.c.customer_id,
    customer_number.c.raw,
    customer_number.c.e164,
    customer_number.c.label,
    customer_number.c.extension,
    customer_number.c.id,
    customer_number.c.since,
    customer_number.c.until,
).where(customer_number.c.customer_id.in_(_ids), customer_number.c.deleted_at.is_(None))
emails = select(email.c.customer_id, email.c.address, email.c.label).where(
    email.c.customer_id.in_(_ids), email.c.deleted_at.is_(None)
)
addresses = select(
    address.c.customer_id,
    address.c.kind,
    address.c.street,
    address.c.postcode,
    address.c.city,
    address.c.country,
).where(address.c.customer_id.in_(_ids), address.c.deleted_at.is_(None))
custom = select(custom_value.c.customer_id, custom_value.c.field_key, custom_value.c.value).where(
    custom_value.c.customer_id.in_(_ids), custom_value.c.deleted_at.is_(None)
)
custom_titles = (
    select(custom_field.c.key, custom_field.c.title)
    .where(custom_field.c.deleted_at.is_(None))
    .order_by(custom_field.c.position, custom_field.c.key)
)

all_customers = select(func.count()).select_from(customer)


def _most(owned: Any, *more: Label[Any]) -> Select[Any]:  # noqa: ANN401  a table with customer_id
    """The most rows of one customer."""
    counted = (
        select(func.count().label("rows"), *more)
        .where(owned.c.deleted_at.is_(None))
        .group_by(owned.c.customer_id)
        .subquery()
    )
    return select(*(func.max(one) for one in counted.c))


_is_dated = func.max(
    or_(customer_number.c.since.is_not(None), customer_number.c.until.is_not(None))
)
most_numbers = _most(customer_number, _is_dated.label("dated"))
most_emails = _most(email)
most_addresses = _most(address)

newest_calls = call_rows.order_by(call.c.started_at.desc(), call.c.id.desc()).limit(_limit)
count_calls = select(func.count()).select_from(call).where(call.c.deleted_at.is_(None))
