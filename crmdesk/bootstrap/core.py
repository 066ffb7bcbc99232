"""The desk without windows: an open store, the phone lines, and who listens.

Run by the GUI on its NET thread, and by `crmdesk listen` and `replay` with `asyncio.run`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crmdesk.desk.call_log import CallLog
from crmdesk.desk.line_desk import LineDesk
from crmdesk.desk.listeners import Listeners
from crmdesk.domain.errors import UserFacingError
from crmdesk.telephony import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmdesk.desk.listeners import DeskListener
    from crmdesk.domain.lines import LineHealth
    from crmdesk.settings.model import LineSettings, Settings
    from crmdesk.settings.secrets import SecretVault
    from crmdesk.store import Store
    from crmdesk.telephony.registry import Extras, Source

log = logging.getLogger(__name__)

RETRY_UNSAVED_S = 5.0
"""How often calls that could not be written are tried again."""


def utc_now() -> datetime:
    """The one clock of the running program (tests and replays bring their own)."""
    return datetime.now(UTC)


class Core:
    """The desk without windows.

    `run` and everything it starts live on one asyncio loop; `settings` may be replaced
    there with `apply`. Listeners are told on that loop.

    Args:
        extras: What only some phone systems use (the cast of simulated calls).

    Attributes:
        settings: What holds now.
        store: The open customer store; callable from any thread.
        vault: Where the secrets of the lines are.
        health: Last health per line id.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        vault: SecretVault | None,
        now: Callable[[], datetime] = utc_now,
        extras: Extras | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.vault = vault
        self.health: dict[str, LineHealth] = {}
        self.listeners = Listeners()
        self._now = now
        self._extras = extras
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sources: dict[str, Source] = {}
        self._desks: dict[str, LineDesk] = {}
        self.call_log = CallLog(store, self.listeners, self.post)

    def add_listener(self, listener: DeskListener) -> None:
        """Adds somebody who wants to hear of pops, calls and health."""
        self.listeners.add(listener)

    def post(self, function: Callable[..., object], *args: object) -> None:
        """Runs a function on the core's loop, from any thread; nothing after its end."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended while the store still worked
                self._loop.call_soon_threadsafe(function, *args)

    def desk(self, line: LineSettings) -> LineDesk:
        """The desk of a line, made on first use."""
        if line.id not in self._desks:
            self._desks[line.id] = LineDesk(
                line,
                self.settings.agent.extension,
                self.store,
                self.call_log,
                self.listeners,
                self._now,
                self.post,
            )
        return self._desks[line.id]

    def bind(self) -> None:
        """Makes the running loop the core's own."""
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Follows all lines until cancelled."""
        self.bind()
        await asyncio.wrap_future(self.store.write(lambda w: w.close_open_calls(self._now())))
        self._start_lines()
        try:
            while True:
                await asyncio.sleep(RETRY_UNSAVED_S)
                self.call_log.retry()
        finally:
            await self._stop_lines(tuple(self._tasks))

    async def apply(self, settings: Settings) -> None:
        """Takes new settings; lines that did not change keep their connection."""
        before, self.settings = self.settings, settings
        agent_changed = before.agent != settings.agent
        kept = {line.id: line for line in settings.lines if line.enabled}
        stale = [
            line.id
            for line in before.lines
            if line.id in self._tasks and (agent_changed or kept.get(line.id) != line)
        ]
        await self._stop_lines(stale)
        self._start_lines()

    async def dial(self, number: str, line_id: str | None = None) -> None:
        """Rings the agent's phone and then the number (click to dial).

        Raises:
            UserFacingError: No line can dial, or the phone system refused.
        """
        source = self._dialling_source(line_id)
        await source.originate(self.settings.agent.extension, number)

    def _dialling_source(self, line_id: str | None) -> Source:
        for line in self.settings.lines:
            if line.id in self._sources and line_id in (None, line.id):
                return self._sources[line.id]
        raise UserFacingError(
            "No phone line can dial.",
            "Dialling needs a connected phone line and your extension.",
            "Check the phone lines in the settings.",
        )

    def _start_lines(self) -> None:
        for line in self.settings.lines:
            if line.enabled and line.id not in self._tasks:
                self._tasks[line.id] = asyncio.create_task(
                    self._run_line(line), name=f"line {line.id}"
                )

    async def _run_line(self, line: LineSettings) -> None:
        desk = self.desk(line)
        secret = await asyncio.to_thread(self._secret_of, line)  # a keyring may ask a person
        source = registry.make_source(line, secret, desk.take, self._set_health, self._extras)
        self._sources[line.id] = source
        try:
            await source.run()
        except asyncio.CancelledError:
            raise
        except Exception:
            # The border of a line: one that breaks must not stop the others.
            log.exception("line %s stopped", line.id)
        finally:
            self._sources.pop(line.id, None)

    def _secret_of(self, line: LineSettings) -> str:
        if not line.secret_ref or self.vault is None:
            return ""
        return self.vault.get(line.secret_ref) or ""

    def _set_health(self, health: LineHealth) -> None:
        self.health[health.line_id] = health
        self.listeners.line_health_changed(health)

    async def _stop_lines(self, line_ids: tuple[str, ...] | list[str]) -> None:
        tasks = [self._tasks.pop(line_id) for line_id in line_ids]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for line_id in line_ids:
            self._desks.pop(line_id, None)
            self.health.pop(line_id, None)
