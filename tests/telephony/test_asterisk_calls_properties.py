"""Whatever arrives, in whatever order, as often as it likes: the promises of a translator hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.pop_policy import PopPolicy
from crmdesk.domain.call_events import CallEnded, CallEvent, CallStarted, PhoneRang
from crmdesk.domain.calls import Call
from crmdesk.telephony.asterisk import switchboard
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.messages import Message
from crmdesk.telephony.asterisk.protocol import AmiProtocol
from tests.fakes.ami_script import AmiScript

DATA = Path(__file__).parents[1] / "data" / "asterisk"
START = datetime(2026, 11, 22, tzinfo=UTC)
SAMPLES = [
    "08-queue-next-agent",
    "10b-semi-attended-refer-replaces",
    "10d-feature-semi-attended",
    "16f-queue-call-parked",
    "20b-kill-9-mid-call",
    "21c-forward-302-to-outside",
    "23b-client-starts-into-busy-pbx",
    "24b-pickup-of-queue-call",
    "14-originate-click-to-dial",
]
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def messages_of(name: str) -> tuple[Message, ...]:
    protocol = AmiProtocol()
    protocol.receive_data((DATA / f"{name}.ami").read_bytes())
    return tuple(protocol.messages())


def told(messages: list[Message]) -> list[CallEvent]:
    calls = AsteriskCalls()
    events: list[CallEvent] = []
    for number, message in enumerate(messages):
        events += calls.handle(message, START + timedelta(milliseconds=number))
    return events


def assert_promises(events: list[CallEvent]) -> None:
    begun: set[str] = set()
    over: set[str] = set()
    tracker, policy = CallTracker("line", "pbx"), PopPolicy()
    found: dict[str, Call] = {}
    for event in events:
        assert event.call not in over
        assert isinstance(event, CallStarted) == (event.call not in begun)
        begun.add(event.call)
        if isinstance(event, CallEnded):
            over.add(event.call)
        if isinstance(event, PhoneRang):
            assert found[event.call].offer_to(event.extension) is not None
        found[event.call] = policy.decide(tracker, event).call
    for call in found.values():
        assert call.ring_seconds >= 0
        assert call.talk_seconds >= 0
        assert len({pop.extension for pop in call.pops}) == len(call.pops)
        assert len({offer.extension for offer in call.offers}) == len(call.offers)
        if call.is_over:
            assert call.outcome is not None
            assert all(offer.outcome is not None for offer in call.offers)


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@MANY
def test_lost_messages(name: str, data: st.DataObject) -> None:
    messages = messages_of(name)
    kept = data.draw(st.lists(st.booleans(), min_size=len(messages), max_size=len(messages)))
    assert_promises(told([m for m, keep in zip(messages, kept, strict=True) if keep]))


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@MANY
def test_messages_out_of_order_and_twice(name: str, data: st.DataObject) -> None:
    messages = messages_of(name)
    places = st.integers(0, len(messages) - 1)
    mixed = list(messages)
    for index in data.draw(st.lists(places, max_size=30)):
        mixed.insert(data.draw(places), messages[index])
    for index in data.draw(st.lists(places, max_size=30)):
        mixed.insert(data.draw(places), mixed.pop(index))
    assert_promises(told(mixed))


@given(data=st.data())
@MANY
def test_recordings_mixed_into_one_stream(data: st.DataObject) -> None:
    first = list(messages_of(data.draw(st.sampled_from(SAMPLES))))
    second = list(messages_of(data.draw(st.sampled_from(SAMPLES))))
    mixed = []
    while first and second:
        mixed.append((first if data.draw(st.booleans()) else second).pop(0))
    assert_promises(told(mixed + first + second))


@given(data=st.data())
@MANY
def test_fields_that_lie(data: st.DataObject) -> None:
    messages = list(messages_of("10-attended-transfer"))
    values = [value for message in messages for value in message.fields.values()]
    for index in data.draw(st.lists(st.integers(1, len(messages) - 1), max_size=40)):
        message = messages[index]
        if message.fields:
            key = data.draw(st.sampled_from(sorted(message.fields)))
            lie = data.draw(st.sampled_from(values) | st.text(max_size=8))
            fields = {**message.fields, key: lie}
            messages[index] = Message(
                message.kind, message.name, fields, message.variables, message.dest_variables
            )
    assert_promises(told(messages))


def test_channels_whose_end_is_never_seen_do_not_pile_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(switchboard, "MOST_CHANNELS", 50)
    script = AmiScript()
    for _ in range(200):
        script.new("PJSIP/trunk", "4", number="+493023125710", context="from-trunk")
    assert script.translator.channel_count == 50
    ended = [event for event in script.events if isinstance(event, CallEnded)]
    assert len(ended) == 150
    assert not any(event.seen for event in ended)
    assert_promises(script.events)
