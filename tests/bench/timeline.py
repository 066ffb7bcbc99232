"""One customer with a very long history: its page, its search, its scrolling; and the search
over the records of all customers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from crmdesk.domain.call_log import Place
from crmdesk.domain.customers import TimelineKind
from crmdesk.store import Reader, Store
from tests.bench import display
from tests.bench.demo_store import Listener, opened, raw_connection
from tests.bench.long_history import NEEDLE, add_long_history
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled
from tests.bench.store import Roads, against_driver

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 100_000
_NAME = "Ida Long"
_EVERY = timedelta(minutes=30)
_PAGE = 50
_SAME = "the same statements through the driver alone"
_FRAME = "p99 one frame, 16.7 ms"
_TYPED = (NEEDLE.lower(), "invoice", "wrong printer", "größe", "missed", "colleague")
_TYPED_EVERYWHERE = ("monitor arm", "order confirmation", "refund", "invoice", "1042", "wrong")


def run(scale: Scale) -> Outcome:
    """Reading, searching and scrolling."""
    entries = min(_LONGEST, scale.customers * 5)
    with opened(scale) as store, raw_connection(scale) as raw, closing(Listener(scale)) as listener:
        customer = _long_customer(store, entries)
        roads = Roads(store, raw, listener)
        figures = (
            *_pages(roads, customer, entries, scale.rounds),
            _story(roads, customer, scale.rounds),
            _search(roads, customer, scale.rounds),
            _everywhere(roads, scale.rounds),
        )
        size = store.read(Reader.counts).result()
    told = _scrolled(scale, customer, entries // _PAGE)
    notes = (
        f"A customer with {entries:,} entries of all kinds among {size.customers:,}; scrolled on"
        f" {display.kind()} until {int(told['rows'][0]):,} rows were in the list.",
    )
    return Outcome("A long timeline", (*figures, *_scrolling(told)), notes)


def _long_customer(store: Store, entries: int) -> uuid.UUID:
    found = store.read(lambda reader: reader.search(_NAME, 1)).result()
    return found[0].id if found else add_long_history(store, entries, datetime.now(UTC))


def _pages(roads: Roads, customer: uuid.UUID, entries: int, rounds: int) -> tuple[Figure, ...]:
    rng = Random(11)
    now = datetime.now(UTC)

    def page(before: Place | None = None, kinds: tuple[TimelineKind, ...] = ()) -> Any:
        return lambda reader: reader.timeline(customer, before=before, limit=_PAGE, kinds=kinds)

    first, raw_first, results = against_driver(roads, [page()] * rounds)
    agree(len(results[0][0].entries), _PAGE, "entries of a page")
    places = [Place(now - _EVERY * rng.randrange(entries), uuid.UUID(int=0)) for _ in range(rounds)]
    anywhere, _, _ = against_driver(roads, [page(place) for place in places])
    tickets, raw_tickets, _ = against_driver(
        roads, [page(place, (TimelineKind.TICKET, TimelineKind.NOTE)) for place in places]
    )
    return (
        Figure("first page of 50", scaled(first, 1e3), scaled(raw_first, 1e3), _SAME, "ms", "x3"),
        Figure(
            "page anywhere", scaled(anywhere, 1e3), scaled(first, 1e3), "the first page", "ms",
            "x1.5; stretch x1.1",
        ),
        Figure(
            "page anywhere, notes and tickets only", scaled(tickets, 1e3),
            scaled(raw_tickets, 1e3), _SAME, "ms", "x3",
        ),
    )  # fmt: skip


def _story(roads: Roads, customer: uuid.UUID, rounds: int) -> Figure:
    now = datetime.now(UTC)
    works: list[Callable[[Reader], Any]] = [lambda reader: reader.story(customer, now)] * rounds
    measured, raw, _ = against_driver(roads, works)
    return Figure(
        "the pop's story of this customer", scaled(measured, 1e3), scaled(raw, 1e3), _SAME, "ms",
        "x3; stretch x1.2",
    )  # fmt: skip


def _search(roads: Roads, customer: uuid.UUID, rounds: int) -> Figure:
    typed = [text[:end] for text in _TYPED for end in range(3, len(text) + 1)]
    some = typed * max(1, rounds // len(typed)) if rounds >= len(typed) else typed[:rounds]

    def ask(text: str) -> Callable[[Reader], Any]:
        return lambda reader: reader.search_timeline(customer, text)

    measured, raw, results = against_driver(roads, [ask(text) for text in some])
    found, _ = against_driver(roads, [ask(NEEDLE)])[2][0]
    agree(len(found.entries), 1, f"entries with {NEEDLE}")
    agree(len(results), len(some), "searches")
    return Figure(
        "search in it, per keystroke", scaled(measured, 1e3), scaled(raw, 1e3), _SAME, "ms"
    )


def _everywhere(roads: Roads, rounds: int) -> Figure:
    typed = [text[:end] for text in _TYPED_EVERYWHERE for end in range(1, len(text) + 1)]
    some = typed * max(1, rounds // len(typed)) if rounds >= len(typed) else typed[:rounds]

    def ask(text: str) -> Callable[[Reader], Any]:
        return lambda reader: (reader.search(text), reader.search_records(text))

    measured, raw, _ = against_driver(roads, [ask(text) for text in some])
    return Figure(
        "search over customers and their records, per keystroke",
        scaled(measured, 1e3),
        scaled(raw, 1e3),
        _SAME,
        "ms",
        _FRAME,
    )


def _scrolled(scale: Scale, customer: uuid.UUID, pages: int) -> dict[str, list[float]]:
    place = str(scale.store or scale.folder / "bench.db")
    command = [sys.executable, "-m", "tests.bench.timeline_scrolling", place, str(customer)]
    with tempfile.TemporaryDirectory() as home, display.environment(home) as variables:
        done = subprocess.run(
            [*command, str(pages)], env=variables, cwd=_ROOT, check=True,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**told, "rows": [float(told["rows"])]}


def _scrolling(told: dict[str, list[float]]) -> tuple[Figure, ...]:
    """The last pages against the first: a long list must not cost more than a short one."""
    part = max(1, len(told["added"]) // 20)
    return tuple(
        Figure(
            f"{what}, last twentieth of the way",
            tuple(told[name][-part:]),
            tuple(told[name][1 : part + 1]) or tuple(told[name][:1]),
            "the first twentieth",
            "ms",
            f"x1.5; {_FRAME}",
        )
        for name, what in (("added", "a page is added to the list"), ("painted", "a screen"))
    )
