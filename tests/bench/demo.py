"""How quickly a demo store is made, against the driver inserting the same calls."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from crmdesk.store import Reader, open_store
from crmdesk.store.demo import make_demo
from crmdesk.store.engine import make_engine
from crmdesk.store.keys import DEMO_KEY
from tests.bench.measuring import Figure, Outcome, Scale, agree, timed

_MOST_CUSTOMERS, _MOST_CALLS = 10_000, 100_000
"""Enough for a rate; millions take minutes a round."""

_ROUNDS = 3


def run(scale: Scale) -> Outcome:
    """Customers with their history a second, calls a second, and indexes included."""
    customers = min(scale.customers, _MOST_CUSTOMERS)
    calls = min(scale.calls, _MOST_CALLS)
    people: list[float] = []
    dials: list[float] = []
    whole: list[float] = []
    raw: list[float] = []
    for _ in range(min(scale.rounds, _ROUNDS)):
        with tempfile.TemporaryDirectory(dir=scale.folder) as folder:
            made = _make(Path(folder) / "demo.db", customers, calls)
            people.append(customers / made.customers_s)
            dials.append(calls / made.calls_s)
            whole.append((customers + calls) / made.whole_s)
            raw.append(calls / _insert_raw(Path(folder), made.call_rows))
    figures = (
        Figure("customers with history, a second", tuple(people), unit="/s"),
        Figure(
            "calls, a second",
            tuple(dials),
            tuple(raw),
            "raw executemany of the same call rows, without indexes",
            "/s",
            "half (import: x2)",
        ),
        Figure("customers and calls, a second, indexes built", tuple(whole), unit="/s"),
    )
    note = f"{customers:,} customers and {calls:,} calls a round."
    return Outcome("Making a demo store", figures, (note,))


class _Made:
    """What one load took."""

    def __init__(self, customers: int) -> None:
        self.began = time.perf_counter()
        self.customers_s = self.calls_s = self.whole_s = 0.0
        self.call_rows: list[tuple[Any, ...]] = []
        self._customers = customers

    def progress(self, done: int, _total: int, _rate: float) -> None:
        now = time.perf_counter() - self.began
        if done <= self._customers:
            self.customers_s = now
        else:
            self.calls_s = now - self.customers_s


def _make(path: Path, customers: int, calls: int) -> _Made:
    made = _Made(customers)
    with open_store(path, DEMO_KEY) as store:
        make_demo(store, customers, calls=calls, progress=made.progress)
        made.whole_s = time.perf_counter() - made.began
        counts = store.read(Reader.counts).result()
    agree((counts.customers, counts.calls), (customers, calls), "rows made")
    connection = make_engine(path, DEMO_KEY, read_only=True).raw_connection()
    try:
        driver: Any = connection.driver_connection
        made.call_rows = driver.execute("SELECT * FROM call").fetchall()
    finally:
        connection.close()
    return made


def _insert_raw(folder: Path, rows: list[tuple[Any, ...]]) -> float:
    """An encrypted table without an index; the same settings."""
    connection = make_engine(folder / "raw.db", DEMO_KEY).raw_connection()
    try:
        driver: Any = connection.driver_connection
        columns = ", ".join(f"c{place}" for place in range(len(rows[0])))
        driver.execute(f"CREATE TABLE call ({columns})")
        marks = ", ".join("?" * len(rows[0]))

        def insert() -> None:
            driver.execute("BEGIN")
            driver.executemany(f"INSERT INTO call VALUES ({marks})", rows)
            driver.execute("COMMIT")

        return timed(insert)[0]
    finally:
        connection.close()
