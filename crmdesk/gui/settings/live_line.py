"""A line tried out: its findings, and then what it hears, until somebody has seen enough."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.settings.ring_words import RingTeller
from crmdesk.gui.tasks import await_future, told_in_gui_thread
from crmdesk.settings.model import LineSettings
from crmdesk.telephony import registry
from crmdesk.telephony.findings import Finding, FindingState
from crmdesk.telephony.registry import Extras

if TYPE_CHECKING:
    from crmdesk.desk.runtime import Runtime

Secret = Callable[[], str]
"""Gives the password of a line; may block, runs off the GUI thread."""


class LiveLine(QObject):
    """Runs the test and then the line itself on the runtime; nothing here blocks.

    Signals:
        found: The findings of the test, a tuple of `Finding`.
        heard: A `Heard`.
        health_changed: A `LineHealth`.
        learnt: A tuple of `Finding`, what the calls have shown so far.
    """

    found = Signal(object)
    heard = Signal(object)
    health_changed = Signal(object)
    learnt = Signal(object)

    def __init__(self, runtime: Runtime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runtime = runtime
        self._going_on: list[Future[Any]] = []
        # Who closes the window around this need not know that a second session is open.
        self.destroyed.connect(partial(_cancel, self._going_on))

    def test(self, line: LineSettings, secret: Secret) -> None:
        """Tries the line out; `found` comes once, unless `stop` was first."""
        self.stop()
        test = self._runtime.submit(_probe(line, secret))
        self._going_on.append(test)
        await_future(test, self, self._tell, self._tell_error)

    def listen(
        self, line: LineSettings, secret: Secret, extension: str, extras: Extras | None = None
    ) -> None:
        """Follows the line until `stop`; what rings comes as `heard`."""
        self.stop()
        teller = RingTeller(line, extension)
        tell_heard = told_in_gui_thread(self, self.heard.emit)
        tell_learnt = told_in_gui_thread(self, self.learnt.emit)
        tell_health = told_in_gui_thread(self, self.health_changed.emit)

        def on_events(events: list[CallEvent], findings: tuple[Finding, ...]) -> None:
            for heard in teller.hear(events):
                tell_heard(heard)
            tell_learnt(findings)

        work = self._runtime.submit(_follow(line, secret, on_events, tell_health, extras))
        self._going_on.append(work)
        await_future(work, self, lambda _: None, partial(self._stopped, line))

    def stop(self) -> None:
        """Ends what goes on; may be called at any time."""
        _cancel(self._going_on)

    def _tell(self, findings: list[Finding]) -> None:
        self.found.emit(tuple(findings))

    def _tell_error(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.found.emit((Finding("Password", FindingState.FAILED, error.what, error.remedy),))

    def _stopped(self, line: LineSettings, error: Exception) -> None:
        """The line cannot be listened to any more."""
        if not isinstance(error, UserFacingError):
            raise error
        message = " ".join(part for part in (error.what, error.meaning) if part)
        state, at = LineState.REFUSED, datetime.now(UTC)
        self.health_changed.emit(LineHealth(line.id, line.name, state, at, message, error.remedy))


def _cancel(futures: list[Future[Any]]) -> None:
    for future in futures:
        future.cancel()
    futures.clear()


async def _probe(line: LineSettings, secret: Secret) -> list[Finding]:
    return await registry.probe(line, await _asked(secret))


async def _follow(
    line: LineSettings,
    secret: Secret,
    on_events: Callable[[list[CallEvent], tuple[Finding, ...]], None],
    on_health: Callable[[LineHealth], None],
    extras: Extras | None,
) -> None:
    def tell(events: list[CallEvent]) -> None:
        on_events(events, tuple(registry.learnt(source)))

    source = registry.make_source(line, await _asked(secret), tell, on_health, extras)
    await source.run()


async def _asked(secret: Secret) -> str:
    return await asyncio.to_thread(secret)
