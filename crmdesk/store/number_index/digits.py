"""Very many strings of digits in two sorted arrays: 12 bytes each, whatever their length.

A string becomes an integer that sorts as the text does: its digits, filled up with zeros at
the end, then its length. So all texts that begin alike lie side by side, "0123" is not "123",
and C code does the searching.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

_LONGEST = 17
"""Digits of which every integer still fits 64 bits; E.164 numbers have 15 at most."""

_LENGTHS = tuple(f"{length:02}" for length in range(_LONGEST + 1))
_BASE = 100
_AFTER_DIGITS = ":"


def packed(text: str) -> int | None:
    """The integer of a text, None where it is not 1 to 17 digits."""
    if not 0 < len(text) <= _LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    return int(text.ljust(_LONGEST, "0") + _LENGTHS[len(text)])


def unpacked(number: int) -> str:
    """The text of an integer."""
    digits, length = divmod(number, _BASE)
    return f"{digits:0{_LONGEST}}"[:length]


class Texts:
    """Texts by place while they come in: packed, or as they are where they are no digits.

    Attributes:
        numbers: One per place, 0 where the text is empty or in `others`.
    """

    def __init__(self) -> None:
        self.numbers = array("Q")
        self.others: dict[int, str] = {}

    def extend(self, texts: Sequence[str]) -> None:
        """Takes texts in; looked at all together, they cost a third."""
        together = "".join(texts)
        if together.isascii() and together.isdecimal() and _are_short(texts):
            fill, lengths = _LONGEST, _LENGTHS
            self.numbers.extend([int(t.ljust(fill, "0") + lengths[len(t)]) for t in texts])
            return
        for text in texts:
            number = packed(text)
            if number is None and text:
                self.others[len(self.numbers)] = text
            self.numbers.append(number or 0)

    def index(self) -> DigitIndex:
        """Makes them findable."""
        return DigitIndex(self.numbers, ((text, place) for place, text in self.others.items()))


def _are_short(texts: Sequence[str]) -> bool:
    lengths = set(map(len, texts))
    return min(lengths) > 0 and max(lengths) <= _LONGEST


_PARTS = 4


def _in_order(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Places by their numbers, part by part: sorting takes 70 bytes for each at a time."""
    sample = sorted(numbers[:: len(numbers) // (64 * _PARTS) + 1])
    bounds = sorted(set(sample[:: len(sample) // _PARTS + 1]))
    for start, end in zip([-1, *bounds], [*bounds, 1 << 64], strict=True):
        part = [place for place, number in enumerate(numbers) if start <= number < end]
        part.sort(key=numbers.__getitem__)
        yield part


class DigitIndex:
    """Finds places by a text, or by how it begins.

    Args:
        numbers: One per place, from `packed`; 0 where the text is none or in `others`.
        others: Texts that are no packed digits, and their places.
    """

    def __init__(self, numbers: Sequence[int], others: Iterable[tuple[str, int]]) -> None:
        self._places = array("I")
        for part in _in_order(numbers):
            self._places.extend(part)
        self._numbers = array("Q", map(numbers.__getitem__, self._places))
        self._others = sorted(others)

    def equal(self, text: str) -> Sequence[int]:
        """The places of a text."""
        number = packed(text)
        if number is None:
            return self._others_between(text, text + "\0") if text else ()
        return self._range(number, number + 1)

    def starting(self, text: str) -> Sequence[int]:
        """The places of all texts that begin so; "" begins every one."""
        others = self._others_between(text, text + _AFTER_DIGITS)
        if not text:
            return (*self._range(1, _BASE * 10**_LONGEST), *others)
        number = packed(text)
        if number is None:
            return others
        end = number - len(text) + _BASE * 10 ** (_LONGEST - len(text))
        return (*self._range(number, end), *others)

    def _range(self, start: int, end: int) -> Sequence[int]:
        first = bisect_left(self._numbers, start)
        return self._places[first : bisect_left(self._numbers, end, first)]

    def _others_between(self, start: str, end: str) -> tuple[int, ...]:
        first = bisect_left(self._others, (start,))
        last = bisect_left(self._others, (end,), first)
        return tuple(place for _, place in self._others[first:last])
