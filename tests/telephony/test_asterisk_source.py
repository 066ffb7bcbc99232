"""The Asterisk source against a PBX on a real socket: login, resync, faults, dialling."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
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
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.asterisk import session as session_module
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.facts import LineFacts
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.playback import play
from crmdesk.telephony.asterisk.probe import probe
from crmdesk.telephony.asterisk.protocol import AmiProtocol
from crmdesk.telephony.asterisk.pseudonyms import AmiPseudonyms
from crmdesk.telephony.asterisk.source import AsteriskSource
from crmdesk.telephony.findings import FindingState
from crmdesk.telephony.recording import Recorder, Recording
from crmdesk.telephony.trouble import DialError
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import Account, Behaviour, FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"
PRESENTATION_LINE = "channelvars = CALLERID(pres),FROM_DID"
CHANNEL = """Event: CoreShowChannel
Channel: {channel}-0000000c
ChannelState: 6
CallerIDNum: +493023125710
Uniqueid: {uniqueid}
Linkedid: {uniqueid}
{variables}"""


class Notes:
    """A translator that writes down what it is given, and tells one event per hang-up."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.times: list[datetime] = []
        self.lost = 0

    def handle(self, message: Message, at: datetime) -> list[CallEvent]:
        self.messages.append(message)
        self.times.append(at)
        return [CallEnded(message.get("Linkedid"), at)] if message.name == "Hangup" else []

    def connection_lost(self, at: datetime) -> list[CallEvent]:
        self.lost += 1
        return [CallEnded("open", at, seen=False)]

    def names(self) -> list[str]:
        return [message.name for message in self.messages]


class Scene:
    """A source that runs, and what it told."""

    def __init__(self, source_line: LineSettings, secret: str, recorder: Recorder | None) -> None:
        self.calls = Notes()
        self.batches: list[list[CallEvent]] = []
        self.healths: list[LineHealth] = []
        self.news = asyncio.Event()
        self.source = AsteriskSource(
            source_line,
            secret,
            self.calls,
            self._take,
            self._hear,
            recorder,
            delays=_short_delays,
        )
        self.task = asyncio.create_task(self.source.run())

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not happened():
                self.news.clear()
                await self.news.wait()

    async def until_state(self, state: LineState) -> LineHealth:
        await self.until(lambda: self.source.health.state is state)
        return self.source.health

    async def until_connected(self) -> LineHealth:
        connected = (LineState.READY, LineState.DEGRADED)
        await self.until(lambda: self.source.health.state in connected)
        return self.source.health

    def _take(self, batch: list[CallEvent]) -> None:
        self.batches.append(batch)
        self.news.set()

    def _hear(self, health: LineHealth) -> None:
        self.healths.append(health)
        self.news.set()


def _short_delays() -> Iterator[float]:
    while True:
        yield 0.01


def line_for(pbx: FakePbx, **changes: object) -> LineSettings:
    values: dict[str, object] = {
        "id": "main",
        "name": "Main line",
        "host": pbx.host,
        "port": pbx.port,
        "tls": pbx.ca_file is not None,
        "tls_ca": str(pbx.ca_file or ""),
        "username": "crmdesk",
    }
    return LineSettings(**{**values, **changes})  # type: ignore[arg-type]


def play_scene(
    pbx: FakePbx,
    act: Callable[[Scene], Awaitable[None]],
    secret: str = "s3cret-crmdesk",
    recorder: Recorder | None = None,
    **changes: object,
) -> Scene:
    async def scene() -> Scene:
        played = Scene(line_for(pbx, **changes), secret, recorder)
        try:
            await act(played)
        finally:
            await played.source.stop()
        return played

    return asyncio.run(scene())


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path)


# --- login and what comes after -------------------------------------------------------------------


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
        async with asyncio.timeout(20):
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


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_wrong_password_stops_for_good_and_says_so(secret: str) -> None:
    async def act(scene: Scene) -> None:
        await scene.task
        health = scene.source.health
        assert health.state is LineState.REFUSED
        assert "Authentication failed" in health.message
        assert "manager.conf" in health.remedy

    with FakePbx() as pbx:
        scene = play_scene(pbx, act, secret)
        assert pbx.connections == 1
    assert scene.calls.lost == 0


def test_wrong_certificate_stops_for_good(authority: CertificateAuthority) -> None:
    async def act(scene: Scene) -> None:
        await scene.task
        assert scene.source.health.state is LineState.REFUSED
        assert "not trusted" in scene.source.health.message

    with FakePbx(tls=authority) as pbx:
        play_scene(pbx, act, tls_ca="")
        assert pbx.received == b""


def test_dropped_connection_loses_the_calls_and_is_made_again() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.drop)
        await scene.until_state(LineState.RETRYING)
        assert scene.batches == [[CallEnded("open", scene.batches[0][0].at, seen=False)]]
        await scene.until_connected()
        assert scene.calls.lost == 1

    with FakePbx() as pbx:
        play_scene(pbx, act)
        assert pbx.logins == 2
        assert len(pbx.actions_named("CoreShowChannels")) == 2


def test_pbx_that_was_away_is_found_again() -> None:
    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.RETRYING)
        assert "Nothing listens" in health.message
        await asyncio.to_thread(pbx.start_listening)
        await scene.until_connected()

    with FakePbx() as pbx:
        pbx.stop_listening()
        play_scene(pbx, act)


def test_pbx_that_hangs_is_noticed_by_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "PING_EVERY_S", 0.05)
    monkeypatch.setattr(session_module, "PONG_DEADLINE_S", 0.2)

    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.wait_for_action, "Ping", 3)
        assert scene.calls.lost == 0
        pbx.behaviour.answer_pings = False
        health = await scene.until_state(LineState.RETRYING)
        assert "no longer answers" in health.message

    with FakePbx() as pbx:
        scene = play_scene(pbx, act)
    assert "Pong" not in str(scene.calls.messages)


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        bytes(range(256)),
    ],
)
def test_garbage_on_the_port_is_named(garbage: bytes) -> None:
    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.RETRYING)
        assert "does not answer like an Asterisk manager" in health.message
        assert "5039" in health.remedy

    with FakePbx(behaviour=Behaviour(garbage=garbage)) as pbx:
        play_scene(pbx, act)
        assert pbx.received == b""


def test_silent_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LOGIN_DEADLINE_S", 0.05)

    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.RETRYING)
        assert "says nothing" in health.message
        assert "turn TLS on" in health.remedy

    with FakePbx(behaviour=Behaviour(mute=True)) as pbx:
        play_scene(pbx, act)


def test_endless_message_drops_the_connection_only() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.send, *([b"a" * 65_536] * 20))
        health = await scene.until_state(LineState.RETRYING)
        assert "does not end" in health.message
        await scene.until_connected()

    with FakePbx() as pbx:
        play_scene(pbx, act)


def test_forged_banner_on_a_live_connection_is_ignored() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(
            pbx.send, b"Asterisk Call Manager/11.0.0\r\nEvent: Hangup\r\nLinkedid: 1\r\n\r\n"
        )
        await scene.until(lambda: bool(scene.batches))

    with FakePbx() as pbx:
        scene = play_scene(pbx, act)
    kinds = [message.kind for message in scene.calls.messages]
    assert kinds.count(MessageKind.BANNER) == 1


def test_a_message_that_breaks_the_translator_costs_no_other(
    expect_log: Callable[[str], None],
) -> None:
    expect_log("Newchannel could not be understood")

    async def act(scene: Scene) -> None:
        understood = scene.calls.handle

        def handle(message: Message, at: datetime) -> list[CallEvent]:
            if message.name == "Newchannel":
                raise KeyError("a bug")
            return understood(message, at)

        scene.calls.handle = handle  # type: ignore[method-assign]
        await scene.until_connected()
        await asyncio.to_thread(
            pbx.send,
            b"Event: Newchannel\r\nCallerIDNum: +493023125710\r\n\r\n"
            b"Event: Hangup\r\nLinkedid: 1\r\n\r\n",
        )
        await scene.until(lambda: bool(scene.batches))

    with FakePbx() as pbx:
        play_scene(pbx, act)


# --- health ---------------------------------------------------------------------------------------


def test_channels_without_the_presentation_name_the_one_line_to_add() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.play, DATA / "11-anonymous.ami")
        health = await scene.until_state(LineState.DEGRADED)
        (warning,) = health.warnings
        assert PRESENTATION_LINE in warning

    with FakePbx() as pbx:
        play_scene(pbx, act)


def test_channels_with_the_presentation_leave_nothing_to_say() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        path = DATA / "11b-anonymous-with-presentation-var.ami"
        await asyncio.to_thread(pbx.play, path)
        hangups = path.read_bytes().count(b"Event: Hangup\r\n")
        await scene.until(lambda: sum(map(len, scene.batches)) == hangups)
        assert scene.source.health.state is LineState.READY

    with FakePbx() as pbx:
        play_scene(pbx, act)


def test_right_to_list_calls_is_missed_where_it_is_missing() -> None:
    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.DEGRADED)
        assert any("Add reporting to write" in warning for warning in health.warnings)

    accounts = {"crmdesk": Account("s3cret-crmdesk", write=frozenset())}
    with FakePbx(accounts) as pbx:
        play_scene(pbx, act)


def test_missing_right_to_hear_calls_shows_when_a_listed_call_goes_silently(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session_module, "RECHECK_CHANNELS_S", 0.05)
    channel = CHANNEL.format(
        channel="PJSIP/1001", uniqueid="1.1", variables="ChanVariable: CALLERID(pres)=allowed"
    )

    async def act(scene: Scene) -> None:
        await scene.until_connected()
        pbx.behaviour.channels = []
        await asyncio.to_thread(pbx.wait_for_action, "CoreShowChannels", 3)
        await asyncio.to_thread(pbx.send, b"Event: FullyBooted\r\n\r\n")
        health = await scene.until_state(LineState.DEGRADED)
        assert "nothing pops" in health.warnings[0]

    with FakePbx(behaviour=Behaviour(channels=[channel])) as pbx:
        play_scene(pbx, act)


def test_moving_queue_without_events_shows_the_missing_right() -> None:
    facts = LineFacts()
    for completed in ("3", "3", "4"):
        facts.note(queue_params(completed))
    (warning,) = facts.warnings(tls=True, host="pbx.example")
    assert "Add call" not in warning
    assert "agent to read" in warning
    facts.classes.add("agent")
    assert facts.warnings(tls=True, host="pbx.example") == ()


def test_queue_that_moved_while_we_were_away_proves_nothing() -> None:
    facts = LineFacts()
    facts.note(queue_params("3"))
    facts.connection_lost()
    facts.note(queue_params("9"))
    assert facts.warnings(tls=True, host="pbx.example") == ()


def queue_params(completed: str) -> Message:
    fields = {"Queue": "support", "Completed": completed, "Abandoned": "0"}
    return Message(MessageKind.EVENT, "QueueParams", fields)


@pytest.mark.parametrize(
    ("host", "tls", "count"),
    [
        ("pbx.example", False, 1),
        ("pbx.example", True, 0),
        ("127.0.0.1", False, 0),
        ("::1", False, 0),
    ],
)
def test_missing_encryption_is_a_warning_off_this_computer(
    host: str, tls: bool, count: int
) -> None:
    assert len(LineFacts().warnings(tls, host)) == count


# --- dialling -------------------------------------------------------------------------------------


def test_click_to_dial_rings_the_phone_and_dials_through_the_dialplan() -> None:
    channel = CHANNEL.format(channel="SIP/1002", uniqueid="1.1", variables="AccountCode: ")

    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await scene.source.originate("1001", "+493023125710")
        await scene.source.originate("1002", "03023125710")

    with FakePbx(behaviour=Behaviour(channels=[channel])) as pbx:
        play_scene(pbx, act, dial_context="internal")
        first, second = pbx.actions_named("Originate")
    assert first == {
        "Action": "Originate",
        "ActionID": first["ActionID"],
        "Channel": "PJSIP/1001",
        "Context": "internal",
        "Exten": "+493023125710",
        "Priority": "1",
        "CallerID": '"+493023125710" <1001>',
        "Timeout": "30000",
        "Async": "true",
    }
    assert second["Channel"] == "SIP/1002"


@pytest.mark.parametrize(
    "number",
    [
        "100\r\nAction: Originate\r\nApplication: System\r\nData: id",
        "{api_on_answer=system x}",
        "1&DAHDI/g1/900",
        "10\n",
    ],
)
def test_injection_through_a_number_sends_not_one_byte(number: str) -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await asyncio.to_thread(pbx.wait_for_action, "QueueStatus")
        before = bytes(pbx.received)
        with pytest.raises(DialError, match="no number"):
            await scene.source.originate("1001", number)
        # What is sent later arrives later: nothing was hidden in between.
        await scene.source.originate("1001", "10")
        sent = bytes(pbx.received)[len(before) :]
        assert sent.startswith(b"Action: Originate\r\nActionID: ")
        assert sent.count(b"Action: ") == 1
        assert b"Exten: 10\r\n" in sent

    with FakePbx() as pbx:
        play_scene(pbx, act)


def test_numbers_are_dialled_as_web_pages_write_them() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        await scene.source.originate("1001", "+49-30-23125-710")
        await scene.source.originate("1001", "(030)23125711")
        with pytest.raises(DialError, match="extension is not set"):
            await scene.source.originate("", "03023125710")

    with FakePbx() as pbx:
        play_scene(pbx, act)
        dialled = [action["Exten"] for action in pbx.actions_named("Originate")]
    assert dialled == ["+493023125710", "03023125711"]


def test_dialling_that_fails_says_why() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        with pytest.raises(DialError, match="cannot be reached"):
            await scene.source.originate("1999", "03023125710")

    with FakePbx() as pbx:
        play_scene(pbx, act)


def test_dialling_without_the_right_names_the_right() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_connected()
        with pytest.raises(DialError, match="Permission denied") as caught:
            await scene.source.originate("1001", "03023125710")
        assert "originate to write" in caught.value.remedy

    accounts = {"crmdesk": Account("s3cret-crmdesk", write=frozenset({"reporting"}))}
    with FakePbx(accounts) as pbx:
        play_scene(pbx, act)


def test_dialling_without_a_connection_is_refused() -> None:
    async def act(scene: Scene) -> None:
        await scene.until_state(LineState.RETRYING)
        with pytest.raises(DialError, match="not connected"):
            await scene.source.originate("1001", "03023125710")

    with FakePbx() as pbx:
        pbx.stop_listening()
        play_scene(pbx, act)


# --- recording what comes in ----------------------------------------------------------------------


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


# --- the doctor's test ----------------------------------------------------------------------------


def findings(pbx: FakePbx, secret: str = "s3cret-crmdesk", **changes: object) -> dict[str, str]:
    found = asyncio.run(probe(line_for(pbx, **changes), secret))
    assert all(finding.message for finding in found)
    assert all(finding.remedy for finding in found if finding.state is not FindingState.OK)
    return {finding.check: finding.state.value for finding in found}


def test_probe_of_a_good_line(authority: CertificateAuthority) -> None:
    variables = "ChanVariable: CALLERID(pres)=allowed\nChanVariable: FROM_DID=+493023125101"
    channel = CHANNEL.format(channel="PJSIP/1001", uniqueid="1.1", variables=variables)
    with FakePbx(tls=authority, behaviour=Behaviour(channels=[channel])) as pbx:
        assert findings(pbx) == {
            "Connection": "ok",
            "Encryption": "ok",
            "Login": "ok",
            "Right to hear of restarts": "ok",
            "Right to list calls": "ok",
            "Right to dial": "ok",
            "Right to hear of calls": "unknown",
            "Withheld numbers": "ok",
            "Dialled number": "ok",
        }
        pbx.wait_for_action("Logoff")


def test_probe_of_a_line_with_narrow_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "BOOT_WAIT_S", 0.05)
    accounts = {"crmdesk": Account("s3cret-crmdesk", frozenset({"call"}), frozenset())}
    with FakePbx(accounts) as pbx:
        found = findings(pbx)
    assert found["Right to hear of restarts"] == "warning"
    assert found["Right to list calls"] == "warning"
    assert found["Right to dial"] == "warning"
    assert found["Withheld numbers"] == "unknown"


def test_probe_sees_that_variables_are_missing() -> None:
    channel = CHANNEL.format(channel="PJSIP/1001", uniqueid="1.1", variables="AccountCode: ")
    with FakePbx(behaviour=Behaviour(channels=[channel])) as pbx:
        found = asyncio.run(probe(line_for(pbx), "s3cret-crmdesk"))
    withheld = next(finding for finding in found if finding.check == "Withheld numbers")
    assert withheld.state is FindingState.WARNING
    assert PRESENTATION_LINE in withheld.remedy


def test_probe_with_a_wrong_password() -> None:
    with FakePbx() as pbx:
        assert findings(pbx, "wrong") == {"Connection": "ok", "Encryption": "ok", "Login": "failed"}


def test_probe_with_a_wrong_certificate(authority: CertificateAuthority) -> None:
    with FakePbx(tls=authority) as pbx:
        assert findings(pbx, tls_ca="") == {"Connection": "failed"}


def test_probe_of_a_closed_port() -> None:
    with FakePbx() as pbx:
        pbx.stop_listening()
        assert findings(pbx) == {"Connection": "failed"}
