"""All that is stored of one person, for the copy they may ask for (GDPR articles 15 and 20).

Complete by construction: every table is one that names a customer, a part of such a row, made of
others, or said here to be about nobody; every column of them is copied but those of `SECRET`. A
test holds each new table and column to it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Table, or_, select

from crmdesk.store.tables import (
    call,
    call_offer,
    call_pop,
    call_transfer,
    change_row,
    change_set,
    customer,
    customer_number,
    ignored_number,
    ledger_line,
    metadata,
    order_line,
    record_ref,
    sales_order,
    secret,
    survey_answer,
    survey_reply,
    ticket,
    ticket_link,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

PARTS: Mapping[Table, tuple[Column[Any], Table]] = {
    call_offer: (call_offer.c.call_id, call),
    call_pop: (call_pop.c.call_id, call),
    call_transfer: (call_transfer.c.call_id, call),
    ledger_line: (ledger_line.c.call_id, call),
    order_line: (order_line.c.order_id, sales_order),
    survey_reply: (survey_reply.c.answer_id, survey_answer),
    ticket_link: (ticket_link.c.ticket_id, ticket),
}
"""Rows that belong to a row of a person: which column names it, and in which table."""

SPECIAL = frozenset({customer, change_row, change_set, record_ref, ignored_number, secret})
"""Found by a way of their own; of `secret` only drafts."""

MADE_OF_OTHERS = frozenset({"search_row", "search_record"})
"""Indexes; they hold nothing that is not in the rows they are made of."""

OF_NOBODY = frozenset(
    {
        *("meta", "sync_state", "custom_field", "picklist_entry", "required_field"),
        *("layout_block", "segment", "message_template", "survey", "survey_question"),
        *("sla_policy", "work_calendar", "work_hours", "work_holiday"),
    }
)
"""How the company works: no row of them is about a customer."""

SECRET = frozenset({("payment_method", "token")})
"""Columns that are left out: a card's token buys things, and is the payment provider's."""

_AT_ONCE = 500
_DRAFT = "draft.note."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PersonCopy:
    """All that is stored of one person.

    Attributes:
        name: Of the person.
        tables: Rows by the name of their table, as JSON knows values; empty ones left out.
    """

    name: str
    tables: Mapping[str, tuple[Row, ...]]

    @property
    def rows(self) -> int:
        """How many there are."""
        return sum(map(len, self.tables.values()))


def copy_of_person(connection: Connection, customer_id: uuid.UUID) -> PersonCopy | None:
    """Reads it all, removed rows and customers merged into this one included.

    Args:
        connection: Of one transaction, so that the copy fits together.
        customer_id: Whose.

    Returns:
        None where there is no such customer.
    """
    return _Copying(connection).of(customer_id)


def named_tables() -> tuple[Table, ...]:
    """The tables whose rows name a customer themselves."""
    return tuple(
        table
        for table in metadata.sorted_tables
        if "customer_id" in table.c and table not in SPECIAL and table.name not in MADE_OF_OTHERS
    )


class _Copying:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[str, list[Row]] = {}
        self._keys: dict[str, list[uuid.UUID]] = {}

    def of(self, customer_id: uuid.UUID) -> PersonCopy | None:
        self._take(customer, customer.c.id, [customer_id])
        if not self._found[customer.name]:
            return None
        name = str(self._found[customer.name][0]["name"])
        people = [customer_id, *self._merged_into(customer_id)]
        for table in named_tables():
            self._take(table, table.c.customer_id, people)
        for table, (column, parent) in PARTS.items():
            self._take(table, column, self._keys[parent.name])
        every = [key for keys in self._keys.values() for key in keys]
        self._take(record_ref, record_ref.c.row_id, every)
        self._take_journal(people)
        self._take_ignored(people)
        self._take(secret, secret.c.ref, [f"{_DRAFT}{key}" for key in every])
        return PersonCopy(name, {table: tuple(rows) for table, rows in self._found.items() if rows})

    def _merged_into(self, customer_id: uuid.UUID) -> list[uuid.UUID]:
        """Customers that became this one, and those that had become them."""
        known: list[uuid.UUID] = []
        wanted = [customer_id]
        while wanted:
            self._take(customer, customer.c.merged_into, wanted)
            wanted = [key for key in self._keys[customer.name] if key not in {customer_id, *known}]
            known += wanted
        return known

    def _take_journal(self, people: list[uuid.UUID]) -> None:
        """What was done with these customers; of steps with many, only their rows."""
        whose = or_(change_row.c.customer_id.in_(people), change_row.c.row_id.in_(people))
        rows = list(self._rows(change_row, whose))
        for row in rows:
            for side in ("before", "after"):
                row[side] = _without_secrets(row["table_name"], row[side])
        self._found[change_row.name] = rows
        steps = dict.fromkeys(uuid.UUID(row["change_id"]) for row in rows)
        self._take(change_set, change_set.c.id, list(steps))

    def _take_ignored(self, people: list[uuid.UUID]) -> None:
        mine = select(customer_number.c.e164).where(customer_number.c.customer_id.in_(people))
        numbers = [e164 for e164 in self._connection.execute(mine).scalars() if e164]
        self._take(ignored_number, ignored_number.c.text, numbers)

    def _take(self, table: Table, column: Column[Any], values: Collection[Any]) -> None:
        """Adds the rows that have one of these values."""
        found = self._found.setdefault(table.name, [])
        keys = self._keys.setdefault(table.name, [])
        wanted = list(values)
        for start in range(0, len(wanted), _AT_ONCE):
            for row in self._rows(table, column.in_(wanted[start : start + _AT_ONCE])):
                found.append(row)
                if "id" in table.c:
                    keys.append(uuid.UUID(row["id"]))

    def _rows(self, table: Table, where: Any) -> Iterator[Row]:  # noqa: ANN401  SQLAlchemy's
        columns = [one for one in table.c if (table.name, one.name) not in SECRET]
        for row in self._connection.execute(select(*columns).where(where)):
            yield {one.name: _plain(value) for one, value in zip(columns, row, strict=True)}


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a column holds
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _without_secrets(table: str, text: str | None) -> Any:  # noqa: ANN401  a JSON object or None
    """Values of the journal, which are JSON already."""
    if text is None:
        return None
    values = json.loads(text)
    return {name: value for name, value in values.items() if (table, name) not in SECRET}
