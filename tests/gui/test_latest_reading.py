"""A search that follows the keys: only the newest answer comes, and it does not wait for others."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.tasks import LatestReading
from crmdesk.store import open_store

_LIMIT_S = 60


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "crmdesk.db", bytes(range(32))) as opened:
        yield opened


@pytest.fixture
def answers():
    return []


@pytest.fixture
def reading(qapp, store):
    owner = QObject()
    yield LatestReading(store, owner)
    owner.deleteLater()


def test_only_the_newest_answer_comes(qtbot, store, reading, answers):
    gate = threading.Event()
    store.read(lambda _reader: gate.wait(_LIMIT_S))  # the thread is busy with something else
    for typed in ("a", "an", "ann"):
        reading.ask(lambda _reader, typed=typed: typed, answers.append, answers.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers), timeout=_LIMIT_S * 1000)
    assert answers == ["ann"]


def test_a_reading_that_runs_is_dropped_without_a_word(qtbot, reading, answers):
    started, gate = threading.Event(), threading.Event()

    def failing(_reader):
        started.set()
        gate.wait(_LIMIT_S)
        raise UserFacingError("What?", "Why?", "How?")

    reading.ask(failing, answers.append, answers.append)
    assert started.wait(_LIMIT_S)
    reading.ask(lambda _reader: "second", answers.append, answers.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers), timeout=_LIMIT_S * 1000)
    assert answers == ["second"]


def test_what_is_dropped_is_not_told(qtbot, store, reading, answers):
    gate = threading.Event()
    store.read(lambda _reader: gate.wait(_LIMIT_S))
    reading.ask(lambda _reader: "never", answers.append, answers.append)
    reading.drop()
    reading.drop()
    gate.set()
    reading.ask(lambda _reader: "later", answers.append, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=_LIMIT_S * 1000)
    assert answers == ["later"]


def test_a_failure_of_the_newest_is_told(qtbot, reading, answers):
    def failing(_reader):
        raise UserFacingError("What?", "Why?", "How?")

    reading.ask(failing, answers.append, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=_LIMIT_S * 1000)
    assert isinstance(answers[0], UserFacingError)
