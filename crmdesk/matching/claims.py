"""What people said of a number, and since when it is whose: who is barred and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from crmdesk.domain.matches import Claim, ClaimKind, Owner
from crmdesk.matching.dates import on_day, since_day, until_day


@dataclass(frozen=True, slots=True)
class Claims:
    """What holds of all that was ever said of a number.

    Attributes:
        chosen: The remembered choice, None where there is none.
        denied: Whose number it is not.
    """

    chosen: Claim | None = None
    denied: Mapping[uuid.UUID, Claim] = field(default_factory=dict)

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> Claims:
        """Reads claims, newest first: of each customer the newest one holds."""
        said = tuple(claims)
        if not said:
            return _NOTHING_SAID
        latest: dict[uuid.UUID, Claim] = {}
        for claim in said:
            latest.setdefault(claim.customer_id, claim)
        chosen = (claim for claim in latest.values() if claim.kind is ClaimKind.CHOSEN)
        denied = {key: each for key, each in latest.items() if each.kind is ClaimKind.DENIED}
        return cls(next(chosen, None), denied)

    def bar(self, owner: Owner, day: date) -> str:
        """Why a customer is not called by this number that day, "" where it may be."""
        if not owner.holds_on(day):
            return out_of_time(owner, day)
        denial = self.denied.get(owner.customer_id)
        return _denied(owner, denial) if denial else ""


_NOTHING_SAID = Claims()


def out_of_time(owner: Owner, day: date) -> str:
    """Of a number that was not or not yet the owner's, e.g. "belonged to Jane until 2023"."""
    if owner.until is not None and owner.until < day:
        return f"belonged to {owner.name} until {until_day(owner.until)}"
    since = owner.since
    return f"belongs to {owner.name} only from {since_day(since)} on" if since else ""


def _denied(owner: Owner, denial: Claim) -> str:
    who = f"{denial.who} said so" if denial.who else "an agent said so"
    reason = f" ({denial.reason})" if denial.reason else ""
    return f"not {owner.name}: {who} on {on_day(denial.on)}{reason}"
