"""The baseline of importing: the driver alone, and phonenumbers alone.

The rows are made before the clock runs and given to `executemany`, the search index's too, in
transactions of `RAW_AT_ONCE` customers that keep everybody else waiting, into an empty encrypted
store with all its indexes. No file is read, nothing is compared, nothing can be taken back.
"""

from __future__ import annotations

import csv
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

import phonenumbers
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.store import open_store
from crmdesk.store.engine import make_engine
from crmdesk.store.importing.rows import NewRows, RowMaker, keys_in_order
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.tables import search_row
from tests.bench.measuring import T, agree, timed

RAW_AT_ONCE = 10_000
_LABELS = ("work", "mobile")
_COUNTS = (
    "SELECT (SELECT count(*) FROM customer WHERE deleted_at IS NULL),"
    " (SELECT count(*) FROM customer_number), (SELECT count(*) FROM customer_search)"
)
Counts = tuple[int, int, int]
COLUMNS = {
    "Id": "external_id", "Customer number": "account_id", "Name": "name", "Phone": "number_work",
    "Mobile": "number_mobile", "E-mail": "email", "Street": "street", "Postcode": "postcode",
    "City": "city", "Country": "country",
}  # fmt: skip
"""Of the file, and where they go."""


def people(count: int) -> Iterator[tuple[str, list[str]]]:
    """Names and numbers as they are written, scattered as in a file nobody sorted."""
    for place in range(count):
        shuffled = place * 7_919 % 1_000_000
        name = f"{_FIRST[shuffled % len(_FIRST)]} {_LAST[shuffled // 16 % len(_LAST)]}{shuffled}"
        numbers = [f"030 23125 {shuffled:06}"]
        if place % 2:
            numbers.append(f"0171 3920 {shuffled:06}")
        yield name, numbers


def write_file(file: Path, count: int, moved: int = 0) -> None:
    """The people as a program exports them; where `moved` is given, every so many-th moved."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(COLUMNS)
        for place, (name, numbers) in enumerate(people(count)):
            city = "Bremen" if moved and place % moved == 0 else "Hamburg"
            phone, mobile = (*numbers, "")[:2]
            home = (f"Weg {place % 99}", "20457", city, "DE")
            writer.writerow((place, f"K{place:07}", name, phone, mobile, _address_of(name), *home))


def _address_of(name: str) -> str:
    return f"{name.replace(' ', '.').lower()}@example.com"


def read_raw(count: int) -> int:
    """All numbers with phonenumbers alone; how many it reads as they are meant."""
    read = 0
    for _, numbers in people(count):
        for number in numbers:
            parsed = phonenumbers.parse(number, "DE")
            e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            read += e164 == f"+49{_national(number)}"
    return read


def _national(number: str) -> str:
    return number[1:].replace(" ", "")


def drafts(count: int) -> Iterator[NewCustomer]:
    """The people as an import hands them over, their numbers read."""
    keys = keys_in_order(datetime.now(UTC))
    for place, (name, numbers) in enumerate(people(count)):
        national = [_national(number) for number in numbers]
        one = Customer(
            next(keys),
            CustomerKind.PERSON,
            name,
            account_id=f"K{place:07}",
            numbers=tuple(
                PhoneNumber(number, f"+49{digits}", label)
                for label, number, digits in zip(_LABELS, numbers, national, strict=False)
            ),
            emails=(Email(_address_of(name)),),
            addresses=(Address("work", f"Weg {place % 99}", "20457", "Hamburg", "DE"),),
        )
        readings = tuple((digits, "DE") for digits in national)
        yield NewCustomer(one, (ExternalRef("shop", str(place)),), readings=readings)


@dataclass(frozen=True, slots=True)
class RawImport:
    """What the baseline took."""

    seconds: float
    cpu: float
    counts: Counts


def raw_import(file: Path, count: int) -> RawImport:
    """Reads the numbers and writes the rows, which are made in between, part by part."""
    open_store(file, DEMO_KEY).close()
    maker = RowMaker(uuid.uuid4(), uuid.uuid4(), datetime.now(UTC))
    clock = _Clock()
    read = clock.timed(partial(read_raw, count))
    first, some = 1, iter(drafts(count))
    with closing(make_engine(file, DEMO_KEY).raw_connection()) as pooled:
        driver = cast("sqlite3.Connection", pooled.driver_connection)
        for start in range(0, count, RAW_AT_ONCE):
            part = [next(some) for _ in range(min(RAW_AT_ONCE, count - start))]
            clock.timed(partial(_write, driver, maker.rows(part), first))
            first += len(part)
        driver.execute("UPDATE customer SET deleted_at = NULL")
    counts = counts_of(file)
    agree(read, counts[1], "numbers as they are meant")
    return RawImport(clock.seconds, clock.cpu, counts)


class _Clock:
    """Runs while something is measured."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    def timed(self, work: Callable[[], T]) -> T:
        cpu = time.process_time()
        seconds, result = timed(work)
        self.seconds += seconds
        self.cpu += time.process_time() - cpu
        return result


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
