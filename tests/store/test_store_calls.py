"""Calls are written as they happen and read as they were."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import (
    CallOutcome,
    Direction,
    EndedBy,
    Offer,
    OfferOutcome,
    Pop,
    PopReason,
    Presentation,
    Transfer,
    TransferKind,
)
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber
from crmdesk.store import Writer
from crmdesk.store.engine import make_engine

BERLIN, LONDON = "+493023125012", "+442079460123"


def _match(customer, rule=MatchRule.E164):
    number = NormalisedNumber(BERLIN, BERLIN)
    return Match(MatchState.EXACT, rule, number, customer.id, digits="493023125012")


@pytest.fixture
def whole_call(make_call, now):
    return make_call(
        "1",
        caller_raw="03023125012",
        caller_name="Anna",
        presentation=Presentation.ALLOWED,
        dialled="03023125900",
        queue="Support",
        account_id="4711",
        first_rang_at=now,
        answered_at=now,
        answered_by="1002",
        ring_seconds=4.25,
        talk_seconds=61.5,
        ended_at=now + timedelta(minutes=2),
        ended_by=EndedBy.CALLER,
        outcome=CallOutcome.ANSWERED,
        offers=(
            Offer("1001", now, now, now, 2, OfferOutcome.ELSEWHERE),
            Offer("1002", now, now, now, 1, OfferOutcome.ANSWERED),
        ),
        transfers=(Transfer(TransferKind.BLIND, "1001", "1002", now),),
        pops=(Pop("1001", PopReason.RING, now), Pop("1002", PopReason.TRANSFER, now)),
    )


def test_call_comes_back_as_it_was_saved(write, read, whole_call):
    write(lambda w: w.save_call(whole_call, BERLIN))
    assert read(lambda r: r.call(whole_call.id)) == whole_call
    assert read(lambda r: r.call_row(whole_call.id)).caller_e164 == BERLIN


def test_saving_again_changes_nothing(write, read, whole_call):
    for _ in range(3):
        write(lambda w: w.save_call(whole_call, BERLIN))
    assert read(lambda r: r.call(whole_call.id)) == whole_call
    assert read(lambda r: r.counts()).calls == 1


def test_call_follows_its_states(write, read, whole_call):
    ringing = replace(whole_call, answered_at=None, outcome=None, ended_at=None, offers=())
    write(lambda w: w.save_call(ringing, BERLIN))
    assert read(lambda r: r.open_calls()) == (ringing,)
    write(lambda w: w.save_call(whole_call, BERLIN))
    assert read(lambda r: r.open_calls()) == ()
    assert read(lambda r: r.call(whole_call.id)) == whole_call


def test_link_survives_later_states_of_the_call(write, read, whole_call, make_person):
    customer = make_person("Anna Groß", BERLIN)
    write(lambda w: w.save_customer(customer))
    write(lambda w: (w.save_call(whole_call, BERLIN), w.link_call(whole_call.id, _match(customer))))
    write(lambda w: w.save_call(whole_call, BERLIN))
    row = read(lambda r: r.call_row(whole_call.id))
    assert (row.customer_name, row.match_state, row.match_rule, row.match_digits) == (
        "Anna Groß",
        MatchState.EXACT,
        MatchRule.E164,
        "493023125012",
    )


def _nobody(e164=BERLIN):
    return Match(MatchState.NONE, MatchRule.NOTHING, NormalisedNumber(e164, e164), digits=e164)


def test_calls_of_a_number_are_linked_to_its_new_customer(write, read, make_call, make_person):
    customer = make_person("Anna Groß", BERLIN)
    now_on, before, other = (make_call(str(n), n) for n in range(3))
    for call, e164 in ((now_on, BERLIN), (before, BERLIN), (other, LONDON)):
        write(lambda w, c=call, e=e164: (w.save_call(c, e), w.link_call(c.id, _nobody(e))))
    write(lambda w: w.save_customer(customer))
    assert write(lambda w: w.link_number(BERLIN, customer.id)) == 2
    # The desk that looked before goes on writing what it found: nobody.
    write(lambda w: (w.save_call(now_on, BERLIN), w.link_call(now_on.id, _nobody())))
    rows = [read(lambda r, c=call: r.call_row(c.id)) for call in (now_on, before, other)]
    assert [row.customer_name for row in rows] == ["Anna Groß", "Anna Groß", ""]
    assert rows[0].match_state is MatchState.EXACT


def test_number_that_others_have_too_links_nothing(write, read, make_call, make_person):
    call, first, second = make_call("1"), make_person("Anna", BERLIN), make_person("Ben", BERLIN)
    write(lambda w: (w.save_call(call, BERLIN), w.save_customer(first), w.save_customer(second)))
    assert write(lambda w: w.link_number(BERLIN, first.id)) == 0
    write(lambda w: w.delete_customer(second.id))
    assert write(lambda w: w.link_number(BERLIN, first.id)) == 1


def test_withheld_number_is_never_stored(write, read, whole_call):
    withheld = replace(whole_call, presentation=Presentation.WITHHELD)
    write(lambda w: w.save_call(withheld, BERLIN))
    row = read(lambda r: r.call_row(withheld.id))
    assert (row.call.caller_raw, row.call.caller_name, row.caller_e164) == ("", "", None)


@pytest.mark.parametrize(("rule", "stays"), [(MatchRule.E164, False), (MatchRule.ACCOUNT_ID, True)])
def test_number_that_turns_out_withheld_is_wiped_with_its_link(
    write, read, whole_call, make_person, rule, stays
):
    customer = make_person("Anna Groß", BERLIN)
    write(lambda w: (w.save_customer(customer), w.save_call(whole_call, BERLIN)))
    write(lambda w: w.link_call(whole_call.id, _match(customer, rule)))
    write(lambda w: w.save_call(replace(whole_call, presentation=Presentation.WITHHELD), None))
    row = read(lambda r: r.call_row(whole_call.id))
    assert (row.call.caller_raw, row.caller_e164) == ("", None)
    assert (row.customer_id == customer.id) is stays


def test_what_was_going_on_is_closed_as_unknown(write, read, make_call, now):
    ringing = make_call(
        "1", offers=(Offer("1001", now), Offer("1002", now, outcome=OfferOutcome.BUSY))
    )
    talking = make_call("2", connected_at=now, on_hold=True)
    over = make_call("3", ended_at=now, outcome=CallOutcome.MISSED)
    write(lambda w: [w.save_call(call, None) for call in (ringing, talking, over)])
    later = now + timedelta(days=2)
    assert write(lambda w: w.close_open_calls(later)) == 2
    closed, held, untouched = read(lambda r: [r.call(c.id) for c in (ringing, talking, over)])
    # Not two days long: the end is the last moment something was known of the call.
    assert (closed.outcome, closed.ended_at) == (CallOutcome.UNKNOWN, now)
    assert closed.offers[0].ended_at == now
    assert [offer.outcome for offer in closed.offers] == [OfferOutcome.UNKNOWN, OfferOutcome.BUSY]
    assert (held.outcome, held.connected_at, held.on_hold) == (CallOutcome.UNKNOWN, None, False)
    assert untouched == over
    assert write(lambda w: w.close_open_calls(later)) == 0


def test_a_desk_closes_only_its_own_calls(store_file, key, write, read, make_call, now):
    ours = make_call("1", offers=(Offer("1001", now),))
    write(lambda w: w.save_call(ours, None))
    with (
        make_engine(store_file, key).connect() as connection,
        connection.begin(),
    ):
        there = Writer(connection, uuid.uuid4(), lambda: now)  # another desk, same database
        theirs = make_call("2", offers=(Offer("1001", now),))
        there.save_call(theirs, None)
    assert write(lambda w: w.close_open_calls(now)) == 1
    still_on = read(lambda r: r.call(theirs.id))
    assert (still_on.ended_at, still_on.offers[0].outcome) == (None, None)
    assert read(lambda r: r.call(ours.id)).outcome is CallOutcome.UNKNOWN


def test_log_is_paged_newest_first_without_gaps(write, read, make_call):
    # Three calls share each moment: the key breaks the tie.
    calls = [make_call(str(i), minutes_ago=i // 3) for i in range(20)]
    write(lambda w: [w.save_call(call, None) for call in calls])
    seen, place = [], None
    while True:
        page = read(lambda r, place=place: r.calls(CallFilter(), place, limit=7))
        seen += [row.call for row in page.rows]
        place = page.next
        if place is None:
            break
    assert seen == sorted(calls, key=lambda c: (c.started_at, c.id.bytes), reverse=True)


@pytest.fixture
def some_calls(write, make_call, make_person, now):
    customer = make_person("Jörg Müller", BERLIN, emails=("joerg@example.org",))
    calls = {
        "answered": make_call("a", 50, answered_by="1001", outcome=CallOutcome.ANSWERED),
        "missed": make_call("m", 40, outcome=CallOutcome.MISSED, offers=(Offer("1002", now),)),
        "placed": make_call(
            "p", 30, direction=Direction.OUTBOUND, agent="1003", outcome=CallOutcome.NO_ANSWER
        ),
        "withheld": make_call(
            "w", 20, presentation=Presentation.WITHHELD, outcome=CallOutcome.ABANDONED
        ),
    }

    def fill(w):
        w.save_customer(customer)
        w.save_call(calls["answered"], BERLIN)
        w.link_call(calls["answered"].id, _match(customer))
        w.save_call(calls["missed"], LONDON)
        w.save_call(calls["placed"], LONDON)
        w.save_call(calls["withheld"], None)

    write(fill)
    return calls


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (CallFilter(), ["withheld", "placed", "missed", "answered"]),
        (CallFilter(direction=Direction.OUTBOUND), ["placed"]),
        (CallFilter(outcomes=(CallOutcome.MISSED, CallOutcome.ABANDONED)), ["withheld", "missed"]),
        (CallFilter(missed_only=True), ["withheld", "missed"]),
        (CallFilter(extension="1001"), ["answered"]),
        (CallFilter(extension="1002"), ["missed"]),
        (CallFilter(extension="1003"), ["placed"]),
        (CallFilter(text="mueller"), ["answered"]),
        (CallFilter(text="joerg@"), ["answered"]),
        (CallFilter(text="030 23125"), ["answered"]),
        (CallFilter(text="020 7946 01"), ["placed", "missed"]),
        (CallFilter(text="+44 20 7946"), ["placed", "missed"]),
        (CallFilter(text="nobody"), []),
        (CallFilter(text="mueller", direction=Direction.OUTBOUND), []),
    ],
)
def test_filters(read, some_calls, chosen, expected):
    names = {call.id: name for name, call in some_calls.items()}
    assert [names[row.call.id] for row in read(lambda r: r.calls(chosen)).rows] == expected


def test_filter_by_time_includes_its_start_and_not_its_end(read, some_calls):
    since, until = some_calls["missed"].started_at, some_calls["withheld"].started_at
    rows = read(lambda r: r.calls(CallFilter(since=since, until=until))).rows
    assert [row.call.id for row in rows] == [some_calls["placed"].id, some_calls["missed"].id]


# --- missed calls to call back --------------------------------------------------------------------


def _lost(write, *calls):
    write(lambda w: [w.save_call(call, e164) for call, e164 in calls])


def _to_call_back(read, now):
    return [row.call.id for row in read(lambda r: r.missed_to_call_back(now - timedelta(days=2)))]


def test_last_lost_call_of_each_caller_is_listed_once(write, read, make_call, now):
    first, last = (make_call(i, m, outcome=CallOutcome.MISSED) for i, m in (("1", 60), ("2", 50)))
    other = make_call("3", 55, outcome=CallOutcome.ABANDONED)
    _lost(write, (first, BERLIN), (last, BERLIN), (other, LONDON))
    assert _to_call_back(read, now) == [last.id, other.id]


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND])
def test_later_talk_under_the_same_number_clears_it(write, read, make_call, now, direction):
    lost = make_call("1", 60, outcome=CallOutcome.MISSED)
    talk = make_call("2", 50, direction=direction, answered_at=now, outcome=CallOutcome.ANSWERED)
    _lost(write, (lost, BERLIN), (talk, BERLIN))
    assert _to_call_back(read, now) == []


def test_later_talk_with_the_same_customer_clears_it(write, read, make_call, make_person, now):
    customer = make_person("Anna Groß", BERLIN, LONDON)
    lost = make_call("1", 60, outcome=CallOutcome.MISSED)
    talk = make_call("2", 50, answered_at=now, outcome=CallOutcome.ANSWERED)
    _lost(write, (lost, BERLIN), (talk, LONDON))
    write(lambda w: [w.link_call(call.id, _match(customer)) for call in (lost, talk)])
    assert _to_call_back(read, now) == []


def test_talk_before_the_lost_call_does_not_clear_it(write, read, make_call, now):
    talk = make_call("1", 60, answered_at=now, outcome=CallOutcome.ANSWERED)
    lost = make_call("2", 50, outcome=CallOutcome.MISSED)
    _lost(write, (talk, BERLIN), (lost, BERLIN))
    assert _to_call_back(read, now) == [lost.id]


def test_attempt_nobody_answered_does_not_clear_it(write, read, make_call, now):
    lost = make_call("1", 60, outcome=CallOutcome.MISSED)
    attempt = make_call("2", 50, direction=Direction.OUTBOUND, outcome=CallOutcome.NO_ANSWER)
    _lost(write, (lost, BERLIN), (attempt, BERLIN))
    assert _to_call_back(read, now) == [lost.id]


def test_withheld_and_old_calls_are_not_listed(write, read, make_call, now):
    withheld = make_call("1", 60, outcome=CallOutcome.MISSED, presentation=Presentation.WITHHELD)
    old = make_call("2", 60 * 24 * 3, outcome=CallOutcome.MISSED)
    _lost(write, (withheld, None), (old, BERLIN))
    assert _to_call_back(read, now) == []
