"""Readings nobody waits for any more: left out, or stopped; the thread goes on with the next."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text

from crmdesk.store.errors import TookTooLong

_ENDLESS = text(
    "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number)"
    " SELECT count(*) FROM number"
)
_LIMIT_S = 60


def test_a_reading_that_waits_is_left_out(store):
    gate, done = threading.Event(), []
    first = store.read(lambda _reader: gate.wait(_LIMIT_S))
    second = store.read(lambda _reader: done.append("second"))
    third = store.read(lambda _reader: done.append("third"))
    store.drop(second)
    gate.set()
    third.result(_LIMIT_S)
    assert first.result(_LIMIT_S)
    assert second.cancelled()
    assert done == ["third"]


def test_a_statement_that_runs_is_stopped_and_the_next_one_is_not(store):
    started = threading.Event()

    def endless(reader: Any) -> None:
        driver = reader._connection.connection.driver_connection
        # Tells that SQLite is at work, and not only about to be.
        driver.set_progress_handler(lambda: started.set() or 0, 1_000)
        try:
            reader._connection.execute(_ENDLESS).all()
        finally:
            driver.set_progress_handler(None, 0)

    job = store.read(endless)
    following = store.read(lambda reader: reader._connection.execute(text("SELECT 7")).scalar())
    assert started.wait(_LIMIT_S)
    store.drop(job)
    with pytest.raises(CancelledError):
        job.result(_LIMIT_S)
    assert following.result(_LIMIT_S) == 7
    assert store.health().state.value == "ready"


def test_what_was_dropped_too_late_is_done(store):
    job = store.read(lambda _reader: 7)
    assert job.result(_LIMIT_S) == 7
    store.drop(job)
    assert job.result() == 7


def test_another_reading_is_not_stopped_by_it(store):
    """Whoever is dropped is named: the job that runs is somebody else's."""
    gate = threading.Event()

    def patient(reader: Any) -> int:
        gate.wait(_LIMIT_S)
        return int(reader._connection.execute(text("SELECT 7")).scalar() or 0)

    job = store.read(patient)
    old: Future[Any] = Future()
    old.set_running_or_notify_cancel()
    store.drop(old)
    gate.set()
    assert job.result(_LIMIT_S) == 7


def test_a_time_limit_that_is_forgiven_does_not_hide_that_nobody_waits(store):
    """A search goes on with what it found in time, but not after it was dropped."""
    started, went_on = threading.Event(), []

    def tell(_value: int) -> int:
        started.set()
        return 1

    def search(reader: Any) -> None:
        driver = reader._connection.connection.driver_connection
        driver.create_function("tell", 1, tell)
        endless = text(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + tell(n) FROM number)"
            " SELECT count(*) FROM number"
        )
        with suppress(TookTooLong):
            reader.within_time_limit(lambda: reader._connection.execute(endless).all(), _LIMIT_S)
        went_on.append(reader._connection.execute(text("SELECT 7")).scalar())

    job = store.read(search)
    assert started.wait(_LIMIT_S)
    store.drop(job)
    with pytest.raises(CancelledError):
        job.result(2 * _LIMIT_S)
    assert went_on == []
