"""What a program and those it started have of the memory, by `/proc`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_KIB = 1024


def most_memory(pid: int, before: Mapping[int, float]) -> dict[int, float]:
    """Most resident memory so far of a process and its children, MiB by process id.

    Args:
        pid: Of the process.
        before: What was found the last time: some of them may be gone.
    """
    return dict(before) | {each: most for each in _family(pid) if (most := resident_mib(each))}


def resident_mib(pid: int) -> float:
    """Most memory so far, 0 where it is gone. What `wait4` tells has this program's in it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / _KIB if found else 0.0


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            yield from map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue
