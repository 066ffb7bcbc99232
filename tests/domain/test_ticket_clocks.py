"""Due times of tickets: what runs, what stands, and what has to be recorded."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.business_time import BusinessClock, WorkCalendar, WorkHours
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.domain.ticket_clocks import (
    ClockFacts,
    Due,
    Promises,
    StatusMove,
    clocks,
    due_now,
    first_answer,
    promises,
)
from crmdesk.domain.tickets import TicketClocks, TicketEntryKind, TicketStatus, TicketTarget

OFFICE = WorkCalendar(
    uuid.UUID(int=1), "Office", "UTC", hours=tuple(WorkHours(day, 540, 1020) for day in range(5))
)
CLOCK = BusinessClock(OFFICE)
POLICY = SlaPolicy(uuid.UUID(int=2), "Standard", first_answer_minutes=60, resolution_minutes=480)
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN, WAITING, SOLVED = TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.SOLVED
NOTHING_YET = TicketClocks()


def standing(
    *moves: tuple[datetime, TicketStatus],
    policy: SlaPolicy | None = POLICY,
    answered: datetime | None = None,
) -> Promises:
    facts = ClockFacts(MONDAY, tuple(StatusMove(*move) for move in moves), answered)
    return promises(facts, policy, CLOCK if policy else None)


def row(promised: Promises, recorded: TicketClocks = NOTHING_YET) -> TicketClocks:
    return clocks(promised, POLICY, recorded)


def test_both_promises_run_from_the_opening() -> None:
    found = row(standing())
    assert found.first_due_at == MONDAY + HOUR
    assert found.due_at == MONDAY + 8 * HOUR
    assert found.next_due_at == found.first_due_at
    assert found.watch_at == MONDAY + 48 * timedelta(minutes=1)


def test_after_the_first_answer_the_solution_presses_next() -> None:
    found = row(standing(answered=MONDAY + HOUR / 2))
    assert found.first_due_at == MONDAY + HOUR
    assert found.next_due_at == found.due_at


def test_the_clock_stands_while_the_customer_has_to_act() -> None:
    waiting = standing((MONDAY + 3 * HOUR, WAITING), answered=MONDAY + HOUR / 2)
    found = row(waiting)
    assert (found.due_at, found.next_due_at, found.watch_at) == (None, None, None)
    assert found.paused_at == MONDAY + 3 * HOUR
    assert waiting.resolution is not None
    assert waiting.resolution.left == 5 * HOUR


def test_it_goes_on_with_what_was_left() -> None:
    tuesday = MONDAY + timedelta(days=1)
    found = row(standing((MONDAY + 3 * HOUR, WAITING), (tuesday, OPEN)))
    assert found.due_at == tuesday + 5 * HOUR
    assert found.paused_at is None


@pytest.mark.parametrize(("status", "can_breach"), [(WAITING, True), (SOLVED, False)])
def test_the_solution_counts_as_an_answer_and_waiting_does_not(
    status: TicketStatus, can_breach: bool
) -> None:
    promised = standing((MONDAY + HOUR / 2, status))
    assert promised.first_answer is not None
    assert promised.first_answer.can_breach is can_breach


def test_waiting_with_a_word_to_the_customer_keeps_the_promise_of_an_answer() -> None:
    at = MONDAY + HOUR / 2
    promised = standing((at, WAITING), answered=at)
    assert promised.first_answer is not None
    assert not promised.first_answer.can_breach


_LATER = MONDAY + HOUR


@pytest.mark.parametrize(
    ("known", "told", "taken_back", "first"),
    [
        (None, (), (), None),
        (None, (_LATER, MONDAY), (), MONDAY),
        (MONDAY, (MONDAY + timedelta(milliseconds=3), _LATER), (), MONDAY),
        (MONDAY, (_LATER,), (MONDAY,), _LATER),  # the first one was taken back
        (MONDAY, (), (MONDAY + timedelta(milliseconds=3),), None),
        (MONDAY, (_LATER,), (), MONDAY),  # it came with the ticket
        (MONDAY, (), (_LATER,), MONDAY),
        (_LATER, (MONDAY,), (), MONDAY),
    ],
)
def test_the_first_answer_follows_from_what_entries_say(
    known: datetime | None,
    told: tuple[datetime, ...],
    taken_back: tuple[datetime, ...],
    first: datetime | None,
) -> None:
    assert first_answer(known, told, taken_back) == first


def test_a_solution_in_time_is_no_breach_however_late_one_looks() -> None:
    promised = standing((MONDAY + 4 * HOUR, SOLVED), answered=MONDAY + HOUR / 2)
    assert due_now(promised, NOTHING_YET, MONDAY + timedelta(days=900)) == ()
    assert row(promised).due_at == MONDAY + 8 * HOUR


def test_a_late_solution_is_a_breach_although_nobody_looked_meanwhile() -> None:
    promised = standing((MONDAY + timedelta(days=2), SOLVED), answered=MONDAY + HOUR / 2)
    due = Due(TicketEntryKind.BREACH, TicketTarget.RESOLUTION, MONDAY + 8 * HOUR)
    assert due_now(promised, NOTHING_YET, MONDAY + timedelta(days=3)) == (due,)


def test_a_warning_comes_at_its_percentage_and_the_breach_takes_its_place() -> None:
    promised = standing(answered=MONDAY + HOUR / 2)
    warn_at = MONDAY + 8 * HOUR * 0.8
    assert due_now(promised, NOTHING_YET, warn_at - HOUR) == ()
    (warning,) = due_now(promised, NOTHING_YET, warn_at)
    assert (warning.kind, warning.due_at) == (TicketEntryKind.WARNING, MONDAY + 8 * HOUR)
    (breach,) = due_now(promised, NOTHING_YET, MONDAY + 9 * HOUR)
    assert breach.kind is TicketEntryKind.BREACH


def test_what_is_recorded_is_not_recorded_again() -> None:
    promised = standing()
    warned = replace(NOTHING_YET, first_warned_at=MONDAY + HOUR / 2 * 1.9)
    later = MONDAY + HOUR * 0.99
    assert due_now(promised, warned, later) == ()
    lost = replace(warned, first_breached_at=MONDAY + HOUR, breached_at=MONDAY + 8 * HOUR)
    assert due_now(promised, lost, MONDAY + timedelta(days=30)) == ()
    assert row(promised, lost).watch_at is None


def test_a_due_time_that_moved_later_is_warned_of_again() -> None:
    warned = replace(NOTHING_YET, warned_at=MONDAY + 7 * HOUR)
    longer = replace(POLICY, resolution_minutes=4 * 480)
    promised = standing(policy=longer, answered=MONDAY)
    (warning,) = due_now(promised, warned, MONDAY + timedelta(days=3, hours=3))
    assert warning.due_at == MONDAY + timedelta(days=3, hours=8)


def test_a_breach_stays_when_the_ticket_is_opened_again() -> None:
    tuesday, friday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
    promised = standing((tuesday + HOUR, SOLVED), (friday, OPEN), answered=MONDAY)
    found = row(promised, replace(NOTHING_YET, breached_at=MONDAY + 8 * HOUR))
    assert found.breached_at == MONDAY + 8 * HOUR
    assert found.next_due_at == MONDAY + 8 * HOUR  # overdue since


def test_a_policy_without_warning_goes_straight_to_the_breach() -> None:
    promised = standing(policy=replace(POLICY, warn_percent=0), answered=MONDAY)
    assert row(promised).watch_at == MONDAY + 8 * HOUR


def test_a_given_due_time_stays_where_it_is() -> None:
    due = MONDAY + timedelta(days=5)
    facts = ClockFacts(MONDAY, (StatusMove(MONDAY + HOUR, WAITING),), given_due_at=due)
    promised = promises(facts, None, None)
    found = clocks(promised, None, NOTHING_YET)
    assert (found.due_at, found.next_due_at) == (due, due)
    assert found.watch_at == MONDAY + timedelta(days=4)


def test_nothing_promised_is_nothing_due() -> None:
    assert row(promises(ClockFacts(MONDAY), None, None)) == TicketClocks(policy_id=POLICY.id)


def test_a_calendar_without_hours_makes_nothing_due() -> None:
    closed = BusinessClock(replace(OFFICE, hours=()))
    found = row(promises(ClockFacts(MONDAY), POLICY, closed))
    assert (found.first_due_at, found.due_at, found.watch_at) == (None, None, None)


def test_the_first_policy_that_is_meant_holds() -> None:
    gold = replace(POLICY, name="Gold", segment="Gold")
    asleep = replace(POLICY, name="Asleep", is_active=False)
    complaint = replace(POLICY, name="Complaints", ticket_kind="complaint")
    levels = ServiceLevels((asleep, gold, complaint, POLICY))
    chosen = [
        levels.policy_for("Complaint", "high", "gold"),
        levels.policy_for("Complaint", "high", "Silver"),
        levels.policy_for("question", "low", ""),
    ]
    assert [one.name for one in chosen if one] == ["Gold", "Complaints", "Standard"]
    assert ServiceLevels((gold,)).policy_for("question", "low", "") is None


statuses = st.lists(st.sampled_from(TicketStatus), max_size=6)
gaps = st.lists(st.integers(0, 5_000), min_size=6, max_size=6)


@settings(max_examples=150, deadline=None)
@given(statuses, gaps, st.integers(1, 3_000))
def test_the_solution_is_due_when_the_open_working_time_is_used_up(
    wanted: list[TicketStatus], minutes: list[int], promised: int
) -> None:
    at, moves = MONDAY, []
    for status, gap in zip(wanted, minutes, strict=False):
        at += timedelta(minutes=gap)
        moves.append(StatusMove(at, status))
    facts = ClockFacts(MONDAY, tuple(moves))
    policy = replace(POLICY, resolution_minutes=promised)
    found = promises(facts, policy, CLOCK).resolution
    assert found is not None
    used, since = timedelta(), MONDAY
    status = OPEN
    for move in (*moves, StatusMove(found.due_at or at, SOLVED)):
        end = move.at if found.due_at is None else min(move.at, found.due_at)
        if status is OPEN and facts.status is not SOLVED:
            used += CLOCK.between(since, end)
        since, status = move.at, move.status
    if facts.status is SOLVED:
        return  # what would have been due is checked by its own test
    if found.due_at is not None:
        assert used == timedelta(minutes=promised)
    else:
        assert found.left is not None
        assert used + found.left == timedelta(minutes=promised)
