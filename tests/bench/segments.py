"""A count of a segment by stretches, against one statement that counts it in one go."""

from __future__ import annotations

from datetime import UTC
from functools import partial

from sqlalchemy import func, select

from crmdesk.desk.segments import counting
from crmdesk.domain.segments import Condition, Group, Operator
from crmdesk.store import Reader, Store
from crmdesk.store.segments.queries import STRETCH
from crmdesk.store.tables import customer
from tests.bench.demo_store import opened
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled, timed

_GOLD = Condition("segment", Operator.ANY_OF, ("Gold",))
_QUIET = Condition("last_call", Operator.LONGER_AGO, ("90",))
_OWES = Condition("open_invoices", Operator.AT_LEAST, ("1",))
RULE = Group((_GOLD, _QUIET, _OWES))
_ROUNDS = 3


def run(scale: Scale) -> Outcome:
    """The rule of the issue: gold, no call for 90 days, an open invoice."""
    with opened(scale) as store:
        taken = [_once(store) for _ in range(min(_ROUNDS, scale.rounds))]
        visits = _visits(store)
    whole, raw = zip(*taken, strict=True)
    figures = (
        Figure("counting gold, quiet for 90 days, owing", scaled(whole, 1e3),
               scaled(raw, 1e3), "the same rule in one statement"),
        Figure(f"one visit of {STRETCH:,} customers: what a pop may wait", scaled(visits, 1e3)),
    )  # fmt: skip
    return Outcome("Segments", figures)


def _once(store: Store) -> tuple[float, float]:
    by_stretches, found = timed(partial(counting.count, store, RULE, UTC, lambda _seen: None))
    in_one_go, wanted = timed(lambda: store.read(_count_all).result())
    agree(found, wanted, "customers of the segment")
    return by_stretches, in_one_go


def _count_all(reader: Reader) -> int:
    condition = reader.rule_condition(RULE, UTC)
    counted = select(func.count()).select_from(customer)
    found = reader._connection.scalar(counted.where(customer.c.deleted_at.is_(None), condition))
    return int(found or 0)


def _visits(store: Store) -> list[float]:
    so_far = store.read(partial(counting.begin_count, rule=RULE, zone=UTC)).result()
    taken: list[float] = []
    while not so_far.is_done:
        seconds, so_far = store.read(partial(timed_step, so_far=so_far)).result()
        taken.append(seconds)
    return taken


def timed_step(reader: Reader, so_far: counting.Counted) -> tuple[float, counting.Counted]:
    """A stretch on the reader's own thread, without the way there."""
    return timed(partial(counting.count_on, reader, so_far))
