"""Customers in memory, found as the store finds them: for a million look-ups."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Claim, Occasion, Owner, OwnerFacts
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.store.numbers.columns import number_columns

_LIMIT = 64


class MemoryDirectory:
    """One customer for each number; implements `crmdesk.matching.lookup.OwnerLookup`."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._e164: dict[str, tuple[Owner, ...]] = {}
        self._national: dict[str, list[Owner]] = defaultdict(list)
        reversed_digits: list[tuple[str, Owner]] = []
        for number in numbers:
            e164 = normalise(number, LineRules()).e164
            owner, columns = _owner(number, e164), number_columns(e164, number)
            if e164 is not None:
                self._e164[e164] = (owner,)
            self._national[str(columns["national"])].append(owner)
            reversed_digits.append((str(columns["rev_digits"]), owner))
        self._reversed = sorted(reversed_digits, key=lambda pair: pair[0])
        self._starts = sorted(self._e164)

    def by_account(self, account_id: str) -> tuple[Owner, ...]:
        """Nobody has an account."""
        return ()

    def by_e164(self, e164: str) -> tuple[Owner, ...]:
        """The customer with this number."""
        return self._e164.get(e164, ())

    def by_extension(self, e164: str, extension: str) -> tuple[Owner, ...]:
        """The customer with this number and extension."""
        return tuple(owner for owner in self.by_e164(e164) if owner.extension == extension)

    def by_national(self, national: str, region: str) -> tuple[Owner, ...]:
        """Those with these national digits, of any country."""
        return tuple(self._national.get(national, ())[:_LIMIT])

    def by_any_e164(self, numbers: tuple[str, ...]) -> tuple[Owner, ...]:
        """Those with one of these numbers."""
        return tuple(owner for number in numbers for owner in self.by_e164(number))

    def by_prefix(self, e164_start: str) -> tuple[Owner, ...]:
        """Those whose number begins so."""
        at = bisect_left(self._starts, e164_start)
        found = [start for start in self._starts[at : at + _LIMIT] if start.startswith(e164_start)]
        return self.by_any_e164(tuple(found))

    def by_suffix(self, digits: str) -> tuple[Owner, ...]:
        """Those whose number ends so."""
        wanted = digits[::-1]
        at = bisect_left(self._reversed, wanted, key=lambda pair: pair[0])
        near = self._reversed[at : at + _LIMIT]
        return tuple(owner for key, owner in near if key.startswith(wanted))

    def claims(self, e164: str) -> tuple[Claim, ...]:
        """Nobody said anything."""
        return ()

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        """Nothing speaks for anybody."""
        return {}

    def owner_count(self, e164: str) -> int:
        """One or none."""
        return len(self.by_e164(e164))


def customer_of(number: str) -> uuid.UUID:
    """The customer that has a number."""
    return uuid.uuid5(uuid.NAMESPACE_URL, number)


def _owner(number: str, e164: str | None) -> Owner:
    return Owner(
        customer_id=customer_of(number),
        name=f"Customer {number}",
        kind=CustomerKind.PERSON,
        company_id=None,
        company_name="",
        label="work",
        e164=e164 or "",
    )
