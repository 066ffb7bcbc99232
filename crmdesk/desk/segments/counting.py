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
from crmdesk.domain.segments import Group
from crmdesk.store.segments.queries import STRETCH

if TYPE_CHECKING:
    from crmdesk.store import Reader, Store

PAGE = 100


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
        seen: Customers that were looked at, roughly: how many there are would take seconds.
        after: The last one that was looked at.
    """

    asked: Asked
    count: int = 0
    seen: int = 0
    after: uuid.UUID | None = None
    is_done: bool = False


def ask(reader: Reader, rule: Group, zone: tzinfo) -> Asked:
    """Fixes what "90 days ago" means, for all steps alike; a rule with problems finds nobody."""
    return Asked(reader.rule_condition(rule, zone))


def begin_count(reader: Reader, rule: Group, zone: tzinfo) -> Counted:
    """The beginning of a count."""
    return Counted(ask(reader, rule, zone))


def count_on(reader: Reader, so_far: Counted) -> Counted:
    """The next stretch of a count."""
    found, last = reader.count_stretch(so_far.asked.condition, so_far.after)
    return replace(
        so_far,
        count=so_far.count + found,
        seen=so_far.seen + STRETCH,
        after=last,
        is_done=last is None,
    )


def count(store: Store, rule: Group, zone: tzinfo, progress: Callable[[int], object]) -> int:
    """Counts to the end; not for the GUI thread.

    Args:
        store: Where the customers are.
        rule: What they have to fulfil.
        zone: Where a day begins.
        progress: Told how many were looked at; raises to stop.
    """
    so_far = store.read(partial(begin_count, rule=rule, zone=zone)).result()
    while not so_far.is_done:
        so_far = store.read(partial(count_on, so_far=so_far)).result()
        progress(so_far.seen)
    return so_far.count


def list_on(
    reader: Reader, asked: Asked, after: CustomerPlace | None, limit: int = PAGE
) -> CustomerPage:
    """The members in the next stretch, by name; none of them, and a `next`, says to ask on."""
    return reader.segment_stretch(asked.condition, after, limit)


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
