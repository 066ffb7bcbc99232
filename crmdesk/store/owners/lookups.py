"""Owners of a number, an account or an ending."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import chain
from typing import Any

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Owner
from crmdesk.store.owners import statements
from crmdesk.store.owners.claims import ClaimQueries
from crmdesk.store.owners.crowd import CrowdQueries
from crmdesk.store.owners.facts import FactQueries
from crmdesk.store.owners.statements import AFTER_DIGITS, OWNER_LIMIT
from crmdesk.store.prepared import Prepared

Owners = tuple[Owner, ...]


class OwnerQueries(CrowdQueries, ClaimQueries, FactQueries):
    """Implements `crmdesk.matching.lookup.OwnerLookup`.

    An answer has at most `OWNER_LIMIT` stored numbers, companies first.
    """

    def by_account(self, account_id: str) -> Owners:
        """Owners of the account a caller keyed in; empty for ""."""
        if not account_id:
            return ()
        return _best(self._owners(statements.BY_ACCOUNT, {"account_id": account_id}))

    def by_e164(self, e164: str) -> Owners:
        """Owners of a number, whatever the extension.

        Where there are more than fit: companies, whom a remembered choice names, who called
        from it last, and others.
        """
        rows = statements.BY_E164.rows(self._connection, {"e164": e164})
        owners = tuple(statements.owner(row) for *row, is_there in rows if is_there)
        return self._of_crowd(e164, owners) if len(rows) > OWNER_LIMIT else _in_order(owners)

    def by_extension(self, e164: str, extension: str) -> Owners:
        """Owners of a number with just this extension, however many have the number."""
        if not extension:
            return ()
        values = {"e164": e164, "extension": extension}
        return _best(self._owners(statements.BY_EXTENSION, values))

    def by_national(self, national: str, region: str) -> Owners:
        """Owners of a national significant number; region "" means any."""
        if not national:
            return ()
        values = {"national": national, "region": region}
        by = statements.BY_NATIONAL_IN_REGION if region else statements.BY_NATIONAL
        return _best(self._owners(by, values))

    def by_any_e164(self, numbers: tuple[str, ...]) -> Owners:
        """Owners of any of at most `OWNER_LIMIT` numbers.

        Raises:
            ValueError: There are more numbers.
        """
        if len(numbers) > OWNER_LIMIT:
            raise ValueError(f"{len(numbers)} numbers are more than {OWNER_LIMIT}")
        if not numbers:
            return ()
        owners = self._owners(statements.BY_ANY_E164, statements.padded("e164_", numbers))
        if len(owners) > OWNER_LIMIT:  # one of them may have hidden all others
            owners = tuple(chain.from_iterable(map(self.by_e164, dict.fromkeys(numbers))))
        return _best(owners)

    def by_prefix(self, e164_start: str) -> Owners:
        """Owners of numbers that begin so; empty for ""."""
        return _best(self._in_range(statements.BY_PREFIX, e164_start))

    def by_suffix(self, digits: str) -> Owners:
        """Owners of numbers, read or not, that end with these digits; empty for ""."""
        return _best(self._in_range(statements.BY_SUFFIX, digits[::-1]))

    def owner_count(self, e164: str) -> int:
        """How many customers have or had this number, counted up to `COUNT_LIMIT`."""
        ((count,),) = statements.COUNT.rows(self._connection, {"e164": e164})
        return int(count)

    def _in_range(self, by: Prepared, start: str) -> Owners:
        if not start:
            return ()
        return self._owners(by, {"start": start, "end": start + AFTER_DIGITS})

    def _of_crowd(self, e164: str, first: Owners) -> Owners:
        if len(first) <= OWNER_LIMIT:  # removed customers are among the first
            first = self._owners(statements.FIRST_LIVING, {"e164": e164})
        living_first = sorted(first, key=lambda owner: owner.until is not None)
        wanted = self.ids_to_show(e164, (owner.customer_id for owner in living_first))
        known = {owner.customer_id for owner in first}
        others = self._owners_among(e164, tuple(key for key in wanted if key not in known))
        place = {key: at for at, key in enumerate(wanted)}
        shown = [owner for owner in (*first, *others) if owner.customer_id in place]
        found = sorted(shown, key=lambda owner: place[owner.customer_id])
        rest = (owner for owner in living_first if owner.customer_id not in place)
        return (*found, *rest)[:OWNER_LIMIT]

    def _owners_among(self, e164: str, wanted: tuple[uuid.UUID, ...]) -> Owners:
        if not wanted:
            return ()
        values = {"e164": e164, **statements.padded("customer_", wanted)}
        return self._owners(statements.BY_CUSTOMER, values)

    def _owners(self, by: Prepared, values: Mapping[str, Any]) -> Owners:
        return tuple(map(statements.owner, by.rows(self._connection, values)))


def _best(owners: Owners) -> Owners:
    return _in_order(owners)[:OWNER_LIMIT]


def _in_order(owners: Owners) -> Owners:
    """Companies first, then the oldest customer: keys grow with time."""
    return tuple(sorted(owners, key=_place)) if len(owners) > 1 else owners


def _place(owner: Owner) -> tuple[bool, uuid.UUID]:
    return owner.kind is not CustomerKind.COMPANY, owner.customer_id
