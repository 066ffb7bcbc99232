"""One and a half million numbers in a few arrays: 40 bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from crmdesk.store.number_index.digits import DigitIndex, packed, unpacked
from crmdesk.store.number_index.people import People


class _Texts:
    """Texts by place while they come in, as `DigitIndex` takes them."""

    def __init__(self) -> None:
        self.numbers = array("Q")
        self.others: dict[int, str] = {}

    def append(self, text: str) -> None:
        number = packed(text)
        if number is None and text:
            self.others[len(self.numbers)] = text
        self.numbers.append(number or 0)

    def index(self) -> DigitIndex:
        return DigitIndex(self.numbers, ((text, place) for place, text in self.others.items()))


class Numbers:
    """Stored numbers by place.

    Attributes:
        by_e164, by_national, by_ending: Find places; the ending is reversed. `e164_key` and
            `national_key` make what the first two are asked.
    """

    by_e164: DigitIndex
    by_national: DigitIndex
    by_ending: DigitIndex

    def __init__(self) -> None:
        self._owners = array("I")
        self._e164 = _Texts()
        self._national = _Texts()
        self._ending = _Texts()
        self._details = array("I")
        self._known_details: dict[tuple[str, ...], int] = {}
        self._detail_list: list[dict[str, Any]] = []
        self._regions: list[str] = []

    def add(self, rows: Iterable[Sequence[Any]], people: People) -> None:
        """Takes numbers in; those of customers that are not there are left out."""
        for key, e164, national, ending, *details in rows:
            owner = people.place(key)
            if owner is None:
                continue
            self._owners.append(owner)
            self._e164.append(e164_key(e164) if e164 else "")
            self._national.append(national)
            self._ending.append(ending)
            self._details.append(self._detail(tuple(details)))

    def sort(self) -> None:
        """Makes the numbers findable, once all are in."""
        self.by_e164 = self._e164.index()
        self.by_national = self._national.index()
        self.by_ending = self._ending.index()
        del self._national, self._ending
        self._known_details.clear()

    def _detail(self, details: tuple[str, ...]) -> int:
        """Many numbers share what is told of them besides their digits."""
        known = self._known_details.setdefault(details, len(self._detail_list))
        if known == len(self._detail_list):
            region, label, extension, since, until = details
            self._regions.append(region)
            self._detail_list.append(
                {
                    "label": label,
                    "extension": extension,
                    "since": date.fromisoformat(since) if since else None,
                    "until": date.fromisoformat(until) if until else None,
                }
            )
        return known

    def owner(self, place: int) -> int:
        """Place of the customer."""
        return self._owners[place]

    def region(self, place: int) -> str:
        """ISO 3166, "" where unknown."""
        return self._regions[self._details[place]]

    def facts(self, place: int) -> dict[str, Any]:
        """The fields of an `Owner` that belong to the number."""
        return {"e164": self._text(place), **self._detail_list[self._details[place]]}

    def _text(self, place: int) -> str:
        number = self._e164.numbers[place]
        if number:
            return "+" + unpacked(number)
        other = self._e164.others.get(place, "")
        return other[1:] if other.startswith(_NO_PLUS) else other and "+" + other


_NO_PLUS = "?"


def e164_key(e164: str) -> str:
    """A number as `by_e164` knows it: its digits."""
    return e164[1:] if e164.startswith("+") else _NO_PLUS + e164
