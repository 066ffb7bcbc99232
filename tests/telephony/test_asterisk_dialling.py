"""Click to dial through Asterisk, and numbers that are none."""

from __future__ import annotations

import asyncio

import pytest

from crmdesk.domain.lines import LineState
from crmdesk.telephony.trouble import DialError
from tests.fakes.fake_pbx import Account, Behaviour, FakePbx
from tests.telephony.asterisk_scene import CHANNEL, Scene, play_scene


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
