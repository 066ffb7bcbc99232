"""A million 16-byte keys in two sorted arrays; a dictionary of them takes ten times the memory."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

NOWHERE = 0xFFFF_FFFF
"""Stands for a place where there is none, in arrays of places."""


class KeyIndex:
    """Keys in their order; the place of each is how many are smaller."""

    def __init__(self) -> None:
        self._high = array("Q")
        self._low = array("Q")

    def __len__(self) -> int:
        return len(self._high)

    def __getitem__(self, place: int) -> int:
        """The key at a place, as one integer."""
        return self._high[place] << 64 | self._low[place]

    def extend(self, keys: Sequence[bytes]) -> None:
        """Adds keys, each greater than all before."""
        parts = _parts(keys)
        self._high.extend(parts[0::2])
        self._low.extend(parts[1::2])

    def places(self, keys: Sequence[bytes]) -> list[int]:
        """The place of each key, `NOWHERE` for those that are unknown."""
        parts = _parts(keys)
        highs, lows = parts[0::2], parts[1::2]
        known, known_low, size = self._high, self._low, len(self._high)
        found = [bisect_left(known, high) for high in highs]
        return [
            at
            if at < size and known_low[at] == low and known[at] == high
            else self._exact(high, low)
            for at, high, low in zip(found, highs, lows, strict=True)
        ]

    def _exact(self, high: int, low: int) -> int:
        """The place of a key whose first half others have too."""
        first = bisect_left(self._high, high)
        last = bisect_right(self._high, high, first)
        place = bisect_left(self._low, low, first, last)
        return place if place < last and self._low[place] == low else NOWHERE


def _parts(keys: Sequence[bytes]) -> array[int]:
    parts = array("Q", b"".join(keys))
    if sys.byteorder == "little":
        parts.byteswap()
    return parts
