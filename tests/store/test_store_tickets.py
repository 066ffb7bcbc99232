"""Tickets: what people do with them, and that each step can be taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.domain.business_time import WorkCalendar
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.tickets import (
    TicketEntryKind,
    TicketFilled,
    TicketFilter,
    TicketLinkKind,
    TicketScope,
    TicketStatus,
)
from crmdesk.store.tables import picklist_entry
from tests.store.ticket_desk import HOUR, MONDAY, OFFICE, STANDARD, TicketDesk, about, desk

__all__ = ["desk"]

K = TicketEntryKind


def kinds(desk: TicketDesk, key: uuid.UUID) -> list[TicketEntryKind]:
    return [entry.kind for entry in desk.read(lambda r: r.ticket(key)).entries]


def test_a_new_ticket_has_a_number_a_first_entry_and_its_due_times(desk: TicketDesk) -> None:
    key = desk.open(owner="Ben", detail="Charged twice.\nSee the mail.")
    view = desk.read(lambda r: r.ticket(key))
    assert (view.ticket.number, view.ticket.status, view.ticket.owner) == ("1001", "open", "Ben")
    assert view.ticket.detail == "Charged twice.\nSee the mail."
    assert [entry.kind for entry in view.entries] == [K.OPENED]
    assert (view.customer_name, view.policy_name) == ("Anna Groß", "Standard")
    assert about(view.ticket.clocks.first_due_at) == MONDAY + HOUR
    assert about(view.ticket.clocks.due_at) == MONDAY + 24 * HOUR  # by some milliseconds


def test_numbers_go_on_from_the_latest_and_pass_over_those_of_other_systems(
    desk: TicketDesk,
) -> None:
    customer = desk.customer.id
    desk.write(
        lambda w: (
            w.add_ticket(customer, MONDAY, number="4711", kind="question", subject="Old"),
            w.add_ticket(customer, MONDAY, number="SUP-99999", kind="question", subject="Jira"),
        )
    )
    assert desk.ticket(desk.open()).number == "4712"
    assert desk.read(lambda r: r.ticket_by_number("#4712")) is not None


def test_an_answer_counts_once_and_an_inner_note_does_not(desk: TicketDesk) -> None:
    key = desk.open()
    desk.write(lambda w: w.comment_ticket(key, "Ask accounting", "Ben", is_answer=False))
    assert desk.ticket(key).first_answered_at is None
    desk.write(lambda w: w.comment_ticket(key, "We look into it", "Ben", is_answer=True))
    first = desk.ticket(key)
    desk.write(lambda w: w.comment_ticket(key, "Still at it", "Ben", is_answer=True))
    assert desk.ticket(key).first_answered_at == first.first_answered_at
    assert first.clocks.next_due_at == first.clocks.due_at
    assert kinds(desk, key) == [K.OPENED, K.NOTE, K.ANSWER, K.ANSWER]


def test_waiting_stops_the_clock_and_opening_again_lets_it_go_on(desk: TicketDesk) -> None:
    key = desk.open()
    desk.clock.at = MONDAY + 3 * HOUR
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.WAITING, "Ben", "Send the slip"))
    view = desk.read(lambda r: r.ticket(key))
    assert about(view.ticket.clocks.paused_at) == MONDAY + 3 * HOUR
    assert view.ticket.clocks.due_at is None
    assert view.left_minutes == 5 * 60 - 1  # and some milliseconds
    desk.clock.at = MONDAY + 24 * HOUR
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.OPEN, "Ben"))
    assert about(desk.ticket(key).clocks.due_at) == MONDAY + 29 * HOUR
    assert kinds(desk, key) == [K.OPENED, K.ANSWER, K.STATUS, K.STATUS]


def test_solving_and_opening_again(desk: TicketDesk) -> None:
    key = desk.open()
    desk.clock.at = MONDAY + HOUR / 2
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.SOLVED, "Ben"))
    solved = desk.ticket(key)
    assert about(solved.solved_at) == MONDAY + HOUR / 2
    assert solved.first_answered_at == solved.solved_at
    assert solved.clocks.next_due_at is None
    desk.clock.at = MONDAY + 4 * HOUR
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.OPEN, "Carla"))
    opened = desk.ticket(key)
    assert opened.solved_at is None
    assert about(opened.clocks.due_at) == MONDAY + 11.5 * HOUR + 16 * HOUR - 7.5 * HOUR + 7.5 * HOUR


def test_an_edit_writes_what_differs_and_refuses_what_somebody_else_changed(
    desk: TicketDesk,
) -> None:
    key = desk.open(detail="Charged twice.")
    seen = desk.ticket(key)
    hers = replace(seen, detail="Charged twice.\nSee the mail.", priority="high")
    desk.write(lambda w: w.edit_ticket(seen, hers, "Anna"))
    desk.write(lambda w: w.edit_ticket(seen, replace(seen, subject="Two invoices"), "Ben"))
    both = desk.ticket(key)
    assert (both.subject, both.detail, both.priority) == ("Two invoices", hers.detail, "high")
    assert set(kinds(desk, key)) == {K.OPENED, K.DETAIL, K.PRIORITY, K.SUBJECT}
    his = replace(seen, detail="Paid once.", kind="question")
    with pytest.raises(ConflictingEditsError, match="Anna changed this ticket") as error:
        desk.write(lambda w: w.edit_ticket(seen, his, "Ben"))
    assert [one.field for one in error.value.conflicts] == ["detail"]
    assert desk.ticket(key) == both
    with pytest.raises(UserFacingError, match="subject"):
        desk.write(lambda w: w.edit_ticket(both, replace(both, subject=" "), "Ben"))


def test_a_changed_description_is_an_entry_and_taken_back_with_it(desk: TicketDesk) -> None:
    key = desk.open(detail="Charged twice.")
    change = desk.write(lambda w: w.change_ticket(key, {"detail": "Paid once."}, "Ben"))
    assert kinds(desk, key) == [K.OPENED, K.DETAIL]
    desk.write(lambda w: w.undo_change(change.id, "Ben"))
    assert desk.ticket(key).detail == "Charged twice."
    assert kinds(desk, key) == [K.OPENED]


def test_a_stage_of_the_company_means_a_status(desk: TicketDesk) -> None:
    key = desk.open()
    stages = (
        ("open", "Open", "open"),
        ("lab", "At the lab", "waiting"),
        ("done", "Done", "solved"),
    )

    def plan(writer) -> None:
        with writer.change("plan", "Stages", "Dana") as change:
            for place, (name, title, meaning) in enumerate(stages):
                row = {"list_key": "ticket_stage", "key": name, "title": title}
                change.insert(picklist_entry, {**row, "meaning": meaning, "position": place})

    desk.write(plan)
    desk.write(lambda w: w.move_ticket(key, "lab", "Ben"))
    moved = desk.ticket(key)
    assert (moved.stage, moved.status) == ("lab", TicketStatus.WAITING)
    assert kinds(desk, key) == [K.OPENED, K.STATUS, K.STAGE]
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.SOLVED, "Ben"))
    assert desk.ticket(key).stage == "done"


def test_priority_owner_kind_and_subject_are_changed_with_an_entry_each(desk: TicketDesk) -> None:
    key = desk.open()
    wanted = {"priority": "urgent", "owner": "Carla", "kind": "question", "subject": "Two invoices"}
    change = desk.write(lambda w: w.change_ticket(key, wanted, "Ben"))
    found = desk.ticket(key)
    assert {name: getattr(found, name) for name in wanted} == wanted
    assert set(kinds(desk, key)) == {K.OPENED, K.PRIORITY, K.OWNER, K.KIND, K.SUBJECT}
    desk.write(lambda w: w.undo_change(change.id, "Ben"))
    assert desk.ticket(key).priority == "normal"
    assert kinds(desk, key) == [K.OPENED]


def test_escalation_raises_the_level_and_may_hand_the_ticket_over(desk: TicketDesk) -> None:
    key = desk.open(owner="Ben")
    desk.write(lambda w: w.escalate_ticket(key, "Dana", "Ben", "Customer is furious"))
    assert desk.ticket(key).owner == "Ben"
    desk.write(lambda w: w.escalate_ticket(key, "Eve", "Ben", hand_over=True))
    found = desk.ticket(key)
    assert (found.escalation, found.escalated_to, found.owner) == (2, "Eve", "Eve")
    mine = TicketFilter(TicketScope.MINE, "Eve")
    assert len(desk.read(lambda r: r.tickets(mine, MONDAY)).rows) == 1


def test_calls_orders_invoices_and_tickets_are_linked_in_words(desk: TicketDesk, make_call) -> None:
    call = make_call("1")
    customer = desk.customer.id
    order = desk.write(
        lambda w: (
            w.save_call(call, None),
            w.add_order(customer, MONDAY, number="88-21", title="Chair", total_cents=9900),
        )
    )[1]
    other = desk.open("First ticket")
    key = desk.open(call_id=call.id, links=((TicketLinkKind.ORDER, order),))
    desk.write(lambda w: w.link_ticket(key, TicketLinkKind.TICKET, other, "Ben"))
    links = desk.read(lambda r: r.ticket(key)).links
    assert [link.kind for link in links] == ["call", "order", "ticket"]
    assert links[1].title == "Order 88-21: Chair, placed"
    assert links[2].title.startswith("Complaint 1001: First ticket")
    assert desk.read(lambda r: r.tickets_linked_to(order)) == (key,)
    with pytest.raises(UserFacingError, match="already"):
        desk.write(lambda w: w.link_ticket(key, TicketLinkKind.ORDER, order, "Ben"))
    desk.write(lambda w: w.unlink_ticket(links[1].id, "Ben"))
    assert len(desk.read(lambda r: r.ticket(key)).links) == 2
    assert {one.kind for one in desk.read(lambda r: r.linkable(customer))} == {"order", "ticket"}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda w, key: w.comment_ticket(key, " \n ", "Ben", is_answer=True), "nothing to save"),
        (lambda w, key: w.move_ticket(key, "open", "Ben"), "already"),
        (lambda w, key: w.change_ticket(key, {"subject": "  "}, "Ben"), "needs a subject"),
        (
            lambda w, key: w.change_ticket(key, {"priority": "normal"}, "Ben"),
            "Nothing is different",
        ),
        (lambda w, key: w.escalate_ticket(key, " ", "Ben"), "Nobody is named"),
        (lambda w, key: w.comment_ticket(uuid.uuid4(), "x", "Ben", is_answer=True), "no longer"),
        (lambda w, key: w.link_ticket(key, TicketLinkKind.TICKET, key, "Ben"), "already"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(desk: TicketDesk, step, words: str) -> None:
    key = desk.open()
    before = desk.read(lambda r: r.ticket(key))
    with pytest.raises(UserFacingError, match=words):
        desk.write(lambda w: step(w, key))
    assert desk.read(lambda r: r.ticket(key)) == before


def test_a_ticket_without_subject_or_for_nobody_is_not_opened(desk: TicketDesk) -> None:
    with pytest.raises(UserFacingError, match="needs a subject"):
        desk.open("  ")
    with pytest.raises(UserFacingError, match="no longer in the store"):
        desk.open(customer_id=uuid.uuid4())


def test_card_numbers_are_masked_wherever_they_are_typed(desk: TicketDesk) -> None:
    card = "4111 1111 1111 1111"
    key = desk.open(f"Refund to {card}", detail=f"card {card}")
    desk.write(lambda w: w.comment_ticket(key, f"charged {card}", "Ben", is_answer=False))
    desk.write(lambda w: w.escalate_ticket(key, "Dana", "Ben", f"see {card}"))
    view = desk.read(lambda r: r.ticket(key))
    said = [view.ticket.subject, view.ticket.detail, *(entry.text for entry in view.entries)]
    assert "4111" not in " ".join(said)
    assert sum("•••• 1111" in text for text in said) == 4
    assert all("4111" not in change.title for change in desk.read(lambda r: r.changes()).changes)


def test_text_of_any_script_and_length_is_kept_and_markup_is_text(desk: TicketDesk) -> None:
    text = "Привет — 你好 — مرحبا\n<script>alert(1)</script>\x00\x1b[31m" + "ß" * 30_000
    key = desk.open("<b>" + "世" * 400)
    desk.write(lambda w: w.comment_ticket(key, text, "Ben", is_answer=True))
    view = desk.read(lambda r: r.ticket(key))
    assert view.ticket.subject.startswith("<b>世世")
    said = view.entries[-1].text
    assert said.startswith("Привет — 你好 — مرحبا\n<script>alert(1)</script>[31mß")
    assert "\x00" not in said


def test_taking_back_every_step_leaves_nothing(desk: TicketDesk) -> None:
    key = desk.open()
    desk.write(lambda w: w.comment_ticket(key, "Hello", "Ben", is_answer=True))
    desk.write(lambda w: w.set_ticket_status(key, TicketStatus.WAITING, "Ben"))
    desk.write(lambda w: w.escalate_ticket(key, "Dana", "Ben"))
    changes = [one for one in desk.read(lambda r: r.changes()).changes if one.kind == "ticket"]
    for change in changes[:3]:
        assert desk.write(lambda w, key=change.id: w.undo_change(key, "Ben")).kept == 0
    found = desk.ticket(key)
    assert (found.status, found.first_answered_at, found.escalation) == ("open", None, 0)
    assert found.clocks.paused_at is None
    assert about(found.clocks.next_due_at) == MONDAY + HOUR
    desk.write(lambda w: w.undo_change(changes[3].id, "Ben"))
    assert desk.read(lambda r: r.ticket(key)) is None
    assert desk.read(lambda r: r.next_ticket_watch()) is None


def test_lists_show_what_is_due_first_and_are_paged_by_key(desk: TicketDesk) -> None:
    fixed = [desk.open(f"Complaint {n}") for n in range(5)]
    desk.write(lambda w: w.set_ticket_status(fixed[1], TicketStatus.WAITING, "Ben", "And you?"))
    desk.write(lambda w: w.set_ticket_status(fixed[3], TicketStatus.SOLVED, "Ben"))
    subjects, after = [], None
    for _ in range(9):
        page = desk.read(lambda r, after=after: r.tickets(TicketFilter(), MONDAY, after, limit=2))
        subjects += [row.ticket.subject[-1] for row in page.rows]
        after = page.next
        if after is None:
            break
    assert subjects == ["0", "2", "4", "1"]
    solved = desk.read(lambda r: r.tickets(TicketFilter(is_solved=True), MONDAY)).rows
    assert [row.ticket.id for row in solved] == [fixed[3]]


def test_filters_and_counts(desk: TicketDesk) -> None:
    mine = desk.open("Printer broken", owner="Ben", kind="request")
    desk.open("How do I pay 50%?", kind="question", priority="urgent")

    def found(**facts) -> list[str]:
        chosen = TicketFilter(**facts)
        rows = desk.read(lambda r: r.tickets(chosen, MONDAY + 30 * HOUR)).rows
        return [row.ticket.subject.split(" ")[0] for row in rows]

    assert found(scope=TicketScope.MINE, agent="Ben") == ["Printer"]
    assert found(scope=TicketScope.MINE, agent="") == []
    assert found(scope=TicketScope.UNASSIGNED) == ["How"]
    assert found(kinds=frozenset({"QUESTION"})) == ["How"]
    assert found(priorities=frozenset({"urgent"})) == ["How"]
    assert found(text="50%") == ["How"]
    assert found(text="50_") == []
    assert found(text="#1001") == ["Printer"]
    assert found(text="gross") == ["Printer", "How"]
    assert found(text="'; DROP TABLE ticket--") == []
    assert found(is_breached=True) == ["Printer", "How"]
    assert found(customer_id=uuid.uuid4()) == []
    counts = desk.read(lambda r: r.ticket_counts("Ben", MONDAY + 30 * HOUR))
    assert (counts.open, counts.mine, counts.unassigned, counts.breached) == (2, 1, 1, 2)
    desk.write(lambda w: w.set_ticket_status(mine, TicketStatus.SOLVED, "Ben"))
    assert desk.read(lambda r: r.ticket_counts("Ben", MONDAY)).open == 1


def test_calendars_and_policies_come_back_as_they_were_saved(desk: TicketDesk) -> None:
    levels = desk.read(lambda r: r.service_levels())
    assert levels.calendars == (OFFICE,)
    assert levels.policies == (STANDARD,)
    gold = replace(STANDARD, id=uuid.UUID(int=9), name="Gold", segment="Gold", calendar_id=None)
    desk.write(lambda w: w.save_policies((gold, STANDARD), "Dana"))
    assert desk.read(lambda r: r.service_levels()).policies == (gold, STANDARD)
    change = desk.write(lambda w: w.save_policies((STANDARD,), "Dana"))
    desk.write(lambda w: w.undo_change(change.id, "Dana"))
    assert desk.read(lambda r: r.service_levels()).policies == (gold, STANDARD)


def test_calendars_in_use_or_without_zone_are_refused(desk: TicketDesk) -> None:
    with pytest.raises(UserFacingError, match="used by Standard"):
        desk.write(lambda w: w.remove_calendar(OFFICE.id, "Dana"))
    for wrong in ("Europe/Nowhere", "../etc"):
        with pytest.raises(UserFacingError, match="not known"):
            desk.write(lambda w, zone=wrong: w.save_calendar(replace(OFFICE, zone=zone), "Dana"))
    with pytest.raises(UserFacingError, match="needs a name"):
        desk.write(lambda w: w.save_calendar(replace(OFFICE, name=" "), "Dana"))
    spare = WorkCalendar(uuid.uuid4(), "Spare")
    desk.write(lambda w: w.save_calendar(spare, "Dana"))
    desk.write(lambda w: w.remove_calendar(spare.id, "Dana"))
    assert desk.read(lambda r: r.service_levels()).calendars == (OFFICE,)


def test_words_of_a_newer_program_do_not_break_the_list(desk: TicketDesk) -> None:
    key = desk.open()

    def write(writer) -> None:
        run = writer._connection.exec_driver_sql
        run("UPDATE ticket SET status = 'parked'")
        run("UPDATE ticket_entry SET kind = 'chat', text = 'Hello'")

    desk.write(write)
    other = desk.open("Other")
    desk.write(lambda w: w.link_ticket(key, TicketLinkKind.TICKET, other, "Ben"))
    desk.write(lambda w: w._connection.exec_driver_sql("UPDATE ticket_link SET kind = 'parcel'"))
    view = desk.read(lambda r: r.ticket(key))
    assert (view.ticket.status, view.links) == (TicketStatus.OPEN, ())
    assert view.entries[0].kind is K.NOTE
    assert len(desk.read(lambda r: r.tickets(TicketFilter(), MONDAY)).rows) == 2
    desk.record(MONDAY + 2 * HOUR)


def test_what_a_ticket_lacked_comes_with_the_step_and_overwrites_nothing(desk: TicketDesk) -> None:
    key = desk.open(owner="Ben")
    order = uuid.uuid4()
    filled = TicketFilled(
        (("owner", "Dana"), ("detail", "card 4111 1111 1111 1111")),
        ((TicketLinkKind.ORDER, order),),
    )
    step = desk.write(lambda w: w.move_ticket(key, "solved", "Ben", "Paid back", filled))
    found = desk.ticket(key)
    assert (found.owner, found.detail, found.is_solved) == ("Ben", "card •••• 1111", True)
    assert kinds(desk, key) == [K.OPENED, K.ANSWER, K.LINKED, K.DETAIL, K.STATUS]
    desk.write(lambda w: w.undo_change(step.id, "Ben"))
    assert (desk.ticket(key).detail, desk.ticket(key).is_solved) == ("", False)
