"""Bringing customers in from a file with the command, against the driver alone.

The command is the program's own, as a desk starts it. While it runs, another program has the
same store open, as the desk has: it saves a call and searches, letter by letter, all the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from crmdesk.domain.calls import Call, Direction
from crmdesk.store import Store, open_store
from crmdesk.store.keys import DEMO_KEY
from tests.bench.importing_raw import (
    COLUMNS,
    RAW_AT_ONCE,
    Counts,
    counts_of,
    people,
    raw_import,
    write_file,
)
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled, timed
from tests.bench.processes import most_memory

USUAL = 50_000
"""Customers where nobody asks for more: with a million it is an hour."""

_MOVED = 100
"""Every so many-th customer has another city in the second file."""

_PAUSE_S = 0.02
_TYPED_NAMES = 20
_FRAME = "p99 one frame, 16.7 ms; stretch 2 ms"


@dataclass(slots=True)
class Beside:
    """What the other program met, in seconds each."""

    saves: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Done:
    """What one run of the command came to.

    Attributes:
        seconds: From its start to its end.
        cpu: Processor time of all its programs, in seconds.
        mib: Most memory of the command, then of each program it started.
    """

    result: dict[str, Any]
    seconds: float
    cpu: float
    mib: list[float]


def run(scale: Scale) -> Outcome:
    """An import into an empty store, the same file again with 1 % changed, both taken back."""
    return measure(scale, min(scale.customers, USUAL))


def measure(scale: Scale, customers: int) -> Outcome:
    """The same with so many customers."""
    first, second = scale.folder / "customers.csv", scale.folder / "moved.csv"
    write_file(first, customers)
    write_file(second, customers, _MOVED)
    baseline = raw_import(scale.folder / "raw.db", customers)
    raw, raw_cpu, counts = (baseline.seconds,), (baseline.cpu,), baseline.counts
    _tell("the baseline", *raw, *raw_cpu)
    place = scale.folder / "ours.db"
    open_store(place, DEMO_KEY).close()
    with _beside(place, customers) as beside:
        brought = _import(place, first)
    after = Beside()
    with open_store(place, DEMO_KEY) as store:
        for text in _typed(customers):
            _search(store, text, after)
    _agree(brought, place, counts, customers)
    again = _import(place, second)
    agree(again.result["updated"], -(-customers // _MOVED), "customers that moved")
    agree(again.result["same"], customers - again.result["updated"], "customers that did not")
    undone = [_run("import", "--undo", one.result["batch"], "--store", str(place))
              for one in (again, brought)]  # fmt: skip
    agree(counts_of(place)[0], 0, "customers after it was taken back")
    numbers = counts[1]
    name = "executemany of the same rows + phonenumbers"
    figures = (
        Figure(f"crmdesk import: {customers:,} customers, {numbers:,} numbers, into an empty store",
               (brought.seconds,), raw, name, "s", "x2; stretch x1.2"),
        Figure("processor time of it, all its programs", (brought.cpu,), raw_cpu, name, "s"),
        Figure("the same file again, 1 % of the customers changed",
               (again.seconds,), raw, "the same rows put in", "s"),
        Figure("processor time of it, all its programs",
               (again.cpu,), raw_cpu, "the same rows put in", "s"),
        Figure("that 1 % taken back", (undone[0].seconds,), unit="s"),
        Figure("the whole import taken back",
               (undone[1].seconds,), raw, "the same rows put in", "s"),
        Figure("processor time of it", (undone[1].cpu,), raw_cpu, "the same rows put in", "s"),
        *_memory("import", brought),
        *_memory("second import", again),
        *_memory("taking back", undone[1]),
        Figure("another program saves a call meanwhile, with its waiting",
               scaled(beside.saves, 1e3), unit="ms", target="at most about 1 s"),
        Figure("the longest of these", (max(beside.saves) * 1e3,), unit="ms",
               target="at most about 1 s"),
        Figure("search, per keystroke, meanwhile", scaled(beside.searches, 1e3), target=_FRAME),
        Figure("search, per keystroke, right after", scaled(after.searches, 1e3), target=_FRAME),
    )  # fmt: skip
    return Outcome("Importing", figures, (
        "Both into an empty encrypted store with all its indexes in place; the baseline's "
        f"transactions are of {RAW_AT_ONCE:,} customers and its rows are made before, ours are "
        "as long as half a second. Times of the command are from its start to its end.",
    ))  # fmt: skip


def _agree(done: Done, place: Path, counts: Counts, customers: int) -> None:
    agree(counts_of(place), counts, "customers, numbers and entries of the search index")
    agree(done.result["created"], customers, "customers made")


def _memory(what: str, done: Done) -> Iterator[Figure]:
    target = "300 MB; stretch 150 MB"
    yield Figure(f"memory at most, {what}", (done.mib[0],), unit="MB", target=target)
    if done.mib[1:]:
        yield Figure(
            f"memory at most of each of {len(done.mib) - 1} programs that read, {what}",
            tuple(done.mib[1:]), unit="MB", target=target,
        )  # fmt: skip


def _import(place: Path, file: Path) -> Done:
    mapped = [word for pair in COLUMNS.items() for word in ("--map", "=".join(pair))]
    return _run(
        "import", str(file), "--store", str(place), "--region", "DE", "--source-name", "shop",
        *mapped,
    )  # fmt: skip


def _run(*words: str) -> Done:
    """Runs a command of the program to its end."""
    began, cpu = time.perf_counter(), _cpu_of_children()
    command = [sys.executable, "-m", "crmdesk", *words, "--progress", "json"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as child:
        line, most = b"", {child.pid: 1.0}
        for line in child.stdout or ():  # noqa: B007  the last one is the result
            most = most_memory(child.pid, most)
    done = Done(
        json.loads(line)["result"],
        time.perf_counter() - began,
        _cpu_of_children() - cpu,
        list(most.values()),
    )
    _tell(words[0], done.seconds, done.cpu, *done.mib)
    return done


def _cpu_of_children() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _tell(what: str, *figures: float) -> None:
    """Large runs last: what is known so far is worth something, should they be ended."""
    print(f"{what}:", *(f"{figure:,.1f}" for figure in figures), file=sys.stderr, flush=True)


# --- the desk beside it -----------------------------------------------------------------------


@contextmanager
def _beside(place: Path, customers: int) -> Iterator[Beside]:
    """Saves calls and searches in the store until the block ends."""
    met, over = Beside(), threading.Event()
    texts = _typed(customers)
    with open_store(place, DEMO_KEY) as store:
        thread = threading.Thread(target=_use, args=(store, texts, met, over))
        thread.start()
        try:
            yield met
        finally:
            over.set()
            thread.join()


def _use(store: Store, texts: Sequence[str], met: Beside, over: threading.Event) -> None:
    for place in count():
        met.saves.append(timed(partial(_save_call, store))[0])
        _search(store, texts[place % len(texts)], met)
        if over.wait(_PAUSE_S):
            return


def _save_call(store: Store) -> None:
    call = Call(uuid.uuid4(), "bench", Direction.INBOUND, datetime.now(UTC), "+493023125710")
    store.write(lambda writer: writer.save_call(call, call.caller_raw)).result()


def _typed(customers: int) -> list[str]:
    """Names and numbers letter by letter."""
    chosen = list(people(customers))[:: max(customers // _TYPED_NAMES, 1)]
    typed = [name[:end].lower() for name, _ in chosen for end in range(1, len(name) + 1)]
    return typed + [numbers[0][:end] for _, numbers in chosen for end in range(3, 17)]


def _search(store: Store, text: str, met: Beside) -> None:
    work = store.read(lambda reader: timed(lambda: reader.search(text)))
    met.searches.append(work.result()[0])
