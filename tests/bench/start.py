"""From the start of a process to what it is started for, and the memory it then has."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from crmdesk.desk.handover.server import HandoverServer
from tests.bench import demo_store, display
from tests.bench.measuring import Figure, Outcome, Scale, agree

_ROOT = Path(__file__).resolve().parents[2]
_MOST_ROUNDS = 15
_IDLE_MS = 1500
"""From painted to idle: what loads after the first paint is loaded by then."""

_LABEL = "bare PySide6 label window"


def run(scale: Scale) -> Outcome:
    """The main window, the memory of an idle desk, and the hand-over of a softphone."""
    with demo_store.opened(scale):
        pass
    rounds = min(scale.rounds, _MOST_ROUNDS)
    with tempfile.TemporaryDirectory() as home, display.environment(home) as variables:
        windows, labels = _windows(scale, rounds, variables)
        handed, passed = _hand_overs(rounds, variables, home)
    figures = (
        Figure(
            "process start to main window painted, demo store with simulated calls",
            _each(windows, "painted_ms"),
            _each(labels, "painted_ms"),
            _LABEL,
            "ms",
            "x4; stretch x2.5",
        ),
        Figure(
            "resident memory, desk idle",
            _each(windows, "resident_mb"),
            _each(labels, "resident_mb"),
            _LABEL,
            "MB",
            "+120 MB; stretch +60 MB",
        ),
        Figure(
            "`crmdesk pop`: process start to hand-over",
            handed,
            passed,
            "`python -c pass`, start to end",
            "ms",
            "+100 ms; stretch +40 ms; 150 ms in all",
        ),
    )
    note = (
        f"{rounds} starts each, by turns, with warm caches, on {display.kind()}; the store"
        f" has {scale.customers:,} customers and {scale.calls:,} calls."
    )
    return Outcome("Starting", figures, (note,))


def _each(found: list[dict[str, float]], what: str) -> tuple[float, ...]:
    return tuple(one[what] for one in found)


def _windows(
    scale: Scale, rounds: int, variables: dict[str, str]
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    place = str(scale.store or scale.folder / "bench.db")
    idle_ms = min(_IDLE_MS, 150 * rounds)
    desks, labels = [], []
    for counts in [False] + [True] * rounds:
        desk = _started("desk", place, idle_ms, variables)
        label = _started("label", place, idle_ms, variables)
        if counts:
            desks.append(desk)
            labels.append(label)
    return desks, labels


def _started(what: str, place: str, idle_ms: int, variables: dict[str, str]) -> dict[str, float]:
    """Starts a window in a process; what that tells, with the time since its start."""
    command = [sys.executable, "-m", "tests.bench.window_starts", what, place, str(idle_ms)]
    began = time.perf_counter()
    done = subprocess.run(
        command, env=variables, cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    told["painted_ms"] = (told["painted_at"] - began) * 1000
    return told


def _hand_overs(
    rounds: int, variables: dict[str, str], home: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    number = "+493023125710"
    handed: list[float] = []
    passed: list[float] = []
    arrived: list[tuple[float, str]] = []
    with _desk_that_listens(home, lambda number: arrived.append((time.perf_counter(), number))):
        for _ in range(rounds + 1):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", "pass"], env=variables, cwd=_ROOT, check=True)
            passed.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            command = [sys.executable, "-m", "crmdesk", "pop", number]
            subprocess.run(command, env=variables, cwd=_ROOT, check=True)
            at, what = arrived[-1]
            agree(what, number, "number handed over")
            handed.append((at - began) * 1000)
    agree(len(arrived), rounds + 1, "requests handed over")
    return tuple(handed[1:]), tuple(passed[1:])


@contextmanager
def _desk_that_listens(home: str, on_number: Callable[[str], None]) -> Iterator[None]:
    """The receiving end of a running desk, in this process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    with patch.dict(os.environ, {"CRMDESK_HOME": home}):
        server = HandoverServer(lambda request: on_number(request.number))
        thread.start()
        asyncio.run_coroutine_threadsafe(server.start(), loop).result()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(server.stop)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
