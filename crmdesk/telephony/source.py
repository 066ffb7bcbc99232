"""What every phone system looks like from above, and how its health is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.settings.model import LineSettings

OnEvents = Callable[[list[CallEvent]], None]
OnHealth = Callable[[LineHealth], None]


class Source(Protocol):
    """A connected phone system. Everything happens on the loop that runs `run`."""

    @property
    def health(self) -> LineHealth:
        """How the line is now."""

    async def run(self) -> None:
        """Follows the phone system until cancelled, stopped or refused for good."""

    async def stop(self) -> None:
        """Ends `run` politely; returns when it has ended."""

    async def originate(self, extension: str, number: str) -> None:
        """Rings the extension and, once it is picked up, dials the number.

        Raises:
            UserFacingError: It did not come about.
        """


class HealthReport:
    """The health of one line; tells only changes.

    Args:
        line: Whose health.
        now: Aware UTC time.
        tell: Who wants to know.
    """

    def __init__(self, line: LineSettings, now: Callable[[], datetime], tell: OnHealth) -> None:
        self._now = now
        self._tell = tell
        self.health = LineHealth(line.id, line.name, LineState.OFF, now())

    def change(
        self,
        state: LineState,
        message: str = "",
        remedy: str = "",
        warnings: Sequence[str] = (),
    ) -> None:
        """Sets the health; tells it where anything but the time is new."""
        changed = replace(
            self.health, state=state, message=message, remedy=remedy, warnings=tuple(warnings)
        )
        if changed == self.health:
            return
        if state is not self.health.state:
            changed = replace(changed, since=self._now())
        self.health = changed
        self._tell(changed)
