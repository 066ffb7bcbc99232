"""The bridge: cards pass one by one, states of calls are collected."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, Direction
from crmdesk.gui.bridge import Bridge, connect_queued

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def row(call_id: uuid.UUID, talk_seconds: float = 0.0) -> CallRow:
    call = Call(call_id, "line", Direction.INBOUND, AT, talk_seconds=talk_seconds)
    return CallRow(call, None)


@pytest.fixture
def bridge(qtbot: QtBot) -> Bridge:
    return Bridge()


@pytest.fixture
def told(bridge: Bridge) -> list[Any]:
    heard: list[Any] = []
    connect_queued(bridge.call_changed_signal, heard.append)
    return heard


def test_first_change_is_told_without_waiting(
    qtbot: QtBot, bridge: Bridge, told: list[Any]
) -> None:
    first = row(uuid.uuid4())
    bridge.call_changed(first)
    qtbot.waitUntil(lambda: told == [first])


def test_of_many_states_of_a_call_only_the_newest_follows(
    qtbot: QtBot, bridge: Bridge, told: list[Any]
) -> None:
    bridge.call_changed(row(uuid.uuid4()))
    qtbot.waitUntil(lambda: len(told) == 1)
    busy, other = uuid.uuid4(), uuid.uuid4()
    for second in range(50):
        bridge.call_changed(row(busy, second))
    bridge.call_changed(row(other))
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told[1:] == [row(busy, 49), row(other)]


def test_after_a_pause_changes_pass_at_once_again(
    qtbot: QtBot, bridge: Bridge, told: list[Any]
) -> None:
    bridge.call_changed(row(uuid.uuid4()))
    qtbot.waitUntil(lambda: len(told) == 1)
    qtbot.waitUntil(lambda: not bridge._rest.isActive())
    bridge.call_changed(row(uuid.uuid4()))
    qtbot.waitUntil(lambda: len(told) == 2)


def test_cards_are_never_collected(qtbot: QtBot, bridge: Bridge) -> None:
    cards: list[Any] = []
    connect_queued(bridge.pop_changed_signal, cards.append)
    for number in range(20):
        bridge.pop_changed(number)
    qtbot.waitUntil(lambda: cards == list(range(20)))
