"""The desk's watch over the clocks of tickets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crmdesk.desk.tickets.watch import TicketWatch
from crmdesk.domain.tickets import TicketEntryKind, TicketNews, TicketTarget
from tests.store.ticket_desk import HOUR, MONDAY, STANDARD, TicketDesk, about, desk

__all__ = ["desk"]

DEADLINE_S = 20.0


class WallClock:
    """A clock that a test sets, as a person or a sleeping computer does."""

    def __init__(self) -> None:
        self.at = MONDAY
        self.read = 0

    def __call__(self) -> datetime:
        self.read += 1
        return self.at


def watched(
    desk: TicketDesk,
    story: Callable[[WallClock, list[TicketNews]], Coroutine[Any, Any, None]],
    nap_s: float = 0.01,
) -> list[TicketNews]:
    """Runs a story while the desk watches."""
    clock, told = WallClock(), []
    watch = TicketWatch(desk.store, told.extend, clock, rest_s=0.001, nap_s=nap_s)

    async def run() -> None:
        task = asyncio.create_task(watch.run())
        try:
            await story(clock, told)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())
    return told


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


def test_what_is_due_at_the_start_is_told_at_once(desk: TicketDesk) -> None:
    desk.open()
    desk.clock.at = MONDAY

    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        clock.at = MONDAY + 2 * HOUR
        await until(lambda: told)

    (news,) = watched(desk, story)
    assert (news.kind, news.target) == (TicketEntryKind.BREACH, TicketTarget.FIRST_ANSWER)
    assert about(news.due_at) == MONDAY + HOUR


def test_a_clock_that_jumps_ahead_is_noticed_although_no_timer_ran_out(desk: TicketDesk) -> None:
    desk.open()

    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        await until(lambda: clock.read > 5)
        assert not told
        clock.at = MONDAY + timedelta(days=2)
        await until(lambda: len(told) == 2)

    assert {news.target for news in watched(desk, story)} == set(TicketTarget)


def test_a_clock_that_is_set_back_a_little_tells_nothing_twice(desk: TicketDesk) -> None:
    desk.open()

    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        clock.at = MONDAY + 2 * HOUR
        await until(lambda: told)
        clock.at = MONDAY + HOUR / 2
        seen = clock.read
        await until(lambda: clock.read > seen + 5)
        clock.at = MONDAY + 3 * HOUR
        seen = clock.read
        await until(lambda: clock.read > seen + 5)

    assert len(watched(desk, story)) == 1


def test_a_ticket_that_is_opened_meanwhile_is_watched_without_waiting_for_a_nap(
    desk: TicketDesk,
) -> None:
    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        await until(lambda: desk.store._write_listeners)
        clock.at = MONDAY + 2 * HOUR
        await asyncio.to_thread(desk.open)
        await until(lambda: told)

    assert len(watched(desk, story, nap_s=3_600)) == 1


def test_an_edited_policy_is_laid_over_open_tickets_in_the_background(desk: TicketDesk) -> None:
    keys = [desk.open(f"Ticket {n}") for n in range(3)]
    longer = replace(STANDARD, resolution_minutes=480 + 420)

    async def story(_clock: WallClock, _told: list[TicketNews]) -> None:
        await asyncio.to_thread(desk.write, lambda w: w.save_policies((longer,), "Dana"))
        await until(lambda: not desk.read(lambda r: r.has_stale_clocks()))

    watched(desk, story, nap_s=3_600)
    tuesday = MONDAY + timedelta(days=1)
    assert {about(desk.ticket(key).clocks.due_at) for key in keys} == {tuesday + 7 * HOUR}


def test_nothing_is_written_or_told_where_nothing_is_due(desk: TicketDesk) -> None:
    desk.open()
    writes = []
    desk.store.add_write_listener(lambda: writes.append(1))

    async def story(clock: WallClock, _told: list[TicketNews]) -> None:
        await until(lambda: clock.read > 5)

    assert watched(desk, story) == []
    assert writes == []


def test_a_store_that_refuses_is_asked_again(desk: TicketDesk, monkeypatch) -> None:
    from crmdesk.store.errors import StoreLocked

    desk.open()
    refusals = [1]
    record = type(desk.store).write

    def refuse_once(store: Any, work: Any) -> Any:
        if refusals:
            refusals.pop()
            raise StoreLocked
        return record(store, work)

    monkeypatch.setattr(type(desk.store), "write", refuse_once)

    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        clock.at = MONDAY + 2 * HOUR
        await until(lambda: not refusals)
        clock.at += HOUR
        await until(lambda: told)

    assert len(watched(desk, story)) == 1


def test_breaches_of_a_clock_that_was_a_year_ahead_are_told_when_they_are_true(
    desk: TicketDesk,
) -> None:
    key = desk.open()

    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        clock.at = MONDAY + timedelta(days=365)
        await until(lambda: len(told) == 2)
        clock.at = MONDAY - 2 * HOUR
        await until(lambda: not desk.ticket(key).clocks.is_breached)
        clock.at = MONDAY + 2 * HOUR
        await until(lambda: len(told) == 3)

    assert watched(desk, story)[2].target is TicketTarget.FIRST_ANSWER


def test_what_the_last_run_did_by_a_wrong_clock_is_forgotten_when_the_desk_begins(
    desk: TicketDesk,
) -> None:
    key = desk.open()
    desk.record(MONDAY + timedelta(days=365))

    async def story(clock: WallClock, told: list[TicketNews]) -> None:
        clock.at = MONDAY - 2 * HOUR
        await until(lambda: not desk.ticket(key).clocks.is_breached)
        assert not told

    watched(desk, story)
