"""Exports of tickets, orders, notes and the like: what a filter shows, or of whom a rule says."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial

from crmdesk.domain.exporting import ExportedRecord, ExportPlace, RecordPage, RecordPlace
from crmdesk.domain.follow_ups import DuePlace, FollowUpFilter
from crmdesk.domain.leads import LeadPlace
from crmdesk.domain.segments import Members
from crmdesk.domain.tickets import TicketFilter, TicketPlace
from crmdesk.store import Reader, Store
from crmdesk.sync.export.formats import ExportFormat
from crmdesk.sync.export.pages import read_ahead
from crmdesk.sync.export.record_columns import record_cells, record_objects, titles_of
from crmdesk.sync.export.writing import (
    PAGE,
    ExportSummary,
    Progress,
    Target,
    counted,
    refuse_cards,
    summary_of,
    write_objects,
    write_table,
)
from crmdesk.sync.records.kinds import SHAPES, RecordKind


@dataclass(frozen=True, slots=True)
class OpenLeads:
    """Open leads of a stage, a person, or expected by a day; "" and None for all."""

    stage: str = ""
    owner: str | None = None
    until: date | None = None


Listed = TicketFilter | FollowUpFilter | OpenLeads
"""A filter of a list of the window."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which records.

    Attributes:
        customers: Only of those that a search for this finds, "" for all.
        members: Only of those who fulfil a rule.
        since, until: Only what happened then or later, and earlier.
        listed: Instead of all that, what a list shows, in its order.
    """

    customers: str = ""
    members: Members | None = None
    since: datetime | None = None
    until: datetime | None = None
    listed: Listed | None = None


@dataclass(slots=True)
class _Count:
    """How many records went by: an order may have several rows."""

    count: int = field(default=0)

    def of(self, records: Iterator[ExportedRecord]) -> Iterator[ExportedRecord]:
        for record in records:
            self.count += 1
            yield record


def export_records(
    store: Store, kind: RecordKind, target: Target, progress: Progress, which: Which
) -> ExportSummary:
    """Writes all records of a kind that are asked for.

    Args:
        store: Where they are.
        kind: What they are.
        target: Where they go.
        progress: May raise to stop; then there is no file.
        which: Which of them.

    Raises:
        ExportError: The file cannot be written, they do not fit into it, or it is an address
            book.
    """
    refuse_cards(target, SHAPES[kind].several)
    began = time.monotonic()
    went = _Count()
    records = went.of(counted(_found(store, kind, which), None, progress))
    with target.open() as out:
        if target.format is ExportFormat.JSON_LINES:
            write_objects(out, (made for one in records for made in record_objects(kind, one)))
        else:
            rows = (cells for one in records for cells in record_cells(kind, one))
            title = SHAPES[kind].several.capitalize()
            write_table(out, target, title, titles_of(kind), rows)
    return summary_of(target, went.count, began, ())


def _found(store: Store, kind: RecordKind, which: Which) -> Iterator[ExportedRecord]:
    table = SHAPES[kind].table
    if which.listed is not None:
        return _listed(store, table, which.listed)
    if which.customers or which.members is not None:
        return _of_customers(store, table, which)
    return _all(store, table, which)


def _all(store: Store, table: str, which: Which) -> Iterator[ExportedRecord]:
    def read(
        after: RecordPlace | None, reader: Reader
    ) -> tuple[Sequence[ExportedRecord], RecordPlace | None]:
        key = after[2] if after else None
        page = reader.exported_records(table, key, PAGE, which.since, which.until)
        return page.records, page.next

    for records in read_ahead(store, read):
        yield from records


def _of_customers(store: Store, table: str, which: Which) -> Iterator[ExportedRecord]:
    for customers in _customers(store, which):
        place: RecordPlace | None = None
        while customers:
            page = _page_of(store, table, customers, place, which)
            yield from page.records
            place = page.next
            if place is None:
                break


def _page_of(
    store: Store,
    table: str,
    customers: Sequence[uuid.UUID],
    after: RecordPlace | None,
    which: Which,
) -> RecordPage:
    def read(reader: Reader) -> RecordPage:
        return reader.records_of(table, customers, after, PAGE, which.since, which.until)

    return store.read(read).result()


def _customers(store: Store, which: Which) -> Iterator[Sequence[uuid.UUID]]:
    """Keys of those whose records are asked for."""
    members = which.members
    if members is None:
        return read_ahead(store, partial(_searched, which.customers))
    condition = store.read(lambda r: r.rule_condition(members.rule, members.zone)).result()
    return read_ahead(
        store, lambda after, reader: reader.exported_member_keys(condition, after, PAGE)
    )


def _searched(
    words: str, after: ExportPlace | None, reader: Reader
) -> tuple[Sequence[uuid.UUID], ExportPlace | None]:
    page = reader.exported_customers(words, after, PAGE)
    return [one.customer.id for one in page.records], page.next


# --- lists of the window ------------------------------------------------------------------------


def _listed(store: Store, table: str, listed: Listed) -> Iterator[ExportedRecord]:
    for keys in _keys(store, listed):
        yield from store.read(partial(_these, table, keys)).result()


def _these(table: str, keys: Sequence[uuid.UUID], reader: Reader) -> tuple[ExportedRecord, ...]:
    return reader.these_records(table, keys)


def _keys(store: Store, listed: Listed) -> Iterator[Sequence[uuid.UUID]]:
    if isinstance(listed, TicketFilter):
        return read_ahead(store, partial(_tickets, listed, datetime.now(UTC)))
    if isinstance(listed, FollowUpFilter):
        return read_ahead(store, partial(_follow_ups, listed))
    return read_ahead(store, partial(_leads, listed))


def _tickets(
    chosen: TicketFilter, now: datetime, after: TicketPlace | None, reader: Reader
) -> tuple[Sequence[uuid.UUID], TicketPlace | None]:
    page = reader.tickets(chosen, now, after, PAGE)
    return [row.ticket.id for row in page.rows], page.next


def _follow_ups(
    chosen: FollowUpFilter, after: DuePlace | None, reader: Reader
) -> tuple[Sequence[uuid.UUID], DuePlace | None]:
    page = reader.open_follow_ups(chosen, after, PAGE)
    return [one.id for one in page.follow_ups], page.next


def _leads(
    chosen: OpenLeads, after: LeadPlace | None, reader: Reader
) -> tuple[Sequence[uuid.UUID], LeadPlace | None]:
    page = reader.open_leads(after, PAGE, chosen.stage, chosen.owner, chosen.until)
    return [one.id for one in page.leads], page.next
