"""Events to calls: the rules of outcomes, offers and seconds, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crmdesk.desk.call_json import call_to_json
from crmdesk.desk.call_tracker import CallTracker
from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    Disconnected,
    HoldChanged,
    OfferEnded,
    OutsideRang,
    PhoneOffered,
    PhoneRang,
    QueueLeft,
    VoicemailReached,
)
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    OfferOutcome,
    Presentation,
    TransferKind,
)
from crmdesk.domain.ids import call_id

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = "1795310478.0"


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def started(direction: Direction = Direction.INBOUND) -> CallStarted:
    return CallStarted(KEY, START, direction, "+493023125710", "Jane Doe")


def tried(extension: str, outcome: OfferOutcome, rang: bool = True) -> list[CallEvent]:
    device = f"{extension}-1"
    ring = [PhoneRang(KEY, after(1), extension, device)] if rang else []
    return [
        PhoneOffered(KEY, after(1), extension, device),
        *ring,
        OfferEnded(KEY, after(5), extension, device, outcome),
    ]


def fold(*events: CallEvent) -> Call:
    tracker = CallTracker("line", "pbx")
    calls = [tracker.apply(event) for event in events]
    return calls[-1]


def ended(*events: CallEvent, direction: Direction = Direction.INBOUND) -> Call:
    return fold(started(direction), *events, CallEnded(KEY, after(10), EndedBy.SYSTEM))


def test_key_of_the_row_is_the_same_on_every_desk() -> None:
    assert fold(started()).id == call_id("pbx", KEY)


def test_calls_that_are_on_are_known_until_they_end() -> None:
    tracker = CallTracker("line", "pbx")
    call = tracker.apply(started())
    assert tracker.calls == (call,)
    tracker.apply(CallEnded(KEY, after(1)))
    assert tracker.calls == ()


def test_an_event_of_an_unknown_call_breaks_the_contract() -> None:
    with pytest.raises(KeyError):
        CallTracker("line", "pbx").apply(PhoneRang("other", START, "1001", "d"))


@pytest.mark.parametrize(
    ("offers", "outcome"),
    [
        ([], CallOutcome.FAILED),
        (tried("1001", OfferOutcome.NO_ANSWER), CallOutcome.MISSED),
        (tried("1001", OfferOutcome.CALLER_GONE), CallOutcome.MISSED),
        (tried("1001", OfferOutcome.DECLINED), CallOutcome.DECLINED),
        (tried("1001", OfferOutcome.DECLINED, rang=False), CallOutcome.DECLINED),
        (tried("1001", OfferOutcome.BUSY, rang=False), CallOutcome.BUSY),
        (tried("1001", OfferOutcome.UNREACHABLE, rang=False), CallOutcome.FAILED),
        (tried("1001", OfferOutcome.FORWARDED, rang=False), CallOutcome.FAILED),
        (
            [*tried("1001", OfferOutcome.DECLINED), *tried("1002", OfferOutcome.NO_ANSWER)],
            CallOutcome.MISSED,
        ),
        (
            [*tried("1001", OfferOutcome.BUSY, rang=False), *tried("1002", OfferOutcome.DECLINED)],
            CallOutcome.DECLINED,
        ),
        ([OutsideRang(KEY, after(2))], CallOutcome.MISSED),
        ([QueueLeft(KEY, after(5), by_caller=True)], CallOutcome.ABANDONED),
        (
            [*tried("1001", OfferOutcome.NO_ANSWER), QueueLeft(KEY, after(5), by_caller=False)],
            CallOutcome.MISSED,
        ),
        (
            [*tried("1001", OfferOutcome.NO_ANSWER), VoicemailReached(KEY, after(6))],
            CallOutcome.VOICEMAIL,
        ),
        ([VoicemailReached(KEY, after(2)), Connected(KEY, after(4), "1001")], CallOutcome.ANSWERED),
    ],
)
def test_outcome_of_an_inbound_call(offers: list[CallEvent], outcome: CallOutcome) -> None:
    assert ended(*offers).outcome is outcome


@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INTERNAL])
@pytest.mark.parametrize("outcome", [OfferOutcome.BUSY, OfferOutcome.DECLINED])
def test_calls_of_our_own_that_nobody_answers(direction: Direction, outcome: OfferOutcome) -> None:
    assert ended(*tried("1002", outcome), direction=direction).outcome is CallOutcome.NO_ANSWER


def test_end_that_was_not_seen() -> None:
    call = fold(
        started(),
        *tried("1001", OfferOutcome.ANSWERED),
        Connected(KEY, after(5), "1001"),
        PhoneOffered(KEY, after(6), "1002", "d"),
        CallEnded(KEY, after(8), EndedBy.CALLER, seen=False),
    )
    assert (call.outcome, call.ended_by) == (CallOutcome.UNKNOWN, None)
    assert (call.answered_by, call.talk_seconds) == ("1001", 3.0)
    assert [offer.outcome for offer in call.offers] == [
        OfferOutcome.ANSWERED,
        OfferOutcome.UNKNOWN,
    ]


def test_two_devices_at_once_are_one_round_and_the_better_end_stands() -> None:
    call = fold(
        started(),
        PhoneOffered(KEY, after(0), "1004", "desk"),
        PhoneOffered(KEY, after(0), "1004", "soft"),
        PhoneRang(KEY, after(1), "1004", "soft"),
        OfferEnded(KEY, after(3), "1004", "soft", OfferOutcome.ANSWERED),
        OfferEnded(KEY, after(3), "1004", "desk", OfferOutcome.ELSEWHERE),
    )
    (offer,) = call.offers
    assert (offer.rounds, offer.outcome, offer.rang_at) == (1, OfferOutcome.ANSWERED, after(1))


def test_offer_is_open_while_one_device_is() -> None:
    call = fold(
        started(),
        PhoneOffered(KEY, after(0), "1004", "desk"),
        PhoneOffered(KEY, after(0), "1004", "soft"),
        OfferEnded(KEY, after(3), "1004", "desk", OfferOutcome.DECLINED),
    )
    assert call.offers[0].outcome is None


def test_declined_on_one_device_while_the_other_rings_out_is_missed() -> None:
    call = ended(
        PhoneOffered(KEY, after(0), "1004", "desk"),
        PhoneOffered(KEY, after(0), "1004", "soft"),
        PhoneRang(KEY, after(0), "1004", "desk"),
        PhoneRang(KEY, after(0), "1004", "soft"),
        OfferEnded(KEY, after(2), "1004", "desk", OfferOutcome.DECLINED),
        OfferEnded(KEY, after(15), "1004", "soft", OfferOutcome.NO_ANSWER),
    )
    assert (call.outcome, call.offers[0].outcome) == (CallOutcome.MISSED, OfferOutcome.NO_ANSWER)


def test_caller_who_gives_up_after_a_decline_was_missed() -> None:
    call = ended(
        PhoneOffered(KEY, after(0), "1004", "desk"),
        PhoneOffered(KEY, after(0), "1004", "soft"),
        PhoneRang(KEY, after(0), "1004", "soft"),
        OfferEnded(KEY, after(2), "1004", "desk", OfferOutcome.DECLINED),
        OfferEnded(KEY, after(5), "1004", "soft", OfferOutcome.CALLER_GONE),
    )
    assert (call.outcome, call.offers[0].outcome) == (CallOutcome.MISSED, OfferOutcome.DECLINED)


def test_each_further_try_is_a_round() -> None:
    busy = OfferOutcome.BUSY
    call = fold(
        started(),
        PhoneOffered(KEY, after(0), "1001", "a"),
        OfferEnded(KEY, after(0), "1001", "a", busy),
        PhoneOffered(KEY, after(1), "1001", "b"),
        OfferEnded(KEY, after(1), "1001", "b", OfferOutcome.UNREACHABLE),
    )
    assert (call.offers[0].rounds, call.offers[0].outcome) == (2, busy)


def test_second_end_of_a_device_corrects_the_first() -> None:
    call = fold(
        started(),
        *tried("1001", OfferOutcome.NO_ANSWER),
        OfferEnded(KEY, after(6), "1001", "1001-1", OfferOutcome.ELSEWHERE),
    )
    assert (call.offers[0].rounds, call.offers[0].outcome) == (1, OfferOutcome.ELSEWHERE)


def test_talk_is_summed_over_transfers_and_the_first_agent_stays() -> None:
    call = ended(
        PhoneRang(KEY, after(0), "1001", "a"),
        PhoneOffered(KEY, after(1), "1001", "a"),
        PhoneRang(KEY, after(1), "1001", "a"),
        Connected(KEY, after(3), "1001"),
        CallTransferred(KEY, after(5), TransferKind.BLIND, "1001", "1002"),
        Disconnected(KEY, after(5)),
        Connected(KEY, after(8), "1002"),
    )
    assert (call.answered_by, call.talk_seconds) == ("1001", 4.0)
    assert call.transfers[0].to_extension == "1002"


def test_ring_seconds_run_from_the_first_ring_to_voicemail() -> None:
    call = ended(*tried("1001", OfferOutcome.NO_ANSWER), VoicemailReached(KEY, after(6)))
    assert call.ring_seconds == 5.0


def test_call_forwarded_outside_is_answered_by_no_extension() -> None:
    call = ended(Connected(KEY, after(4), ""))
    assert (call.outcome, call.answered_by) == (CallOutcome.ANSWERED, None)


def test_hold_ends_with_the_talk() -> None:
    on_hold = fold(
        started(), Connected(KEY, after(1), "1001"), HoldChanged(KEY, after(2), "1001", True)
    )
    assert on_hold.on_hold
    gone = fold(
        started(),
        Connected(KEY, after(1), "1001"),
        HoldChanged(KEY, after(2), "1001", True),
        Disconnected(KEY, after(3)),
    )
    assert not gone.on_hold


def test_withholding_wipes_number_and_name() -> None:
    call = fold(started(), CallDetails(KEY, after(1), presentation=Presentation.WITHHELD))
    assert (call.caller_raw, call.caller_name) == ("", "")


def test_details_that_are_not_told_stay() -> None:
    call = fold(
        started(),
        CallDetails(KEY, after(1), queue="support"),
        CallDetails(KEY, after(2), account_id="482913"),
    )
    assert (call.queue, call.account_id, call.caller_name) == ("support", "482913", "Jane Doe")


def test_calls_that_are_on_can_be_closed_together() -> None:
    tracker = CallTracker("line", "pbx")
    tracker.apply(started())
    (call,) = tracker.close_all(after(9))
    assert call.outcome is CallOutcome.UNKNOWN
    assert tracker.calls == ()


def test_json_of_a_withheld_call_has_no_number() -> None:
    call = fold(started(), CallDetails(KEY, after(1), presentation=Presentation.WITHHELD))
    printed = call_to_json(call, "+493023125710")
    assert printed["caller"] is None
    assert printed["withheld"] is True
    assert printed["outcome"] == "unknown"


def test_json_rounds_to_hundredths() -> None:
    call = ended(
        PhoneOffered(KEY, after(1), "1001", "a"),
        PhoneRang(KEY, after(1), "1001", "a"),
        Connected(KEY, after(2.34567), "1001"),
    )
    assert call_to_json(call, "+493023125710") == {
        "direction": "inbound",
        "caller": "+493023125710",
        "caller_raw": "+493023125710",
        "caller_name": "Jane Doe",
        "withheld": False,
        "dialled": None,
        "queue": None,
        "account_id": None,
        "outcome": "answered",
        "answered_by": "1001",
        "ring_seconds": 1.35,
        "talk_seconds": 7.65,
        "ended_by": "system",
        "offers": [{"extension": "1001", "rang": True, "rounds": 1, "outcome": "unknown"}],
        "transfers": [],
        "pops": [],
    }
