"""Bringing customers in: the store's side against the driver alone.

Both sides write the same people into an empty encrypted store with all its indexes. The
baseline has its rows ready and gives them to `executemany`, the search index's too, in
transactions of `RAW_AT_ONCE` customers that keep everybody else waiting; and it reads the
numbers with phonenumbers alone. Ours reads the numbers, makes the rows, writes them hidden
in short transactions with pauses between, and shows them.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

import phonenumbers
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.matching.numbers import LineRules, clear_cache, normalise
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.engine import make_engine
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.importing.rows import NewRows, RowMaker, keys_in_order
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.tables import search_row
from tests.bench.measuring import Figure, Outcome, Scale, agree, timed

RAW_AT_ONCE = 10_000
_MOST_ROUNDS = 2
_LINE = LineRules(region="DE")
_COUNTS = (
    "SELECT (SELECT count(*) FROM customer WHERE deleted_at IS NULL),"
    " (SELECT count(*) FROM customer_number), (SELECT count(*) FROM customer_search)"
)
Counts = tuple[int, int, int]


def run(scale: Scale) -> Outcome:
    """So many customers with half as many numbers again, into an empty store each round."""
    ours: list[float] = []
    raw: list[float] = []
    undone: list[float] = []
    for place in range(min(scale.rounds, _MOST_ROUNDS)):
        file = scale.folder / f"raw-{place}.db"
        reading, _ = timed(lambda: read_raw(scale.customers))
        writing, counts = write_raw(file, scale.customers)
        raw.append(reading + writing)
        file = scale.folder / f"ours-{place}.db"
        took, change = timed(partial(bring_in, file, scale.customers))
        ours.append(took)
        agree(counts_of(file), counts, "customers, numbers and entries of the search index")
        undone.append(timed(partial(take_back, file, change))[0])
    return Outcome(
        "Importing into the store",
        (
            Figure(
                f"bringing {scale.customers:,} customers in, numbers read and indexed for search",
                tuple(ours),
                tuple(raw),
                "executemany of the same rows + phonenumbers",
                "s",
                "x2",
            ),
            Figure(
                "taking the same import back", tuple(undone), tuple(raw), "the same rows put in",
                "s",
            ),
        ),
        (
            "Both into an empty encrypted store with all its indexes in place; the baseline's "
            f"transactions are of {RAW_AT_ONCE:,} customers, ours as long as half a second.",
        ),
    )  # fmt: skip


def people(count: int) -> Iterator[tuple[str, list[str]]]:
    """Names and numbers as they are written, scattered as in a file nobody sorted."""
    for place in range(count):
        shuffled = place * 7_919 % 1_000_000
        name = f"{_FIRST[shuffled % len(_FIRST)]} {_LAST[shuffled // 16 % len(_LAST)]}{shuffled}"
        numbers = [f"030 23125 {shuffled:06}"]
        if place % 2:
            numbers.append(f"0171 3920 {shuffled:06}")
        yield name, numbers


def read_raw(count: int) -> int:
    """All numbers with phonenumbers alone."""
    read = 0
    for _, numbers in people(count):
        for number in numbers:
            parsed = phonenumbers.parse(number, "DE")
            read += bool(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return read


def drafts(count: int) -> Iterator[NewCustomer]:
    """The people as an import hands them over."""
    keys = keys_in_order(datetime.now(UTC))
    for place, (name, numbers) in enumerate(people(count)):
        read = [normalise(number, _LINE) for number in numbers]
        one = Customer(
            next(keys),
            CustomerKind.PERSON,
            name,
            account_id=f"K{place:07}",
            numbers=tuple(PhoneNumber(each.raw, each.e164, "work") for each in read),
            emails=(Email(f"{name.replace(' ', '.').lower()}@example.com"),),
            addresses=(Address("work", f"Weg {place % 99}", "20457", "Hamburg", "DE"),),
        )
        readings = tuple((each.national, each.region) for each in read)
        yield NewCustomer(one, (ExternalRef("shop", str(place)),), readings=readings)


def bring_in(file: Path, count: int) -> ChangeSet:
    """The import, whole."""
    clear_cache()
    with open_store(file, DEMO_KEY) as store:
        with ImportBatch(store, "Benchmark", "") as batch:
            for draft in drafts(count):
                batch.create([draft])
        change = batch.finish()
    if change is None:
        raise ValueError("nothing was brought in")
    return change


def take_back(file: Path, change: ChangeSet) -> None:
    """The import, undone."""
    with open_store(file, DEMO_KEY) as store:
        undo_in_parts(store, change.id, "")


def write_raw(file: Path, count: int) -> tuple[float, Counts]:
    """Seconds the driver alone takes for the rows, which are made before, part by part."""
    open_store(file, DEMO_KEY).close()
    maker = RowMaker(uuid.uuid4(), uuid.uuid4(), datetime.now(UTC))
    taken, first, some = 0.0, 1, iter(drafts(count))
    with closing(make_engine(file, DEMO_KEY).raw_connection()) as pooled:
        driver = cast("sqlite3.Connection", pooled.driver_connection)
        for start in range(0, count, RAW_AT_ONCE):
            part = [next(some) for _ in range(min(RAW_AT_ONCE, count - start))]
            rows = maker.rows(part)
            taken += timed(partial(_write, driver, rows, first))[0]
            first += len(part)
        driver.execute("UPDATE customer SET deleted_at = NULL")
    return taken, counts_of(file)


def _write(driver: sqlite3.Connection, rows: NewRows, first: int) -> None:
    driver.execute("BEGIN IMMEDIATE")
    for table, some in rows.tables.items():
        driver.executemany(_insert_of(table), some)
    keys = [(place, key) for place, (key, _) in enumerate(rows.texts, first)]
    driver.executemany(_insert_of(search_row), keys)
    texts = [(place, text) for place, (_, text) in enumerate(rows.texts, first)]
    driver.executemany("INSERT INTO customer_search (rowid, text) VALUES (?, ?)", texts)
    driver.execute("COMMIT")


def _insert_of(table: object) -> str:
    return str(insert(table).compile(dialect=sqlite.dialect()))  # type: ignore[arg-type]


def counts_of(file: Path) -> Counts:
    """Customers that are seen, numbers, and entries of the search index."""
    with closing(make_engine(file, DEMO_KEY, read_only=True).raw_connection()) as pooled:
        driver = cast("sqlite3.Connection", pooled.driver_connection)
        return cast("Counts", driver.execute(_COUNTS).fetchone())


_FIRST = (
    "Anna", "Bernd", "Claire", "Dörte", "Émile", "Fatma", "Georg", "Hanna",
    "Igor", "Jana", "Karim", "Lea", "Mehmet", "Nina", "Omar", "Petra",
)  # fmt: skip
_LAST = (
    "Ahrens", "Brandt", "Celik", "Dubois", "Esser", "Fischer", "Groß", "Hansen",
    "Ivanov", "Jensen", "Krüger", "Lorenz", "Müller", "Nowak", "Öztürk", "Peters",
)  # fmt: skip
