"""What both watches of the store share: they wake by the wall clock, whatever becomes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from crmdesk.desk.watching import NAP_S, RETRY_S, StoreWatch
from crmdesk.store.errors import StoreLocked
from tests.store.ticket_desk import HOUR, MONDAY, TicketDesk, desk

__all__ = ["desk"]

DEADLINE_S = 20.0
MINUTE = timedelta(minutes=1)


class Loop(asyncio.SelectorEventLoop):
    """A loop whose timers a test lets run out, and nobody else."""

    passed_s = 0.0

    def time(self) -> float:
        return self.passed_s


class Alarm(StoreWatch):
    """Rings at given moments, each once."""

    def __init__(self, desk: TicketDesk, *moments: datetime) -> None:
        self.at = MONDAY
        super().__init__(desk.store, lambda: self.at, rest_s=0.0)
        self.moments, self.looks = list(moments), 0
        self.rung: list[datetime] = []
        self.refuses = False

    async def look(self) -> datetime | None:
        self.looks += 1
        if self.refuses:
            raise StoreLocked
        for moment in [one for one in self.moments if one <= self.at]:
            self.moments.remove(moment)
            self.rung.append(moment)
        return min(self.moments, default=None)

    async def looked(self) -> None:
        """Waits for one more look, and until it sleeps again."""
        seen = self.looks
        await until(lambda: self.looks > seen)

    async def passes(self, wall: timedelta, timers: timedelta) -> None:
        """Time goes by: on the wall, and for the timers of the loop."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        self.at += wall
        loop.passed_s += timers.total_seconds()
        for _ in range(50):  # a timer that ran out takes a few rounds to get where it wakes
            await asyncio.sleep(0)


async def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0)


def watched(alarm: Alarm, story: Callable[[], Coroutine[Any, Any, None]]) -> Alarm:
    """Runs a story while the alarm watches."""

    async def run() -> None:
        task = asyncio.create_task(alarm.run())
        try:
            await until(lambda: alarm.looks)
            await story()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(run())
    return alarm


def test_it_sleeps_until_the_next_moment_and_no_longer(desk: TicketDesk) -> None:
    alarm = Alarm(desk, MONDAY + timedelta(seconds=20), MONDAY + timedelta(seconds=50))

    async def story() -> None:
        await alarm.passes(timedelta(seconds=19), timedelta(seconds=19))
        assert (alarm.rung, alarm.looks) == ([], 1)
        await alarm.passes(timedelta(seconds=1), timedelta(seconds=1))
        assert len(alarm.rung) == 1

    watched(alarm, story)


def test_a_clock_that_is_set_back_an_hour_rings_by_the_new_time(desk: TicketDesk) -> None:
    alarm = Alarm(desk, MONDAY + MINUTE / 2)

    async def story() -> None:
        alarm.at -= HOUR
        await alarm.passes(MINUTE / 2, MINUTE)
        assert (alarm.rung, alarm.looks > 1) == ([], True)
        await alarm.passes(HOUR, MINUTE)
        assert alarm.rung == [MONDAY + MINUTE / 2]

    watched(alarm, story)


def test_a_clock_that_is_set_forward_a_day_is_noticed_within_a_nap(desk: TicketDesk) -> None:
    alarm = Alarm(desk, MONDAY + 8 * HOUR)

    async def story() -> None:
        await alarm.passes(timedelta(days=1), timedelta(seconds=NAP_S))
        assert alarm.rung == [MONDAY + 8 * HOUR]

    watched(alarm, story)


def test_a_computer_that_slept_rings_within_a_nap_of_its_waking(desk: TicketDesk) -> None:
    """Where timers stand still in sleep (Linux, Windows) as where they go on (some machines)."""
    for slept in (timedelta(0), 8 * HOUR):
        alarm = Alarm(desk, MONDAY + HOUR, MONDAY + 2 * HOUR)

        async def story(alarm: Alarm = alarm, slept: timedelta = slept) -> None:
            await alarm.passes(8 * HOUR, slept)
            assert len(alarm.rung) == (2 if slept else 0)
            await alarm.passes(MINUTE, MINUTE)
            assert len(alarm.rung) == 2

        watched(alarm, story)


def test_nothing_to_wait_for_is_looked_at_once_a_nap(desk: TicketDesk) -> None:
    alarm = Alarm(desk)

    async def story() -> None:
        for looks in range(1, 4):
            assert alarm.looks == looks
            await alarm.passes(MINUTE, MINUTE)

    watched(alarm, story)


def test_whoever_writes_wakes_it_at_once(desk: TicketDesk) -> None:
    alarm = Alarm(desk)

    async def story() -> None:
        await asyncio.to_thread(desk.open)
        await until(lambda: alarm.looks == 2)

    watched(alarm, story)
    alarm.look_again()  # the loop is gone: nothing happens
    assert not desk.store._write_listeners


def test_a_store_that_refuses_is_asked_again_soon(desk: TicketDesk) -> None:
    alarm = Alarm(desk, MONDAY)

    async def story() -> None:
        alarm.refuses = True
        alarm.moments.append(MONDAY + MINUTE / 3)
        alarm.look_again()
        await alarm.looked()
        alarm.refuses = False
        await alarm.passes(MINUTE / 2, timedelta(seconds=RETRY_S))
        assert len(alarm.rung) == 2

    watched(alarm, story)
