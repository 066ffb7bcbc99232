"""What the pop says: who it is, what changed, what presses."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmdesk.domain.calls import CallOutcome
from crmdesk.domain.customers import CustomerKind, TimelineKind
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber

BERLIN = "+493023125012"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def anna(write, make_person):
    company = make_person("Nordlicht GmbH", kind=CustomerKind.COMPANY)
    person = make_person("Anna Groß", BERLIN, company_id=company.id, emails=("anna@example.com",))
    write(lambda w: (w.save_customer(company), w.save_customer(person)))
    return person.id


@pytest.fixture
def story(read, anna, now):
    return lambda: read(lambda r: r.story(anna, now))


def _talk(write, anna, call):
    match = Match(MatchState.EXACT, MatchRule.E164, NormalisedNumber(BERLIN, BERLIN), anna)
    write(lambda w: (w.save_call(call, BERLIN), w.link_call(call.id, match)))


def _texts(story):
    return [(line.tone, line.text) for line in story().since]


def test_stranger_has_no_story(read, now):
    assert read(lambda r: r.story(uuid.uuid4(), now)) is None


def test_new_customer_has_an_empty_story(story):
    told = story()
    assert (told.customer.name, told.customer.company_name) == ("Anna Groß", "Nordlicht GmbH")
    assert told.customer.emails[0].address == "anna@example.com"
    assert (told.last_contact, told.since, told.open_tickets) == (None, (), ())
    assert (told.next_follow_up, told.order_count, told.satisfaction) == (None, 0, None)


def test_tickets_by_urgency(write, anna, story, now):
    def fill(w):
        w.add_ticket(anna, now - 3 * DAY, number="1", kind="Question", subject="old")
        w.add_ticket(
            anna, now - DAY, number="2", kind="Complaint", subject="late", due_at=now - 2 * HOUR
        )
        w.add_ticket(
            anna, now - DAY, number="3", kind="Complaint", subject="soon", due_at=now + 3 * HOUR
        )
        w.add_ticket(anna, now - DAY, number="4", kind="Question", subject="x", status="solved")

    write(fill)
    assert _texts(story) == [
        ("bad", "Complaint 2 overdue by 2 hours: late"),
        ("warn", "Complaint 3 due in 3 hours: soon"),
        ("", "Question 1 open for 3 days: old"),
    ]
    assert [ticket.number for ticket in story().open_tickets] == ["2", "3", "1"]


def test_orders_late_and_shipped_since_the_last_talk(write, anna, story, now, make_call):
    _talk(write, anna, make_call("1", 5 * 24 * 60, outcome=CallOutcome.ANSWERED))

    def fill(w):
        w.add_order(
            anna, now - 9 * DAY, number="1", title="Desk", total_cents=100, promised_at=now - DAY
        )
        for number, shipped in (("2", 2 * DAY), ("3", 6 * DAY)):
            w.add_order(
                anna,
                now - 8 * DAY,
                number=number,
                title="Lamp",
                total_cents=200,
                status="shipped",
                shipped_at=now - shipped,
            )
        w.add_order(
            anna, now - 8 * DAY, number="4", title="Rug", total_cents=400, status="cancelled"
        )

    write(fill)
    assert _texts(story) == [
        ("warn", "Order 1 late by 1 day: Desk"),
        ("good", "Order 2 shipped 2 days ago: Lamp"),
    ]
    assert (story().order_count, story().order_total_cents, story().currency) == (3, 500, "EUR")


def test_unpaid_invoices_press_once_they_are_due(write, anna, story, now):
    def fill(w):
        for number, days, paid in (("1", 3, None), ("2", -3, None), ("3", 3, now)):
            w.add_payment(
                anna,
                now - 30 * DAY,
                number=number,
                amount_cents=123_450,
                due_on=(now - days * DAY).date(),
                paid_at=paid,
            )

    write(fill)
    assert _texts(story) == [
        ("bad", "Invoice 1 overdue by 3 days: 1,234.50 EUR"),
        ("good", "Invoice 3 paid, 30 days ago: 1,234.50 EUR"),
        ("", "Invoice 2 sent, 30 days ago: 1,234.50 EUR"),
    ]


def test_promises_and_the_next_follow_up(write, anna, story, now):
    def fill(w):
        w.add_follow_up(anna, now - DAY, title="quote", due_at=now + 3 * DAY)
        w.add_follow_up(anna, now - DAY, title="refund", due_at=now + HOUR, kind="promise")
        w.add_follow_up(anna, now - DAY, title="done", due_at=now - HOUR, done_at=now)

    write(fill)
    assert _texts(story) == [
        ("warn", "Promised, due in 1 hour: refund"),
        ("", "Follow-up done, a moment ago: done"),
        ("", "Follow-up, due in 3 days: quote"),
    ]
    assert story().next_promise.text == "Promised, due in 1 hour: refund"
    assert story().next_follow_up.text == "Promised, due in 1 hour: refund"


def test_only_notes_since_the_last_talk_count(write, anna, story, now, make_call):
    call = make_call("1", 2 * 24 * 60, outcome=CallOutcome.ANSWERED, answered_by="1001")
    _talk(write, anna, call)

    def fill(w):
        w.add_note(anna, "before", "Jonas", now - 3 * DAY)
        w.add_note(anna, "Wants a lamp\nnot a desk", "Jonas", call.started_at, call_id=call.id)
        w.add_note(anna, "after", "Claire", now - DAY)

    write(fill)
    assert _texts(story) == [("", "Note by Claire, 1 day ago: after")]


def test_the_worst_comes_first_and_the_newest_of_each_kind(write, anna, story, now):
    def fill(w):
        for number in range(6):
            w.add_note(anna, f"note {number}", "Jonas", now - number * HOUR)
        w.add_ticket(anna, now - DAY, number="1", kind="Complaint", subject="x", due_at=now - HOUR)

    write(fill)
    lines = story().since
    assert [line.tone for line in lines] == ["bad", "", "", "", ""]
    assert [line.text[-6:] for line in lines[1:]] == [f"note {number}" for number in range(4)]


def test_last_contact_is_the_last_talk_with_what_was_noted(write, anna, story, now, make_call):
    talk = make_call("1", 60, outcome=CallOutcome.ANSWERED, answered_by="1001", queue="Sales")
    _talk(write, anna, talk)
    _talk(write, anna, make_call("2", 30, outcome=CallOutcome.MISSED))
    _talk(write, anna, make_call("3", 0))  # the call that rings now
    assert (story().last_contact.who, story().last_contact.about) == ("1001", "Sales")
    write(lambda w: w.add_note(anna, "Wrong lamp\nmore", "Jonas", now, call_id=talk.id))
    contact = story().last_contact
    assert (contact.at, contact.about, contact.channel) == (
        talk.started_at,
        "Wrong lamp",
        TimelineKind.CALL,
    )


def test_later_email_is_the_last_contact(write, anna, story, now, make_call):
    _talk(write, anna, make_call("1", 60, outcome=CallOutcome.ANSWERED, answered_by="1001"))
    write(
        lambda w: w.add_interaction(
            anna, TimelineKind.EMAIL, now - HOUR / 2, who="Claire", title="Your quote"
        )
    )
    contact = story().last_contact
    assert (contact.who, contact.about, contact.channel) == (
        "Claire",
        "Your quote",
        TimelineKind.EMAIL,
    )


def test_ringing_call_is_not_its_own_history(write, anna, story, make_call):
    _talk(write, anna, make_call("1"))
    assert (story().last_contact, story().since) == (None, ())


def test_satisfaction_is_the_last_answer(write, anna, story, now):
    def fill(w):
        w.add_survey_answer(anna, now - DAY, 2)
        w.add_survey_answer(anna, now - 9 * DAY, 5)

    write(fill)
    assert story().satisfaction == 2


def test_an_earlier_email_is_not_the_last_contact(write, anna, story, now, make_call):
    _talk(write, anna, make_call("1", 60, outcome=CallOutcome.ANSWERED, answered_by="1001"))
    write(lambda w: w.add_interaction(anna, TimelineKind.VISIT, now - DAY, detail="At the fair"))
    assert story().last_contact.channel is TimelineKind.CALL


def test_without_a_talk_a_visit_is_the_last_contact(write, anna, story, now):
    write(lambda w: w.add_interaction(anna, TimelineKind.VISIT, now - DAY, detail="Fair\nmore"))
    write(lambda w: w.add_note(anna, "later", "Jonas", now))
    assert (story().last_contact.about, story().last_contact.channel) == (
        "Fair",
        TimelineKind.VISIT,
    )


@pytest.mark.parametrize(
    ("facts", "minutes_ago", "belongs"),
    [
        ({}, 5, True),  # it rings or is on
        ({"answered": 4, "ended": 2}, 5, True),
        ({"answered": 49, "ended": 31}, 50, False),
        ({"ended": 4}, 5, False),  # nobody talked
        ({}, 25 * 60, False),  # its end was never seen
    ],
)
def test_a_note_belongs_to_a_talk_that_is_on_or_just_over(
    write, anna, now, make_call, facts, minutes_ago, belongs
):
    answered, ended = facts.get("answered"), facts.get("ended")
    call = make_call(
        "1",
        minutes_ago,
        answered_at=None if answered is None else now - answered * MINUTE,
        ended_at=None if ended is None else now - ended * MINUTE,
    )
    _talk(write, anna, call)
    assert write(lambda w: w.call_of_note(anna, now)) == (call.id if belongs else None)
    assert write(lambda w: w.call_of_note(uuid.uuid4(), now)) is None


def test_a_note_goes_to_the_call_that_is_on_rather_than_to_the_last(write, anna, now, make_call):
    on = make_call("1", 9, answered_at=now - 9 * MINUTE)
    over = make_call("2", 5, answered_at=now - 5 * MINUTE, ended_at=now - MINUTE)
    for call in (on, over):
        _talk(write, anna, call)
    assert write(lambda w: w.call_of_note(anna, now)) == on.id


def test_what_is_noted_of_the_present_call_is_no_news(write, anna, story, now, make_call):
    _talk(write, anna, make_call("1", 60, answered_at=now, outcome=CallOutcome.ANSWERED))
    on = make_call("2", 5, answered_at=now)
    _talk(write, anna, on)
    write(lambda w: w.add_note(anna, "wants a lamp", "Jonas", now, call_id=on.id))
    assert story().since == ()


def test_what_is_noted_of_a_call_that_reached_nobody_is_news(write, anna, story, now, make_call):
    _talk(write, anna, make_call("1", 60, answered_at=now, outcome=CallOutcome.ANSWERED))
    missed = make_call("2", 5, ended_at=now, outcome=CallOutcome.MISSED)
    _talk(write, anna, missed)
    write(lambda w: w.add_note(anna, "try again", "Jonas", now - HOUR / 2, call_id=missed.id))
    assert _texts(story) == [("", "Note by Jonas, 30 minutes ago: try again")]


def test_an_invoice_is_overdue_by_the_day_of_the_desk(write, read, anna, now):
    night = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)  # the 16th in Berlin
    write(lambda w: w.add_payment(anna, now, number="1", amount_cents=100, due_on=night.date()))
    here = read(lambda r: r.story(anna, night, ZoneInfo("Europe/Berlin"))).since
    assert [line.text for line in here] == ["Invoice 1 overdue by 1 day: 1.00 EUR"]
    there = read(lambda r: r.story(anna, night, ZoneInfo("Europe/London"))).since
    assert [(line.tone, line.text) for line in there] == [
        ("", "Invoice 1 sent, 12 hours ago: 1.00 EUR")
    ]
