"""How the tests are shared out: processes of pytest-xdist, as many as this machine can feed."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

FEWEST, MOST = 2, 8
"""Much of a test's time is waiting, so two are quicker even on one core; more than eight gain
nothing, as each one collects all tests before it starts."""

MEMORY_EACH = 1 << 30
"""Bytes for a process with its windows, and for the programs and servers its tests start."""

ONE_PROCESS = ("-n", "--numprocesses", "--dist", "-s", "--capture", "--pdb", "--trace")
"""Options of pytest that say how many processes, or that need the terminal."""


def sharing(arguments: Sequence[str]) -> list[str]:
    """Return the options that make pytest run in parallel; none where it is better alone.

    Args:
        arguments: What else pytest is given. Files or single tests run one after the other, and so
            does what needs the terminal.
    """
    if any(argument.startswith(ONE_PROCESS) for argument in arguments) or _are_few(arguments):
        return []
    return ["-n", str(number()), "--dist", "worksteal"]


def number() -> int:
    """Return how many processes share the tests here."""
    cores = min(_cores_here(), math.ceil(_granted_cores()))
    memory = min(_memory_here(), _granted_memory())
    return max(FEWEST, min(MOST, cores, memory // MEMORY_EACH))


def _are_few(arguments: Sequence[str]) -> bool:
    """Tell whether files are named and no folder; what follows an option is its value."""
    named = [
        Path(argument.partition("::")[0])
        for before, argument in pairwise(("", *arguments))
        if not before.startswith("--")
    ]
    return any(path.is_file() for path in named) and not any(path.is_dir() for path in named)


def _cores_here() -> int:
    """Return the cores this process may run on."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or FEWEST


def _memory_here() -> int:
    """Return the bytes of memory."""
    if sys.platform == "win32":  # no sysconf
        return MOST * MEMORY_EACH
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _granted_cores() -> float:
    """Return the cores a container may use; the file says "QUOTA PERIOD" (kernel, cgroup-v2)."""
    try:
        quota, period = _read("cpu.max").split()
        return int(quota) / int(period)
    except (OSError, ValueError):  # no container, or "max"
        return MOST


def _granted_memory() -> int:
    """Return the bytes a container may use."""
    try:
        return int(_read("memory.max"))
    except (OSError, ValueError):  # no container, or "max"
        return MOST * MEMORY_EACH


def _read(name: str) -> str:
    return Path("/sys/fs/cgroup", name).read_text(encoding="ascii")
