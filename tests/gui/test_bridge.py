"""What other threads tell arrives in the GUI thread, in order, and never too often."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.ids import call_id
from crmdesk.gui.bridge import Bridge, connect_queued
from tests.gui.cards import NOW, card


class Hearer(QObject):
    """Notes what arrives, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[QThread] = set()

    @Slot(object)
    def hear(self, value: object) -> None:
        self.heard.append(value)
        self.threads.add(QThread.currentThread())


@pytest.fixture
def bridge(qtbot: QtBot) -> Bridge:
    return Bridge()


def in_thread(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()


def row(number: int, seconds: float = 0) -> CallRow:
    started = NOW + timedelta(seconds=seconds)
    return CallRow(Call(call_id("pbx", str(number)), "line", Direction.INBOUND, started), None)


def test_cards_arrive_in_order_in_this_thread(bridge: Bridge, qtbot: QtBot) -> None:
    hearer = Hearer()
    connect_queued(bridge.pop_changed_signal, hearer.hear)
    told = [card(n) for n in range(50)]
    in_thread(lambda: [bridge.pop_changed(each) for each in told])
    assert hearer.heard == []  # nothing of ours ran in the other thread
    qtbot.waitUntil(lambda: len(hearer.heard) == 50)
    assert hearer.heard == told
    assert hearer.threads == {QThread.currentThread()}


def test_many_states_of_a_call_arrive_as_its_newest(bridge: Bridge, qtbot: QtBot) -> None:
    hearer = Hearer()
    connect_queued(bridge.call_changed_signal, hearer.hear)
    states = [row(1, seconds) for seconds in range(1000)]
    in_thread(lambda: [bridge.call_changed(each) for each in (*states, row(2))])
    qtbot.waitUntil(lambda: len(hearer.heard) == 2)
    assert hearer.heard == [states[-1], row(2)]


def test_last_state_always_arrives(bridge: Bridge, qtbot: QtBot) -> None:
    """Also one that comes while the bridge rests after another."""
    hearer = Hearer()
    connect_queued(bridge.call_changed_signal, hearer.hear)
    for seconds in range(4):
        in_thread(lambda seconds=seconds: bridge.call_changed(row(1, seconds)))
        qtbot.wait(30)
    qtbot.waitUntil(lambda: row(1, 3) in hearer.heard)
    assert hearer.heard[-1] == row(1, 3)
    assert len(hearer.heard) < 4


def test_rows_are_what_was_told(bridge: Bridge, qtbot: QtBot) -> None:
    hearer = Hearer()
    connect_queued(bridge.call_changed_signal, hearer.hear)
    named = replace(row(1), customer_name="Anna Hansen")
    bridge.call_changed(named)
    qtbot.waitUntil(lambda: hearer.heard == [named])
