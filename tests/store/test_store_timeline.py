"""Timelines: all kinds in one order, paged by key."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crmdesk.domain.calls import CallOutcome, Direction
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber
from crmdesk.store.story.ages import money, span
from tests.bench.long_history import add_long_history

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BERLIN = "+493023125012"


@pytest.fixture
def anna(write, make_person):
    person = make_person("Anna Groß", BERLIN)
    write(lambda w: w.save_customer(person))
    return person.id


@pytest.fixture
def history(write, anna, now, make_call):
    """One entry of each kind, one a day, a call first."""
    call = make_call("1", 0, outcome=CallOutcome.ANSWERED, answered_by="1001", talk_seconds=125.0)
    match = Match(MatchState.EXACT, MatchRule.E164, NormalisedNumber(BERLIN, BERLIN), anna)

    def fill(w):
        w.save_call(call, BERLIN)
        w.link_call(call.id, match)
        w.add_note(anna, "Likes tea\nwith milk", "Jonas", now - DAY)
        w.add_interaction(anna, TimelineKind.EMAIL, now - 2 * DAY, who="Claire", title="Your quote")
        w.add_interaction(anna, TimelineKind.VISIT, now - 3 * DAY, title="Showroom visit")
        w.add_interaction(anna, TimelineKind.WEB_FORM, now - 4 * DAY, title="Call me", detail="pm")
        w.add_ticket(
            anna, now - 5 * DAY, number="7", kind="Complaint", subject="broken", due_at=now - HOUR
        )
        w.add_order(anna, now - 6 * DAY, number="8", title="Desk", total_cents=4950)
        w.add_payment(
            anna, now - 7 * DAY, number="9", amount_cents=4950, paid_at=now, method="Card"
        )
        w.add_survey_answer(anna, now - 8 * DAY, 5, "Quick.")
        w.add_follow_up(anna, now - 9 * DAY, title="refund", due_at=now + DAY, kind="promise")

    write(fill)


def test_every_kind_has_words(read, anna, history):
    entries = read(lambda r: r.timeline(anna)).entries
    assert [(e.kind.value, e.title, e.detail, e.who, e.tone) for e in entries] == [
        ("call", "Called us", "2 minutes", "1001", ""),
        ("note", "Likes tea", "with milk", "Jonas", ""),
        ("email", "Your quote", "", "Claire", ""),
        ("visit", "Showroom visit", "", "", ""),
        ("web_form", "Call me", "pm", "", ""),
        ("ticket", "Complaint 7: broken", "Overdue by 1 hour", "", "bad"),
        ("order", "Order 8: Desk", "Placed, 49.50 EUR", "", ""),
        ("payment", "Invoice 9: 49.50 EUR", "Paid, Card", "", "good"),
        ("survey", "Satisfaction 5 of 5", "Quick.", "", "good"),
        ("follow_up", "Promised: refund", "Open", "", ""),
    ]


@pytest.mark.parametrize(
    ("direction", "outcome", "title"),
    [
        (Direction.INBOUND, CallOutcome.MISSED, "Missed call"),
        (Direction.INBOUND, CallOutcome.ABANDONED, "Hung up while waiting"),
        (Direction.OUTBOUND, CallOutcome.NO_ANSWER, "We called, no answer"),
        (Direction.INTERNAL, CallOutcome.FAILED, "Internal call, failed"),
    ],
)
def test_call_words(write, read, anna, make_call, direction, outcome, title):
    call = make_call("x", direction=direction, outcome=outcome)
    match = Match(MatchState.EXACT, MatchRule.E164, NormalisedNumber(BERLIN), anna)
    write(lambda w: (w.save_call(call, BERLIN), w.link_call(call.id, match)))
    assert [e.title for e in read(lambda r: r.timeline(anna)).entries] == [title]


@pytest.mark.parametrize("size", [1, 2, 3, 9, 10, 11])
def test_pages_join_without_gap_or_repeat(read, anna, history, size):
    whole = read(lambda r: r.timeline(anna)).entries
    seen, place = (), None
    while True:
        page = read(lambda r, place=place: r.timeline(anna, place, limit=size))
        assert len(page.entries) <= size
        seen += page.entries
        place = page.next
        if place is None:
            break
    assert seen == whole


def test_pages_join_where_many_kinds_share_a_moment(write, read, anna, now):
    def fill(w):
        for n in range(8):
            w.add_note(anna, f"note {n}", "", now)
            w.add_ticket(anna, now, number=str(n), kind="Question", subject="?")
            w.add_survey_answer(anna, now, 3)

    write(fill)
    seen, place = [], None
    while True:
        page = read(lambda r, place=place: r.timeline(anna, place, limit=5))
        seen += [entry.id for entry in page.entries]
        place = page.next
        if place is None:
            break
    assert len(seen) == len(set(seen)) == 24


@pytest.mark.parametrize(
    "kinds",
    [
        (TimelineKind.CALL,),
        (TimelineKind.NOTE,),
        (TimelineKind.EMAIL, TimelineKind.TICKET),
        (TimelineKind.NOTE, TimelineKind.EMAIL, TimelineKind.VISIT, TimelineKind.WEB_FORM),
    ],
)
def test_only_some_kinds(read, anna, history, kinds):
    page = read(lambda r: r.timeline(anna, kinds=kinds))
    assert {entry.kind for entry in page.entries} == set(kinds)


def test_which_kinds_there_are(read, write, anna, history, make_person):
    gone = {TimelineKind.RECEIPT, TimelineKind.MESSAGE, TimelineKind.CONSENT, TimelineKind.LEAD}
    assert read(lambda r: r.timeline_kinds(anna)) == set(TimelineKind) - gone
    other = make_person("Ben", "+493023125013")
    write(lambda w: w.save_customer(other))
    assert read(lambda r: r.timeline_kinds(other.id)) == set()


def test_others_history_is_not_shown(write, read, anna, history, make_person, now):
    other = make_person("Jan Groß")
    write(lambda w: (w.save_customer(other), w.add_note(other.id, "mine", "", now)))
    assert [e.title for e in read(lambda r: r.timeline(other.id)).entries] == ["mine"]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "a moment"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119), "1 hour"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=50), "50 days"),
        (timedelta(days=70), "2 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_spans(length, words):
    assert span(length) == words


def test_money():
    assert money(123_450, "EUR") == "1,234.50 EUR"


def test_an_invoice_is_overdue_by_the_day_of_the_desk(write, read, anna, now):
    # The store's clock says 10:30 UTC on the 15th: the 16th in Kiritimati, 14 hours ahead.
    write(lambda w: w.add_payment(anna, now, number="1", amount_cents=100, due_on=now.date()))
    tones = {
        name: read(lambda r, name=name: r.timeline(anna, zone=ZoneInfo(name))).entries[0].tone
        for name in ("Europe/Berlin", "Pacific/Kiritimati")
    }
    assert tones == {"Europe/Berlin": "", "Pacific/Kiritimati": "bad"}


@pytest.mark.parametrize("limit", [1, 2, 7, 50])
def test_pages_of_any_length_have_every_entry_once_in_order(store, read, now, limit):
    """Some kinds are rare, one fills whole pages: none is cut off where its rows were few."""
    key = add_long_history(store, 400, now)

    def burst(writer):
        for place in range(120):
            writer.add_note(key, f"note {place}", "Ben", now - timedelta(days=3, seconds=place))

    store.write(burst).result()
    seen, place = [], None
    while True:
        page = read(lambda r, place=place: r.timeline(key, before=place, limit=limit))
        seen += page.entries
        place = page.next
        if place is None:
            break
    assert len({entry.id for entry in seen}) == len(seen) == 520
    assert [entry.at for entry in seen] == sorted((entry.at for entry in seen), reverse=True)
