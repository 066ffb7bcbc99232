"""Writes customers. A set is a row per element: what is gone is marked, what is new added."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Select, Table, bindparam, select

from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.store.changes.open_merges import OpenMergeQueries
from crmdesk.store.customers.search import SearchWriting
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.ids import new_id
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.row_writing import RowStatements, RowWriting
from crmdesk.store.tables import address, customer, customer_number, email

_customers = RowStatements.of(customer, leave_alone=("batch_id", "merged_into"))
_numbers = RowStatements.of(customer_number)
_emails = RowStatements.of(email)
_addresses = RowStatements.of(address)


def _present(table: Table, *columns: Column[Any]) -> Select[Any]:
    return select(table.c.id, *columns).where(
        table.c.customer_id == bindparam("customer_id"), table.c.deleted_at.is_(None)
    )


_present_numbers = _present(
    customer_number,
    customer_number.c.raw,
    customer_number.c.label,
    customer_number.c.since,
    customer_number.c.until,
)
_present_emails = _present(email, email.c.address, email.c.label)
_present_addresses = _present(
    address,
    address.c.kind,
    address.c.street,
    address.c.postcode,
    address.c.city,
    address.c.country,
)


class CustomerWriting(SearchWriting, RowWriting, OpenMergeQueries):
    """Writes customers."""

    def save_customer(self, customer: Customer) -> None:
        """Adds or changes a customer; numbers, e-mails and addresses become what is given.

        `company_name` is read only: it is the name of the customer `company_id`. A number
        that was read from the store (it has an `id`) gets the days it is given with; one that
        was typed anew keeps the days of the same number that was there before.
        """
        before = self._name_of(customer.id)
        self._put(_customers, customer.id, customer_columns(customer))
        self._replace_numbers(customer.id, customer.numbers)
        self._replace(_emails, _present_emails, customer.id, email_rows(customer.emails))
        self._replace(_addresses, _present_addresses, customer.id, address_rows(customer.addresses))
        self._index(customer.id)
        if before not in {None, customer.name}:
            self._index_people_of(customer.id)

    def delete_customer(self, customer_id: uuid.UUID) -> None:
        """Marks a customer as deleted; history and calls stay.

        Raises:
            UserFacingError: The customer is in a merge that goes on.
        """
        self.refuse_in_merge(customer_id)
        self._remove(_customers, customer_id)
        self._forget([customer_id])

    def _replace_numbers(self, customer_id: uuid.UUID, numbers: tuple[PhoneNumber, ...]) -> None:
        key = {"customer_id": customer_id}
        present = [
            PhoneNumber(raw, None, label, "", row, since, until)
            for row, raw, label, since, until in self._connection.execute(_present_numbers, key)
        ]
        for number in distinct(numbers):
            known = same_number(number, present, numbers)
            if known is not None:
                present.remove(known)
            row = (known.id if known else None) or new_id(self._clock())
            values = {**number_row(number, known), "customer_id": customer_id}
            self._put(_numbers, row, values)
        for gone in present:
            if gone.id is not None:
                self._remove(_numbers, gone.id)

    def _replace(
        self,
        statements: RowStatements,
        present: Select[Any],
        customer_id: uuid.UUID,
        wanted: dict[tuple[Any, ...], Mapping[str, Any]],
    ) -> None:
        """Makes the rows of a set those that are wanted; equal ones keep their key."""
        rows = self._connection.execute(present, {"customer_id": customer_id}).all()
        known = {tuple(row[1:]): row[0] for row in rows}
        for content, key in known.items():
            if content not in wanted:
                self._remove(statements, key)
        for content, values in wanted.items():
            key = known.get(content) or new_id(self._clock())
            self._put(statements, key, {**values, "customer_id": customer_id})


def customer_columns(customer: Customer) -> dict[str, Any]:
    """The columns of a customer's own row."""
    return {
        "kind": customer.kind,
        "name": customer.name,
        "name_key": fold(customer.name),
        "sort_key": sort_key(customer.name, is_person=customer.kind is CustomerKind.PERSON),
        "company_id": customer.company_id,
        "role": customer.role,
        "account_id": customer.account_id,
        "language": customer.language,
        "salutation": customer.salutation,
        "source": customer.source,
        "status": customer.status,
        "segment": customer.segment,
        "customer_since": customer.customer_since,
        "do_not_call": customer.do_not_call,
        "owner": customer.owner,
    }


def distinct(numbers: tuple[PhoneNumber, ...]) -> list[PhoneNumber]:
    """Without numbers that were typed twice; stored ones may be alike, with other days."""
    return list({number.id or (number.raw, number.label): number for number in numbers}.values())


def same_number(
    number: PhoneNumber, present: list[PhoneNumber], given: tuple[PhoneNumber, ...]
) -> PhoneNumber | None:
    """The stored number that is meant: by key, else as it is written, best with its label."""
    if number.id is not None:
        known = next((one for one in present if one.id == number.id), None)
        if known is not None:
            return known
    meant_by_key = {one.id for one in given}
    same = [one for one in present if one.raw == number.raw and one.id not in meant_by_key]
    same.sort(key=lambda one: one.label != number.label)
    return next(iter(same), None)


def number_row(number: PhoneNumber, known: PhoneNumber | None) -> Mapping[str, Any]:
    """The columns of a number; one typed anew keeps the days of `known`."""
    days = known if known is not None and number.id is None else number
    return {
        "raw": number.raw,
        "extension": number.extension,
        "label": number.label,
        "since": number.since or days.since,
        "until": number.until or days.until,
        **number_columns(number.e164, number.raw),
    }


def email_rows(emails: tuple[Email, ...]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """The rows of e-mail addresses, by what tells them apart."""
    return {
        (email.address, email.label): {"address": email.address, "label": email.label}
        for email in emails
    }


def address_rows(addresses: tuple[Address, ...]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """The rows of postal addresses, by what tells them apart."""
    names = ("kind", "street", "postcode", "city", "country")
    contents = (tuple(getattr(place, name) for name in names) for place in addresses)
    return {content: dict(zip(names, content, strict=True)) for content in contents}
