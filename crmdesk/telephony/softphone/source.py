"""The line of a softphone: requests in, call events out, on the NET loop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.requests import DeskRequest
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.softphone.calls import SoftphoneCalls
from crmdesk.telephony.source import HealthReport, OnEvents, OnHealth

_KEY_BYTES = 12


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SoftphoneSource:
    """A line that other programs feed; it is always ready.

    Args:
        line: The line.
        on_events: Takes batches of call events.
        on_health: Takes changes of health.
        extension: The agent's extension, on which calls ring.
        now: Aware UTC time.
    """

    def __init__(
        self,
        line: LineSettings,
        on_events: OnEvents,
        on_health: OnHealth,
        extension: str = "",
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._on_events = on_events
        self._now = now
        self._calls = SoftphoneCalls(extension, lambda: secrets.token_hex(_KEY_BYTES))
        self._report = HealthReport(line, now, on_health)
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def health(self) -> LineHealth:
        """Ready while it runs."""
        return self._report.health

    def take(self, request: DeskRequest) -> None:
        """Acts on what the softphone said; on the loop of `run`, also before it runs."""
        self._tell(request)
        self._wake.set()

    async def run(self) -> None:
        """Ends calls whose end nobody tells, until cancelled or stopped."""
        self._report.change(LineState.READY)
        try:
            while not self._stopping:
                await self._sleep()
                events = self._calls.expire(self._now())
                if events:
                    self._on_events(events)
        finally:
            self._report.change(LineState.OFF)

    async def stop(self) -> None:
        """Ends `run`."""
        self._stopping = True
        self._wake.set()

    async def originate(self, extension: str, number: str) -> None:
        """A softphone cannot be told to dial from here.

        Raises:
            UserFacingError: Always.
        """
        raise UserFacingError(
            "This softphone line cannot dial.",
            f"{number} was not dialled for {extension or 'you'}.",
            "Dial it on the softphone, or set up the phone system as a line.",
        )

    def _tell(self, request: DeskRequest) -> None:
        events = self._calls.handle(request, self._now())
        if events:
            self._on_events(events)

    async def _sleep(self) -> None:
        """Until the next deadline, or until a request moves it."""
        self._wake.clear()
        deadline = self._calls.next_deadline()
        left = (deadline - self._now()).total_seconds() if deadline else None
        try:
            async with asyncio.timeout(None if left is None else max(left, 0)):
                await self._wake.wait()
        except TimeoutError:
            return
