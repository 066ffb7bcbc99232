"""The Asterisk source when something is wrong: refused, dropped, silent, garbage."""

from __future__ import annotations

import asyncio
import threading
from asyncio import sslproto
from collections.abc import Callable
from datetime import datetime

import pytest

from crmdesk.domain.call_events import CallEnded, CallEvent
from crmdesk.domain.lines import LineState
from crmdesk.telephony.asterisk import session as session_module
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import Behaviour, FakePbx
from tests.telephony.asterisk_scene import Scene, authority, play_scene

__all__ = ["authority"]


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


def test_a_connection_that_is_gone_is_not_aborted(
    authority: CertificateAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With TLS that raises in the Python of Debian 12 (3.11.2), and the line ended there."""
    aborts: list[str] = []
    abort = sslproto._SSLProtocolTransport.abort

    def noted(transport: sslproto._SSLProtocolTransport) -> None:
        aborts.append(threading.current_thread().name)
        abort(transport)

    monkeypatch.setattr(sslproto._SSLProtocolTransport, "abort", noted)

    async def act(scene: Scene) -> None:
        health = await scene.until_state(LineState.RETRYING)
        assert "closed the connection" in health.message

    with FakePbx(tls=authority, behaviour=Behaviour(close_after_banner=True)) as pbx:
        play_scene(pbx, act)
    assert set(aborts) <= {"fake-pbx"}


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
