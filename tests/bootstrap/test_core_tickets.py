"""A running desk tells whoever listens of tickets whose clock ran out, and goes on without."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from crmdesk.bootstrap.core import Core
from crmdesk.domain.tickets import TicketEntryKind, TicketNews
from crmdesk.settings.model import Settings
from tests.store.ticket_desk import MONDAY, TicketDesk, desk

__all__ = ["desk"]

_DEADLINE_S = 60.0
_QUIET_S = 0.5


class Ears:
    """A listener that hears of tickets only."""

    def __init__(self) -> None:
        self.news: list[TicketNews] = []
        self.heard = asyncio.Event()

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        self.news += news
        self.heard.set()

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args: None


async def _run(core: Core, heard: asyncio.Event) -> None:
    task = asyncio.create_task(core.run())
    try:
        async with asyncio.timeout(_DEADLINE_S):
            await heard.wait()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_a_breach_is_told_once_by_the_desk_that_runs(desk: TicketDesk, crmdesk_home: Path) -> None:
    desk.open("Burnt")

    async def story() -> list[TicketNews]:
        core = Core(Settings(), desk.store, None, lambda: MONDAY + timedelta(days=2))
        ears = Ears()
        core.add_listener(ears)  # type: ignore[arg-type]
        await _run(core, ears.heard)
        return ears.news

    news = asyncio.run(story())
    assert [one.kind for one in news] == [TicketEntryKind.BREACH] * 2
    assert {one.subject for one in news} == {"Burnt"}
    assert desk.store._write_listeners == []


def test_a_desk_that_starts_again_tells_nothing_again(desk: TicketDesk, crmdesk_home: Path) -> None:
    desk.open("Burnt")

    async def story(*, is_first: bool) -> int:
        core = Core(Settings(), desk.store, None, lambda: MONDAY + timedelta(days=2))
        ears, quiet = Ears(), asyncio.Event()
        core.add_listener(ears)  # type: ignore[arg-type]
        asyncio.get_running_loop().call_later(_QUIET_S, quiet.set)
        await _run(core, ears.heard if is_first else quiet)
        return len(ears.news)

    assert asyncio.run(story(is_first=True)) == 2
    assert asyncio.run(story(is_first=False)) == 0
