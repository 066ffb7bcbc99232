"""Which extension gets a card, when and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.pop_policy import PopPolicy
from crmdesk.domain.call_events import (
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    OfferEnded,
    OutsideDialled,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import Direction, OfferOutcome, TransferKind

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = "1.0"
IN = CallStarted(KEY, AT, Direction.INBOUND, "+493023125710")
OUT = CallStarted(KEY, AT, Direction.OUTBOUND, "03023125777", agent="1001")
INTERNAL = CallStarted(KEY, AT, Direction.INTERNAL, "1001", agent="1001")


def offered(extension: str, transferred: bool = False) -> PhoneOffered:
    return PhoneOffered(KEY, AT, extension, f"{extension}-1", transferred=transferred)


def rang(extension: str) -> PhoneRang:
    return PhoneRang(KEY, AT, extension, f"{extension}-1")


def pops(policy: PopPolicy, *events: CallEvent) -> list[tuple[str, str]]:
    tracker = CallTracker("line", "pbx")
    calls = [policy.decide(tracker, event).call for event in events]
    return [(pop.extension, pop.reason.value) for pop in calls[-1].pops]


def test_a_ring_brings_a_card_and_a_try_alone_does_not() -> None:
    assert pops(PopPolicy(), IN, offered("1001")) == []
    assert pops(PopPolicy(), IN, offered("1001"), rang("1001")) == [("1001", "ring")]


def test_one_card_per_extension_and_call() -> None:
    second = PhoneOffered(KEY, AT, "1001", "other")
    events = [IN, offered("1001"), rang("1001"), second, PhoneRang(KEY, AT, "1001", "other")]
    assert pops(PopPolicy(), *events) == [("1001", "ring")]


def test_a_busy_phone_gets_none() -> None:
    busy = OfferEnded(KEY, AT, "1001", "1001-1", OfferOutcome.BUSY)
    assert pops(PopPolicy(), IN, offered("1001"), busy, CallEnded(KEY, AT)) == []


def test_a_phone_that_picks_up_without_ringing_gets_one() -> None:
    assert pops(PopPolicy(), IN, Connected(KEY, AT, "1002")) == [("1002", "ring")]


def test_nobody_gets_one_for_a_call_answered_outside() -> None:
    assert pops(PopPolicy(), IN, Connected(KEY, AT, "")) == []


def test_blind_transfer() -> None:
    moved = CallTransferred(KEY, AT, TransferKind.BLIND, "1001", "1002")
    events = [IN, Connected(KEY, AT, "1001"), moved, offered("1002", True), rang("1002")]
    assert pops(PopPolicy(), *events) == [("1001", "ring"), ("1002", "transfer")]


def test_attended_transfer_pops_when_they_talk() -> None:
    moved = CallTransferred(KEY, AT, TransferKind.ATTENDED, "1001", "1002")
    talk = Connected(KEY, AT, "1001")
    assert pops(PopPolicy(), IN, talk, moved) == [("1001", "ring")]
    assert pops(PopPolicy(), IN, talk, moved, Connected(KEY, AT, "1002")) == [
        ("1001", "ring"),
        ("1002", "transfer"),
    ]


def test_outbound_call_pops_once_the_number_is_dialled() -> None:
    dialled = OutsideDialled(KEY, AT, "1001")
    assert pops(PopPolicy(), OUT) == []
    assert pops(PopPolicy(), OUT, dialled) == [("1001", "dial")]
    assert pops(PopPolicy("answer"), OUT, dialled) == []
    assert pops(PopPolicy("answer"), OUT, dialled, Connected(KEY, AT, "1001")) == [("1001", "dial")]


@pytest.mark.parametrize(
    ("when", "expected"),
    [("ringing", ["1001", "1002"]), ("asked", ["1001", "1002"]), ("answer", ["1002"])],
)
def test_moment_of_the_card(when: str, expected: list[str]) -> None:
    events = [IN, offered("1001"), rang("1001"), offered("1002"), rang("1002")]
    found = pops(PopPolicy(when), *events, Connected(KEY, AT, "1002"))
    assert [extension for extension, _ in found] == expected


@pytest.mark.parametrize(("internal", "expected"), [(False, []), (True, [("1002", "ring")])])
def test_internal_calls(internal: bool, expected: list[tuple[str, str]]) -> None:
    policy = PopPolicy(internal=internal)
    assert pops(policy, INTERNAL, offered("1002"), rang("1002")) == expected
