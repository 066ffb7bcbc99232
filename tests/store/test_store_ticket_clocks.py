"""Clocks of tickets in the store: mended by every change, recorded exactly once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from crmdesk.domain.business_time import Holiday
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.tickets import (
    TicketEntryKind,
    TicketFilter,
    TicketStatus,
    TicketTarget,
)
from crmdesk.store import Writer
from crmdesk.store.service.clocks import MENDED_AT_ONCE
from crmdesk.store.tables import sla_policy, ticket
from tests.store.ticket_desk import HOUR, MONDAY, OFFICE, STANDARD, TicketDesk, about, desk

__all__ = ["desk"]

K = TicketEntryKind


def clock_entries(desk: TicketDesk, key: uuid.UUID) -> list[tuple[TicketEntryKind, str]]:
    entries = desk.read(lambda r: r.ticket(key)).entries
    return [(one.kind, one.text) for one in entries if not one.who]


def test_warning_and_breach_are_recorded_once_each_and_told_once(desk: TicketDesk) -> None:
    key = desk.open()
    assert desk.record(MONDAY + HOUR / 2) == ()
    (warning,) = desk.record(MONDAY + HOUR * 0.9)
    assert (warning.kind, warning.target) == (K.WARNING, TicketTarget.FIRST_ANSWER)
    assert desk.record(MONDAY + HOUR * 0.95) == ()
    (breach,) = desk.record(MONDAY + 2 * HOUR)
    assert (breach.kind, about(breach.due_at)) == (K.BREACH, MONDAY + HOUR)
    assert desk.record(MONDAY + 3 * HOUR) == ()
    assert (
        clock_entries(desk, key) == [(K.BREACH, "first_answer"), (K.WARNING, "first_answer")][::-1]
    )
    assert about(desk.ticket(key).clocks.first_breached_at) == MONDAY + HOUR


def test_a_desk_that_was_off_records_the_breach_and_no_late_warning(desk: TicketDesk) -> None:
    key = desk.open()
    news = desk.record(MONDAY + timedelta(days=30))
    assert {one.kind for one in news} == {K.BREACH}
    assert len(news) == 2
    assert desk.read(lambda r: r.next_ticket_watch()) is None
    assert [text for _, text in clock_entries(desk, key)] == ["first_answer", "resolution"]


def test_another_desk_that_recorded_the_same_breach_wrote_the_same_row(desk: TicketDesk) -> None:
    key = desk.open()
    late = MONDAY + 3 * HOUR
    desk.record(late)

    def forget(writer) -> None:  # as if the row of the ticket had not come over yet
        writer._connection.exec_driver_sql(
            "UPDATE ticket SET first_breached_at = NULL, watch_at = at"
        )

    desk.write(forget)
    assert desk.record(late + HOUR) == ()
    assert len(clock_entries(desk, key)) == 1
    assert desk.ticket(key).clocks.first_breached_at is not None


def test_a_solution_that_came_too_late_is_recorded_even_if_nobody_watched(
    desk: TicketDesk,
) -> None:
    key = desk.open()
    desk.write(lambda w: w.comment_ticket(key, "Hello", "Ben", is_answer=True))
    desk.clock.at = MONDAY + timedelta(days=3)
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.SOLVED, "Ben"))
    (breach,) = desk.record(MONDAY + timedelta(days=4))
    assert breach.target is TicketTarget.RESOLUTION
    assert desk.ticket(key).clocks.is_breached


def test_a_breach_stays_when_the_policy_is_relaxed_or_the_ticket_solved(desk: TicketDesk) -> None:
    key = desk.open()
    desk.record(MONDAY + 2 * HOUR)
    generous = replace(STANDARD, first_answer_minutes=6_000, resolution_minutes=9_000)
    desk.write(lambda w: w.save_policies((generous,), "Dana"))
    desk.mend()
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.SOLVED, "Ben"))
    assert about(desk.ticket(key).clocks.first_breached_at) == MONDAY + HOUR


@pytest.mark.parametrize("minutes", [-5, 0, 10**13])
def test_what_nobody_can_promise_is_refused_and_hurts_no_ticket(
    desk: TicketDesk, minutes: int
) -> None:
    impossible = replace(STANDARD, resolution_minutes=minutes)
    with pytest.raises(UserFacingError, match="cannot be kept"):
        desk.write(lambda w: w.save_policies((impossible,), "Dana"))
    desk.write(lambda w: w.save_policies((STANDARD,), "Dana"))
    spoil = update(sla_policy).values(resolution_minutes=minutes)
    desk.write(lambda w: w._connection.execute(spoil))  # another desk, of another release
    key = desk.open()
    assert desk.ticket(key).clocks.due_at is None
    assert desk.record(MONDAY + 2 * HOUR) == ()


def test_the_policy_escalates_a_breach_to_whom_it_names(desk: TicketDesk) -> None:
    desk.write(lambda w: w.save_policies((replace(STANDARD, escalate_to="Dana"),), "Dana"))
    key = desk.open(owner="Ben")
    (news,) = desk.record(MONDAY + 2 * HOUR)
    found = desk.ticket(key)
    assert news.escalated_to == "Dana"
    assert (found.escalation, found.escalated_to, found.owner) == (1, "Dana", "Ben")
    assert (K.ESCALATION, "first_answer") in clock_entries(desk, key)
    desk.record(MONDAY + 25 * HOUR)
    assert desk.ticket(key).escalation == 2


def test_taking_back_a_step_leaves_what_the_clock_recorded(desk: TicketDesk) -> None:
    key = desk.open()
    change = desk.write(lambda w: w.change_ticket(key, {"priority": "low"}, "Ben"))
    desk.record(MONDAY + 2 * HOUR)
    assert desk.write(lambda w: w.undo_change(change.id, "Ben")).kept == 0
    assert desk.ticket(key).clocks.first_breached_at is not None
    assert desk.ticket(key).priority == "normal"


def test_another_priority_is_another_policy(desk: TicketDesk) -> None:
    quick = replace(STANDARD, id=uuid.uuid4(), name="Urgent", priority="urgent")
    quick = replace(quick, first_answer_minutes=10, resolution_minutes=60)
    desk.write(lambda w: w.save_policies((quick, STANDARD), "Dana"))
    key = desk.open()
    desk.write(lambda w: w.change_ticket(key, {"priority": "urgent"}, "Ben"))
    assert about(desk.ticket(key).clocks.due_at) == MONDAY + HOUR
    assert desk.read(lambda r: r.ticket(key)).policy_name == "Urgent"


def test_another_segment_of_the_customer_is_another_policy(desk: TicketDesk) -> None:
    gold = replace(STANDARD, id=uuid.uuid4(), name="Gold", segment="gold", resolution_minutes=60)
    desk.write(lambda w: w.save_policies((gold, STANDARD), "Dana"))
    key = desk.open()

    def promote(writer) -> None:
        from crmdesk.store.tables import customer

        with writer.change("edit", "Gold now", "Ben") as change:
            change.update(customer, desk.customer.id, {"segment": "Gold"})

    desk.write(promote)
    assert about(desk.ticket(key).clocks.due_at) == MONDAY + HOUR


def test_an_edited_calendar_mends_all_open_tickets_in_parts(desk: TicketDesk) -> None:
    keys = [desk.open(f"Ticket {n}") for n in range(5)]
    desk.write(lambda w: w.set_ticket_status(keys[0], TicketStatus.SOLVED, "Ben"))
    before = desk.ticket(keys[0]).clocks
    closed = replace(OFFICE, holidays=(Holiday(date(2026, 5, 4), "Day off"),))
    desk.write(lambda w: w.save_calendar(closed, "Dana"))
    assert desk.read(lambda r: r.has_stale_clocks())
    parts = 1
    while desk.write(lambda w: w.mend_next_clocks(limit=2)):
        parts += 1
    assert parts == 3
    assert not desk.read(lambda r: r.has_stale_clocks())
    tuesday = MONDAY + timedelta(days=1)
    assert {desk.ticket(key).clocks.due_at for key in keys[1:]} == {tuesday + 8 * HOUR}
    assert desk.ticket(keys[0]).clocks == before
    assert MENDED_AT_ONCE < 1_000


def test_taking_back_an_edited_policy_mends_them_again(desk: TicketDesk) -> None:
    key = desk.open()
    due = desk.ticket(key).clocks
    change = desk.write(
        lambda w: w.save_policies((replace(STANDARD, resolution_minutes=60),), "Dana")
    )
    desk.mend()
    assert desk.ticket(key).clocks != due
    desk.write(lambda w: w.undo_change(change.id, "Dana"))
    desk.mend()
    assert desk.ticket(key).clocks == due


def test_without_a_policy_nothing_is_due_and_a_given_due_time_stands(desk: TicketDesk) -> None:
    desk.write(lambda w: w.save_policies((), "Dana"))
    key = desk.open()
    assert desk.ticket(key).clocks.due_at is None
    due = MONDAY + timedelta(days=2)
    given = desk.write(
        lambda w: w.add_ticket(
            desk.customer.id, MONDAY, number="7", kind="question", subject="Old", due_at=due
        )
    )
    desk.write(lambda w: w.change_ticket(given, {"priority": "high"}, "Ben"))
    assert desk.ticket(given).clocks.next_due_at == due
    (warning,) = desk.record(MONDAY + timedelta(days=1, hours=20))
    assert warning.kind is K.WARNING


def test_a_calendar_without_hours_says_why_nothing_is_due(desk: TicketDesk) -> None:
    desk.write(lambda w: w.save_calendar(replace(OFFICE, hours=()), "Dana"))
    key = desk.open()
    view = desk.read(lambda r: r.ticket(key))
    assert view.ticket.clocks.due_at is None
    assert "no working hours" in view.trouble
    assert desk.read(lambda r: r.tickets(TicketFilter(), MONDAY)).rows


def test_a_ticket_from_elsewhere_without_entries_has_its_clock(desk: TicketDesk) -> None:
    def add(status: str, **facts) -> uuid.UUID:
        values = {"number": "9", "kind": "complaint", "subject": "Old", "status": status}
        key = desk.write(lambda w: w.add_ticket(desk.customer.id, MONDAY, **values, **facts))
        desk.write(lambda w: w.mend_clocks([key]))
        return key

    waiting, solved = add("waiting"), add("solved", solved_at=MONDAY + 2 * HOUR)
    assert desk.ticket(waiting).clocks.paused_at == MONDAY
    assert desk.ticket(solved).clocks.due_at == MONDAY + 8 * HOUR
    late = desk.record(MONDAY + timedelta(days=9))
    assert [one.target for one in late] == 2 * [TicketTarget.FIRST_ANSWER]


def test_waiting_leaves_the_promise_of_an_answer_open_until_somebody_answers(
    desk: TicketDesk,
) -> None:
    silent, told = desk.open(), desk.open()
    desk.write(lambda w: w.set_ticket_status(silent, TicketStatus.WAITING, "Ben"))
    desk.write(lambda w: w.set_ticket_status(told, TicketStatus.WAITING, "Ben", "Send the slip"))
    assert desk.ticket(silent).first_answered_at is None
    assert desk.ticket(told).first_answered_at is not None
    (late,) = desk.record(MONDAY + 2 * HOUR)
    assert (late.ticket_id, late.target) == (silent, TicketTarget.FIRST_ANSWER)


def test_the_first_answer_is_that_of_what_still_holds(desk: TicketDesk) -> None:
    key = desk.open()
    desk.clock.at = MONDAY + HOUR / 4
    solved = desk.write(lambda w: w.set_ticket_status(key, TicketStatus.SOLVED, "Ben"))
    desk.clock.at = MONDAY + HOUR / 2
    answer = desk.write(lambda w: w.comment_ticket(key, "Paid back", "Ben", is_answer=True))
    assert about(desk.ticket(key).first_answered_at) == MONDAY + HOUR / 4
    desk.write(lambda w: w.undo_change(solved.id, "Ben"))
    assert about(desk.ticket(key).first_answered_at) == MONDAY + HOUR / 2
    assert [one.target for one in desk.record(MONDAY + 2 * HOUR)] == []
    desk.write(lambda w: w.undo_change(answer.id, "Ben"))
    assert desk.ticket(key).first_answered_at is None
    assert [one.target for one in desk.record(MONDAY + 2 * HOUR)] == [TicketTarget.FIRST_ANSWER]


def test_a_first_answer_from_elsewhere_stays_whatever_is_taken_back(desk: TicketDesk) -> None:
    given = {"number": "9", "kind": "complaint", "subject": "Old", "status": "open"}
    given["priority"] = "normal"
    whose = {"customer_id": desk.customer.id, "at": MONDAY, "first_answered_at": MONDAY}
    key = uuid.uuid4()

    def add(writer: Writer) -> None:
        with writer.change(ChangeKind.TICKET, "Imported", "Ben") as change:
            change.insert(ticket, {**given, **whose}, key)

    desk.write(add)
    desk.clock.at = MONDAY + HOUR
    answer = desk.write(lambda w: w.comment_ticket(key, "Again", "Ben", is_answer=True))
    assert desk.ticket(key).first_answered_at == MONDAY
    desk.write(lambda w: w.undo_change(answer.id, "Ben"))
    assert desk.ticket(key).first_answered_at == MONDAY


def test_what_a_clock_far_ahead_recorded_is_forgotten_and_the_real_ones_are_told(
    desk: TicketDesk,
) -> None:
    desk.write(lambda w: w.save_policies((replace(STANDARD, escalate_to="Dana"),), "Dana"))
    desk.mend()
    key = desk.open(owner="Ben")
    desk.record(MONDAY + timedelta(days=365))
    assert desk.ticket(key).escalation == 2
    desk.clock.at = MONDAY - 10 * HOUR
    assert desk.read(lambda r: r.clocks_ahead(MONDAY - 10 * HOUR)) == [key]
    desk.write(lambda w: w.mend_clocks_ahead(MONDAY - 10 * HOUR))
    found = desk.ticket(key)
    assert not found.clocks.is_breached
    assert (found.escalation, found.escalated_to) == (0, "")
    assert clock_entries(desk, key) == []
    assert desk.read(lambda r: r.clocks_ahead(MONDAY - 10 * HOUR)) == []
    told = [one for at in (0.9, 2, 7, 25) for one in desk.record(MONDAY + at * HOUR)]
    assert [(one.kind, one.target) for one in told] == [
        (kind, target) for target in TicketTarget for kind in (K.WARNING, K.BREACH)
    ]
    assert {one.escalated_to for one in told if one.kind is K.BREACH} == {"Dana"}
    assert desk.ticket(key).escalation == 2
    assert len(clock_entries(desk, key)) == 6


def test_an_escalation_of_a_person_and_clocks_a_little_ahead_stay(desk: TicketDesk) -> None:
    key = desk.open(owner="Ben")
    desk.record(MONDAY + timedelta(days=365))
    desk.write(lambda w: w.escalate_ticket(key, "Eve", "She shouts", "Ben"))
    desk.clock.at = MONDAY - HOUR
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.SOLVED, "Ben"))
    found = desk.ticket(key)
    assert (found.escalation, found.escalated_to, found.clocks.is_breached) == (1, "Eve", False)
    desk.clock.at = MONDAY
    other = desk.open()
    desk.record(MONDAY + 2 * HOUR)
    assert desk.read(lambda r: r.clocks_ahead(MONDAY + HOUR / 2)) == []
    assert desk.ticket(other).clocks.first_breached_at is not None
