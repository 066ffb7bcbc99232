"""The Asterisk source against a PBX on a real socket: login, resync, what it tells and records."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmdesk.domain.call_events import (
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    OfferEnded,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.telephony.asterisk import session as session_module
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.messages import MessageKind
from crmdesk.telephony.asterisk.playback import play
from crmdesk.telephony.asterisk.protocol import AmiProtocol
from crmdesk.telephony.asterisk.pseudonyms import AmiPseudonyms
from crmdesk.telephony.asterisk.source import AsteriskSource
from crmdesk.telephony.recording import Recorder, Recording
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import Account, Behaviour, FakePbx
from tests.telephony.asterisk_scene import DATA, Scene, authority, line_for, play_scene

__all__ = ["authority"]


def test_logs_in_over_tls_and_asks_what_is_going_on(authority: CertificateAuthority) -> None:
    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.READY)
        assert (health.line_id, health.name, health.warnings) == ("main", "Main line", ())

    with FakePbx(tls=authority) as pbx:
        scene = play_scene(pbx, act)
        pbx.wait_for_action("Logoff")
        names = [action["Action"] for action in pbx.actions]
    assert names[:5] == ["Challenge", "Login", "ListCommands", "CoreShowChannels", "QueueStatus"]
    assert b"s3cret" not in pbx.received
    assert [health.state for health in scene.healths] == [
        LineState.CONNECTING,
        LineState.READY,
        LineState.OFF,
    ]


def test_every_message_of_a_recording_reaches_the_translator(
    authority: CertificateAuthority,
) -> None:
    path = DATA / "06-queue-ringall-answered.ami"

    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.play, path, 0.0, 700)
        hangups = path.read_bytes().count(b"Event: Hangup\r\n")
        await scene.until(lambda: sum(map(len, scene.batches)) == hangups)

    with FakePbx(tls=authority) as pbx:
        scene = play_scene(pbx, act)
    protocol = AmiProtocol()
    protocol.receive_data(path.read_bytes())
    expected = [m for m in protocol.messages() if m.kind is MessageKind.EVENT]
    told = [m for m in scene.calls.messages if "ActionID" not in m.fields]
    # Banner and boot are those of this connection.
    assert [m.name for m in told[:2]] == ["Asterisk Call Manager/11.0.0", "FullyBooted"]
    assert expected[0].name == "FullyBooted"
    assert told[2:] == expected[1:]
    assert scene.calls.times == sorted(scene.calls.times)
    assert all(at.tzinfo is UTC for at in scene.calls.times)


@pytest.mark.parametrize(
    "name",
    [
        "01-direct-answered",
        "06-queue-ringall-answered",
        "09-blind-transfer-refer",
        "10-attended-transfer",
        "11b-anonymous-with-presentation-var",
        "19-twenty-concurrent",
    ],
)
def test_live_calls_are_the_calls_of_the_recording(
    name: str, authority: CertificateAuthority
) -> None:
    recording = Recording.load(DATA / f"{name}.ami")
    expected = [event for _, batch in play(recording, AsteriskCalls()) for event in batch]
    told: list[CallEvent] = []

    async def scene() -> None:
        complete = asyncio.Event()
        connected = asyncio.Event()

        def take(batch: list[CallEvent]) -> None:
            told.extend(batch)
            if len(timeless(told)) >= len(timeless(expected)):
                complete.set()

        def hear(health: LineHealth) -> None:
            if health.state is LineState.READY:
                connected.set()

        source = AsteriskSource(line_for(pbx), "s3cret-crmdesk", AsteriskCalls(), take, hear)
        task = asyncio.create_task(source.run())
        async with asyncio.timeout(60):
            await connected.wait()
            await asyncio.to_thread(pbx.play, recording_path, 0.0, 333)
            await complete.wait()
        await source.stop()
        assert task.cancelled()

    recording_path = DATA / f"{name}.ami"
    with FakePbx(tls=authority) as pbx:
        asyncio.run(scene())
    assert timeless(told) == timeless(expected)


def timeless(events: list[CallEvent]) -> list[CallEvent]:
    """What does not depend on the pace, which differs here from the recording's."""
    return [
        replace(event, at=datetime.min)  # noqa: DTZ901 - the same for all
        for event in events
        if isinstance(event, PACELESS)
    ]


PACELESS = (CallStarted, PhoneOffered, PhoneRang, OfferEnded, CallTransferred, CallEnded)
"""Talks are not: a moment apart is told or not by how long it is."""


def test_events_of_one_read_are_one_batch() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.send, b"Event: Hangup\r\nLinkedid: 1.1\r\n\r\n" * 5)
        await scene.until(lambda: bool(scene.batches))

    with FakePbx() as pbx:
        scene = play_scene(pbx, act)
    # One write of this size on the loopback is one read.
    assert len(scene.batches[0]) == 5


def test_without_fully_booted_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "BOOT_WAIT_S", 0.05)

    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.DEGRADED)
        assert any("Add system to read" in warning for warning in health.warnings)
        # Who waits for it to believe an empty list need not wait any longer.
        assert scene.calls.names().count("FullyBooted") == 1

    accounts = {"crmdesk": Account("s3cret-crmdesk", read=frozenset({"call"}))}
    with FakePbx(accounts) as pbx:
        play_scene(pbx, act)


def test_calls_that_were_on_are_given_up_where_they_may_not_be_listed() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        names = scene.calls.names()
        assert names.index("FullyBooted") < names.index("CoreShowChannelsComplete")

    accounts = {"crmdesk": Account("s3cret-crmdesk", write=frozenset())}
    with FakePbx(accounts) as pbx:
        play_scene(pbx, act)


def test_snapshot_is_asked_again_when_the_pbx_is_booted_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session_module, "BOOT_WAIT_S", 0.05)

    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.send, b"Event: FullyBooted\r\nPrivilege: system,all\r\n\r\n")
        await asyncio.to_thread(pbx.wait_for_action, "CoreShowChannels", 2)

    with FakePbx(behaviour=Behaviour(booted=False)) as pbx:
        play_scene(pbx, act)


def test_what_comes_in_is_recorded_without_names_and_numbers(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "live.ami", AmiPseudonyms(b"key"))

    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.play, DATA / "01-direct-answered.ami")
        await scene.until(lambda: sum(map(len, scene.batches)) == 2)

    with FakePbx() as pbx:
        play_scene(pbx, act, recorder=recorder)
    recording = Recording.load(tmp_path / "live.ami")
    assert recording.data.startswith(b"Asterisk Call Manager/11.0.0\r\n")
    assert recording.data.count(b"Event: Hangup\r\n") == 2
    assert recording.chunks[-1][1] == b""
    for personal in (b"Jane Doe", b"Alice", b"+493023125710", b"814085687", b"s3cret"):
        assert personal not in recording.data
