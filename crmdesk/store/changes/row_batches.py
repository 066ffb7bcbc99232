"""Reads and writes rows of the allow-list by batches, and keeps what hangs on them right."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Insert, Select, Table, Update, bindparam, insert, select, update

from crmdesk.domain.customers import CustomerKind
from crmdesk.store.bulk import BulkWriting
from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.columns import Key, to_micros
from crmdesk.store.customers.search import SearchWriting
from crmdesk.store.ids import new_id
from crmdesk.store.record_index.sources import PARENTS, SOURCES
from crmdesk.store.record_index.writing import RecordIndexWriting
from crmdesk.store.service.clocks import ClockWriting
from crmdesk.store.tables import change_row, sales_order, survey_answer, ticket

Row = dict[str, Any]

READ_AT_ONCE = 500
"""Keys of one statement; SQLite takes 32,766 at most."""

# Read with every row of these tables: whose row it is, which number or invoice it speaks of.
_ALONGSIDE = {
    "customer": ("kind",),
    "customer_number": ("e164",),
    "number_claim": ("e164",),
    "receipt": ("invoice_id",),
    **{part: (parent,) for part, (_, parent) in PARENTS.items()},
    "ticket_link": ("ticket_id",),
}
PARTS: Mapping[str, tuple[str, Table]] = {
    "order_line": ("order_id", sales_order),
    "survey_reply": ("answer_id", survey_answer),
    "ticket_link": ("ticket_id", ticket),
}
"""Rows that name no customer themselves: the column with the key of the record that does."""

# What the search index knows of; see crmdesk.store.customers.search.
_SEARCHED = {
    "customer": {"name", "company_id", "account_id", DELETED},
    "customer_number": {"customer_id", "raw", "e164", DELETED},
    "email": {"customer_id", "address", DELETED},
    "custom_value": {"customer_id", "value", DELETED},
}
_NUMBERED = ("customer_number", "number_claim")
_LEVELS = ("sla_policy", "work_calendar", "work_hours", "work_holiday")
"""What the due times of all open tickets follow from."""


class JournalRow(NamedTuple):
    """A row that was written, with its values before and after as JSON, and whose it is."""

    table: str
    key: uuid.UUID
    before: str | None
    after: str
    customer_id: uuid.UUID | None


def _owner_of(table: str, key: uuid.UUID, *rows: Mapping[str, Any]) -> uuid.UUID | None:
    if table == "customer":
        return key
    return next((row["customer_id"] for row in rows if row.get("customer_id")), None)


@dataclass(slots=True)
class Touched:
    """What has to be put right after rows were written.

    Attributes:
        customers: Their entry in the search index is old.
        companies: So are the entries of their people.
        numbers: E.164 whose owners, or what was said of them, are others now.
        records: Table and key of records whose entry in the index of records is old.
        tickets: Their due times may be others.
        ticket_holders: So may those of these customers' tickets.
        levels: So may those of all.
    """

    customers: set[uuid.UUID] = field(default_factory=set)
    companies: set[uuid.UUID] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    records: set[tuple[str, uuid.UUID]] = field(default_factory=set)
    tickets: set[uuid.UUID] = field(default_factory=set)
    ticket_holders: set[uuid.UUID] = field(default_factory=set)
    levels: bool = False

    def note(self, table: str, key: uuid.UUID, before: Mapping[str, Any], changed: Row) -> None:
        """A row was written.

        Args:
            table: Its table.
            key: Its key.
            before: What was in it, with the columns read alongside; empty for a new row.
            changed: What is in it now.
        """
        if table in _NUMBERED:
            self.numbers |= {row["e164"] for row in (before, changed) if row.get("e164")}
        self._note_clocks(table, key, before, changed)
        self._note_records(table, key, before, changed)
        if _SEARCHED.get(table, set()).isdisjoint(changed) and before:
            return
        if table == "customer":
            self.customers.add(key)
            if "name" in changed and CustomerKind.COMPANY in {
                before.get("kind"),
                changed.get("kind"),
            }:
                self.companies.add(key)
        elif table in _SEARCHED:
            owners = (row.get("customer_id") for row in (before, changed))
            self.customers |= {owner for owner in owners if owner}

    def _note_records(
        self, table: str, key: uuid.UUID, before: Mapping[str, Any], changed: Row
    ) -> None:
        if table in SOURCES:
            self.records.add((table, key))
        elif table in PARENTS:
            record_table, parent = PARENTS[table]
            found = (row.get(parent) for row in (before, changed))
            self.records |= {(record_table, one) for one in found if one}

    def _note_clocks(
        self, table: str, key: uuid.UUID, before: Mapping[str, Any], changed: Row
    ) -> None:
        if table == "ticket":
            self.tickets.add(key)
        elif table == "ticket_entry":
            self.tickets |= {row["ticket_id"] for row in (before, changed) if "ticket_id" in row}
        elif table == "customer" and before and "segment" in changed:
            self.ticket_holders.add(key)
        self.levels = self.levels or table in _LEVELS


@lru_cache
def _alongside(table: str) -> tuple[str, ...]:
    whose = ("customer_id",) if "customer_id" in journaled(table).table.c else ()
    return (*whose, *_ALONGSIDE.get(table, ()))


@lru_cache(256)
def _select(table: str, columns: tuple[str, ...]) -> Select[Any]:
    source = journaled(table).table
    wanted = (source.c[name] for name in columns)
    return select(source.c.id, *wanted).where(
        source.c.id.in_(bindparam("keys", expanding=True, type_=Key))
    )


@lru_cache
def _whole(part: str) -> Select[Any]:
    """The customers of the records that parts belong to."""
    record = PARTS[part][1]
    keys = bindparam("keys", expanding=True, type_=Key)
    return select(record.c.id, record.c.customer_id).where(record.c.id.in_(keys))


@lru_cache(256)
def _update(table: str, columns: tuple[str, ...]) -> Update:
    target = journaled(table).table
    written: dict[str, Any] = {name: bindparam(name) for name in (*columns, "updated_at")}
    return update(target).where(target.c.id == bindparam("row_key", type_=Key)).values(written)


@lru_cache(256)
def _insert(table: str, columns: tuple[str, ...]) -> Insert:
    stamps = ("id", "created_at", "updated_at", "origin")
    return insert(journaled(table).table).values(
        {name: bindparam(name) for name in (*stamps, *columns)}
    )


class RowBatches(BulkWriting, SearchWriting, RecordIndexWriting, ClockWriting):
    """What recording and undoing share."""

    def present_rows(
        self, table: str, columns: Collection[str], keys: Sequence[uuid.UUID]
    ) -> dict[uuid.UUID, Row]:
        """The present values of rows: the columns, the mark of deletion, whose row it is."""
        names = tuple(sorted({*columns, DELETED, *_alongside(table)}))
        statement = _select(table, names)
        found: dict[uuid.UUID, Row] = {}
        for start in range(0, len(keys), READ_AT_ONCE):
            values = {"keys": keys[start : start + READ_AT_ONCE]}
            for key, *row in self._connection.execute(statement, values):
                found[key] = dict(zip(names, row, strict=True))
        return found

    def owners(
        self, table: str, rows: Mapping[uuid.UUID, Sequence[Mapping[str, Any]]]
    ) -> dict[uuid.UUID, uuid.UUID | None]:
        """Whose rows they are; None where they are nobody's.

        Args:
            table: Their table.
            rows: By key, what is and was in each; the first value that tells counts.
        """
        if table not in PARTS:
            return {key: _owner_of(table, key, *values) for key, values in rows.items()}
        column, _ = PARTS[table]
        parents = {
            key: next((one[column] for one in values if one.get(column)), None)
            for key, values in rows.items()
        }
        wanted = list({one for one in parents.values() if one})
        known: dict[uuid.UUID | None, uuid.UUID] = {}
        for start in range(0, len(wanted), READ_AT_ONCE):
            values = {"keys": wanted[start : start + READ_AT_ONCE]}
            known |= dict(map(tuple, self._connection.execute(_whole(table), values)))
        return {key: known.get(parent) for key, parent in parents.items()}

    def update_rows(self, table: str, changed: Mapping[uuid.UUID, Row]) -> None:
        """Writes some columns of some rows; each says which."""
        now = self._clock()
        alike: dict[tuple[str, ...], list[Row]] = {}
        for key, row in changed.items():
            parameters = {**row, "row_key": key, "updated_at": now}
            alike.setdefault(tuple(sorted(row)), []).append(parameters)
        for columns, rows in alike.items():
            self._connection.execute(_update(table, columns), rows)

    def add_rows(self, table: str, columns: tuple[str, ...], rows: Mapping[uuid.UUID, Row]) -> None:
        """Adds rows that all have the same columns; the others get their defaults."""
        now = self._clock()
        stamps = {"created_at": now, "updated_at": now, "origin": self._desk_id}
        parameters = [{**stamps, "id": key, **row} for key, row in rows.items()]
        self._connection.execute(_insert(table, columns), parameters)

    def write_journal(
        self,
        change_id: uuid.UUID,
        position: int,
        rows: Sequence[JournalRow],
    ) -> None:
        """Adds rows to the journal, from a position on."""
        now = self._clock()
        at, desk, change = to_micros(now), self._desk_id.bytes, change_id.bytes
        self.insert_rows(
            change_row,
            [
                (
                    *(new_id(now).bytes, at, at, None, desk),
                    *(change, place, row.table, row.key.bytes, row.before, row.after),
                    row.customer_id.bytes if row.customer_id else None,
                )
                for place, row in enumerate(rows, position)
            ],
        )

    def index_touched(self, touched: Touched) -> None:
        """Brings search index and due times up to date, and forgets what had to be done."""
        people = {key for company in touched.companies for key in self.people_of(company)}
        self.index_customers(touched.customers | people)
        for table in {table for table, _ in touched.records}:
            self.index_records(table, [key for name, key in touched.records if name == table])
        self.mend_clocks(touched.tickets)
        self.mend_clocks_of_customers(touched.ticket_holders)
        if touched.levels:
            self.mark_clocks_stale()
        touched.customers.clear()
        touched.companies.clear()
        touched.records.clear()
        touched.tickets.clear()
        touched.ticket_holders.clear()
        touched.levels = False
