"""The store that is measured, and the raw road to the same file."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple, cast

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import StaticPool, create_engine

from crmdesk.store import Reader, Store, open_store
from crmdesk.store.demo import make_demo
from crmdesk.store.engine import make_engine
from crmdesk.store.keys import DEMO_KEY
from tests.bench.measuring import Scale

_FIRST_ACCOUNT = 100_001
_NUMBER_OF_ACCOUNT = """
    SELECT customer_number.e164 FROM customer
    JOIN customer_number ON customer_number.customer_id = customer.id
    WHERE customer.account_id = ? AND customer_number.e164 IS NOT NULL LIMIT 1
"""


class Statement(NamedTuple):
    """What a job runs.

    Attributes:
        rows: How many it reads one by one; None for all.
    """

    sql: str
    values: tuple[Any, ...]
    rows: int | None = None


@contextmanager
def opened(scale: Scale) -> Iterator[Store]:
    """The store of a run; made where it is not there."""
    path = scale.store or scale.folder / "bench.db"
    is_new = not path.exists()
    with open_store(path, DEMO_KEY) as store:
        if is_new:
            make_demo(store, scale.customers, calls=scale.calls)
        yield store


@contextmanager
def raw_connection(scale: Scale) -> Iterator[sqlite3.Connection]:
    """The driver alone: same file, same key, same cache, no library of ours above it."""
    path = scale.store or scale.folder / "bench.db"
    connection = make_engine(path, DEMO_KEY, read_only=True).raw_connection()
    try:
        yield cast("sqlite3.Connection", connection.driver_connection)
    finally:
        connection.close()


def some_numbers(raw: sqlite3.Connection, customers: int, count: int) -> list[str]:
    """Numbers of customers from all over the store, the same ones for the same size."""
    rng = Random(7)
    found: list[str] = []
    for _ in range(count * 3):
        account = str(_FIRST_ACCOUNT + rng.randrange(customers))
        row = raw.execute(_NUMBER_OF_ACCOUNT, (account,)).fetchone()
        found += [row[0]] if row else []
        if len(found) == count:
            break
    return found


class _HearingCursor(sqlcipher.Cursor):  # type: ignore[misc]  # the driver has no types
    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        self._place = len(self.connection.heard)
        self.connection.heard.append(Statement(sql, tuple(values)))
        return super().execute(sql, values)

    def __next__(self) -> Any:
        return self._counted(super().__next__())

    def fetchone(self) -> Any:
        return self._counted(super().fetchone())

    def _counted(self, row: Any) -> Any:
        heard = self.connection.heard
        one = heard[self._place]
        heard[self._place] = one._replace(rows=(one.rows or 0) + (row is not None))
        return row


class _HearingConnection(sqlcipher.Connection):  # type: ignore[misc]  # the driver has no types
    """Keeps what is executed, whoever executes it."""

    heard: list[Statement]

    def cursor(self, factory: type = _HearingCursor) -> Any:
        return super().cursor(factory)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self.cursor().execute(sql, values)


class Listener:
    """A reader of its own that tells which statements a job runs: the baseline runs those."""

    def __init__(self, scale: Scale) -> None:
        path = scale.store or scale.folder / "bench.db"
        self._driver = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=_HearingConnection,
        )
        self._driver.heard = []
        self._driver.execute(f"PRAGMA key = \"x'{DEMO_KEY.hex()}'\"")
        engine = create_engine(
            "sqlite://", module=sqlcipher, creator=lambda: self._driver, poolclass=StaticPool
        )
        self._connection = engine.connect()
        self._reader = Reader(self._connection, uuid.UUID(int=0))

    def statements_of(self, work: Callable[[Reader], Any]) -> list[Statement]:
        """Runs a job and returns what reached the driver."""
        self._driver.heard.clear()
        work(self._reader)
        return list(self._driver.heard)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
        self._driver.close()


def run_raw(raw: sqlite3.Connection, statements: list[Statement]) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, as many as the job read."""
    return [_rows(raw.execute(one.sql, one.values), one.rows) for one in statements]


def _rows(cursor: sqlite3.Cursor, wanted: int | None) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if wanted is None else cursor.fetchmany(wanted)
