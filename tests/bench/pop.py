"""From the bytes of the ring on the socket to the pop painted, against raw reading."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import demo_store, display
from tests.bench.measuring import Figure, Outcome, Scale

HUM_EVENTS_PER_S = 2_000
_CARD = "raw sqlcipher3 reading the same rows, the same card painted"
_BARE = "raw sqlcipher3 reading the same rows, a bare label window painted"


def run(scale: Scale) -> Outcome:
    """The real path: PBX in another process, socket, parser, desk, store, windows."""
    with demo_store.opened(scale):
        pass  # made now, so that the desk finds it
    found = _desk(scale)
    taken: dict[str, list[float]] = found["taken"]
    figures = [
        figure for kind in ("idle", "hum") for figure in _figures(taken, kind) if figure.measured
    ]
    figures += _of_segments(taken)
    notes = (
        f"{scale.rounds} rings each, of {scale.customers:,} customers with {scale.calls:,} calls in"
        f" the encrypted store, on {display.kind()}; the main window is open beside the pop.",
        f"Hum: {HUM_EVENTS_PER_S:,} events a second of other people's calls; while rings and"
        f" baselines took turns {found['states_saved_per_s']:.0f} states of calls a second were"
        " saved.",
    )
    return Outcome("A ring until the pop is painted", tuple(figures), notes)


def _figures(taken: dict[str, list[float]], kind: str) -> tuple[Figure, ...]:
    def values(what: str) -> tuple[float, ...]:
        return tuple(taken.get(f"{kind}: {what}", ()))

    painted = values("ring to painted")
    beside = "" if kind == "idle" else f", {HUM_EVENTS_PER_S:,} events/s beside"
    return (
        Figure(
            f"ring bytes to pop painted{beside}",
            painted,
            values("raw reading, same card"),
            _CARD,
        ),
        Figure(
            f"ring bytes to pop painted{beside}",
            painted,
            values("raw reading, bare label"),
            _BARE,
            "ms",
            "x2 (p50), x3 (p99), p99 <= 50 ms; stretch p99 <= 16.7 ms",
        ),
        Figure(f"of it, until the desk told the card{beside}", values("ring to card told")),
    )


def _of_segments(taken: dict[str, list[float]]) -> tuple[Figure, ...]:
    """Whether the first lines wait for chips: rings with and without them take turns."""
    return (
        Figure(
            "ring bytes to pop painted, segments on the pop",
            tuple(taken["chips: ring to painted"]),
            tuple(taken["no chips: ring to painted"]),
            "the same without any segment",
        ),
        Figure("their chips, behind the first lines", tuple(taken["chips: painted to chips"])),
    )


def _desk(scale: Scale) -> dict[str, Any]:
    job = {
        "customers": scale.customers,
        "calls": scale.calls,
        "rounds": scale.rounds,
        "folder": str(scale.folder),
        "store": str(scale.store or scale.folder / "bench.db"),
        "hum": HUM_EVENTS_PER_S,
    }
    command = [sys.executable, "-m", "tests.bench.pop_desk", json.dumps(job)]
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as home, display.environment(home) as variables:
        done = subprocess.run(
            command, env=variables, cwd=root, check=True, stdout=subprocess.PIPE, text=True
        )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
