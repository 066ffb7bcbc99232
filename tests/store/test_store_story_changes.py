"""Since you last spoke: everything that changed, by whom, the bad first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crmdesk.domain.calls import CallOutcome
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber
from crmdesk.store.tables import (
    consent,
    customer,
    follow_up,
    message,
    opportunity,
    receipt,
    sales_order,
    survey_answer,
    ticket,
    ticket_entry,
)

NUMBER = "+493023125012"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def anna(write, make_person, make_call):
    """A customer who was spoken with three days ago."""
    person = make_person("Anna Groß", NUMBER)
    talk = make_call("1", 3 * 24 * 60, outcome=CallOutcome.ANSWERED, answered_by="1001")
    match = Match(MatchState.EXACT, MatchRule.E164, NormalisedNumber(NUMBER, NUMBER), person.id)
    write(
        lambda w: (
            w.save_customer(person),
            w.save_call(talk, NUMBER),
            w.link_call(talk.id, match),
        )
    )
    return person.id


@pytest.fixture
def add(write, anna):
    """Adds a row of a table to the customer."""

    def do(table, **values):
        def insert(writer):
            with writer.change(ChangeKind.IMPORT, "rows", "Ben") as change:
                return change.insert(table, {"customer_id": anna, **values})

        return write(insert)

    return do


@pytest.fixture
def since(read, anna, now):
    return lambda: [(line.tone, line.text) for line in read(lambda r: r.story(anna, now)).since]


def _ticket(add, now, **facts):
    usual = {"at": now - 9 * DAY, "number": "7", "kind": "complaint", "subject": "torn"}
    return add(ticket, **{**usual, "priority": "normal", "status": "open", **facts})


def test_a_ticket_that_was_solved_says_by_whom(add, since, now):
    key = _ticket(add, now, status="solved", solved_at=now - DAY)
    add(ticket_entry, ticket_id=key, at=now - DAY, kind="status", who="Ben", after="solved")
    assert since() == [("good", "Complaint 7 solved by Ben, 1 day ago: torn")]


def test_of_a_ticket_the_newest_step_is_told_beside_its_clock(add, since, now):
    key = _ticket(add, now)
    steps = (("answer", "Anna", "sent a new one"), ("escalation", "Ben", "Team lead"))
    for place, (kind, who, text) in enumerate(steps):
        at = now - DAY + place * HOUR
        add(ticket_entry, ticket_id=key, at=at, kind=kind, who=who, text=text)
    add(ticket_entry, ticket_id=key, at=now - 5 * DAY, kind="note", who="Tom", text="before")
    assert since() == [
        ("bad", "Complaint 7 escalated by Ben, 23 hours ago: Team lead"),
        ("", "Complaint 7 open for 9 days: torn"),
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"kind": "escalation", "text": "resolution", "after": "Nora"},
         "Complaint 7 escalated to Nora, 1 day ago: not solved in time"),
        ({"kind": "escalation", "text": "She is furious", "after": "Nora", "who": "Ben"},
         "Complaint 7 escalated to Nora by Ben, 1 day ago: She is furious"),
        ({"kind": "breach", "text": "resolution"}, "Complaint 7 was not solved in time, 1 day ago"),
        ({"kind": "breach", "text": "first_answer"},
         "Complaint 7 was not answered in time, 1 day ago"),
    ],
)  # fmt: skip
def test_what_clocks_and_people_did_with_a_ticket_is_told_in_words(add, since, now, facts, told):
    key = _ticket(add, now)
    add(ticket_entry, ticket_id=key, at=now - DAY, **facts)
    assert since()[0] == ("bad", told)


def test_an_order_that_was_sent_and_did_not_come_is_late(add, since, now):
    add(sales_order, at=now - 9 * DAY, number="5", title="Desk", status="shipped", total_cents=1,
        currency="EUR", shipped_at=now - DAY, promised_at=now - 2 * DAY)  # fmt: skip
    assert since() == [("warn", "Order 5 late by 2 days: Desk")]


def test_a_promise_says_whose_it_is_and_the_desk_puts_in_the_name(add, read, anna, now):
    add(follow_up, at=now - DAY, kind="promise", title="10 %", who="1002", due_at=now + HOUR)
    story = read(lambda r: r.story(anna, now))
    assert story.next_promise.text == "Promised by 1002, due in 1 hour: 10 %"
    named = story.named({"1002": "Ben Brandt"}.get)
    words = "Promised by Ben Brandt, due in 1 hour: 10 %"
    assert (named.next_promise.text, named.since[0].text) == (words, words)


def test_more_tickets_than_are_read_are_counted(add, read, anna, now):
    for number in range(23):
        _ticket(add, now, number=f"{number}")
    story = read(lambda r: r.story(anna, now))
    assert (len(story.open_tickets), story.open_count) == (20, 23)


def test_a_ticket_that_waits_for_the_customer_is_not_overdue(add, since, now):
    _ticket(add, now, status="waiting", due_at=now - DAY)
    assert since() == [("", "Complaint 7 waits for the customer: torn")]


@pytest.mark.parametrize(
    ("table", "facts", "told"),
    [
        (
            survey_answer,
            {"score": 1, "scale": "csat", "comment": "never again"},
            ("bad", "Satisfaction 1 of 5, 1 day ago: never again"),
        ),
        (
            survey_answer,
            {"score": 10, "scale": "nps"},
            ("good", "Would recommend us: 10 of 10, 1 day ago"),
        ),
        (
            consent,
            {"channel": "email", "purpose": "offers", "is_given": False, "who": "Ben"},
            ("warn", "Consent withdrawn by Ben, 1 day ago: Email, offers"),
        ),
        (
            consent,
            {"channel": "email", "purpose": "offers", "is_given": True},
            ("", "Consent given, 1 day ago: Email, offers"),
        ),
        (
            message,
            {"address": "a@example.com", "subject": "Hello", "state": "sent", "who": "Ben",
             "message_id": "<1@example.com>"},
            ("", "Message sent by Ben, 1 day ago: Hello"),
        ),
        (
            message,
            {"address": "a@example.com", "subject": "Hello", "state": "failed",
             "message_id": "<1@example.com>"},
            ("warn", "Message could not be sent: Hello"),
        ),
        (
            receipt,
            {"amount_cents": 12_000, "currency": "EUR"},
            ("good", "Paid 120.00 EUR, 1 day ago"),
        ),
        (
            opportunity,
            {"title": "10 printers", "stage": "lost", "state": "lost", "owner": "Ben"},
            ("warn", "Lead lost by Ben, 1 day ago: 10 printers"),
        ),
        (
            sales_order,
            {"number": "5", "title": "Desk", "status": "placed", "total_cents": 1,
             "currency": "EUR"},
            ("", "Order 5 placed 1 day ago: Desk"),
        ),
        (
            sales_order,
            {"number": "5", "title": "Desk", "status": "returned", "total_cents": 1,
             "currency": "EUR"},
            ("warn", "Order 5 returned: Desk"),
        ),
    ],
)  # fmt: skip
def test_what_happened_since_is_told_and_what_was_before_is_not(
    add, since, now, table, facts, told
):
    add(table, at=now - 4 * DAY, **facts)
    assert since() == []
    add(table, at=now - DAY, **facts)
    assert since() == [told]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("kept", ("good", "Promise kept by Ben, 1 day ago: 10 %")),
        ("late", ("warn", "Promise kept late by Ben, 1 day ago: 10 %")),
        ("broken", ("bad", "Promise not kept by Ben, 1 day ago: 10 %")),
    ],
)
def test_a_promise_says_how_it_ended(add, since, now, outcome, told):
    add(
        follow_up, at=now - 30 * DAY, kind="promise", title="10 %", who="Anna", done_by="Ben",
        due_at=now - DAY, done_at=now - DAY, outcome=outcome,
    )  # fmt: skip
    assert since() == [told]


def test_a_changed_profile_is_told_until_it_is_taken_back(write, anna, since):
    def edit(writer):
        with writer.change(ChangeKind.NUMBER_FIX, "Segment set to Gold", "Ben") as change:
            change.update(customer, anna, {"segment": "Gold", "role": "buyer"})
        return change.id

    changed = write(edit)
    ((tone, text),) = since()
    assert tone == ""
    assert text.startswith("Profile changed by Ben, ")
    assert text.endswith("Segment set to Gold")
    write(lambda w: w.undo_change(changed, "Anna"))
    assert since() == []


def test_worth_is_summed_for_each_currency(read, add, anna, now):
    for number, cents, currency in (("1", 100, "EUR"), ("2", 900, "USD"), ("3", 50, "EUR")):
        facts = {"number": number, "status": "delivered", "total_cents": cents}
        add(sales_order, at=now - 9 * DAY, currency=currency, **facts)
    story = read(lambda r: r.story(anna, now))
    assert (story.order_count, story.order_total_cents, story.currency) == (3, 900, "USD")
    assert story.other_totals == ((150, "EUR"),)


def test_mood_is_the_last_three_answers(read, add, anna, now):
    for days, score in ((5, 1), (6, 4), (7, 5), (8, 2)):
        add(survey_answer, at=now - days * DAY, score=score, scale="csat")
    story = read(lambda r: r.story(anna, now))
    assert [one.score for one in story.mood] == [1, 4, 5]
    assert story.satisfaction == 1
