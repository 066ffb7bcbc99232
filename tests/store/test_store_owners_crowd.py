"""Very many owners of one number: the right ones, and no more work than for a few."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table

from crmdesk.domain.matches import Occasion
from crmdesk.store import Store, open_store
from crmdesk.store.tables import (
    call,
    customer,
    customer_number,
    metadata,
    number_claim,
)
from tests.store.owner_rows import (
    LONG_AGO,
    call_row,
    claim_row,
    customer_row,
    fill,
    key,
    number_row,
)

SHARED = "+493023125100"
BLOCK = "+49302312510"
MANY = 20_000
COMPANY_LATE, COMPANY_EARLY, REMOVED_COMPANY = 5_000_000, 3, 7
CHOSEN, LAST, BEFORE_LAST, NO_OWNER = 9_001, 9_002, 9_003, 6_000_000
FORMER = 10
EXTENDED, EXTENSION = 9_100, "77"


def crowd(count: int, now: Any) -> dict[Table, Iterable[tuple[Any, ...]]]:
    """Rows of so many people, two companies of theirs, and what singles some of them out."""
    hour = timedelta(hours=1)
    people = (_member(n) for n in range(1, count + 1))
    late = customer_row(COMPANY_LATE, "Late GmbH", kind="company")
    calls = [
        call_row(1, LAST, SHARED, now - hour),
        call_row(2, BEFORE_LAST, SHARED, now - 2 * hour),
        call_row(3, NO_OWNER, SHARED, now - 3 * hour),
        call_row(4, 9_004, SHARED, now - 4 * hour, direction="outbound"),
    ]
    calls += [call_row(10 + n, None, SHARED, now - (5 + n) * hour) for n in range(count // 4)]
    return {
        customer: [*people, late],
        customer_number: [
            *(_number(n) for n in range(1, count + 1)),
            number_row(COMPANY_LATE, COMPANY_LATE, SHARED),
        ],
        call: calls,
        number_claim: [claim_row(1, CHOSEN, SHARED, "chosen")],
    }


def _member(number: int) -> tuple[Any, ...]:
    facts: dict[str, Any] = {"company_id": key(COMPANY_LATE) if number == 1 else None}
    if number in {COMPANY_EARLY, REMOVED_COMPANY}:
        facts["kind"] = "company"
    if number == REMOVED_COMPANY:
        facts["deleted_at"] = LONG_AGO
    return customer_row(number, account_id="SAME", **facts)


def _number(number: int) -> tuple[Any, ...]:
    until = LONG_AGO.date() if number == FORMER else None
    return number_row(
        number,
        number,
        SHARED,
        national="3023125100",
        region="DE",
        label="work",
        until=until,
        extension=EXTENSION if number == EXTENDED else "",
    )


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """The store with a crowd of 20,000, and one with a tenth of it."""
    from tests.store.conftest import KEY, NOW

    folder = tmp_path_factory.mktemp("crowd")
    stores = []
    for count in (MANY, MANY // 2):
        opened = open_store(folder / f"{count}.db", KEY, clock=lambda: NOW)
        fill(opened, crowd(count, NOW))
        stores.append(opened)
    yield stores
    for opened in stores:
        opened.close()


@pytest.fixture
def occasion(now):
    return Occasion(day=now.astimezone().date(), dialled="100", line_id="line")


def _numbers_of(owners: Iterable[Any]) -> list[int]:
    return [owner.customer_id.int - key(0).int for owner in owners]


def test_the_right_ones_of_a_crowd(crowded):
    found = _numbers_of(crowded[0].read(lambda r: r.by_e164(SHARED)).result())
    assert found[:5] == [COMPANY_EARLY, COMPANY_LATE, CHOSEN, LAST, BEFORE_LAST]
    others = [n for n in range(1, 61) if n not in {COMPANY_EARLY, REMOVED_COMPANY, FORMER}]
    assert found[5:] == [*others, 61, 62]
    assert len(found) == 64


def test_an_extension_is_found_in_any_crowd(crowded):
    (owner,) = crowded[0].read(lambda r: r.by_extension(SHARED, EXTENSION)).result()
    assert (_numbers_of([owner]), owner.extension) == ([EXTENDED], EXTENSION)
    assert crowded[0].read(lambda r: r.by_extension(SHARED, "")).result() == ()


def test_counting_ends_at_a_thousand(crowded):
    count = crowded[0].read(lambda r: r.owner_count(SHARED)).result()
    assert 999 <= count <= 1_000


def test_one_living_owner_behind_many_removed_ones(store, read):
    fill(
        store,
        {
            customer: [
                *(customer_row(n, deleted_at=LONG_AGO) for n in range(1, 1_001)),
                customer_row(1_001),
            ],
            customer_number: [number_row(n, n, SHARED) for n in range(1, 1_002)],
        },
    )
    assert _numbers_of(read(lambda r: r.by_e164(SHARED))) == [1_001]


def test_removed_numbers_hide_nobody(store, read):
    gone = [number_row(n, n, SHARED, deleted_at=LONG_AGO) for n in range(1, 5_001)]
    fill(
        store,
        {
            customer: [customer_row(n) for n in range(1, 5_002)],
            customer_number: [*gone, number_row(5_001, 5_001, SHARED)],
        },
    )
    assert _numbers_of(read(lambda r: r.by_e164(SHARED))) == [5_001]
    assert read(lambda r: r.owner_count(SHARED)) == 1


def test_a_crowd_does_not_hide_other_numbers_of_one_question(store, read):
    fill(
        store,
        {
            customer: [*(customer_row(n) for n in range(1, 601)), _member(COMPANY_LATE)],
            customer_number: [
                *(number_row(n, n, SHARED) for n in range(1, 601)),
                number_row(COMPANY_LATE, 600, SHARED + "9"),
            ],
        },
    )
    found = read(lambda r: r.by_any_e164((SHARED, SHARED + "9")))
    assert len(found) == 64
    fill(
        store,
        {
            customer: [customer_row(700, "Late GmbH", kind="company")],
            customer_number: [number_row(700, 700, SHARED + "9")],
        },
    )
    found = read(lambda r: r.by_any_e164((SHARED, SHARED + "9")))
    assert (found[0].name, len(found)) == ("Late GmbH", 64)


def _questions(occasion: Occasion) -> dict[str, Callable[[Any], Any]]:
    some = tuple(map(key, range(1, 65)))
    return {
        "by_e164": lambda r: r.by_e164(SHARED),
        "by_extension": lambda r: r.by_extension(SHARED, "77"),
        "by_national": lambda r: r.by_national("3023125100", ""),
        "by_national_in_region": lambda r: r.by_national("3023125100", "DE"),
        "by_any_e164": lambda r: r.by_any_e164((SHARED, BLOCK)),
        "by_prefix": lambda r: r.by_prefix(BLOCK),
        "by_suffix": lambda r: r.by_suffix("3125100"),
        "by_account": lambda r: r.by_account("SAME"),
        "claims": lambda r: r.claims(SHARED),
        "owner_count": lambda r: r.owner_count(SHARED),
        "facts": lambda r: r.facts(SHARED, some, occasion),
        "facts_by_line": lambda r: r.facts(SHARED, some, Occasion(occasion.day, line_id="x")),
    }


QUESTIONS = tuple(_questions(Occasion(LONG_AGO.date())))


@contextmanager
def _driver(reader: Any):
    yield reader._connection.connection.driver_connection


def _steps(store: Store, ask: Callable[[Any], Any]) -> int:
    """Hundreds of virtual machine steps of SQLite that a question takes."""

    def counted(reader: Any) -> int:
        seen = []
        with _driver(reader) as driver:
            driver.set_progress_handler(lambda: seen.append(1), 100)
            ask(reader)
            driver.set_progress_handler(None, 0)
        return len(seen)

    return store.read(counted).result()


@pytest.mark.parametrize("question", QUESTIONS)
def test_twice_the_crowd_is_no_more_work(crowded, occasion, question):
    ask = _questions(occasion)[question]
    many, half = (_steps(store, ask) for store in crowded)
    assert many <= half * 1.05 + 2
    assert many < 2_000


def _plans(store: Store, ask: Callable[[Any], Any]) -> list[str]:
    def explained(reader: Any) -> list[str]:
        heard: list[str] = []
        with _driver(reader) as driver:
            driver.set_trace_callback(heard.append)
            ask(reader)
            driver.set_trace_callback(None)
            statements = [sql for sql in heard if sql.lstrip().startswith("SELECT")]
            plans = [driver.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in statements]
        return [row[3] for plan in plans for row in plan]

    return store.read(explained).result()


_TABLES = "|".join((*metadata.tables, "company", "own"))
_SCAN = re.compile(rf"^SCAN ({_TABLES})\b")


@pytest.mark.parametrize("is_analysed", [False, True], ids=["new", "analysed"])
def test_nothing_reads_a_whole_table(crowded, occasion, is_analysed):
    store = crowded[1]
    if is_analysed:
        store.write(lambda w: w.end_load()).result()
        store.read(lambda r: r._connection.exec_driver_sql("SELECT 1")).result()
    for name, ask in _questions(occasion).items():
        plan = _plans(store, ask)
        assert any("SEARCH" in step for step in plan), name
        assert [step for step in plan if _SCAN.match(step)] == [], name


def test_evidence_comes_from_indexes_alone(crowded, occasion):
    plan = _plans(crowded[0], _questions(occasion)["facts"])
    calls = [step for step in plan if step.startswith("SEARCH call ")]
    assert len(calls) == 3
    assert [step for step in calls if "COVERING INDEX" not in step] == []
    open_work = [step for step in plan if step.startswith(("SEARCH ticket ", "SEARCH follow_up "))]
    assert [step.split()[4] for step in open_work] == ["ix_ticket_open", "ix_follow_up_open"]


@pytest.mark.slow
def test_a_million_owners(tmp_path, now, key):
    with open_store(tmp_path / "million.db", key, clock=lambda: now) as store:
        store.write(lambda w: w.drop_indexes()).result()
        fill(store, crowd(1_000_000, now))
        store.write(lambda w: w.end_load()).result()
        occasion = Occasion(day=now.astimezone().date(), dialled="100", line_id="line")
        found = _numbers_of(store.read(lambda r: r.by_e164(SHARED)).result())
        assert found[:5] == [COMPANY_EARLY, COMPANY_LATE, CHOSEN, LAST, BEFORE_LAST]
        for name, ask in _questions(occasion).items():
            assert _steps(store, ask) < 2_000, name
            assert [step for step in _plans(store, ask) if _SCAN.match(step)] == [], name
