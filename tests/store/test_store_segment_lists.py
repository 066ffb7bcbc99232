"""Calls and tickets of a segment: the same as asking each customer, a stretch at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import CallOutcome
from crmdesk.domain.matches import MatchRule
from crmdesk.domain.segments import Condition, Group, Members, Operator
from crmdesk.domain.tickets import TicketFilter
from crmdesk.store.calls import search

GOLD = Members(Group((Condition("segment", Operator.ANY_OF, ("Gold",)),)), UTC)
NOBODY = Members(Group((Condition("gone", Operator.FILLED),)), UTC)


@pytest.fixture
def people(write, make_person, match_of, make_call, now):
    """Anna is gold, Bob is not; each calls by turns, and a stranger calls too."""
    anna = replace(make_person("Anna Hansen", "+493023125101"), segment="Gold")
    bob = make_person("Bob Stone", "+493023125102")

    def fill(w):
        for one in (anna, bob):
            w.save_customer(one)
        for place in range(9):
            outcome = CallOutcome.MISSED if place % 2 else CallOutcome.ANSWERED
            call = make_call(str(place), 60 * (place + 1), outcome=outcome, ended_at=now)
            w.save_call(call, None)
            if place % 3 < 2:
                one = (anna, bob)[place % 3]
                w.link_call(call.id, match_of(one, MatchRule.E164, one.numbers[0].e164))
        for one in (anna, bob):
            w.add_ticket(
                one.id,
                now - timedelta(days=1),
                number=one.name[:1],
                kind="complaint",
                subject="Late",
            )

    write(fill)
    return anna, bob


def _all(read, chosen, limit, *, exported=False):
    rows, pages, before = [], 0, None
    while True:
        page = read(
            lambda r, before=before: (r.exported_calls if exported else r.calls)(
                chosen, before, limit
            )
        )
        assert len(page.rows) <= limit
        rows += page.rows
        pages += 1
        before = page.next
        if before is None:
            return rows, pages


@pytest.mark.parametrize("exported", [False, True])
@pytest.mark.parametrize("stretch", [1, 2, 4, 100])
def test_calls_of_a_segment_whatever_the_stretch(read, people, monkeypatch, stretch, exported):
    monkeypatch.setattr(search, "STRETCH", stretch)
    anna, _bob = people
    wanted = [row for row in _all(read, CallFilter(), 100)[0] if row.customer_id == anna.id]
    assert len(wanted) == 3
    for limit in (1, 2, 100):
        found, _ = _all(read, CallFilter(members=GOLD), limit, exported=exported)
        assert found == wanted
    found, pages = _all(read, CallFilter(members=NOBODY), 100, exported=exported)
    assert found == []
    assert pages == max(1, 9 // stretch + (9 % stretch > 0 or stretch == 1))


def test_a_segment_of_a_day_ends_with_the_day(read, people, monkeypatch, now):
    monkeypatch.setattr(search, "STRETCH", 2)
    today = CallFilter(members=NOBODY, since=now - timedelta(minutes=200))
    _, pages = _all(read, today, 10)
    assert pages == 2  # the three calls of that time are looked at, and no older one


def test_calls_to_call_back_and_tickets_of_a_segment(read, people, now):
    anna, bob = people
    rows = read(lambda r: r.calls(CallFilter())).rows
    assert {row.customer_id for row in rows} == {anna.id, bob.id, None}
    of_gold = read(lambda r: r.calls_of(rows, GOLD))
    assert {row.customer_id for row in of_gold} == {anna.id}
    assert read(lambda r: r.calls_of(rows, None)) == rows
    assert read(lambda r: r.calls_of(rows, NOBODY)) == ()
    page = read(lambda r: r.tickets(TicketFilter(members=GOLD), now))
    assert [row.ticket.number for row in page.rows] == ["A"]
    assert read(lambda r: r.count_calls(CallFilter(members=GOLD))) is None


def test_more_customers_than_one_statement_takes(read, people, monkeypatch):
    monkeypatch.setattr("crmdesk.store.segments.queries._AT_ONCE", 1)
    anna, bob = people
    assert read(lambda r: r.members_among((anna.id, bob.id), GOLD)) == {anna.id}
