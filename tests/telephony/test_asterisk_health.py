"""What the Asterisk source and the doctor say of a line: rights and settings that are missing."""

from __future__ import annotations

import asyncio

import pytest

from crmdesk.domain.lines import LineState
from crmdesk.telephony.asterisk import session as session_module
from crmdesk.telephony.asterisk.facts import LineFacts
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.probe import probe
from crmdesk.telephony.findings import FindingState
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import Account, Behaviour, FakePbx
from tests.telephony.asterisk_scene import (
    CHANNEL,
    DATA,
    PRESENTATION_LINE,
    Scene,
    authority,
    line_for,
    play_scene,
)

__all__ = ["authority"]


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
