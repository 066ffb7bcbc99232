"""A million customers in a few arrays: 25 bytes each and their names."""

from __future__ import annotations

import uuid
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.store.number_index.keys import NOWHERE, KeyIndex

_NO_KEY = bytes(16)
_AT_ONCE = 5_000


class _Sorts(dict[tuple[str, str], int]):
    """Numbers the combinations of kind and status; few there are."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[tuple[CustomerKind, CustomerStatus]] = []

    def __missing__(self, sort: tuple[str, str]) -> int:
        kind, status = sort
        self[sort] = len(self.known)
        self.known.append((CustomerKind(kind), CustomerStatus(status)))
        return self[sort]


class People:
    """Customers by place; places follow their keys."""

    def __init__(self) -> None:
        self._keys = KeyIndex()
        self._removed: set[int] = set()
        self._names = bytearray()
        self._name_ends = array("I", [0])
        self._sorts = bytearray()
        self._sort_numbers = _Sorts()
        self._companies = array("I")
        self._company_keys = bytearray()
        self._unknown_companies: dict[int, uuid.UUID] = {}

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Takes customers in, sorted by key; those that were removed too."""
        keys, names, kinds, statuses, companies, there = zip(*rows, strict=True)
        first = len(self._keys)
        self._removed.update(at for at, is_there in enumerate(there, first) if not is_there)
        self._keys.extend(keys)
        self._company_keys += b"".join([company or _NO_KEY for company in companies])
        sorts = zip(kinds, statuses, strict=True)
        self._sorts += bytes([self._sort_numbers[sort] for sort in sorts])
        encoded = [name.encode("utf-8", "surrogatepass") for name in names]
        self._names += b"".join(encoded)
        ends = accumulate(map(len, encoded), initial=self._name_ends.pop())
        self._name_ends.extend(ends)

    def link_companies(self) -> None:
        """Finds everybody's company, once all are in."""
        keys = bytes(self._company_keys)
        self._company_keys = bytearray()
        for first in range(0, len(self._keys), _AT_ONCE):
            last = min(first + _AT_ONCE, len(self._keys))
            wanted = [keys[16 * place : 16 * place + 16] for place in range(first, last)]
            companies = self._keys.places(wanted)
            self._companies.extend(companies)
            for place, (key, company) in enumerate(zip(wanted, companies, strict=True), first):
                if company == NOWHERE and key != _NO_KEY:
                    self._unknown_companies[place] = uuid.UUID(bytes=key)

    def places(self, keys: Sequence[bytes]) -> list[int]:
        """Where customers are; `NOWHERE` for those that are unknown or removed."""
        found = self._keys.places(keys)
        if not self._removed:
            return found
        return [NOWHERE if place in self._removed else place for place in found]

    def is_company(self, place: int) -> bool:
        """Whether the customer is a company."""
        return self._sort_numbers.known[self._sorts[place]][0] is CustomerKind.COMPANY

    def facts(self, place: int) -> dict[str, Any]:
        """The fields of an `Owner` that belong to the customer."""
        kind, status = self._sort_numbers.known[self._sorts[place]]
        company_id, company_name = self._company(place)
        return {
            "customer_id": self._key(place),
            "name": self._name(place),
            "kind": kind,
            "company_id": company_id,
            "company_name": company_name,
            "status": status,
        }

    def _company(self, place: int) -> tuple[uuid.UUID | None, str]:
        company = self._companies[place]
        if company == NOWHERE:
            return self._unknown_companies.get(place), ""
        return self._key(company), self._name(company)

    def _key(self, place: int) -> uuid.UUID:
        return uuid.UUID(int=self._keys[place])

    def _name(self, place: int) -> str:
        name = self._names[self._name_ends[place] : self._name_ends[place + 1]]
        return name.decode("utf-8", "surrogatepass")
