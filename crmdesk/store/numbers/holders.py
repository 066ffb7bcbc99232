"""Whose number it was on which day: what links calls to customers besides the ladder."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select

from crmdesk.domain.matches import ClaimKind
from crmdesk.store.queries import Queries
from crmdesk.store.tables import customer, customer_number, number_claim

_MOST = 64
"""More rows of one number are not looked at: with so many nobody is the only one."""

_FIRST_DAY, _LAST_DAY = date(1971, 1, 1), date(9000, 1, 1)
"""Of calls; days beyond cannot be told as moments everywhere."""

_living = (
    select(
        customer_number.c.customer_id,
        customer_number.c.since,
        customer_number.c.until,
        customer_number.c.extension,
        customer_number.c.e164,
    )
    .join(customer, customer.c.id == customer_number.c.customer_id)
    .where(customer_number.c.deleted_at.is_(None), customer.c.deleted_at.is_(None))
)
_holders = _living.where(customer_number.c.e164 == bindparam("e164")).limit(_MOST)
# By customer alone: of the number there may be a million rows, of a customer a few.
_own_rows = _living.where(
    customer_number.c.customer_id == bindparam("customer_id", type_=customer.c.id.type)
)
_claims = select(number_claim.c.customer_id, number_claim.c.kind).where(
    number_claim.c.e164 == bindparam("e164"), number_claim.c.deleted_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A customer and the days a number is theirs; None where open.

    Attributes:
        extension: Digits behind the number, "" where the whole number is theirs.
    """

    customer_id: uuid.UUID
    since: date | None = None
    until: date | None = None
    extension: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the number was theirs on a day."""
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class NumberHolders:
    """Who has or had a number.

    Attributes:
        holders: Living customers; without those it was denied.
        is_crowd: There are more than were looked at: nobody is the only one.
        chosen: Whom agents said to take of several, None where nobody did.
        denied: Of whom an agent said that it is not their number.
    """

    holders: tuple[Holder, ...] = ()
    chosen: uuid.UUID | None = None
    denied: frozenset[uuid.UUID] = frozenset()
    is_crowd: bool = False

    def on(self, day: date) -> set[uuid.UUID]:
        """Everybody whose number it was on a day."""
        return {one.customer_id for one in self.holders if one.holds_on(day)}

    def only_one_on(self, day: date) -> uuid.UUID | None:
        """The one customer it can have been, None where several or nobody.

        Who has it with an extension shares it with all desks of the switchboard, and which
        extension a call showed is not known here.
        """
        several = self.on(day)
        if len(several) != 1 or self.is_crowd:
            return None
        has_whole = any(one.holds_on(day) and not one.extension for one in self.holders)
        return next(iter(several)) if has_whole else None


class HolderQueries(Queries):
    """Reads who has a number."""

    def holders_of(self, e164: str, first: uuid.UUID | None = None) -> NumberHolders:
        """Who has or had a number.

        Args:
            e164: With "+".
            first: A customer who is among them however many there are, if theirs at all.
        """
        said = self._connection.execute(_claims, {"e164": e164}).all()
        denied = frozenset(who for who, kind in said if kind == ClaimKind.DENIED)
        rows = self._connection.execute(_holders, {"e164": e164}).all()
        own = self._connection.execute(_own_rows, {"customer_id": first}).all() if first else []
        found = {tuple(row): None for row in (*own, *rows) if row[4] == e164}
        return NumberHolders(
            holders=tuple(Holder(*row[:4]) for row in found if row[0] not in denied),
            is_crowd=len(rows) == _MOST,
            chosen=next((who for who, kind in said if kind == ClaimKind.CHOSEN), None),
            denied=denied,
        )


def local_day(at: datetime) -> date:
    """The day of a moment on this desk's calendar."""
    return at.astimezone().date()


def day_begins(day: date) -> datetime:
    """The moment a day begins on this desk's calendar."""
    return datetime.combine(_of_calls(day), time.min).astimezone()


def day_ends(day: date) -> datetime:
    """The moment the next day begins."""
    return datetime.combine(_of_calls(day) + timedelta(days=1), time.min).astimezone()


def _of_calls(day: date) -> date:
    return min(max(day, _FIRST_DAY), _LAST_DAY)
