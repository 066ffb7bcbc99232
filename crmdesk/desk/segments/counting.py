"""Counts and lists a segment a stretch at a time, so that a pop never waits behind it.

Each step is one visit to the store's reader thread. Between two steps others have their turn,
and whoever asked can stop: nothing runs on behind a closed window.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.domain.customer_pages import CustomerPage, CustomerPlace
from crmdesk.domain.customers import CustomerHit
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.segments import Group
from crmdesk.store.errors import TookTooLong
from crmdesk.store.segments.queries import STRETCH

if TYPE_CHECKING:
    from crmdesk.store import Reader, Store

PAGE = 100

VISIT_S = 0.25
"""What a visit may take: where it takes longer, fewer customers are looked at in the next."""

CUSTOMER_S = 2.0
"""What a single customer may take; a rule that asks more is given up."""

_FEWER = 10


class RuleTooSlowError(UserFacingError):
    """A rule never comes to its end."""

    def __init__(self) -> None:
        super().__init__(
            "This rule takes too long.",
            "It asks so much of a customer with a long history that it was stopped.",
            "Take out conditions, sums and counts first.",
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule as of one moment, made by `ask`.

    Attributes:
        condition: The store's own form of the rule.
    """

    condition: Any


@dataclass(frozen=True, slots=True)
class Counted:
    """How far a count is.

    Attributes:
        count: Customers that fulfil the rule.
        seen: Customers that were looked at.
        after: The last one that was looked at.
        size: How many the next visit looks at.
    """

    asked: Asked
    count: int = 0
    seen: int = 0
    after: uuid.UUID | None = None
    is_done: bool = False
    size: int = STRETCH

    @property
    def is_everybody(self) -> bool:
        """Whether the rule tells nobody apart."""
        return self.is_done and self.seen > 1 and self.count == self.seen


def ask(reader: Reader, rule: Group, zone: tzinfo) -> Asked:
    """Fixes what "90 days ago" means, for all steps alike; a rule with problems finds nobody."""
    return Asked(reader.rule_condition(rule, zone))


def begin_count(reader: Reader, rule: Group, zone: tzinfo) -> Counted:
    """The beginning of a count."""
    return Counted(ask(reader, rule, zone))


def count_on(reader: Reader, so_far: Counted) -> Counted:
    """The next stretch of a count; a shorter one behind one that took too long.

    Raises:
        RuleTooSlowError: A single customer takes too long.
    """
    size = so_far.size
    try:
        found, seen, last = reader.count_stretch(
            so_far.asked.condition, so_far.after, size, _limit(size)
        )
    except TookTooLong:
        return replace(so_far, size=_fewer(size))
    return replace(
        so_far,
        count=so_far.count + found,
        seen=so_far.seen + seen,
        after=last,
        is_done=last is None,
    )


def _limit(size: int) -> float:
    return VISIT_S if size > 1 else CUSTOMER_S


def _fewer(size: int) -> int:
    if size == 1:
        raise RuleTooSlowError from None
    return max(size // _FEWER, 1)


def count(store: Store, rule: Group, zone: tzinfo, progress: Callable[[int], object]) -> int:
    """How many fulfil a rule; as `count_all`."""
    return count_all(store, rule, zone, progress).count


def count_all(
    store: Store, rule: Group, zone: tzinfo, progress: Callable[[int], object]
) -> Counted:
    """Counts to the end; not for the GUI thread.

    Args:
        store: Where the customers are.
        rule: What they have to fulfil.
        zone: Where a day begins.
        progress: Told how many were looked at; raises to stop.

    Raises:
        RuleTooSlowError: It would never end.
    """
    so_far = store.read(partial(begin_count, rule=rule, zone=zone)).result()
    while not so_far.is_done:
        so_far = store.read(partial(count_on, so_far=so_far)).result()
        progress(so_far.seen)
    return so_far


def list_on(
    reader: Reader, asked: Asked, after: CustomerPlace | None, limit: int = PAGE
) -> CustomerPage:
    """The members in the next stretch, by name; none of them, and a `next`, says to ask on.

    Raises:
        RuleTooSlowError: A single customer takes too long.
    """
    size = STRETCH
    while True:
        try:
            return reader.segment_stretch(asked.condition, after, limit, size, _limit(size))
        except TookTooLong:
            size = _fewer(size)


def members(store: Store, rule: Group, zone: tzinfo) -> Iterator[CustomerHit]:
    """All members by name; not for the GUI thread."""
    asked = store.read(partial(ask, rule=rule, zone=zone)).result()
    after: CustomerPlace | None = None
    while True:
        page = store.read(partial(list_on, asked=asked, after=after)).result()
        yield from page.customers
        after = page.next
        if after is None:
            return
