"""A clock for call events that never runs backwards.

Computers correct their clocks, people set them, laptops sleep. Durations of calls come from
a steady counter; the wall clock is read once and, on each new connection, only moved on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def steady_seconds() -> float:
    """Seconds of a counter that no one sets and that goes on while the computer sleeps.

    Linux keeps sleep out of `time.monotonic`; its CLOCK_BOOTTIME has it.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class SteadyClock:
    """Wall time at the start plus steady seconds since then.

    Args:
        wall: Unix time in seconds; may jump.
        steady: Seconds that only grow.
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = steady_seconds
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._start = datetime.fromtimestamp(wall(), UTC)
        self._steady_start = steady()

    def __call__(self) -> datetime:
        """The time now, aware UTC; never before an earlier answer."""
        return self._start + timedelta(seconds=self._steady() - self._steady_start)

    def catch_up(self) -> None:
        """Moves on to the wall clock where that is ahead; never back.

        To be called when a connection begins, not in the middle of calls.
        """
        wall = datetime.fromtimestamp(self._wall(), UTC)
        if wall > self():
            self._start, self._steady_start = wall, self._steady()
