"""Fills an empty store with invented customers, history and calls.

Rows go in by batches of one transaction each, so memory stays flat (about 200 MB); indexes
are built at the end. 1,000,000 customers take minutes. Building the indexes of ten million
calls sorts in memory (1.4 GB), because what is sorted must not lie in clear on the disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from random import Random

from sqlalchemy import Table

from crmdesk.domain.customers import Customer
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.calls import Callers, CallMaker
from crmdesk.store.demo.edits import EDITED_CUSTOMERS, add_edits
from crmdesk.store.demo.history import AGENT_NAMES, HistoryMaker
from crmdesk.store.demo.outreach import CUSTOMERS as OUTREACH_CUSTOMERS
from crmdesk.store.demo.outreach import outreach_rows
from crmdesk.store.demo.own_fields import CUSTOMERS as OWN_FIELD_CUSTOMERS
from crmdesk.store.demo.own_fields import own_field_rows
from crmdesk.store.demo.people import Population
from crmdesk.store.demo.rows import (
    Row,
    Stamps,
    address_rows,
    customer_row,
    email_rows,
    ignored_rows,
    number_rows,
    remembered_row,
    search_entry,
)
from crmdesk.store.demo.sales import SalesMaker
from crmdesk.store.demo.segments import segment_rows
from crmdesk.store.demo.surveys import survey_rows
from crmdesk.store.demo.tickets import TicketMaker, service_rows
from crmdesk.store.numbers.holders import day_ends
from crmdesk.store.reader import Reader
from crmdesk.store.record_index.loading import entries_of
from crmdesk.store.store import Store
from crmdesk.store.tables import (
    address,
    call,
    call_offer,
    customer,
    customer_number,
    email,
    ignored_number,
    metadata,
    number_claim,
    search_row,
)
from crmdesk.store.writer import Writer

Progress = Callable[[int, int, float], None]
"""Called with steps done, steps in all and steps per second; a step is about a row."""

CUSTOMERS = 200
_CALLS_PER_CUSTOMER = 8
_MOST_CALLS = 2_000_000
"""Unless more are asked for: a million customers are then there in minutes."""

_BATCH = 5_000
_LARGE = 20_000
"""From this many rows on, indexes are built afterwards."""

_ROWS_PER_INDEX = 80
"""Building one index takes about as long as inserting one of so many parts of all rows."""


def make_demo(
    store: Store,
    customers: int = CUSTOMERS,
    *,
    calls: int | None = None,
    seed: int = 1,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> None:
    """Fills an empty store; the same arguments make the same people.

    Args:
        store: Empty, else ValueError.
        customers: People and companies.
        calls: Calls of five years; None for eight per customer, two million at most.
        seed: Other people for another number.
        now: What deadlines are measured against; None for the present moment.
        progress: Told after each batch, on the calling thread.
    """
    if store.read(Reader.has_customers).result():
        raise ValueError("the demo goes into an empty store only")
    usual = min(customers * _CALLS_PER_CUSTOMER, _MOST_CALLS)
    total_calls = usual if calls is None else calls
    loader = _Loader(store, seed, now or datetime.now(UTC), customers + total_calls, progress)
    loader.load(customers, total_calls)


class _Loader:
    """One run of `make_demo`."""

    def __init__(
        self, store: Store, seed: int, now: datetime, total: int, progress: Progress | None
    ) -> None:
        self._store = store
        self._rng = Random(seed)  # noqa: S311  invented people are no secret
        self._now = now
        self._total = total
        self._rows_per_index = total // _ROWS_PER_INDEX
        self._progress = progress
        self._done = 0
        self._started = time.monotonic()
        self._stamps = Stamps(self._rng, now, store.desk_id.bytes)
        self._tickets = TicketMaker(now, store.desk_id.bytes)
        self._sales = SalesMaker(now, store.desk_id.bytes, AGENT_NAMES)
        self._callers = Callers()
        self._writing: Future[None] = store.write(lambda _writer: None)

    def load(self, customers: int, calls: int) -> None:
        is_large = customers + calls >= _LARGE
        if is_large:
            self._store.write(Writer.drop_indexes).result()
            dropped = self._store.write(Writer.missing_indexes).result()
            self._total += len(dropped) * self._rows_per_index
        self._load_customers(customers)
        self._load_calls(calls)
        self._wait()
        if is_large:
            self._build_indexes()
        self._store.write(self._add_service).result()
        self._store.write(self._add_own_fields).result()
        self._store.write(self._add_outreach).result()
        self._store.write(self._add_segments).result()
        self._store.write(self._add_surveys).result()
        self._store.write(self._add_edits).result()

    def _add_edits(self, writer: Writer) -> None:
        add_edits(writer, [hit.id for hit in writer.customers(limit=EDITED_CUSTOMERS).customers])

    def _add_outreach(self, writer: Writer) -> None:
        first = (
            writer.customer(hit.id) for hit in writer.customers(limit=OUTREACH_CUSTOMERS).customers
        )
        known = [one for one in first if one is not None]
        rows = outreach_rows(known, self._now, self._store.desk_id.bytes)
        for table, batch in rows.items():
            writer.insert_rows(table, batch)
        writer.load_record_entries(entries_of(rows))

    def _add_segments(self, writer: Writer) -> None:
        for table, batch in segment_rows(self._now, self._store.desk_id.bytes).items():
            writer.insert_rows(table, batch)

    def _add_surveys(self, writer: Writer) -> None:
        for table, batch in survey_rows(self._now, self._store.desk_id.bytes).items():
            writer.insert_rows(table, batch)

    def _add_service(self, writer: Writer) -> None:
        """What is due by now is recorded too: a demo that is opened tells of nothing."""
        for table, rows in service_rows(self._now, self._store.desk_id.bytes).items():
            writer.insert_rows(table, rows)
        writer.mend_clocks(self._tickets.told)
        while writer.record_due_tickets(self._now):
            pass

    def _add_own_fields(self, writer: Writer) -> None:
        first = writer.customers(limit=OWN_FIELD_CUSTOMERS).customers
        known = [one for one in map(writer.customer, (hit.id for hit in first)) if one is not None]
        rows = own_field_rows(known, self._now, self._store.desk_id.bytes)
        for table, batch in rows.items():
            writer.insert_rows(table, batch)
        writer.index_customers([one.id for one in known])

    def _build_indexes(self) -> None:
        for name in self._store.write(Writer.missing_indexes).result():
            self._store.write(partial(Writer.build_index, name=name)).result()
            self._report(self._rows_per_index)
        self._store.write(Writer.end_load).result()

    def _load_customers(self, count: int) -> None:
        population = Population(self._rng, self._stamps, count, self._now)
        people = population.customers()
        history = HistoryMaker(self._rng, self._stamps, self._now, self._tickets, self._sales)
        first_row = 1
        while batch := list(islice(people, _BATCH)):
            rows = self._rows(batch, history)
            texts = [(first_row + place, search_entry(one)) for place, one in enumerate(batch)]
            self._add_stories(population, rows)
            rows[search_row] = [
                (first_row + place, one.id.bytes) for place, one in enumerate(batch)
            ]
            first_row += len(batch)
            self._insert(rows, texts)
            self._report(len(batch))

    def _rows(self, batch: list[Customer], history: HistoryMaker) -> dict[Table, list[Row]]:
        rows: dict[Table, list[Row]] = {table: [] for table in metadata.sorted_tables}
        for one in batch:
            rows[customer].append(customer_row(self._stamps, one))
            rows[customer_number] += number_rows(self._stamps, one)
            rows[email] += email_rows(self._stamps, one)
            rows[address] += address_rows(self._stamps, one)
            history.add(one.id.bytes, rows)
            if one.numbers and one.numbers[0].e164:
                self._callers.add(one.id.bytes, one.numbers[0].e164)
        return rows

    def _add_stories(self, population: Population, rows: dict[Table, list[Row]]) -> None:
        """What is said of numbers; the ignore list once, with the first customers."""
        if not self._done:
            rows[ignored_number] = ignored_rows(self._stamps)
        for choice in population.remembered:
            rows[number_claim].append(remembered_row(self._stamps, choice))
        for number in population.moved:
            until = to_micros(day_ends(number.until))
            self._callers.moves(number.e164, number.former.id.bytes, until)
        population.remembered.clear()
        population.moved.clear()

    def _load_calls(self, count: int) -> None:
        maker = CallMaker(self._rng, self._stamps, self._callers, count, self._now)
        for calls, offers in maker.batches(_BATCH * 2):
            self._insert({call: calls, call_offer: offers}, [])
            self._report(len(calls))

    def _insert(self, rows: dict[Table, list[Row]], texts: list[tuple[int, str]]) -> None:
        entries = entries_of(rows)

        def insert(writer: Writer) -> None:
            for table, batch in rows.items():
                writer.insert_rows(table, batch)
            writer.insert_search_texts(texts)
            writer.load_record_entries(entries)

        self._wait()
        self._writing = self._store.write(insert)

    def _wait(self) -> None:
        """One batch is written while the next one is made; a failure ends the load here."""
        self._writing.result()

    def _report(self, rows: int) -> None:
        self._done += rows
        if self._progress:
            elapsed = max(time.monotonic() - self._started, 1e-6)
            self._progress(self._done, self._total, self._done / elapsed)
