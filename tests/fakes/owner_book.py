"""Customers' numbers in a list, found as the store finds them: an `OwnerLookup`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Claim, ClaimKind, Occasion, Owner, OwnerFacts
from crmdesk.store.numbers.columns import number_columns

TODAY = date(2026, 11, 22)
LIMIT = 64


def owner(name: str, e164: str, **more: object) -> Owner:
    """A stored number; the same name is the same customer."""
    known: dict[str, object] = {
        "customer_id": uuid.uuid5(uuid.NAMESPACE_DNS, name),
        "name": name,
        "kind": CustomerKind.PERSON,
        "company_id": None,
        "company_name": "",
        "label": "mobile",
        "e164": e164,
    }
    return Owner(**{**known, **more})  # type: ignore[arg-type]


def company(name: str, e164: str, label: str = "switchboard", **more: object) -> Owner:
    """The number of a company."""
    return owner(name, e164, kind=CustomerKind.COMPANY, label=label, **more)


def works_at(employer: Owner, name: str, e164: str, **more: object) -> Owner:
    """The number of somebody of a company."""
    more = {"label": "work", **more}
    return owner(name, e164, company_id=employer.customer_id, company_name=employer.name, **more)


def claim(kind: ClaimKind, whose: Owner, e164: str = "", **more: object) -> Claim:
    """What Alice said of a number yesterday, of the owner's own where none is given."""
    known: dict[str, object] = {"who": "Alice", "on": date(2026, 11, 21)}
    number = e164 or whose.e164
    return Claim(number, whose.customer_id, kind, **{**known, **more})  # type: ignore[arg-type]


class OwnerBook:
    """Stored numbers with what is known of their owners.

    Args:
        unread: Numbers that could not be read, as they were typed, with their owner.
    """

    def __init__(
        self,
        *owners: Owner,
        accounts: Mapping[str, tuple[Owner, ...]] | None = None,
        claims: tuple[Claim, ...] = (),
        facts: Mapping[str, OwnerFacts] | None = None,
        unread: Mapping[str, Owner] | None = None,
    ) -> None:
        rows = [(each.e164, each.e164, each) for each in owners]
        rows += [("", raw, replace(each, e164="")) for raw, each in (unread or {}).items()]
        self._rows = [(number_columns(e164 or None, raw), each) for e164, raw, each in rows]
        self._accounts = accounts or {}
        self._claims = claims
        self._facts = facts or {}
        self._names = {each.customer_id: each.name for _, each in self._rows}
        self._names.update(
            (each.customer_id, each.name) for some in self._accounts.values() for each in some
        )
        self.asked: list[str] = []

    def by_account(self, account_id: str) -> tuple[Owner, ...]:
        self.asked.append("account")
        return tuple(replace(each, e164="") for each in self._accounts.get(account_id, ()))

    def by_e164(self, e164: str) -> tuple[Owner, ...]:
        self.asked.append("e164")
        return self._where(lambda columns, each: each.e164 == e164 != "")

    def by_extension(self, e164: str, extension: str) -> tuple[Owner, ...]:
        self.asked.append("extension")
        return self._where(
            lambda columns, each: each.e164 == e164 and each.extension == extension != ""
        )

    def by_national(self, national: str, region: str) -> tuple[Owner, ...]:
        self.asked.append("national")
        assert region == ""
        return self._where(lambda columns, each: columns["national"] == national)

    def by_any_e164(self, numbers: tuple[str, ...]) -> tuple[Owner, ...]:
        self.asked.append("any")
        assert 0 < len(numbers) <= LIMIT
        return self._where(lambda columns, each: each.e164 in numbers)

    def by_prefix(self, e164_start: str) -> tuple[Owner, ...]:
        self.asked.append("prefix")
        return self._where(lambda columns, each: each.e164.startswith(e164_start))

    def by_suffix(self, digits: str) -> tuple[Owner, ...]:
        self.asked.append("suffix")
        end = digits[::-1]
        return self._where(lambda columns, each: str(columns["rev_digits"]).startswith(end))

    def claims(self, e164: str) -> tuple[Claim, ...]:
        return tuple(each for each in self._claims if each.e164 == e164)

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        self.asked.append("facts")
        return {key: self._facts.get(self._names[key], OwnerFacts()) for key in customers}

    def owner_count(self, e164: str) -> int:
        owners = self._where(lambda columns, each: each.e164 == e164, limit=None)
        return len({each.customer_id for each in owners})

    def _where(
        self, test: Callable[[Mapping[str, object], Owner], bool], limit: int | None = LIMIT
    ) -> tuple[Owner, ...]:
        found = [each for columns, each in self._rows if test(columns, each)]
        found.sort(key=lambda each: each.kind is not CustomerKind.COMPANY)
        return tuple(found[:limit])
