"""What an import changes in customers that were there: journaled, part by part."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, bindparam, select

from crmdesk.domain.customers import Address, CustomerKind, Email, PhoneNumber, TimelineKind
from crmdesk.domain.importing import ExternalRef
from crmdesk.store.changes.recording import ChangeRecorder
from crmdesk.store.columns import Key
from crmdesk.store.customers.writing import address_rows
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.queries import Queries
from crmdesk.store.tables import (
    address,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
    interaction,
)

FIELDS = frozenset(
    {
        "kind",
        "name",
        "company_id",
        "role",
        "account_id",
        "language",
        "salutation",
        "source",
        "status",
        "segment",
        "customer_since",
        "do_not_call",
        "owner",
    }
)
"""Fields of a customer that an import may change."""

_keys = bindparam("keys", expanding=True, type_=Key)
_ADDRESS = ("kind", "street", "postcode", "city", "country")


@dataclass(frozen=True, slots=True)
class Update:
    """What is to change in one customer; see `ImportBatch.update`."""

    fields: Mapping[str, Any]
    numbers: Sequence[PhoneNumber] = ()
    emails: Sequence[Email] = ()
    addresses: Sequence[Address] = ()
    refs: Sequence[ExternalRef] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    replaced: frozenset[str] = frozenset()
    """Sets ("numbers", "emails", "addresses") of which nothing stays but what is given."""

    def __post_init__(self) -> None:
        unknown = self.fields.keys() - FIELDS
        if unknown:
            raise ValueError(f"no field of a customer: {sorted(unknown)}")


_There = dict[uuid.UUID, dict[tuple[Any, ...], uuid.UUID]]
"""By customer: what tells the rows of a set apart, and their keys."""


class UpdateQueries(Queries):
    """Reads what is there already."""

    def names_and_kinds(self, customers: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
        """Name and kind of those of some customers that are not deleted."""
        found = self._connection.execute(_living, {"keys": list(customers)})
        return {key: (name, kind) for key, name, kind in found}

    def sets_of(self, table: Table, customers: Collection[uuid.UUID], *columns: str) -> _There:
        """The rows of a set of each customer, by some of their columns."""
        rows: _There = defaultdict(dict)
        wanted = (table.c[name] for name in columns)
        statement = select(table.c.customer_id, table.c.id, *wanted).where(
            table.c.customer_id.in_(_keys), table.c.deleted_at.is_(None)
        )
        for owner, key, *row in self._connection.execute(statement, {"keys": list(customers)}):
            rows[owner][tuple(row)] = key
        return rows


_living = select(customer.c.id, customer.c.name, customer.c.kind).where(
    customer.c.id.in_(_keys), customer.c.deleted_at.is_(None)
)


def write_updates(
    queries: UpdateQueries, recorder: ChangeRecorder, updates: Mapping[uuid.UUID, Update]
) -> None:
    """Writes some updates as a part of a change; customers that are gone are left out.

    Args:
        queries: Reads what is there.
        recorder: Of the change.
        updates: At most some hundreds, by customer.
    """
    living = queries.names_and_kinds(updates)
    present = {key: one for key, one in updates.items() if key in living}
    for key, one in present.items():
        if one.fields:
            recorder.update(customer, key, _columns(one.fields, *living[key]))
    _add_numbers(queries, recorder, present)
    _add_emails(queries, recorder, present)
    _add_addresses(queries, recorder, present)
    _add_refs(queries, recorder, present)
    _put_custom(queries, recorder, present)
    for key, one in present.items():
        for text in one.notes:
            values = {"customer_id": key, "at": recorder.moment(), "kind": TimelineKind.NOTE.value}
            recorder.insert(interaction, {**values, "detail": text})


def _columns(fields: Mapping[str, Any], name: str, kind: str) -> dict[str, Any]:
    """The columns of fields; what a name is found and sorted by comes along."""
    columns = {one: getattr(value, "value", value) for one, value in fields.items()}
    if "name" in columns or "kind" in columns:
        text = columns.get("name", name)
        is_person = columns.get("kind", kind) == CustomerKind.PERSON
        columns |= {"name_key": fold(text), "sort_key": sort_key(text, is_person=is_person)}
    return columns


_Updates = Mapping[uuid.UUID, Update]


def _add_numbers(queries: UpdateQueries, recorder: ChangeRecorder, updates: _Updates) -> None:
    wanted = {key: one.numbers for key, one in updates.items() if one.numbers}
    rows = queries.sets_of(customer_number, wanted, "e164", "raw", "extension") if wanted else {}
    for key, numbers in wanted.items():
        there = {(e164 or raw, extension) for e164, raw, extension in rows.get(key, {})}
        if "numbers" in updates[key].replaced:
            given = {(each.e164 or each.raw, each.extension) for each in numbers}
            for (e164, raw, extension), row in rows.get(key, {}).items():
                if (e164 or raw, extension) not in given:
                    recorder.remove(customer_number, row)
        for number in numbers:
            same = (number.e164 or number.raw, number.extension)
            if same in there:
                continue
            there.add(same)
            columns = {
                "customer_id": key,
                "raw": number.raw,
                "extension": number.extension,
                "label": number.label,
                "since": number.since,
                "until": number.until,
            }
            columns |= number_columns(number.e164, number.raw)
            recorder.insert(customer_number, columns)


def _add_emails(queries: UpdateQueries, recorder: ChangeRecorder, updates: _Updates) -> None:
    wanted = {key: one.emails for key, one in updates.items() if one.emails}
    rows = queries.sets_of(email, wanted, "address") if wanted else {}
    for key, emails in wanted.items():
        there = {text.lower() for (text,) in rows.get(key, {})}
        if "emails" in updates[key].replaced:
            given = {each.address.lower() for each in emails}
            for (text,), row in rows.get(key, {}).items():
                if text.lower() not in given:
                    recorder.remove(email, row)
        for one in emails:
            if one.address.lower() not in there:
                there.add(one.address.lower())
                values = {"customer_id": key, "address": one.address, "label": one.label}
                recorder.insert(email, values)


def _add_addresses(queries: UpdateQueries, recorder: ChangeRecorder, updates: _Updates) -> None:
    wanted = {key: one.addresses for key, one in updates.items() if one.addresses}
    rows = queries.sets_of(address, wanted, *_ADDRESS) if wanted else {}
    for key, places in wanted.items():
        given = address_rows(tuple(places))
        if "addresses" in updates[key].replaced:
            for content, row in rows.get(key, {}).items():
                if content not in given:
                    recorder.remove(address, row)
        for content, values in given.items():
            if content not in rows.get(key, {}):
                recorder.insert(address, {"customer_id": key, **values})


def _add_refs(queries: UpdateQueries, recorder: ChangeRecorder, updates: _Updates) -> None:
    wanted = {key: one.refs for key, one in updates.items() if one.refs}
    rows = queries.sets_of(external_ref, wanted, "source", "external_id") if wanted else {}
    for key, refs in wanted.items():
        for ref in dict.fromkeys(refs):
            if (ref.source, ref.external_id) not in rows.get(key, {}):
                values = {"source": ref.source, "external_id": ref.external_id}
                recorder.insert(external_ref, {"customer_id": key, **values})


def _put_custom(queries: UpdateQueries, recorder: ChangeRecorder, updates: _Updates) -> None:
    wanted = {key: one.custom for key, one in updates.items() if one.custom}
    rows = queries.sets_of(custom_value, wanted, "field_key") if wanted else {}
    for key, values in wanted.items():
        there = rows.get(key, {})
        for name, value in values.items():
            known = there.get((name,))
            if known is not None and value:
                recorder.update(custom_value, known, {"value": value})
            elif known is not None:
                recorder.remove(custom_value, known)
            elif value:
                columns = {"customer_id": key, "field_key": name, "value": value}
                recorder.insert(custom_value, columns)
