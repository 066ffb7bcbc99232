"""The write-ahead log begins anew although somebody always reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.ids import uuid7
from crmdesk.store import Store, keys, log_length, open_store
from crmdesk.store.reader import Reader
from crmdesk.store.writer import Writer

SHORT = 100_000


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(log_length, "LONGEST", SHORT)
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as opened:
        yield opened


def write_some(store: Store, count: int) -> None:
    """Some hundred pages of the log."""

    def work(writer: Writer) -> None:
        for place in range(count):
            key = uuid7(place, bytes([place % 256] * 10))
            writer.save_customer(Customer(key, CustomerKind.PERSON, f"Jane {place}" * 20))

    store.write(work).result()


def log_of(store: Store) -> Path:
    return store.file.with_name(f"{store.file.name}-wal")


class Reading:
    """Somebody who reads until told to stop; the next one begins before."""

    def __init__(self, store: Store) -> None:
        self._over, self._reads = threading.Event(), threading.Event()
        self._read = store.read_for_pop(self._stay)
        assert self._reads.wait(30)

    def _stay(self, reader: Reader) -> None:
        reader.counts()
        self._reads.set()
        assert self._over.wait(30)

    def end(self) -> None:
        self._over.set()
        self._read.result(30)


def test_a_long_log_begins_anew(store: Store) -> None:
    write_some(store, 200)
    length = log_of(store).stat().st_size
    assert length > SHORT
    for _ in range(6):
        store.shorten_log()
        write_some(store, 200)
    assert log_of(store).stat().st_size <= 2 * length


def test_nothing_is_done_to_a_short_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[bool] = []

    def note(_log: log_length.LogLength) -> bool:
        begun.append(True)
        return True

    monkeypatch.setattr(log_length.LogLength, "_begin_anew", note)
    monkeypatch.setattr(log_length, "LONGEST", 1 << 40)
    write_some(store, 200)
    with open_store(store.file, keys.DEMO_KEY) as other:
        other.shorten_log()
    assert not begun
    store.shorten_log()
    assert begun


def test_who_reads_for_long_is_not_waited_for_each_time(store: Store) -> None:
    reading = Reading(store)
    write_some(store, 200)
    length = log_of(store).stat().st_size
    store.shorten_log()  # what is read stays what it is
    write_some(store, 200)
    grown = log_of(store).stat().st_size
    assert grown > length
    reading.end()
    write_some(store, 200)
    while log_of(store).stat().st_size <= 2 * length:  # until it is tried again
        write_some(store, 200)
    longest = log_of(store).stat().st_size
    for _ in range(4):
        store.shorten_log()
        write_some(store, 200)
    assert log_of(store).stat().st_size <= longest
    assert store.read(lambda r: r.counts()).result().customers == 200


def test_a_store_without_a_log_is_left_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "y.db", keys.DEMO_KEY) as store:
        log_of(store).unlink(missing_ok=True)
        store.shorten_log()
