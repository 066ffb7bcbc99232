"""Who owns a number: alone, shared by ten and by a thousand, and by its last digits."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.matches import Occasion
from crmdesk.store import Reader, Store, Writer
from crmdesk.store.number_index import NumberIndex
from crmdesk.store.owners.statements import OWNER_LIMIT
from tests.bench.demo_store import (
    Listener,
    Statement,
    opened,
    raw_connection,
    run_raw,
    some_numbers,
)
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled, timed
from tests.bench.store import Roads, against_driver
from tests.bench.window_starts import resident_mb

_SHARED = {10: "+493023125810", 1_000: "+493023125811"}
"""Numbers that the benchmark gives to so many people."""

_NUMBERS_PER_ROUND = 5
_ENDING = 7
_LIKE = "SELECT customer_id FROM customer_number WHERE e164 LIKE '%' || ?"
_REPLACE = """
    SELECT customer_id FROM customer_number
    WHERE replace(replace(replace(raw, ' ', ''), '-', ''), '/', '') LIKE '%' || ?
"""
_SCANS = 3
_SAME = "the same statements through the driver alone"
_LOOK_UPS_IN_MEMORY = 500


def run(scale: Scale) -> Outcome:
    """Look-ups in the store and in memory, against the driver and against scans."""
    with opened(scale) as store, raw_connection(scale) as raw, closing(Listener(scale)) as listener:
        _share_numbers(store)
        roads = Roads(store, raw, listener)
        numbers = some_numbers(raw, scale.customers, scale.rounds * _NUMBERS_PER_ROUND)
        alone = _figure(roads, "one owner: who, and what was said of the number", numbers, _who)
        shared = [
            _figure(
                roads,
                f"{count:,} owners: who, what was said, and the evidence for each",
                [number] * len(numbers),
                partial(_who_of_several, count=count),
            )
            for count, number in _SHARED.items()
        ]
        counted = _figure(roads, "counting 1,000 owners", [_SHARED[1_000]] * scale.rounds, _count)
        ending = _figure(roads, "by the last 7 digits", numbers, _by_ending)
        scans = _scans(raw, numbers, ending)
        memory, note = _in_memory(store, numbers)
    return Outcome("Who owns a number", (alone, *shared, counted, ending, *scans, *memory), (note,))


def _share_numbers(store: Store) -> None:
    for count, number in _SHARED.items():
        if store.read(partial(_count, number=number)).result() < count:
            store.write(partial(_add_owners, number=number, count=count)).result()


def _add_owners(writer: Writer, number: str, count: int) -> None:
    for place in range(count):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {place}")
        name = f"Shared Line {place}"
        numbers = (PhoneNumber(number, number, "work"),)
        writer.save_customer(Customer(key, CustomerKind.PERSON, name, numbers=numbers))


def _who(reader: Reader, number: str) -> set[uuid.UUID]:
    owners = reader.by_e164(number)
    reader.claims(number)
    return {owner.customer_id for owner in owners}


def _who_of_several(reader: Reader, number: str, count: int) -> set[uuid.UUID]:
    found = _who(reader, number)
    agree(len(found), min(count, OWNER_LIMIT), f"owners of {number}")
    facts = reader.facts(number, tuple(found), _occasion())
    agree(set(facts), found, "customers with evidence")
    return found


def _occasion() -> Occasion:
    return Occasion(day=datetime.now(UTC).astimezone().date(), dialled="23125100")


def _count(reader: Reader, number: str) -> int:
    return reader.owner_count(number)


def _by_ending(reader: Reader, number: str) -> set[uuid.UUID]:
    return {owner.customer_id for owner in reader.by_suffix(number[-_ENDING:])}


def _figure(
    roads: Roads, what: str, numbers: list[str], ask: Callable[[Reader, str], Any]
) -> Figure:
    works = [partial(_asked, number=number, ask=ask) for number in numbers]
    measured, baseline, results = against_driver(roads, works)
    for found, rows in results:
        agree(bool(found), any(map(len, rows)), what)
    return Figure(
        what, scaled(measured, 1e6), scaled(baseline, 1e6), _SAME, "us", "x2.5; stretch x1.3"
    )


def _asked(reader: Reader, number: str, ask: Callable[[Reader, str], Any]) -> Any:
    return ask(reader, number)


def _scans(raw: sqlite3.Connection, numbers: list[str], ending: Figure) -> list[Figure]:
    """What a CRM does that compares the last digits of text: reads every number."""
    figures = []
    for sql, name in (
        (_LIKE, "LIKE '%digits' over all numbers"),
        (_REPLACE, "REPLACE(...) LIKE '%digits' over all numbers"),
    ):
        taken = []
        for number in numbers[:_SCANS]:
            scan = [Statement(sql, (number[-_ENDING:],))]
            seconds, rows = timed(partial(run_raw, raw, scan))
            taken.append(seconds)
            agree(bool(rows[0]), True, f"the scan finds the owner of {number}")
        figures.append(
            replace(
                ending,
                what=f"{ending.what}, against a scan",
                raw=scaled(taken, 1e6),
                raw_name=name,
                target="1,000 times faster; stretch 100,000 times",
            )
        )
    return figures


def _in_memory(store: Store, numbers: list[str]) -> tuple[list[Figure], str]:
    """An index of all numbers, as programs that look up a million have it."""

    def measured(reader: Reader) -> tuple[list[Figure], str]:
        before = resident_mb()
        made, index = timed(partial(NumberIndex, reader))
        grown = resident_mb() - before
        read, count = timed(partial(_read_all, reader))
        asked = numbers[:_LOOK_UPS_IN_MEMORY]
        here = [timed(partial(index.by_e164, number)) for number in asked]
        there = [timed(partial(reader.by_e164, number)) for number in asked]
        agree([found for _, found in here], [found for _, found in there], "owners in memory")
        figures = [
            Figure(
                "the index of all numbers in memory, made",
                (made,),
                (read,),
                "reading the same rows and dropping them",
                "s",
            ),
            Figure(
                "one number in memory",
                scaled([taken for taken, _ in here], 1e6),
                scaled([taken for taken, _ in there], 1e6),
                "the same question to the store",
                "us",
            ),
        ]
        return figures, f"The index in memory of {count:,} rows took {grown:.0f} MB."

    return store.read(measured).result()


def _read_all(reader: Reader) -> int:
    return sum(
        len(part) for rows in (reader.all_customers(), reader.all_numbers()) for part in rows
    )
