"""Counts of segments by stretches, against one statement each that counts in one go."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC
from functools import partial

from sqlalchemy import func, select

from crmdesk.desk.segments import belonging, counting
from crmdesk.domain.segments import Condition, Group, Operator
from crmdesk.store import Reader, Store
from crmdesk.store.demo.segments import SEGMENTS
from crmdesk.store.segments.queries import STRETCH
from crmdesk.store.tables import customer
from tests.bench.demo_store import Listener, opened, raw_connection
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled, timed
from tests.bench.store import Roads, against_driver

_GOLD = Condition("segment", Operator.ANY_OF, ("Gold",))
_QUIET = Condition("last_call", Operator.LONGER_AGO, ("90",))
_OWES = Condition("open_invoices", Operator.AT_LEAST, ("1",))
RULES: Mapping[str, Group] = {
    "gold, quiet for 90 days, owing": Group((_GOLD, _QUIET, _OWES)),
    **{one.name.lower(): one.rule for one in SEGMENTS},
    "everybody (is a company, or not)": Group(
        (Condition("is_company", Operator.YES), Condition("is_company", Operator.NO)), is_any=True
    ),
}
_ROUNDS = 3
_ASKED = 1_000
_RAW = "the same rule in one statement"


def run(scale: Scale) -> Outcome:
    """The rule of the issue, those of the demo, and one that everybody fulfils."""
    with opened(scale) as store, raw_connection(scale) as raw, closing(Listener(scale)) as listener:
        figures = [_count(store, name, rule, scale.rounds) for name, rule in RULES.items()]
        visits = _visits(store, RULES["gold, quiet for 90 days, owing"])
        chips = _chips(Roads(store, raw, listener), min(_ASKED, scale.customers))
    longest = Figure(
        f"one visit of {STRETCH:,} customers: what a list may wait", scaled(visits, 1e3)
    )
    return Outcome("Segments", (*figures, longest, chips))


def _count(store: Store, name: str, rule: Group, rounds: int) -> Figure:
    taken = [_once(store, rule) for _ in range(min(_ROUNDS, rounds))]
    stretches, whole = zip(*taken, strict=True)
    return Figure(f"counting {name}", scaled(stretches, 1e3), scaled(whole, 1e3), _RAW)


def _once(store: Store, rule: Group) -> tuple[float, float]:
    by_stretches, found = timed(partial(counting.count, store, rule, UTC, lambda _seen: None))
    in_one_go, wanted = timed(store.read(partial(_count_all, rule)).result)
    agree(found, wanted, "customers of the segment")
    return by_stretches, in_one_go


def _count_all(rule: Group, reader: Reader) -> int:
    condition = reader.rule_condition(rule, UTC)
    counted = select(func.count()).select_from(customer)
    found = reader._connection.scalar(counted.where(customer.c.deleted_at.is_(None), condition))
    return int(found or 0)


def _visits(store: Store, rule: Group) -> list[float]:
    so_far = store.read(partial(counting.begin_count, rule=rule, zone=UTC)).result()
    taken: list[float] = []
    while not so_far.is_done:
        seconds, so_far = store.read(partial(timed_step, so_far=so_far)).result()
        taken.append(seconds)
    return taken


def timed_step(reader: Reader, so_far: counting.Counted) -> tuple[float, counting.Counted]:
    """A stretch on the reader's own thread, without the way there."""
    return timed(partial(counting.count_on, reader, so_far))


def _chips(roads: Roads, count: int) -> Figure:
    """Which of the demo's segments a caller belongs to, as the pop asks it."""
    hits = roads.store.read(lambda reader: reader.customers(limit=count)).result().customers
    statement = roads.store.read(lambda reader: reader.membership(SEGMENTS, UTC)).result()
    question = belonging.Question(SEGMENTS, statement)
    works = [
        partial(belonging.ask_quickly, customer_id=hit.id, question=question, limit_s=60.0)
        for hit in hits
    ]
    measured, baseline, results = against_driver(roads, works)
    for found, rows in results:
        agree(
            len(found.segments) if found else -1,
            sum(map(bool, rows[0][0][1:])),
            "segments of a customer",
        )
    return Figure(
        f"which of {len(SEGMENTS)} segments a caller is in",
        scaled(measured, 1e6),
        scaled(baseline, 1e6),
        "the same statements through the driver alone",
        "us",
    )
