"""Numbers of the card schemes: how they begin, how long they are, how cards print them. Pure.

Beginnings (IIN, ISO/IEC 7812) and lengths are those the schemes publish; a number that only looks
like one of a small scheme is masked as well as one of a large one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

FEWEST, MOST = 12, 19
"""Digits of a card number."""

_DOUBLED = "0246813579"
"""Twice a digit, its own digits added."""

Shape = tuple[int, ...]
"""How many digits stand in each group."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """Numbers of one card scheme.

    Attributes:
        name: Of the scheme or of its family.
        beginnings: First and last beginning, of equal length.
        printed: In what groups its cards show them.
        solid: Lengths that count in one group.
        odd: Lengths that count in groups of any size.
        named: Lengths that count where a word for cards stands directly before: numbers that
            would else be bar codes or phone numbers.
    """

    name: str
    beginnings: tuple[tuple[str, str], ...]
    printed: frozenset[Shape]
    solid: frozenset[int]
    odd: frozenset[int]
    named: frozenset[int]

    def begins(self, digits: str) -> bool:
        """Whether a number begins as its numbers do."""
        return any(low <= digits[: len(low)] <= high for low, high in self.beginnings)


_FOURS, _FOURS_AND_THREE = (4, 4, 4, 4), (4, 4, 4, 4, 3)
HALVES = (8, 8)
"""How people write what a card prints in fours."""


def _scheme(
    name: str,
    beginnings: Iterable[str],
    printed: Iterable[Shape],
    solid: Iterable[int] = (16,),
    odd: Iterable[int] = (16,),
    named: Iterable[int] = (),
) -> Scheme:
    ranges = ((low, high or low) for low, _, high in (text.partition("-") for text in beginnings))
    lengths = (frozenset(solid), frozenset(odd), frozenset((*solid, *odd, *named)))
    shapes = frozenset(printed)
    shapes |= {HALVES} if _FOURS in shapes else set()
    return Scheme(name, tuple(ranges), shapes, *lengths)


SCHEMES = (
    # In one group 13 digits are a bar code of Germany (EAN 400-440) or a phone number.
    _scheme("Visa", ["4"], [_FOURS, _FOURS_AND_THREE, (4, 3, 3, 3)], [16, 19], named=[13]),
    _scheme("Mastercard", ["51-55", "2221-2720"], [_FOURS]),
    _scheme("American Express", ["34", "37"], [(4, 6, 5), (4, 4, 4, 3)], [15], [15]),
    # No odd groups of 14: 30.01.2026 12.30 45 would be one.
    _scheme(
        "Diners Club", ["300-305", "3095", "36", "38-39"],
        [(4, 6, 4), (4, 4, 4, 2), _FOURS], [14, 16], named=[14, 17, 18, 19],
    ),
    _scheme("Discover", ["6011", "644-649", "65"], [_FOURS, _FOURS_AND_THREE], named=[19]),
    _scheme("JCB", ["3528-3589"], [_FOURS], named=[17, 18, 19]),
    _scheme("RuPay", ["60", "81-82", "508"], [_FOURS]),
    _scheme("UnionPay", ["62"], [_FOURS, (6, 13), _FOURS_AND_THREE], range(16, 20)),
    _scheme("Mir, Troy", ["2200-2204", "9792"], [_FOURS, _FOURS_AND_THREE], named=[19]),
    _scheme(
        "Maestro, Dankort", ["5018-5020", "5038", "5893", "6304", "6759", "6761-6763"],
        [_FOURS, _FOURS_AND_THREE, (4, 4, 4), (4, 4, 5), (8, 5)], named=range(12, 20),
    ),
)  # fmt: skip

FIRST_DIGITS = frozenset(low[0] for scheme in SCHEMES for low, _ in scheme.beginnings) | {"5"}


def _by_shape() -> dict[Shape, tuple[Scheme, ...]]:
    found: defaultdict[Shape, list[Scheme]] = defaultdict(list)
    for scheme in SCHEMES:
        for shape in scheme.printed:
            found[shape].append(scheme)
    return {shape: tuple(schemes) for shape, schemes in found.items()}


_PRINTED = _by_shape()
PRINTED_SHAPES = frozenset(_PRINTED)
MOST_PRINTED = max(map(len, _PRINTED))
"""Groups of the longest of them."""


def is_printed(digits: str, shape: Shape) -> bool:
    """Whether a number in such groups is one as a card shows it."""
    return any(scheme.begins(digits) for scheme in _PRINTED[shape]) and is_checked(digits)


def is_of_length(digits: str, lengths: str) -> bool:
    """Whether a number is a card's, by its beginning, its check digit and one set of lengths.

    Args:
        digits: The number.
        lengths: Which set: "solid", "odd" or "named", as `Scheme` explains them.
    """
    return any(
        len(digits) in getattr(scheme, lengths) and scheme.begins(digits) for scheme in SCHEMES
    ) and is_checked(digits)


def is_checked(digits: str) -> bool:
    """Whether the check digit is right (Luhn, ISO/IEC 7812-1 annex B)."""
    single = sum(map(int, digits[-1::-2]))
    return (single + sum(int(_DOUBLED[int(char)]) for char in digits[-2::-2])) % 10 == 0
