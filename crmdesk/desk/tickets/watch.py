"""Watches the clocks of tickets: records warnings and breaches when they are due, and tells."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.desk.watching import NAP_S, StoreWatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crmdesk.domain.tickets import TicketNews
    from crmdesk.store import Reader, Store, Writer

REST_S = 0.1
"""After a write, for those that come with it; after a part of the mending, for others."""


class TicketWatch(StoreWatch):
    """Keeps the clocks of one store; lives on the NET thread.

    Args:
        store: The open store.
        tell: Told what was just recorded, on the loop that runs this.
        now: The clock, aware UTC.
        rest_s: See `REST_S`.
        nap_s: See `StoreWatch`.
    """

    def __init__(
        self,
        store: Store,
        tell: Callable[[tuple[TicketNews, ...]], None],
        now: Callable[[], datetime],
        rest_s: float = REST_S,
        nap_s: float = NAP_S,
    ) -> None:
        super().__init__(store, now, rest_s, nap_s)
        self._tell = tell

    async def look(self) -> datetime | None:
        """Lays policies that were changed over their tickets, and records what is due."""
        await self._mend()
        return await self._record()

    async def doubt(self) -> None:
        """Forgets what a clock that was ahead recorded, part by part; the real ones come later."""
        now = self._now()
        while await asyncio.wrap_future(self._store.read(partial(_has_ahead, now))):
            await asyncio.wrap_future(self._store.write(partial(_mend_ahead, now)))
            await asyncio.sleep(self._rest_s)

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


def _has_stale(reader: Reader) -> bool:
    return reader.has_stale_clocks()


def _mend_next(writer: Writer) -> bool:
    return writer.mend_next_clocks()


def _has_ahead(now: datetime, reader: Reader) -> bool:
    return bool(reader.clocks_ahead(now))


def _mend_ahead(now: datetime, writer: Writer) -> None:
    writer.mend_clocks_ahead(now)


def _next_watch(reader: Reader) -> datetime | None:
    return reader.next_ticket_watch()


def _record(now: datetime, writer: Writer) -> tuple[TicketNews, ...]:
    return writer.record_due_tickets(now)
