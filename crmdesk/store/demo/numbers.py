"""Telephone numbers that belong to nobody.

Only ranges that regulators keep for films and books are used: the five German cities' drama
blocks, +49 171 3920 and +49 176 040690 (Bundesnetzagentur), +44 20 7946 0xxx and
+44 7700 900xxx (Ofcom), +33 1 99 00 xx xx (ARCEP), +1 202 555 01xx (NANPA).

They are small. German numbers have no fixed length, so a demo of more than a few hundred
customers goes on with longer numbers inside the German blocks: +49 30 23125 and six digits
instead of three. Nobody can own those either, because the block in front of them is kept,
and they are possible numbers for libphonenumber. British, French and American people run
out when their ranges do; everybody after them is German.
"""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN_CALLERS = ("+442079460991", "+442079460992", "+442079460993")
"""Kept free for callers nobody knows."""

IGNORED = "+442079460999"
IGNORED_BEGINNING = "+331990099"
"""Kept free for the ignore list: a number, and the beginning of some."""

_GERMAN_CITIES = ("493023125", "494066969", "496990009", "492214710", "498999998")
"""Berlin, Hamburg, Frankfurt, Köln, München: the order of the cities in words.toml."""

_SMALL_COMPANIES = 45
"""Blocks of ten per city in a small demo; what lies above is for private homes."""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers that begin with `prefix` and go on with `digits` digits from `first` on."""

    prefix: str
    digits: int
    first: int
    count: int

    def number(self, place: int) -> str:
        """The number at a place, shuffled so that neighbours do not look alike."""
        if not 0 <= place < self.count:
            raise IndexError(place)
        shuffled = place * _step(self.count) % self.count
        return f"+{self.prefix}{self.first + shuffled:0{self.digits}d}"


def _step(count: int) -> int:
    """A step that visits every place once: prime, and no divisor of a round count."""
    return 7919 if count % 7919 else 1


class NumberPlan:
    """Hands out numbers, each once.

    Args:
        is_large: More customers than the three-digit ranges hold.
    """

    def __init__(self, *, is_large: bool) -> None:
        digits = 6 if is_large else 3
        blocks = 40_000 if is_large else _SMALL_COMPANIES
        size = 10**digits
        self._blocks = [Range(city, digits - 1, 0, blocks) for city in _GERMAN_CITIES]
        self._homes = [
            Range(city, digits, blocks * 10, size - blocks * 10) for city in _GERMAN_CITIES
        ]
        mobiles = [
            Range("491713920", digits, 0, size),
            Range("49176040690", digits - 1, 0, size // 10),
        ]
        self._mobiles = {
            "DE": mobiles,
            "GB": [Range("447700900", 3, 0, 1000)],
            "FR": [],
            "US": [],
        }
        self._foreign = {
            "GB": Range("442079460", 3, 0, 990),
            "FR": Range("3319900", 4, 0, 10_000),
            "US": Range("120255501", 2, 0, 100),
        }
        self._used: dict[Range, int] = {}

    def has_room(self, country: str, wanted: int) -> bool:
        """Whether a country other than Germany can still give this many numbers."""
        pool = self._foreign[country]
        return self._used.get(pool, 0) + wanted <= pool.count

    def company_block(self, country: str, city: int) -> str | None:
        """A German company's number without its last digit, which is the direct line.

        None in other countries, where each person has a number of their own.
        """
        if country != "DE":
            return None
        block = self._next(self._blocks[city])
        # With three zeros it would be the switchboard of everybody in the city.
        return self._next(self._blocks[city]) if block and block.endswith("00") else block

    def line(self, country: str, city: int) -> str | None:
        """A fixed line for one household or desk."""
        return self._next(self._homes[city] if country == "DE" else self._foreign[country])

    def mobile(self, country: str) -> str | None:
        """A mobile number, None where the country's range is used up."""
        for pool in self._mobiles[country]:
            number = self._next(pool)
            if number:
                return number
        return None

    def _next(self, pool: Range) -> str | None:
        for place in range(self._used.get(pool, 0), pool.count):
            self._used[pool] = place + 1
            number = pool.number(place)
            if not number.startswith(IGNORED_BEGINNING):
                return number
        return None
