"""Rounds that alternate with their baseline, and what is made of the times.

Machines are noisy: measured and baseline take turns within one run, so that what slows one
down slows the other down too, and medians are compared, never single runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class DisagreementError(AssertionError):
    """What is measured and its baseline did not read the same: the ratio means nothing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a run is.

    Attributes:
        customers, calls: Size of the store.
        rounds: Repetitions; the more the calmer the medians.
        store: An existing demo store to use; it is written to. None makes one.
        folder: Where files may be made.
    """

    customers: int
    calls: int
    rounds: int
    folder: Path
    store: Path | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the results.

    Attributes:
        what: What was measured.
        measured: One value per round, in `unit`.
        raw: The same of the baseline, empty where there is none.
        raw_name: What the baseline does.
        unit: "ms", "us", "/s", "MB".
        target: What research/performance.md asks for, in words.
        factor: Measured against the baseline, where the target is not a mere quotient.
    """

    what: str
    measured: tuple[float, ...]
    raw: tuple[float, ...] = ()
    raw_name: str = ""
    unit: str = "ms"
    target: str = ""

    @property
    def ratio(self) -> float | None:
        """Median against median."""
        return percentile(self.measured, 50) / percentile(self.raw, 50) if self.raw else None


@dataclass(frozen=True, slots=True)
class Table:
    """Counts that are no times: one row of cells for each thing counted."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one benchmark found."""

    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the others do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """How many seconds one run takes, and what it returns."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def alternate(rounds: int, *works: Callable[[], object]) -> tuple[tuple[float, ...], ...]:
    """Runs works by turns, after one round that does not count; seconds for each."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for work, values in zip(works, taken, strict=True):
            values.append(timed(work)[0])
    return tuple(tuple(values) for values in taken)


def scaled(values: Sequence[float], factor: float) -> tuple[float, ...]:
    """Other units."""
    return tuple(value * factor for value in values)


def rates(count: int, values: Sequence[float]) -> tuple[float, ...]:
    """Things a second, of so many things in so many seconds."""
    return tuple(count / value for value in values)


def agree(measured: T, raw: T, what: str) -> None:
    """Stops the run where the two did not find the same.

    Raises:
        DisagreementError: With both, shortened.
    """
    if measured != raw:
        raise DisagreementError(f"{what}: {str(measured)[:300]} is not {str(raw)[:300]}")
