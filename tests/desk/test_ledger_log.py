"""The ledger is written in batches, in order, and loses nothing without saying so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from crmdesk.desk.ledger.log import PAUSE_S, RETRY_S, LedgerLog
from crmdesk.desk.listeners import Listeners
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome
from crmdesk.store.errors import StoreFull
from tests.conftest import ExpectedLogs

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def line(number: int, outcome: LedgerOutcome = LedgerOutcome.POPPED) -> LedgerLine:
    return LedgerLine(START + timedelta(seconds=number), "office", "phone_rang", outcome)


def merged(number: int) -> LedgerLine:
    return line(number, LedgerOutcome.MERGED)


class Scene:
    """A ledger log with a store, a loop and a clock that the test works by hand."""

    def __init__(self, most: int = 100) -> None:
        self.written: list[LedgerLine] = []
        self.told: list[LedgerLine] = []
        self.batches = 0
        self.trouble: Exception | None = None
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self._jobs: list[tuple[Callable[[Scene], None], Future[None]]] = []
        listeners = Listeners()
        listeners.add(self)  # type: ignore[arg-type]
        self.log = LedgerLog(self, listeners, self._post, self._later, most)  # type: ignore[arg-type]

    def write(self, job: Callable[[Scene], None]) -> Future[None]:
        future: Future[None] = Future()
        self._jobs.append((job, future))
        return future

    def add_ledger(self, lines: Sequence[LedgerLine]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.batches += 1
        self.written += lines

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        self.told += lines

    def _post(self, function: Callable[..., object], *args: object) -> None:
        function(*args)

    def _later(self, seconds: float, function: Callable[[], None]) -> None:
        self.timers.append((seconds, function))

    def enter(self, *lines: LedgerLine) -> None:
        for one in lines:
            self.log.enter(one)

    def ring_timer(self) -> float:
        seconds, function = self.timers.pop(0)
        function()
        return seconds

    def work(self) -> None:
        job, future = self._jobs.pop(0)
        try:
            job(self)
        except (StoreFull, ValueError) as error:
            future.set_exception(error)
        else:
            future.set_result(None)

    def numbers(self) -> list[int]:
        return [(one.at - START).seconds for one in self.written]


def test_lines_are_written_together_after_a_pause_and_then_told() -> None:
    scene = Scene()
    scene.enter(line(1), merged(2), line(3))
    assert len(scene.timers) == 1
    assert scene.ring_timer() == PAUSE_S
    assert not scene.log.is_idle
    scene.work()
    assert (scene.numbers(), scene.batches) == ([1, 2, 3], 1)
    assert scene.told == scene.written
    assert scene.log.is_idle
    assert scene.timers == []


def test_what_comes_while_the_store_writes_goes_with_the_next_batch() -> None:
    scene = Scene()
    scene.enter(line(1))
    scene.ring_timer()
    scene.enter(line(2))
    scene.ring_timer()  # nothing happens: the store still writes
    scene.enter(line(3))
    scene.ring_timer()
    scene.work()
    assert scene.numbers() == [1]
    scene.ring_timer()
    scene.work()
    assert (scene.numbers(), scene.batches) == ([1, 2, 3], 2)


def test_flush_writes_at_once() -> None:
    scene = Scene()
    scene.enter(line(1))
    scene.log.flush()
    scene.work()
    assert scene.numbers() == [1]
    scene.log.flush()
    assert scene.log.is_idle


def test_a_store_that_refuses_is_tried_again_in_the_same_order() -> None:
    scene = Scene()
    scene.trouble = StoreFull()
    scene.enter(line(1), merged(2))
    scene.ring_timer()
    scene.enter(line(3))
    scene.ring_timer()
    scene.work()
    assert scene.told == []
    scene.trouble = None
    assert scene.ring_timer() == RETRY_S
    scene.work()
    assert scene.numbers() == [1, 2, 3]


def test_where_there_is_no_room_merged_lines_go_first_and_are_counted() -> None:
    scene = Scene(most=3)
    scene.enter(line(1), merged(2), line(3), merged(4), line(5))
    scene.log.flush()
    scene.work()
    note, *others = scene.written
    assert [(one.at - START).seconds for one in others] == [1, 3, 5]
    assert (note.outcome, note.rule) == (LedgerOutcome.NOTED, "left_out")
    assert note.words.startswith("2 lines were left out")
    assert (note.at - START).seconds == 4


def test_lines_that_tell_more_go_only_where_there_are_no_others() -> None:
    scene = Scene(most=2)
    scene.enter(line(1), line(2), line(3))
    scene.log.flush()
    scene.work()
    assert [(one.at - START).seconds for one in scene.written[1:]] == [2, 3]
    assert scene.written[0].words.startswith("1 line was left out")


def test_what_was_left_out_is_counted_once_however_often_the_store_refuses() -> None:
    scene = Scene(most=2)
    scene.enter(*map(merged, range(1, 6)))
    scene.trouble = StoreFull()
    for _ in range(3):
        scene.log.flush()
        scene.work()
    scene.enter(merged(6))
    scene.trouble = None
    scene.log.flush()
    scene.work()
    assert [one.words[:7] for one in scene.written if one.rule == "left_out"] == ["4 lines"]
    assert scene.numbers()[1:] == [5, 6]


def test_lines_that_can_never_be_written_are_counted_and_hold_up_no_others(
    expect_log: ExpectedLogs,
) -> None:
    expect_log("lines of the ledger could not be written")
    scene = Scene()
    scene.trouble = ValueError("a bug")
    scene.enter(line(1), line(2))
    scene.log.flush()
    scene.work()
    scene.trouble = None
    scene.enter(line(3))
    scene.log.flush()
    scene.work()
    assert scene.written[0].words.startswith("2 lines were left out")
    assert scene.numbers()[1:] == [3]


@pytest.mark.parametrize("most", [1, 7, 50])
def test_every_line_is_written_or_counted(most: int) -> None:
    scene = Scene(most)
    for number in range(40):
        scene.enter(merged(number) if number % 3 else line(number))
        if number % 11 == 5:
            scene.log.flush()
            if number % 2:
                scene.trouble = StoreFull()
            scene.work()
            scene.trouble = None
    scene.log.flush()
    scene.work()
    counted = sum(
        int(one.words.split()[0]) for one in scene.written if one.outcome is LedgerOutcome.NOTED
    )
    others = [one for one in scene.written if one.outcome is not LedgerOutcome.NOTED]
    assert counted + len(others) == 40
    assert [one.at for one in others] == sorted(one.at for one in others)
