"""The ledger on the disk: pages, filters, and only its newest lines."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crmdesk.domain.ledger import LedgerFilter, LedgerLine, LedgerOutcome, LedgerPage
from crmdesk.store import Store, keys, open_store
from crmdesk.store.calls import ledger

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CALL = uuid.UUID(int=7)
JANE = LedgerLine(
    START, "office", "phone_rang", LedgerOutcome.POPPED, CALL, "1001", "e164",
    "+493023125710", 2, 31.25, "Phone 1001 rang: card shown 100 %, exact match by number",
)  # fmt: skip
MERGED = LedgerLine(START, "office", "call_ended", LedgerOutcome.MERGED, CALL, words="Ended_here")
ODD = LedgerLine(
    START + timedelta(hours=1), "home", "hold_changed", LedgerOutcome.FAILED, words="Not understood"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as opened:
        yield opened


def add(store: Store, *lines: LedgerLine) -> None:
    store.write(lambda writer: writer.add_ledger(lines)).result()


def read(store: Store, before: int | None = None, limit: int = 100) -> LedgerPage:
    return store.read(lambda reader: reader.ledger(LedgerFilter(), before, limit)).result()


def words(store: Store, **facts: object) -> list[str]:
    chosen = LedgerFilter(**facts)  # type: ignore[arg-type]
    page = store.read(lambda reader: reader.ledger(chosen)).result()
    return [line.words.split()[0] for line in page.lines]


def test_a_line_comes_back_as_it_was_with_its_place(store: Store) -> None:
    add(store, JANE, MERGED)
    newest, first = read(store).lines
    assert (first.sequence, newest.sequence) == (1, 2)
    for back, line in ((first, JANE), (newest, MERGED)):
        for name in LedgerLine.__dataclass_fields__:
            if name != "sequence":
                assert getattr(back, name) == getattr(line, name)


def test_nothing_is_nothing(store: Store) -> None:
    add(store)
    assert read(store) == LedgerPage()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["Not", "Ended_here", "Phone"]),
        ({"outcomes": (LedgerOutcome.POPPED, LedgerOutcome.FAILED)}, ["Not", "Phone"]),
        ({"call_id": CALL}, ["Ended_here", "Phone"]),
        ({"since": START + timedelta(minutes=1)}, ["Not"]),
        ({"until": START + timedelta(minutes=1)}, ["Ended_here", "Phone"]),
        ({"text": "EXACT match"}, ["Phone"]),
        ({"text": "030 23125-710"}, ["Phone"]),
        ({"text": "1001"}, ["Phone"]),
        ({"text": "100 %"}, ["Phone"]),
        ({"text": "d_h"}, ["Ended_here"]),
        ({"text": "'; DROP TABLE ledger_line; --"}, []),
    ],
)
def test_filters(store: Store, facts: dict[str, object], expected: list[str]) -> None:
    add(store, JANE, MERGED, ODD)
    assert words(store, **facts) == expected


def test_pages_follow_each_other_without_a_gap(store: Store) -> None:
    add(store, *[JANE] * 5)
    found, before = [], None
    while True:
        page = read(store, before, limit=2)
        found += [line.sequence for line in page.lines]
        before = page.next
        if before is None:
            break
    assert found == [5, 4, 3, 2, 1]


def test_only_the_newest_are_kept_and_numbers_are_never_used_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LINES_KEPT", 3)
    add(store, *[JANE] * 5)
    add(store, MERGED)
    assert [line.sequence for line in read(store).lines] == [6, 5, 4]


def test_a_ledger_that_is_far_too_long_shrinks_bit_by_bit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, *[JANE] * 30)
    monkeypatch.setattr(ledger, "LINES_KEPT", 3)
    monkeypatch.setattr(ledger, "_MORE_REMOVED", 10)
    sizes = []
    for _ in range(4):
        add(store, MERGED)
        sizes.append(len(read(store).lines))
    assert sizes == [19, 8, 3, 3]


def test_counts_of_each_outcome(store: Store) -> None:
    assert store.read(lambda reader: reader.ledger_counts()).result() == {}
    add(store, JANE, JANE, MERGED, ODD)
    assert store.read(lambda reader: reader.ledger_counts()).result() == {
        LedgerOutcome.POPPED: 2,
        LedgerOutcome.MERGED: 1,
        LedgerOutcome.FAILED: 1,
    }
    later = START + timedelta(minutes=1)
    counts = store.read(lambda reader: reader.ledger_counts(later)).result()
    assert counts == {LedgerOutcome.FAILED: 1}
