"""Very many strings of digits in two sorted arrays: 12 bytes each, whatever their length.

A string becomes an integer that sorts as the text does: its digits, filled up with zeros at
the end, then its length. So all texts that begin alike lie side by side, "0123" is not "123",
and C code does the searching.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

_LONGEST = 17
"""Digits of which every integer still fits 64 bits; E.164 numbers have 15 at most."""

_BASE = _LONGEST + 1
_AFTER_DIGITS = ":"


def packed(text: str) -> int | None:
    """The integer of a text, None where it is not 1 to 17 digits."""
    if not 0 < len(text) <= _LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    return int(text.ljust(_LONGEST, "0")) * _BASE + len(text)


def unpacked(number: int) -> str:
    """The text of an integer."""
    digits, length = divmod(number, _BASE)
    return f"{digits:0{_LONGEST}}"[:length]


class DigitIndex:
    """Finds places by a text, or by how it begins.

    Args:
        numbers: One per place, from `packed`; 0 where the text is none or in `others`.
        others: Texts that are no packed digits, and their places.
    """

    def __init__(self, numbers: Sequence[int], others: Iterable[tuple[str, int]]) -> None:
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        self._numbers = array("Q", map(numbers.__getitem__, order))
        self._places = array("I", order)
        self._others = sorted(others)

    def equal(self, text: str) -> Sequence[int]:
        """The places of a text."""
        number = packed(text)
        if number is None:
            return self._between(self._others, (text,), (text + "\0",)) if text else ()
        return self._range(number, number + 1)

    def starting(self, text: str) -> Sequence[int]:
        """The places of all texts that begin so; "" begins every one."""
        others = self._between(self._others, (text,), (text + _AFTER_DIGITS,))
        if not text:
            return (*self._range(1, _BASE * 10**_LONGEST), *others)
        number = packed(text)
        if number is None:
            return others
        free = _LONGEST - len(text)
        return (*self._range(number, number - len(text) + _BASE * 10**free), *others)

    def _range(self, start: int, end: int) -> Sequence[int]:
        first = bisect_left(self._numbers, start)
        return self._places[first : bisect_left(self._numbers, end, first)]

    @staticmethod
    def _between(
        texts: list[tuple[str, int]], start: tuple[str], end: tuple[str]
    ) -> tuple[int, ...]:
        first = bisect_left(texts, start)
        return tuple(place for _, place in texts[first : bisect_left(texts, end, first)])


class KeyIndex:
    """16-byte keys in the order they are in: finds the place of one.

    Keys come sorted.
    """

    def __init__(self) -> None:
        self._high = array("Q")
        self._low = array("Q")

    def __len__(self) -> int:
        return len(self._high)

    def append(self, key: bytes) -> None:
        """Adds a key greater than all before."""
        self._high.append(int.from_bytes(key[:8], "big"))
        self._low.append(int.from_bytes(key[8:], "big"))

    def __getitem__(self, place: int) -> int:
        """The key at a place, as one integer."""
        return self._high[place] << 64 | self._low[place]

    def place(self, key: bytes) -> int | None:
        """Where a key is, None where it is not."""
        high, low = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big")
        first = bisect_left(self._high, high)
        if first == len(self._high) or self._high[first] != high:
            return None
        last = bisect_right(self._high, high, first)
        place = bisect_left(self._low, low, first, last)
        return place if place < last and self._low[place] == low else None
