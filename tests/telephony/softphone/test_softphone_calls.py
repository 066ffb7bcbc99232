"""What a softphone says, as call events."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from crmdesk.domain.call_events import (
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    OfferEnded,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import OfferOutcome, Presentation
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.requests import DeskRequest, PhoneEvent, RequestVerb
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.softphone.calls import RINGS_FOR, TALKS_FOR, SoftphoneCalls
from crmdesk.telephony.softphone.source import SoftphoneSource

NOW = datetime(2026, 1, 7, 9, 0, tzinfo=UTC)
RING = DeskRequest(RequestVerb.POP, "+493023125000", "Jane", "100")
ANSWER = DeskRequest(RequestVerb.POP, "+493023125000", event=PhoneEvent.ANSWER)
END = DeskRequest(RequestVerb.POP, "+493023125000", event=PhoneEvent.END)


@pytest.fixture
def calls() -> SoftphoneCalls:
    keys = itertools.count(1)
    return SoftphoneCalls("1001", lambda: f"call-{next(keys)}")


def _kinds(events: list[CallEvent]) -> list[type]:
    return [type(event) for event in events]


def test_ring_answer_end(calls: SoftphoneCalls) -> None:
    ring = calls.handle(RING, NOW)
    assert _kinds(ring) == [CallStarted, PhoneOffered, PhoneRang]
    started = ring[0]
    assert isinstance(started, CallStarted)
    assert (started.caller_raw, started.caller_name) == ("+493023125000", "Jane")
    assert (started.dialled, started.call) == ("100", "call-1")
    answer = calls.handle(ANSWER, NOW + timedelta(seconds=3))
    assert _kinds(answer) == [OfferEnded, Connected]
    assert calls.handle(ANSWER, NOW + timedelta(seconds=4)) == []
    (end,) = calls.handle(END, NOW + timedelta(seconds=60))
    assert end == CallEnded("call-1", NOW + timedelta(seconds=60))
    assert calls.next_deadline() is None


def test_repeated_ring_is_one_call(calls: SoftphoneCalls) -> None:
    calls.handle(RING, NOW)
    assert calls.handle(RING, NOW + timedelta(seconds=2)) == []


def test_ring_hooks_that_repeat_stay_one_call(calls: SoftphoneCalls) -> None:
    calls.handle(RING, NOW)
    later = [NOW + timedelta(seconds=6 * count) for count in range(1, 5)]
    assert [calls.handle(RING, at) for at in later] == [[], [], [], []]


def test_who_calls_again_is_another_call(calls: SoftphoneCalls) -> None:
    """A softphone that tells only rings: the first call is over, how is not known."""
    calls.handle(RING, NOW)
    again = calls.handle(RING, NOW + timedelta(seconds=30))
    assert _kinds(again) == [OfferEnded, CallEnded, CallStarted, PhoneOffered, PhoneRang]
    offer, end, started = again[:3]
    assert isinstance(offer, OfferEnded)
    assert offer.outcome is OfferOutcome.UNKNOWN
    assert isinstance(end, CallEnded)
    assert (end.call, end.seen, started.call) == ("call-1", False, "call-2")


@pytest.mark.parametrize("event", [RING, ANSWER])
def test_who_calls_again_after_a_talk_whose_end_nobody_told(
    calls: SoftphoneCalls, event: DeskRequest
) -> None:
    calls.handle(ANSWER, NOW)
    again = calls.handle(event, NOW + timedelta(minutes=5))
    assert _kinds(again)[:2] == [CallEnded, CallStarted]
    assert calls.handle(event, NOW + timedelta(minutes=5, seconds=1)) == []


def test_answer_after_a_long_ring_is_of_the_call_that_rings(calls: SoftphoneCalls) -> None:
    calls.handle(RING, NOW)
    answer = calls.handle(ANSWER, NOW + timedelta(seconds=40))
    assert _kinds(answer) == [OfferEnded, Connected]
    assert calls.handle(RING, NOW + timedelta(seconds=41)) == []


def test_two_callers_are_two_calls(calls: SoftphoneCalls) -> None:
    other = DeskRequest(RequestVerb.POP, "+442079460123")
    keys = {event.call for event in calls.handle(RING, NOW) + calls.handle(other, NOW)}
    assert keys == {"call-1", "call-2"}


def test_softphone_that_tells_only_answers(calls: SoftphoneCalls) -> None:
    events = calls.handle(ANSWER, NOW)
    assert _kinds(events) == [CallStarted, PhoneOffered, PhoneRang, OfferEnded, Connected]


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687", "sip:anonymous@x"])
def test_withheld_numbers_and_names_stay_here(calls: SoftphoneCalls, number: str) -> None:
    started = calls.handle(DeskRequest(RequestVerb.POP, number, "Jane"), NOW)[0]
    assert isinstance(started, CallStarted)
    assert started.presentation is Presentation.WITHHELD
    assert (started.caller_raw, started.caller_name) == ("", "")


def test_end_that_nobody_tells_is_unknown(calls: SoftphoneCalls) -> None:
    calls.handle(RING, NOW)
    assert calls.expire(NOW + RINGS_FOR - timedelta(seconds=1)) == []
    offer, end = calls.expire(NOW + RINGS_FOR)
    assert isinstance(offer, OfferEnded)
    assert offer.outcome is OfferOutcome.UNKNOWN
    assert isinstance(end, CallEnded)
    assert not end.seen


def test_talk_goes_on_for_hours(calls: SoftphoneCalls) -> None:
    calls.handle(ANSWER, NOW)
    assert calls.expire(NOW + TALKS_FOR - timedelta(seconds=1)) == []
    assert _kinds(calls.expire(NOW + TALKS_FOR)) == [CallEnded]


def test_end_of_an_unknown_call_and_other_verbs_are_nothing(calls: SoftphoneCalls) -> None:
    assert calls.handle(END, NOW) == []
    assert calls.handle(DeskRequest(RequestVerb.DIAL, "030"), NOW) == []


def test_source_tells_events_and_health() -> None:
    events: list[CallEvent] = []
    health: list[LineHealth] = []
    clock = [NOW]

    async def line() -> None:
        settings = LineSettings(id="softphone", name="Softphone", system="softphone")
        ended = asyncio.Event()

        def take(batch: list[CallEvent]) -> None:
            events.extend(batch)
            if isinstance(batch[-1], CallEnded):
                ended.set()

        source = SoftphoneSource(settings, take, health.append, "1001", lambda: clock[0])
        running = asyncio.create_task(source.run())
        await asyncio.sleep(0)
        source.take(RING)
        clock[0] = NOW + RINGS_FOR
        await ended.wait()
        with pytest.raises(UserFacingError, match="cannot dial"):
            await source.originate("1001", "+493023125000")
        await source.stop()
        await running

    asyncio.run(line())
    assert _kinds(events) == [CallStarted, PhoneOffered, PhoneRang, OfferEnded, CallEnded]
    assert [told.state for told in health] == [LineState.READY, LineState.OFF]
