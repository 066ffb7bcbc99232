"""One and a half million numbers in a few arrays: 40 bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from crmdesk.store.number_index.digits import DigitIndex, Texts, unpacked
from crmdesk.store.number_index.keys import NOWHERE
from crmdesk.store.number_index.people import People

_NO_PLUS = "?"


def e164_key(e164: str) -> str:
    """A number as `by_e164` knows it: its digits."""
    return e164[1:] if e164.startswith("+") else _NO_PLUS + e164


class _Details(dict[tuple[str, ...], int]):
    """Numbers what is told besides digits; many share it. Region apart, it is of an owner."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[str] = []
        self.known: list[dict[str, Any]] = []

    def __missing__(self, details: tuple[str, ...]) -> int:
        region, label, extension, since, until = details
        self[details] = len(self.known)
        self.regions.append(region)
        self.known.append(
            {
                "label": label,
                "extension": extension,
                "since": date.fromisoformat(since) if since else None,
                "until": date.fromisoformat(until) if until else None,
            }
        )
        return self[details]


class Numbers:
    """Stored numbers by place.

    Attributes:
        by_e164: Finds places by `e164_key`, or by how it begins.
        by_national: The same by national number.
        by_ending: The same by the digits from the last to the first.
    """

    by_e164: DigitIndex
    by_national: DigitIndex
    by_ending: DigitIndex

    def __init__(self) -> None:
        self._owners = array("I")
        self._e164 = Texts()
        self._national = Texts()
        self._ending = Texts()
        self._details = array("I")
        self._detail_numbers = _Details()

    def add(self, rows: Sequence[Sequence[Any]], people: People) -> None:
        """Takes numbers in; those of customers that are not there are left out."""
        owners = people.places([row[0] for row in rows])
        if NOWHERE in owners:
            kept = [pair for pair in zip(owners, rows, strict=True) if pair[0] != NOWHERE]
            if not kept:
                return
            owners, rows = map(list, zip(*kept, strict=True))
        _, e164s, nationals, endings, *details = zip(*rows, strict=True)
        self._owners.extend(owners)
        self._e164.extend([e164_key(e164) if e164 else "" for e164 in e164s])
        self._national.extend(nationals)
        self._ending.extend(endings)
        numbers = self._detail_numbers
        self._details.extend([numbers[each] for each in zip(*details, strict=True)])

    def sort(self) -> None:
        """Makes the numbers findable, once all are in."""
        self.by_e164 = self._e164.index()
        self.by_national = self._national.index()
        self.by_ending = self._ending.index()
        del self._national, self._ending

    def owner(self, place: int) -> int:
        """Place of the customer."""
        return self._owners[place]

    def region(self, place: int) -> str:
        """ISO 3166, "" where unknown."""
        return self._detail_numbers.regions[self._details[place]]

    def facts(self, place: int) -> dict[str, Any]:
        """The fields of an `Owner` that belong to the number."""
        return {"e164": self._text(place), **self._detail_numbers.known[self._details[place]]}

    def _text(self, place: int) -> str:
        number = self._e164.numbers[place]
        if number:
            return "+" + unpacked(number)
        other = self._e164.others.get(place, "")
        return other[1:] if other.startswith(_NO_PLUS) else other and "+" + other
