"""How much can be written down at all; sums of it stay far below what a store can hold."""

from __future__ import annotations

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.leads import Lead
from crmdesk.domain.sales import Invoice, Order, Receipt

MOST_CENTS = 10**15
"""More is a slip of the finger: no order of this world comes to it."""
MOST_MILLI = 10**12
"""The same of a quantity, in thousandths."""


def is_amount(cents: int) -> bool:
    """Whether an amount can be written down."""
    return abs(cents) <= MOST_CENTS


def refuse_too_large(*records: Order | Invoice | Receipt | Lead) -> None:
    """Refuses what no store can hold.

    Raises:
        UserFacingError: An amount, or the quantity of a line, is beyond all measure.
    """
    for one in records:
        if not all(map(is_amount, _amounts(one))):
            most = f"{MOST_CENTS // 100:,} {one.currency}"
            raise _too_large("An amount", f"It can be {most} at most.")
        lines = one.lines if isinstance(one, Order) else ()
        if any(abs(line.quantity_milli) > MOST_MILLI for line in lines):
            raise _too_large("A quantity", f"It can be {MOST_MILLI // 1000:,} at most.")


def _amounts(one: Order | Invoice | Receipt | Lead) -> tuple[int, ...]:
    if isinstance(one, Lead):
        return (one.value_cents,)
    if isinstance(one, Order):
        lines = (cents for line in one.lines for cents in (line.unit_cents, line.total_cents))
        return (one.total_cents, *lines)
    return (one.amount_cents,)


def _too_large(what: str, most: str) -> UserFacingError:
    return UserFacingError(
        f"{what} is too large to be written down.",
        "Nothing was saved.",
        f"{most} Look whether a figure slipped in.",
    )
