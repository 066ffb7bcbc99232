"""How long to wait before the next try."""

from __future__ import annotations

from collections.abc import Callable, Iterator

FIRST_S = 1.0
LONGEST_S = 60.0


def backoff_delays(
    uniform: Callable[[float, float], float], first: float = FIRST_S, longest: float = LONGEST_S
) -> Iterator[float]:
    """Endless delays in seconds: the ceiling doubles, the delay is drawn evenly below it.

    "Full jitter" (Amazon Builders' Library, "Timeouts, retries and backoff with jitter"):
    after a PBX restart a whole floor of desks must not come back in the same second.

    Args:
        uniform: Draws a number between two, e.g. `secrets.SystemRandom().uniform`.
        first: Shortest delay; the first ceiling is twice as long.
        longest: Last ceiling.
    """
    ceiling = first
    while True:
        ceiling = min(longest, ceiling * 2)
        yield uniform(first, ceiling)
