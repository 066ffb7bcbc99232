"""The desk without windows: an open store, the phone lines, and who listens.

Run by the GUI on its NET thread, and by `crmdesk listen` and `replay` with `asyncio.run`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmdesk.desk.call_log import CallLog
from crmdesk.desk.handover.server import HandoverServer
from crmdesk.desk.line_desk import LineDesk
from crmdesk.desk.listeners import Listeners
from crmdesk.desk.taken_up import close_what_was_open
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.matching.display import place_of
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store.warm import read_ahead
from crmdesk.telephony import registry
from crmdesk.telephony.softphone.source import SoftphoneSource

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from crmdesk.desk.listeners import DeskListener
    from crmdesk.domain.calls import Call
    from crmdesk.settings.secrets import SecretVault
    from crmdesk.store import Store
    from crmdesk.telephony.registry import Extras, Source

log = logging.getLogger(__name__)

SOFTPHONE: Final = "softphone"

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
        self._former: dict[uuid.UUID, Call] = {}
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
                self._former,
            )
        return self._desks[line.id]

    def bind(self) -> None:
        """Makes the running loop the core's own."""
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Follows all lines until cancelled.

        Raises:
            AlreadyRunningError: Another desk of this user runs.
        """
        self.bind()
        self._sources[_softphone_line(self.settings).id] = self._make_softphone()
        requests = HandoverServer(self._take_request)
        await requests.start()
        try:
            await self._close_what_was_open()
            self._start_lines()
            threading.Thread(target=self._warm_up, name="crmdesk-warm", daemon=True).start()
            while True:
                await asyncio.sleep(RETRY_UNSAVED_S)
                self.call_log.retry()
        finally:
            requests.stop()
            await self._stop_lines(tuple(self._tasks))

    def _warm_up(self) -> None:
        """What would make the first pop slow: place names, and a store that is not in memory."""
        place = Path(self.store.health().place)
        if place.is_file():
            read_ahead(place)
        place_of("+1")

    async def _close_what_was_open(self) -> None:
        """What was ringing when the program died ends as "end unknown", unless it goes on."""
        try:
            close = partial(close_what_was_open, at=self._now())
            self._former.update(await asyncio.wrap_future(self.store.write(close)))
        except UserFacingError:
            log.warning("calls of the last run could not be closed now")

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

    def _take_request(self, request: DeskRequest) -> None:
        """Another program asked for something; none of it does more than show a window."""
        if request.verb is not RequestVerb.POP:
            self.listeners.desk_requested(request)
            return
        line = _softphone_line(self.settings)
        source = self._sources.get(line.id)
        if isinstance(source, SoftphoneSource):
            source.take(request)

    def _start_lines(self) -> None:
        lines = [line for line in self.settings.lines if line.system != SOFTPHONE]
        for line in (*lines, _softphone_line(self.settings)):
            if line.enabled and line.id not in self._tasks:
                self._tasks[line.id] = asyncio.create_task(
                    self._run_line(line), name=f"line {line.id}"
                )

    def _make_softphone(self) -> Source:
        line = _softphone_line(self.settings)
        extension = self.settings.agent.extension
        return SoftphoneSource(line, self.desk(line).take, self._set_health, extension, self._now)

    async def _make_source(self, line: LineSettings) -> Source:
        if line.system == SOFTPHONE:
            return self._sources.get(line.id) or self._make_softphone()
        secret = await asyncio.to_thread(self._secret_of, line)  # a keyring may ask a person
        take = self.desk(line).take
        return registry.make_source(line, secret, take, self._set_health, self._extras)

    async def _run_line(self, line: LineSettings) -> None:
        try:
            source = self._sources[line.id] = await self._make_source(line)
            await source.run()
        except asyncio.CancelledError:
            raise
        except UserFacingError as error:
            self._set_health(self._refused(line, error))
        except Exception:
            # The border of a line: one that breaks must not stop the others.
            log.exception("line %s stopped", line.id)
        finally:
            self._sources.pop(line.id, None)
            self.desk(line).lost(self._now())  # nobody will tell how its calls end

    def _refused(self, line: LineSettings, error: UserFacingError) -> LineHealth:
        message = " ".join(part for part in (error.what, error.meaning) if part)
        state = LineState.REFUSED
        return LineHealth(line.id, line.name, state, self._now(), message, error.remedy)

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


def _softphone_line(settings: Settings) -> LineSettings:
    """The line of `crmdesk pop`; there is always one, also where none is set up."""
    for line in settings.lines:
        if line.system == SOFTPHONE:
            return line
    region = next((line.region for line in settings.lines if line.region), "")
    return LineSettings(id=SOFTPHONE, name="Softphone", system=SOFTPHONE, region=region)
