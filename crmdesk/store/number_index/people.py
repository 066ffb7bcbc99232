"""A million customers in a few arrays: 35 bytes each and their names."""

from __future__ import annotations

import uuid
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.store.number_index.digits import KeyIndex

_NOBODY = 0xFFFF_FFFF
_NO_KEY = bytes(16)


class People:
    """Customers by place; places follow their keys."""

    def __init__(self) -> None:
        self._keys = KeyIndex()
        self._names = bytearray()
        self._name_ends = array("I")
        self._sorts = bytearray()
        self._known_sorts: dict[tuple[str, str, bool], int] = {}
        self._sort_list: list[tuple[CustomerKind, CustomerStatus, bool]] = []
        self._companies = array("I")
        self._waiting = bytearray()
        self._unknown_companies: dict[int, uuid.UUID] = {}

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Takes customers in, sorted by key; those that were removed too."""
        for key, name, kind, status, company, is_there in rows:
            self._keys.append(key)
            self._names += name.encode("utf-8", "surrogatepass")
            self._name_ends.append(len(self._names))
            self._sorts.append(self._sort(kind, status, bool(is_there)))
            self._waiting += company or _NO_KEY

    def link_companies(self) -> None:
        """Finds everybody's company, once all are in."""
        for place in range(len(self._keys)):
            key = bytes(self._waiting[16 * place : 16 * place + 16])
            company = None if key == _NO_KEY else self._keys.place(key)
            self._companies.append(_NOBODY if company is None else company)
            if company is None and key != _NO_KEY:
                self._unknown_companies[place] = uuid.UUID(bytes=key)
        self._waiting.clear()

    def _sort(self, kind: str, status: str, is_there: bool) -> int:
        known = self._known_sorts.setdefault((kind, status, is_there), len(self._sort_list))
        if known == len(self._sort_list):
            self._sort_list.append((CustomerKind(kind), CustomerStatus(status), is_there))
        return known

    def place(self, key: bytes) -> int | None:
        """Where a customer is, None where unknown or removed."""
        found = self._keys.place(key)
        return found if found is not None and self._sort_list[self._sorts[found]][2] else None

    def is_company(self, place: int) -> bool:
        """Whether the customer is a company."""
        return self._sort_list[self._sorts[place]][0] is CustomerKind.COMPANY

    def facts(self, place: int) -> dict[str, Any]:
        """The fields of an `Owner` that belong to the customer."""
        kind, status, _ = self._sort_list[self._sorts[place]]
        company_id, company_name = self._company(place)
        return {
            "customer_id": uuid.UUID(int=self._keys[place]),
            "name": self._name(place),
            "kind": kind,
            "company_id": company_id,
            "company_name": company_name,
            "status": status,
        }

    def _company(self, place: int) -> tuple[uuid.UUID | None, str]:
        company = self._companies[place]
        if company != _NOBODY:
            return uuid.UUID(int=self._keys[company]), self._name(company)
        return self._unknown_companies.get(place), ""

    def _name(self, place: int) -> str:
        start = self._name_ends[place - 1] if place else 0
        return self._names[start : self._name_ends[place]].decode("utf-8", "surrogatepass")
