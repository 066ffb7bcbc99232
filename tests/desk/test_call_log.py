"""Calls wait in memory while the store refuses them, and no old state overwrites a newer one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crmdesk.desk.call_log import CallLog
from crmdesk.desk.listeners import Listeners
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.ids import call_id
from crmdesk.domain.store_health import StoreHealth, StoreState
from crmdesk.store.errors import StoreFull
from tests.conftest import ExpectedLogs

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RINGING = Call(call_id("pbx", "1"), "line", Direction.INBOUND, NOW, caller_raw="+493023125710")
OVER = replace(RINGING, ended_at=NOW + timedelta(seconds=9), outcome=CallOutcome.MISSED)
OTHER = replace(RINGING, id=call_id("pbx", "2"))


class Shelf:
    """What a writer writes to."""

    def __init__(self) -> None:
        self.calls: dict[Any, Call] = {}
        self.refuses: set[Any] = set()

    def save_call(self, call: Call, e164: str | None) -> None:
        if call.id in self.refuses:
            raise ValueError("cannot be written")
        self.calls[call.id] = call

    def link_call(self, call_id: Any, match: Any) -> None:
        raise AssertionError("these calls have no match")


class SlowStore:
    """A store whose writer thread works when the test says so, and whose disk may be full."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.is_full = False
        self._jobs: list[tuple[Callable[[Shelf], None], Future[None]]] = []

    def write(self, job: Callable[[Shelf], None]) -> Future[None]:
        future: Future[None] = Future()
        self._jobs.append((job, future))
        return future

    def work(self) -> None:
        """Runs one job, as a transaction: all of it or nothing."""
        job, future = self._jobs.pop(0)
        before = dict(self.shelf.calls)
        try:
            job(self.shelf)
        except ValueError as error:
            self.shelf.calls = before
            future.set_exception(error)
            return
        if self.is_full:
            self.shelf.calls = before
            future.set_exception(StoreFull())
        else:
            future.set_result(None)

    def work_off(self) -> None:
        while self._jobs:
            self.work()

    def health(self) -> StoreHealth:
        state = StoreState.FULL if self.is_full else StoreState.READY
        return StoreHealth(state, "crmdesk.db", True, "0001")


class Told:
    """A listener."""

    def __init__(self) -> None:
        self.rows: list[CallRow] = []
        self.states: list[StoreState] = []

    def call_changed(self, row: CallRow) -> None:
        self.rows.append(row)

    def store_health_changed(self, health: StoreHealth) -> None:
        self.states.append(health.state)


class Scene:
    """A call log, and the loop it lives on, as a list of what was posted."""

    def __init__(self) -> None:
        self.store, self.told = SlowStore(), Told()
        self.posted: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        listeners = Listeners()
        listeners.add(self.told)  # type: ignore[arg-type]
        self.log = CallLog(self.store, listeners, self._post)  # type: ignore[arg-type]

    def _post(self, function: Callable[..., object], *args: object) -> None:
        self.posted.append((function, args))

    def save(self, call: Call) -> None:
        self.log.save(call, None, None)

    def hear(self) -> None:
        """The loop gets round to what the store answered."""
        posted, self.posted = self.posted, []
        for function, args in posted:
            function(*args)

    def settle(self) -> None:
        while not self.log.is_idle:
            self.store.work_off()
            self.hear()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_call_is_told_only_after_it_is_safe(scene: Scene) -> None:
    scene.save(RINGING)
    assert scene.told.rows == []
    scene.settle()
    assert [row.call for row in scene.told.rows] == [RINGING]


def test_states_that_wait_together_are_one_row(scene: Scene) -> None:
    scene.save(RINGING)
    scene.save(OVER)
    scene.save(OTHER)
    scene.settle()
    assert scene.store.shelf.calls == {OVER.id: OVER, OTHER.id: OTHER}
    assert [row.call for row in scene.told.rows] == [OVER, OTHER]


def test_full_disk_is_told_once_and_calls_wait(scene: Scene) -> None:
    scene.store.is_full = True
    for call in (RINGING, OTHER):
        scene.save(call)
        scene.settle()
    scene.log.retry()
    scene.settle()
    assert scene.log.unsaved == 2
    assert scene.told.states == [StoreState.FULL]
    assert scene.told.rows == []
    scene.store.is_full = False
    scene.log.retry()
    scene.settle()
    assert scene.log.unsaved == 0
    assert scene.store.shelf.calls == {RINGING.id: RINGING, OTHER.id: OTHER}
    assert scene.told.states == [StoreState.FULL, StoreState.READY]


def test_newer_state_replaces_the_one_that_waits(scene: Scene) -> None:
    scene.store.is_full = True
    scene.save(RINGING)
    scene.settle()
    scene.store.is_full = False
    scene.save(OVER)
    scene.settle()
    assert scene.log.unsaved == 0
    assert scene.store.shelf.calls == {OVER.id: OVER}


def test_old_state_never_overwrites_a_newer_one(scene: Scene) -> None:
    """The disk has room again between two states, before the loop hears that the first failed."""
    scene.store.is_full = True
    scene.save(RINGING)
    scene.store.work()
    scene.store.is_full = False
    scene.save(OVER)
    scene.store.work()
    scene.hear()
    scene.log.retry()
    scene.settle()
    assert scene.store.shelf.calls == {OVER.id: OVER}
    assert scene.log.unsaved == 0
    assert scene.told.states == []


def test_newest_of_two_refused_states_is_kept(scene: Scene) -> None:
    scene.store.is_full = True
    for call in (RINGING, OVER):
        scene.save(call)
        scene.store.work()
    scene.hear()
    scene.store.is_full = False
    scene.log.retry()
    scene.settle()
    assert scene.store.shelf.calls == {OVER.id: OVER}


def test_one_bad_call_holds_up_no_other(scene: Scene, expect_log: ExpectedLogs) -> None:
    expect_log("a call could not be saved")
    scene.store.shelf.refuses = {RINGING.id}
    scene.save(RINGING)
    scene.save(OTHER)
    scene.settle()
    assert scene.store.shelf.calls == {OTHER.id: OTHER}
    assert scene.log.unsaved == 1
