"""What the ladder asks of whoever keeps the customers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Protocol

from crmdesk.domain.matches import Claim, Occasion, Owner, OwnerFacts

Owners = tuple[Owner, ...]


class OwnerLookup(Protocol):
    """Finds stored numbers; the store's reader is one, an index in memory another.

    Every answer is bounded, whatever is asked: where more own a number, companies come
    first, then the customers that called from it last. Former owners (`until`) are included.
    """

    def by_account(self, account_id: str) -> Owners:
        """The customers with this account id."""
        ...

    def by_e164(self, e164: str) -> Owners:
        """The stored numbers equal to this one, with or without an extension."""
        ...

    def by_extension(self, e164: str, extension: str) -> Owners:
        """The stored numbers equal to this one with just this extension.

        Asked where `by_e164` may have left some out: half a company may share a number.
        """
        ...

    def by_national(self, national: str, region: str) -> Owners:
        """The stored numbers whose national significant number is this.

        Args:
            national: Digits only.
            region: ISO 3166 to ask for one country, "" for any, unread numbers included.
        """
        ...

    def by_any_e164(self, numbers: tuple[str, ...]) -> Owners:
        """The stored numbers equal to any of these (at most 64): possible switchboards."""
        ...

    def by_prefix(self, e164_start: str) -> Owners:
        """The stored numbers that begin so: direct dial-ins of one block."""
        ...

    def by_suffix(self, digits: str) -> Owners:
        """The stored numbers, read or not, that end with these digits."""
        ...

    def claims(self, e164: str) -> tuple[Claim, ...]:
        """What agents said of this number, newest first."""
        ...

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        """What speaks for each of several possible callers."""
        ...

    def owner_count(self, e164: str) -> int:
        """How many customers have this number, counted up to 1,000."""
        ...
