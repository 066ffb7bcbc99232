"""Watches the clocks of tickets: records warnings and breaches when they are due, and tells.

It sleeps until the next moment that the store knows of, and looks again after every write.
The wall clock may be set, and a computer may sleep through a due time, of which no timer hears:
so the sleep is cut into naps, after each of which the clock alone is read.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crmdesk.domain.tickets import TicketNews
    from crmdesk.store import Reader, Store, Writer

log = logging.getLogger(__name__)

NAP_S = 60.0
"""How late a due time may be noticed after the clock was set or the computer slept."""

REST_S = 0.1
"""After a write, for those that come with it; after a part of the mending, for others."""

RETRY_S = 5.0
"""After the store refused."""


class TicketWatch:
    """Keeps the clocks of one store; lives on the NET thread.

    Args:
        store: The open store.
        tell: Told what was just recorded, on the loop that runs this.
        now: The clock, aware UTC.
        rest_s: See `REST_S`.
        nap_s: See `NAP_S`.
    """

    def __init__(
        self,
        store: Store,
        tell: Callable[[tuple[TicketNews, ...]], None],
        now: Callable[[], datetime],
        rest_s: float = REST_S,
        nap_s: float = NAP_S,
    ) -> None:
        self._store = store
        self._tell = tell
        self._now = now
        self._rest_s, self._nap_s = rest_s, nap_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._written = asyncio.Event()

    def look_again(self) -> None:
        """Something was written; called in any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended while the store still worked
                self._loop.call_soon_threadsafe(self._written.set)

    async def run(self) -> None:
        """Watches until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._store.add_write_listener(self.look_again)
        try:
            while True:
                self._written.clear()
                await self._sleep_until(await self._look())
        finally:
            self._store.remove_write_listener(self.look_again)

    async def _look(self) -> datetime | None:
        """Does what is due.

        Returns:
            When something is due next, None for never.
        """
        try:
            await self._mend()
            return await self._record()
        except UserFacingError:
            log.info("clocks of tickets cannot be looked at yet")
            return self._now() + timedelta(seconds=RETRY_S)

    async def _mend(self) -> None:
        """Brings clocks up to date that follow an older policy, part by part."""
        are_left = await asyncio.wrap_future(self._store.read(_has_stale))
        while are_left:
            are_left = await asyncio.wrap_future(self._store.write(_mend_next))
            await asyncio.sleep(self._rest_s)

    async def _record(self) -> datetime | None:
        while True:
            due_at = await asyncio.wrap_future(self._store.read(_next_watch))
            now = self._now()
            if due_at is None or due_at > now:
                return due_at
            news = await asyncio.wrap_future(self._store.write(partial(_record, now)))
            if news:
                self._tell(news)

    async def _sleep_until(self, due_at: datetime | None) -> None:
        """Until it is due by the wall clock, or somebody writes."""
        while not self._written.is_set():
            left_s = (due_at - self._now()).total_seconds() if due_at else self._nap_s
            if left_s <= 0:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, self._nap_s)):
                    await self._written.wait()
        await asyncio.sleep(self._rest_s)


def _has_stale(reader: Reader) -> bool:
    return reader.has_stale_clocks()


def _mend_next(writer: Writer) -> bool:
    return writer.mend_next_clocks()


def _next_watch(reader: Reader) -> datetime | None:
    return reader.next_ticket_watch()


def _record(now: datetime, writer: Writer) -> tuple[TicketNews, ...]:
    return writer.record_due_tickets(now)
