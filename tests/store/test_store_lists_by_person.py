"""What is one person's comes in the same order as everybody's, page by page, nothing twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from crmdesk.domain.follow_ups import FollowUpFilter
from crmdesk.domain.planning import Picklists
from crmdesk.domain.tickets import TicketFilter, TicketScope
from crmdesk.store.tables import follow_up, opportunity, ticket
from tests.store.row_making import follow_up_row, insert_rows, lead_row, ticket_row

PEOPLE = ("Anna", "Ben", "1001", "")
_ROWS = 120


@pytest.fixture
def anna(write: Any, make_person: Any) -> uuid.UUID:
    customer = make_person("Anna Groß")
    write(lambda w: w.save_customer(customer))
    return customer.id


def _all_pages(read: Any, page: Callable[[Any, Any], Any], rows: str) -> list[Any]:
    """Every page, one after the other."""
    found, place = [], None
    while True:
        one = read(lambda r, place=place: page(r, place))
        found += getattr(one, rows)
        if (place := one.next) is None:
            return found


@pytest.fixture
def due(write: Any, anna: uuid.UUID, now: Any) -> list[dict[str, Any]]:
    """Follow-ups of all, some with an owner, many due at the same moment."""
    rng = Random(3)
    rows = [
        follow_up_row(
            anna,
            now + timedelta(hours=rng.randrange(-20, 20)),
            id=uuid.UUID(int=rng.getrandbits(128)),
            owner=rng.choice(PEOPLE),
            who=rng.choice(PEOPLE),
            done_at=now if rng.random() < 0.2 else None,
        )
        for _ in range(_ROWS)
    ]
    write(lambda w: insert_rows(w, follow_up, rows, now))
    return [row for row in rows if row["done_at"] is None]


@pytest.mark.parametrize("person", [None, *PEOPLE])
@pytest.mark.parametrize("size", [1, 7, 200])
def test_follow_ups_of_a_person(read, due, person, size):
    chosen = FollowUpFilter(responsible=person)
    found = _all_pages(read, lambda r, p: r.open_follow_ups(chosen, p, size), "follow_ups")
    wanted = [row for row in due if person is None or person == (row["owner"] or row["who"])]
    wanted.sort(key=lambda row: (row["due_at"], row["id"]))
    assert [one.id for one in found] == [row["id"] for row in wanted]


def test_follow_ups_of_people_are_counted_up_to_a_limit(read, due, now):
    people = {"Anna", "1001"}
    theirs = [row for row in due if (row["owner"] or row["who"]) in people]
    late = [row for row in theirs if row["due_at"] < now]
    assert 2 < len(late) < len(theirs)
    assert read(lambda r: r.count_due(None, people, 1000)) == len(theirs)
    assert read(lambda r: r.count_due(now, people, 1000)) == len(late)
    assert read(lambda r: r.count_due(None, people, 1000, since=now)) == len(theirs) - len(late)
    for most in (1, 2, len(theirs) - 1, len(theirs)):
        assert read(lambda r, most=most: r.count_due(None, people, most)) == most


@pytest.fixture
def tickets(write: Any, anna: uuid.UUID, now: Any) -> list[dict[str, Any]]:
    rng = Random(5)
    rows = []
    for number in range(_ROWS):
        is_solved = rng.random() < 0.4
        due = None if is_solved or rng.random() < 0.3 else now + timedelta(hours=number % 9 - 4)
        rows.append(
            ticket_row(
                anna,
                now - timedelta(days=1),
                due,
                id=uuid.UUID(int=rng.getrandbits(128)),
                owner=rng.choice(PEOPLE),
                escalated_to=rng.choice(PEOPLE),
                status="solved" if is_solved else "open",
                breached_at=now if rng.random() < 0.2 else None,
            )
        )
    write(lambda w: insert_rows(w, ticket, rows, now))
    return rows


def _is_of(row: dict[str, Any], scope: TicketScope, agent: str) -> bool:
    if scope is TicketScope.ALL:
        return True
    if scope is TicketScope.UNASSIGNED:
        return row["owner"] == ""
    return bool(agent) and agent in (row["owner"], row["escalated_to"])


@pytest.mark.parametrize("size", [1, 7, 200])
@pytest.mark.parametrize("is_solved", [False, True])
@pytest.mark.parametrize("agent", ["Anna", "1001", "Nobody", ""])
@pytest.mark.parametrize("scope", list(TicketScope))
def test_tickets_of_a_person(read, tickets, now, scope, agent, is_solved, size):
    chosen = TicketFilter(scope, agent, is_solved=is_solved)
    found = _all_pages(read, lambda r, p: r.tickets(chosen, now, p, size), "rows")
    wanted = [
        row
        for row in tickets
        if (row["status"] == "solved") == is_solved and _is_of(row, scope, agent)
    ]
    if is_solved:
        wanted.sort(key=lambda row: row["id"], reverse=True)
    else:
        wanted.sort(key=lambda row: (row["next_due_at"] is None, row["next_due_at"], row["id"]))
    assert [one.ticket.id for one in found] == [row["id"] for row in wanted]


@pytest.mark.parametrize("agent", ["Anna", "Nobody", ""])
def test_counts_are_those_of_the_lists(read, tickets, now, agent):
    counts = read(lambda r: r.ticket_counts(agent, now))
    lists = (
        TicketFilter(),
        TicketFilter(TicketScope.MINE, agent),
        TicketFilter(TicketScope.UNASSIGNED),
        TicketFilter(is_breached=True),
    )
    found = [len(read(lambda r, c=chosen: r.tickets(c, now, None, 500)).rows) for chosen in lists]
    assert [counts.open, counts.mine, counts.unassigned, counts.breached] == found


def test_people_with_an_open_ticket_are_named_once(read, tickets):
    still_open = [row for row in tickets if row["status"] == "open"]
    named = {name for row in still_open for name in (row["owner"], row["escalated_to"])} - {""}
    assert read(lambda r: r.ticket_people()) == tuple(sorted(named, key=str.casefold))


@pytest.fixture
def leads(write: Any, anna: uuid.UUID, now: Any) -> list[dict[str, Any]]:
    rng = Random(7)
    rows = []
    for _ in range(_ROWS):
        expected = None if rng.random() < 0.3 else date(2026, 7, 1 + rng.randrange(9))
        facts = {
            "id": uuid.UUID(int=rng.getrandbits(128)),
            "owner": rng.choice(PEOPLE),
            "stage": rng.choice(("new", "offer")),
            "state": "lost" if rng.random() < 0.2 else "open",
        }
        rows.append(lead_row(anna, now, expected, **facts))
    write(lambda w: insert_rows(w, opportunity, rows, now))
    return [row for row in rows if row["state"] == "open"]


@pytest.mark.parametrize("size", [1, 7, 200])
@pytest.mark.parametrize("stage", ["", "offer"])
@pytest.mark.parametrize("owner", [None, "Anna", "Nobody"])
def test_leads_of_a_person(read, leads, owner, stage, size):
    found = _all_pages(read, lambda r, p: r.open_leads(p, size, stage, owner), "leads")
    wanted = [
        row
        for row in leads
        if owner in (None, row["owner"]) and (not stage or row["stage"] == stage)
    ]
    wanted.sort(key=lambda row: (row["expected_on"] or date.max, row["id"]))
    assert [one.id for one in found] == [row["id"] for row in wanted]


def test_the_forecast_leaves_out_who_is_gone(read, write, leads, anna):
    def counted() -> int:
        return sum(one.count for one in read(lambda r: r.forecast(Picklists())))

    assert counted() == len(leads)
    write(lambda w: w.delete_customer(anna))
    assert counted() == 0
