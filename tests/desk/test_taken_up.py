"""A call that goes on after the program was stopped keeps what was seen of it before."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.taken_up import close_what_was_open
from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    OfferEnded,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    OfferOutcome,
    Pop,
    PopReason,
    Presentation,
    TransferKind,
)
from crmdesk.store import Writer, keys, open_store

KEY = "1795310478.1"
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
JANE = "+493023125710"
DID = "+493023125101"


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def ringing(*more: CallEvent) -> Call:
    """The call as it was last written: 1001 rings since second 1."""
    tracker = CallTracker("line", "pbx")
    tracker.apply(CallStarted(KEY, START, Direction.INBOUND, JANE, "Jane Doe", dialled=DID))
    tracker.apply(PhoneOffered(KEY, START, "1001", "a"))
    call = tracker.apply(PhoneRang(KEY, after(1), "1001", "a"))
    for event in more:
        call = tracker.apply(event)
    return call


def go_on(former: Call, *events: CallEvent) -> Call:
    """What comes of it after a restart at second 10, at which the PBX tells the call again."""
    tracker = CallTracker("line", "pbx", {former.id: former})
    call = tracker.apply(CallStarted(KEY, after(10), Direction.INBOUND, JANE, "Jane Doe"))
    for event in events:
        call = tracker.apply(event)
    return call


def test_what_was_seen_before_stays() -> None:
    former = replace(ringing(), pops=(Pop("1001", PopReason.RING, after(1)),))
    call = go_on(
        former,
        PhoneOffered(KEY, after(10), "1001", "a"),
        PhoneRang(KEY, after(10), "1001", "a"),
        Connected(KEY, after(12), "1001"),
        OfferEnded(KEY, after(12), "1001", "a", OfferOutcome.ANSWERED),
        CallEnded(KEY, after(20), EndedBy.CALLER),
    )
    (offer,) = call.offers
    assert (call.id, call.started_at, call.dialled) == (former.id, START, DID)
    assert (call.ring_seconds, call.talk_seconds) == (11.0, 8.0)
    assert (offer.rang_at, offer.rounds, offer.outcome) == (after(1), 1, OfferOutcome.ANSWERED)
    assert call.pops == former.pops


def test_a_closed_call_that_goes_on_is_open_again() -> None:
    former = ringing(CallEnded(KEY, after(5), seen=False))
    assert (former.outcome, former.offers[0].outcome) == (
        CallOutcome.UNKNOWN,
        OfferOutcome.UNKNOWN,
    )
    call = go_on(former)
    assert not call.is_over
    assert call.outcome is None


def test_a_phone_rings_on_only_if_the_phone_system_says_so() -> None:
    former = ringing()
    told = PhoneOffered(KEY, after(10), "1001", "a")
    assert go_on(former).offers[0].outcome is OfferOutcome.UNKNOWN
    assert go_on(former, told).offers[0].outcome is None


def test_the_phone_that_talks_is_told_again_and_not_tried_again() -> None:
    former = ringing(
        Connected(KEY, after(2), "1001"),
        OfferEnded(KEY, after(2), "1001", "a", OfferOutcome.ANSWERED),
    )
    call = go_on(
        former,
        PhoneOffered(KEY, after(1), "1001", "a"),
        Connected(KEY, after(10), "1001"),
        OfferEnded(KEY, after(10), "1001", "a", OfferOutcome.ANSWERED),
    )
    (offer,) = call.offers
    assert (offer.rounds, offer.outcome) == (1, OfferOutcome.ANSWERED)


def test_the_first_agent_and_the_talk_before_stay() -> None:
    moved = CallTransferred(KEY, after(6), TransferKind.BLIND, "1001", "1002")
    former = ringing(Connected(KEY, after(2), "1001"), moved, CallEnded(KEY, after(8), seen=False))
    call = go_on(former, Connected(KEY, after(12), "1002"), CallEnded(KEY, after(15)))
    assert (call.answered_by, call.ring_seconds, call.talk_seconds) == ("1001", 1.0, 9.0)
    assert [each.to_extension for each in call.transfers] == ["1002"]


def test_a_talk_that_was_on_when_the_program_died_went_on() -> None:
    former = ringing(Connected(KEY, after(2), "1001"))
    call = go_on(former, Connected(KEY, after(10), "1001"), CallEnded(KEY, after(15)))
    assert call.talk_seconds == 13.0


def test_who_fetches_a_parked_caller_continues_the_talk() -> None:
    former = ringing(Connected(KEY, after(2), "1001"))
    call = go_on(former, Connected(KEY, after(12), "1002"), CallEnded(KEY, after(15)))
    assert (call.answered_by, call.talk_seconds) == ("1001", 13.0)


def test_ringing_between_two_agents_is_no_talk() -> None:
    former = ringing(Connected(KEY, after(2), "1001"))
    rung = PhoneOffered(KEY, after(10), "1002", "b")
    call = go_on(former, rung, Connected(KEY, after(12), "1002"), CallEnded(KEY, after(15)))
    assert call.talk_seconds == 3.0


def test_a_further_try_of_an_extension_is_a_round() -> None:
    former = ringing(OfferEnded(KEY, after(4), "1001", "a", OfferOutcome.NO_ANSWER))
    call = go_on(
        former,
        PhoneOffered(KEY, after(10), "1001", "b"),
        OfferEnded(KEY, after(11), "1001", "b", OfferOutcome.UNREACHABLE),
    )
    assert (call.offers[0].rounds, call.offers[0].outcome) == (2, OfferOutcome.NO_ANSWER)


def test_a_withheld_number_stays_withheld() -> None:
    former = ringing(CallDetails(KEY, after(1), presentation=Presentation.WITHHELD))
    told = CallDetails(KEY, after(11), None, JANE, "Jane Doe", Presentation.ALLOWED)
    call = go_on(former, told)
    assert (call.is_withheld, call.caller_raw, call.caller_name) == (True, "", "")


def test_other_calls_are_new() -> None:
    former = ringing()
    tracker = CallTracker("line", "pbx", {former.id: former})
    call = tracker.apply(CallStarted("1795310999.7", after(10), Direction.INBOUND, JANE))
    assert (call.started_at, call.offers) == (after(10), ())


def _save(calls: tuple[Call, ...], writer: Writer) -> None:
    for call in calls:
        writer.save_call(call, JANE)


def test_calls_whose_end_was_not_seen_are_handed_to_the_next_run(tmp_path: Path) -> None:
    died = ringing(Connected(KEY, after(2), "1001"))
    stopped = replace(died, id=uuid.uuid4(), ended_at=after(5), outcome=CallOutcome.UNKNOWN)
    over = replace(died, id=uuid.uuid4(), ended_at=after(5), outcome=CallOutcome.ANSWERED)
    old = replace(stopped, id=uuid.uuid4(), started_at=START - timedelta(days=2))
    saved = (died, stopped, over, old)
    with open_store(tmp_path / "calls.db", keys.DEMO_KEY) as store:
        store.write(partial(_save, saved)).result()
        former = store.write(lambda w: close_what_was_open(w, after(60))).result()
        closed = store.read(lambda r: r.call(died.id)).result()
    assert former == {died.id: died, stopped.id: stopped}
    assert closed is not None
    assert closed.outcome is CallOutcome.UNKNOWN
