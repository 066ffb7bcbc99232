"""New customers as the rows the driver takes, in the order of the tables' columns."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table

from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber, TimelineKind
from crmdesk.domain.ids import uuid7
from crmdesk.domain.importing import NewCustomer
from crmdesk.store.columns import to_micros
from crmdesk.store.customers.search_text import search_text
from crmdesk.store.customers.writing import distinct
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.ids import part_id
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.tables import (
    address,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
    interaction,
)

HIDDEN = datetime(1970, 1, 1, tzinfo=UTC)
"""`deleted_at` of a customer whose import is not finished.

Stored as 0, which takes no more room in a row than NULL does: showing a customer writes
its row in place.
"""

_HIDDEN = to_micros(HIDDEN)
_ROOM = 1 << 61
"""Keys that can be counted up before they would touch the variant bits."""

Row = tuple[Any, ...]


def keys_in_order(at: datetime) -> Iterator[uuid.UUID]:
    """UUIDv7 keys that rise by one: what is inserted together lies together on the disk.

    Args:
        at: The moment in the keys, aware.
    """
    first = uuid7(to_micros(at) // 1000, os.urandom(10)).int & ~_ROOM
    place = 0
    while True:
        yield uuid.UUID(int=first + place)
        place += 1


def note_id(customer_id: uuid.UUID, place: int) -> uuid.UUID:
    """The key of a note that was brought in with a customer: no later note has it."""
    return part_id(customer_id, "note brought in", str(place))


@dataclass(slots=True)
class NewRows:
    """The rows of a part of a batch.

    Attributes:
        tables: Rows by table.
        texts: Key of each customer and what the search index knows of it.
    """

    tables: dict[Table, list[Row]] = field(
        default_factory=lambda: {
            table: []
            for table in (
                customer,
                customer_number,
                email,
                address,
                external_ref,
                custom_value,
                interaction,
            )
        }
    )
    texts: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def customers(self) -> int:
        """How many there are."""
        return len(self.texts)


class RowMaker:
    """Makes the rows of one batch.

    Args:
        batch: Its key.
        desk: Who writes.
        at: The moment the rows are made.
    """

    def __init__(self, batch: uuid.UUID, desk: uuid.UUID, at: datetime) -> None:
        self._batch = batch.bytes
        self._at = to_micros(at)
        self._rest = (self._at, self._at, None, desk.bytes)
        self._hidden = (self._at, self._at, _HIDDEN, desk.bytes)
        # Numbers without objects: a million customers have five million rows.
        self._next = next(keys_in_order(at)).int

    def rows(self, drafts: Sequence[NewCustomer]) -> NewRows:
        """All rows of some customers; none of them is seen yet."""
        made = NewRows()
        self.add(drafts, made)
        return made

    def add(self, drafts: Iterable[NewCustomer], made: NewRows) -> None:
        """Adds all rows of some customers to others."""
        for draft in drafts:
            self._add(draft, made)

    def rows_to_add(self, more: Sequence[NewCustomer]) -> NewRows:
        """Numbers, addresses and keys for customers whose own rows were made before."""
        made = NewRows()
        for draft in more:
            self._add_contacts(draft, made.tables)
        return made

    def _add(self, draft: NewCustomer, made: NewRows) -> None:
        one, tables = draft.customer, made.tables
        key = one.id.bytes
        tables[customer].append((key, *self._hidden, *_own_columns(one), self._batch, None))
        self._add_contacts(draft, tables)
        tables[address] += [
            (*self._stamps(), key, each.kind, each.street, each.postcode, each.city, each.country)
            for each in dict.fromkeys(one.addresses)
        ]
        self._add_others(draft, key, tables)
        names = (one.name, one.company_name)
        digits = [number.e164 or number.raw for number in dict.fromkeys(one.numbers)]
        others = (*dict.fromkeys(each.address for each in one.emails), one.account_id)
        made.texts.append((key, search_text(names, digits, others, draft.custom.values())))

    def _add_contacts(self, draft: NewCustomer, tables: dict[Table, list[Row]]) -> None:
        """What a customer is reached and known by."""
        key = draft.customer.id.bytes
        for number, columns in _numbers(draft):
            tables[customer_number].append((*self._stamps(), key, *_number(number, columns)))
        emails = dict.fromkeys((each.address, each.label) for each in draft.customer.emails)
        tables[email] += [(*self._stamps(), key, *each) for each in emails]
        tables[external_ref] += [
            (*self._stamps(), key, ref.source, ref.external_id) for ref in dict.fromkeys(draft.refs)
        ]

    def _add_others(self, draft: NewCustomer, key: bytes, tables: dict[Table, list[Row]]) -> None:
        """What a `Customer` does not hold."""
        tables[custom_value] += [
            (*self._stamps(), key, name, value) for name, value in draft.custom.items() if value
        ]
        for place, text in enumerate(draft.notes):
            note = note_id(draft.customer.id, place).bytes
            facts = (self._at, TimelineKind.NOTE.value, "", "", text, None)
            tables[interaction].append((note, *self._rest, key, *facts))

    def _stamps(self) -> Row:
        self._next += 1
        return (self._next.to_bytes(16, "big"), *self._rest)


def _own_columns(one: Customer) -> Row:
    return (
        one.kind.value,
        one.name,
        fold(one.name),
        sort_key(one.name, is_person=one.kind is CustomerKind.PERSON),
        one.company_id.bytes if one.company_id else None,
        one.role,
        one.account_id,
        one.language,
        one.salutation,
        one.source,
        one.status.value,
        one.segment,
        one.customer_since.isoformat() if one.customer_since else None,
        one.do_not_call,
        one.owner,
    )


def _numbers(draft: NewCustomer) -> Iterator[tuple[PhoneNumber, tuple[Any, Any, Any]]]:
    """Numbers with national digits, region and reversed digits; none twice."""
    given = draft.customer.numbers
    readings = dict(zip(given, draft.readings, strict=True)) if draft.readings else {}
    for number in distinct(given) if len(given) > 1 else given:
        reading = readings.get(number)
        if reading and number.e164:
            yield number, (*reading, number.e164[:0:-1])
        else:
            columns = number_columns(number.e164, number.raw)
            yield number, (columns["national"], columns["region"], columns["rev_digits"])


def _number(number: PhoneNumber, columns: Row) -> Row:
    return (
        number.raw,
        number.e164,
        number.extension,
        *columns,
        number.label,
        number.since.isoformat() if number.since else None,
        number.until.isoformat() if number.until else None,
    )
