"""Postal addresses out of the cells of a record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmdesk.domain.customers import Address
from crmdesk.store.fold import fold
from crmdesk.sync.cells.address_columns import LABEL, AddressColumns, grouped
from crmdesk.sync.cells.numbers import label_of
from crmdesk.sync.cells.record_cells import RecordCells

_KINDS = frozenset({"home", "work"})
_TOWN = re.compile(r"(?:[A-Z]{1,3}[- ])?(\d{3}\s?\d{2}|\d{4,5}(?:-\d{3,4})?)\s+([^\W\d].*)")
"""Postcode and city in one: "10115 Berlin", "D-10115 Berlin", "115 28 Stockholm"."""

_AMERICAN_TOWN = re.compile(r"([^\d,]+?),?\s+[A-Z]{2}\.?,?\s+(\d{5}(?:-\d{4})?)")
"""City, state and ZIP code in one: "Springfield, IL 62701"."""

_LINES = re.compile(r"\s*[,;]\s*|\s*\n\s*")


class AddressReader:
    """Reads the addresses of the records of one source.

    Args:
        columns: Name and target of each column.
    """

    def __init__(self, columns: Sequence[tuple[str, str]]) -> None:
        self._groups = grouped(columns)
        self._countries = tuple(i for one in self._groups for i in one.parts.get("country", ()))

    def country(self, cells: RecordCells) -> str:
        """The first country a record names."""
        for index in self._countries:
            if found := cells.text_at(index, "country"):
                return found
        return ""

    def read(self, cells: RecordCells, usual: str) -> tuple[Address, ...]:
        """The addresses of a record, each once.

        Args:
            cells: Of the record.
            usual: Kind of those that do not say it.
        """
        found: list[Address] = []
        for group in self._groups:
            address = _read(cells, group, usual)
            if address and not any(_says_the_same(address, known) for known in found):
                found.append(address)
        return tuple(found)


def _read(cells: RecordCells, group: AddressColumns, usual: str) -> Address | None:
    street = _street(cells, group)
    postcode, city, country = (_first(cells, group, p) for p in ("postcode", "city", "country"))
    if city and not postcode:
        postcode, city = _town(city)
        whole = _taken_apart(city) if not postcode and not street else ("", "", "")
        street, postcode, city = whole if whole[1] else (street, postcode, city)
    elif street and not postcode and not city:
        street, postcode, city = _taken_apart(street)
    if not (street or postcode or city):
        return None
    said = label_of(_first(cells, group, LABEL)) or group.place
    return Address(said if said in _KINDS else usual, street, postcode, city, country)


def _street(cells: RecordCells, group: AddressColumns) -> str:
    street, number = _first(cells, group, "street"), _first(cells, group, "house_number")
    if number and street and not street.endswith(f" {number}"):
        street = f"{street} {number}"
    if "street_more" not in group.parts:
        return street
    more = (cells.text_at(i, "street_more") for i in group.parts["street_more"])
    return ", ".join(dict.fromkeys(part for part in (street, *more) if part))


def _first(cells: RecordCells, group: AddressColumns, part: str) -> str:
    for index in group.parts.get(part, ()):
        if found := cells.text_at(index, part):
            return found
    return ""


def _town(text: str) -> tuple[str, str]:
    """Postcode and city out of a cell for both."""
    if town := _TOWN.fullmatch(text):
        return town[1], town[2]
    town = _AMERICAN_TOWN.fullmatch(text)
    return (town[2], town[1]) if town else ("", text)


def _taken_apart(text: str) -> tuple[str, str, str]:
    """Street, postcode and city of an address in one cell, where a line of it tells the town."""
    lines = _LINES.split(text)
    for place, line in enumerate(lines[1:], 1):
        if town := _TOWN.fullmatch(line):
            return ", ".join(lines[:place]), town[1], town[2]
    return text, "", ""


def _says_the_same(one: Address, known: Address) -> bool:
    """Billing and shipping address are mostly one, and a whole one repeats its parts."""
    parts = ("street", "postcode", "city", "country")
    left, right = ([fold(getattr(each, part)) for part in parts] for each in (one, known))
    if all(not mine or mine == theirs for mine, theirs in zip(left, right, strict=True)):
        return True
    is_whole = bool(left[0]) and not any(left[1:3])
    return is_whole and bool(right[0]) and right[0] in left[0]
