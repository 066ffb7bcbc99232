"""What the store takes to answer, against the driver running the same statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

from crmdesk.domain.call_log import CallFilter, CallPage, Place
from crmdesk.domain.customers import CustomerStory
from crmdesk.domain.matches import Owner
from crmdesk.store import Reader, Store
from tests.bench.demo_store import (
    Listener,
    Statement,
    opened,
    raw_connection,
    run_raw,
    some_numbers,
)
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled, timed

T = TypeVar("T")

_NUMBERS_PER_ROUND = 20
_SCAN = """
    SELECT customer_id FROM customer_number
    WHERE replace(replace(replace(raw, ' ', ''), '-', ''), '/', '') LIKE '%' || ?
"""
_SCANS = 3
_TYPED_NAMES = 40
_PAGE = 100
_SAME = "the same statements through the driver alone"


@dataclass(frozen=True, slots=True)
class Roads:
    """The ways to the same rows."""

    store: Store
    raw: sqlite3.Connection
    listener: Listener


def run(scale: Scale) -> Outcome:
    """Number to customer, the story, search as one types, pages of the call log."""
    with opened(scale) as store, raw_connection(scale) as raw, closing(Listener(scale)) as listener:
        roads = Roads(store, raw, listener)
        size = store.read(Reader.counts).result()
        numbers = some_numbers(raw, scale.customers, scale.rounds * _NUMBERS_PER_ROUND)
        found = _number_to_customer(roads, numbers)
        scans = _scans(roads, numbers, found)
        figures = (
            found,
            scans,
            _story(roads, numbers),
            *_search(roads, numbers),
            *_pages(store, scale.rounds * 4),
        )
    note = f"{size.customers:,} customers and {size.calls:,} calls in the encrypted store."
    return Outcome("The store", figures, (note,))


def read_story(reader: Reader, number: str, now: datetime) -> CustomerStory | None:
    """What the pop asks for when a number rings: who, and what happened."""
    owners = reader.by_e164(number)
    return reader.story(owners[0].customer_id, now) if owners else None


def on_its_thread(reader_work: Callable[[Reader], T]) -> Callable[[Reader], tuple[float, T]]:
    """On the reader's own thread, without the way there."""

    return lambda reader: timed(partial(reader_work, reader))


def against_driver(
    roads: Roads, works: Sequence[Callable[[Reader], T]]
) -> tuple[list[float], list[float], list[tuple[T, list[Any]]]]:
    """Each work once through the store, and its statements once through the driver.

    A third run before both, with another connection, tells the statements and warms the
    system's cache for the two alike.
    """
    measured: list[float] = []
    baseline: list[float] = []
    results: list[tuple[T, list[Any]]] = []
    for place, work in enumerate(works):
        statements = roads.listener.statements_of(work)
        for turn in ("store", "raw") if place % 2 else ("raw", "store"):
            if turn == "raw":
                taken, rows = timed(partial(run_raw, roads.raw, statements))
                baseline.append(taken)
            else:
                taken, result = roads.store.read_for_pop(on_its_thread(work)).result()
                measured.append(taken)
        results.append((result, rows))
    return measured, baseline, results


def _number_to_customer(roads: Roads, numbers: list[str]) -> Figure:
    works = [partial(_owners, number=number) for number in numbers]
    measured, baseline, results = against_driver(roads, works)
    for owners, rows in results:
        agree({o.customer_id.bytes for o in owners}, {row[0] for row in rows[0]}, "owners")
    return Figure(
        "number to customer",
        scaled(measured, 1e6),
        scaled(baseline, 1e6),
        _SAME,
        "us",
        "x2.5; stretch x1.3",
    )


def _scans(roads: Roads, numbers: list[str], found: Figure) -> Figure:
    """What a CRM does that compares the last digits of text: reads every number."""
    taken = []
    for number in numbers[:_SCANS]:
        scan = [Statement(_SCAN, (number[-7:],))]
        seconds, rows = timed(partial(run_raw, roads.raw, scan))
        taken.append(seconds)
        agree(bool(rows[0]), True, f"the scan finds the owner of {number}")
    return Figure(
        "number to customer, against a scan",
        found.measured,
        scaled(taken, 1e6),
        "REPLACE(...) LIKE '%digits' over all numbers",
        "us",
        "1,000 times faster; stretch 100,000 times",
    )


def _story(roads: Roads, numbers: list[str]) -> Figure:
    now = datetime.now(UTC)

    def ask(number: str) -> Callable[[Reader], CustomerStory | None]:
        return lambda reader: read_story(reader, number, now)

    measured, baseline, results = against_driver(roads, [ask(n) for n in numbers])
    for story, rows in results:
        agree(story.customer.id.bytes if story else None, rows[0][0][0], "customer of the story")
    return Figure(
        "the pop's whole reading: who it is, and the story",
        scaled(measured, 1e6),
        scaled(baseline, 1e6),
        _SAME,
        "us",
        "x3; stretch x1.2",
    )


def _owners(reader: Reader, number: str) -> tuple[Owner, ...]:
    return reader.by_e164(number)


def _page(reader: Reader, before: Place | None) -> CallPage:
    return reader.calls(CallFilter(), before=before, limit=_PAGE)


def _search(roads: Roads, numbers: list[str]) -> tuple[Figure, ...]:
    """Names and numbers typed letter by letter; every keystroke searches."""
    names = [
        owners[0].name.lower()
        for number in numbers[:_TYPED_NAMES]
        if (owners := roads.store.read(partial(_owners, number=number)).result())
    ]
    typed = [name[:end] for name in names for end in range(1, len(name) + 1)]
    typed += [number[:end] for number in numbers[:_TYPED_NAMES] for end in range(3, 13)]

    def ask(text: str) -> Callable[[Reader], Any]:
        return lambda reader: reader.search(text)

    measured, baseline, _ = against_driver(roads, [ask(text) for text in typed])
    whole, _, hits = against_driver(roads, [ask(name) for name in names])
    for name, (found, _rows) in zip(names, hits, strict=True):
        agree(any(hit.name.lower() == name for hit in found), True, f"search finds {name}")
    target = "p99 one frame, 16.7 ms; stretch 2 ms"
    return (
        Figure(
            "search, per keystroke",
            scaled(measured, 1e3),
            scaled(baseline, 1e3),
            _SAME,
            "ms",
            target,
        ),
        Figure("search, whole name typed", scaled(whole, 1e3), target=target),
    )


def _pages(store: Store, rounds: int) -> tuple[Figure, ...]:
    """The first page of the call log, and pages from anywhere in five years."""
    rng = Random(3)
    first: list[float] = []
    anywhere: list[float] = []
    again: list[float] = []
    now = datetime.now(UTC)
    for _ in range(rounds):
        at = now - timedelta(days=rng.random() * 5 * 364)
        place = Place(at, store.desk_id)
        first.append(store.read(on_its_thread(partial(_page, before=None))).result()[0])
        taken, page = store.read(on_its_thread(partial(_page, before=place))).result()
        anywhere.append(taken)
        again.append(store.read(on_its_thread(partial(_page, before=place))).result()[0])
        agree(all(row.call.started_at <= at for row in page.rows), True, "page is older")
    return (
        Figure(
            "page of 100 anywhere in the call log",
            scaled(anywhere, 1e3),
            scaled(first, 1e3),
            "the first page, which the cache holds",
            "ms",
            "x1.5; stretch x1.1",
        ),
        Figure(
            "the same page read again, as the first page always is",
            scaled(again, 1e3),
            scaled(first, 1e3),
            "the first page",
            "ms",
            "x1.5; stretch x1.1",
        ),
    )
