"""Waits for moments of the store: what runs whenever something is due or was written.

It sleeps until the next moment that the store knows of, and looks again after every write.
The wall clock may be set, and a computer may sleep through a moment, of which no timer hears:
so the sleep is cut into naps, after each of which the store is asked by the clock that is then.
A clock that goes back was ahead before: what was done by it is looked at again, and also when
the watch begins, for the wrong clock may have been another program's, or that of the last run.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crmdesk.store import Store

log = logging.getLogger(__name__)

NAP_S = 60.0
"""How late a moment may be noticed after the clock was set or the computer slept."""

RETRY_S = 5.0
"""After the store refused."""


class StoreWatch(ABC):
    """Does what is due in one store, whenever something is; lives on the NET thread.

    Args:
        store: The open store.
        now: The clock, aware UTC.
        rest_s: After a write, for those that come with it.
        nap_s: See `NAP_S`.
    """

    def __init__(
        self, store: Store, now: Callable[[], datetime], rest_s: float, nap_s: float = NAP_S
    ) -> None:
        self._store, self._now = store, now
        self._rest_s, self._nap_s = rest_s, nap_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._written = asyncio.Event()
        self._latest: datetime | None = None
        self._may_be_ahead = True

    @abstractmethod
    async def look(self) -> datetime | None:
        """Does what is due.

        Returns:
            When something is due next, None for never.

        Raises:
            UserFacingError: The store refuses; it is asked again soon.
        """

    async def doubt(self) -> None:  # noqa: B027  most have nothing to take back
        """Takes back what was done too early: the clock may have been ahead until now.

        Raises:
            UserFacingError: The store refuses; it is asked again soon.
        """

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
        try:
            await self._doubt_the_clock()
            return await self.look()
        except UserFacingError:
            log.info("%s has to wait for the store", type(self).__name__)
            return self._now() + timedelta(seconds=RETRY_S)

    async def _doubt_the_clock(self) -> None:
        now = self._now()
        if self._may_be_ahead or (self._latest is not None and now < self._latest):
            self._may_be_ahead = True  # until the store has heard it
            self._latest = now
            await self.doubt()
            self._may_be_ahead = False
        self._latest = now

    async def _sleep_until(self, due_at: datetime | None) -> None:
        """Until it is due by the wall clock, a nap is over, or somebody writes."""
        if not self._written.is_set():
            left_s = (due_at - self._now()).total_seconds() if due_at else self._nap_s
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(left_s, self._nap_s))):
                    await self._written.wait()
        if self._written.is_set():
            await asyncio.sleep(self._rest_s)
