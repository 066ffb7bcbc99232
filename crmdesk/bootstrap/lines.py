"""Keeps the phone lines connected: starts them, follows the settings, restarts what breaks."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.settings.system_region import system_region
from crmdesk.telephony import registry
from crmdesk.telephony.backoff import backoff_delays
from crmdesk.telephony.softphone.source import SoftphoneSource

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.desk.line_desk import LineDesk
    from crmdesk.domain.requests import DeskRequest
    from crmdesk.telephony.registry import Extras, Source

log = logging.getLogger(__name__)

SOFTPHONE: Final = "softphone"

_CONNECTION = (
    "system", "enabled", "host", "port", "tls", "tls_ca", "username", "secret_ref",
    "phone_system", "internal", "dial_context",
)  # fmt: skip
"""Fields that a source takes at its start; all others change without a new connection."""


class Lines:
    """The lines of a desk, on its loop.

    Args:
        desk_of: The desk of a line, made on first use.
        forget_desk: Told when a line is gone from the settings.
        secret_of: Reads the password of a line; may block, so it gets a thread.
        set_health: Told of each change.
        now: Aware UTC.
        extras: What only some phone systems use.
    """

    def __init__(
        self,
        desk_of: Callable[[LineSettings], LineDesk],
        forget_desk: Callable[[str], None],
        secret_of: Callable[[LineSettings], str],
        set_health: Callable[[LineHealth], None],
        now: Callable[[], datetime],
        extras: Extras | None,
    ) -> None:
        self._desk_of = desk_of
        self._forget_desk = forget_desk
        self._secret_of = secret_of
        self._set_health = set_health
        self._now = now
        self._extras = extras
        self._settings = Settings()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sources: dict[str, Source] = {}

    def prepare(self, settings: Settings) -> None:
        """Makes ready for softphones, whose requests may come before the lines start."""
        self._settings = settings
        line = softphone_line(settings)
        self._sources[line.id] = self._make_softphone(line)

    def start(self, settings: Settings) -> None:
        """Starts every line that is enabled and does not run."""
        self._settings = settings
        for line in _all_lines(settings):
            if line.enabled and line.id not in self._tasks:
                self._tasks[line.id] = asyncio.create_task(
                    self._keep_running(line), name=f"line {line.id}"
                )

    async def follow(self, settings: Settings) -> None:
        """Takes new settings: only lines whose connection they change are made anew."""
        before = {line.id: line for line in _all_lines(self._settings)}
        wanted = {line.id: line for line in _all_lines(settings)}
        agent_moved = self._settings.agent.extension != settings.agent.extension
        stale = [
            line_id
            for line_id, task in self._tasks.items()
            if task.done()
            or line_id not in wanted
            or _is_other_connection(before.get(line_id), wanted[line_id])
            or (agent_moved and wanted[line_id].system == SOFTPHONE)
        ]
        await self.stop(stale)
        for line in wanted.values():
            self._desk_of(line).adopt(line, settings)
        for line_id in before.keys() - wanted.keys():
            self._forget_desk(line_id)
        self.start(settings)

    async def reconnect(self, line_id: str) -> None:
        """Connects a line anew: its password or the phone system was put right."""
        if line_id in self._tasks:
            await self.stop([line_id])
        self.start(self._settings)

    async def stop(self, line_ids: Iterable[str] | None = None) -> None:
        """Stops some lines, all where None."""
        chosen = tuple(self._tasks if line_ids is None else line_ids)
        tasks = [self._tasks.pop(line_id) for line_id in chosen]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def take_request(self, request: DeskRequest) -> None:
        """A softphone told of a call."""
        source = self._sources.get(softphone_line(self._settings).id)
        if isinstance(source, SoftphoneSource):
            source.take(request)

    def dialling_source(self, line_id: str | None) -> Source:
        """The line that dials; the first that can where None.

        Raises:
            UserFacingError: None can.
        """
        for line in self._settings.lines:
            wanted = line_id in (None, line.id)
            if wanted and line.system != SOFTPHONE and line.id in self._sources:
                return self._sources[line.id]
        raise UserFacingError(
            "No phone line can dial.",
            "Dialling needs a connected phone line and your extension.",
            "Check the phone lines in the settings.",
        )

    async def _keep_running(self, line: LineSettings) -> None:
        """Runs a line to its end; a fault in it is told, and it is tried again."""
        for delay in backoff_delays(secrets.SystemRandom().uniform):
            if await self._run_once(line):
                return
            await asyncio.sleep(delay)

    async def _run_once(self, line: LineSettings) -> bool:
        """Runs a line; False where it broke and shall be tried again."""
        try:
            await self._run(line)
        except UserFacingError as error:
            words = " ".join(part for part in (error.what, error.meaning) if part)
            self._tell(line, LineState.REFUSED, words, error.remedy)
        except Exception:
            # The border of a line: one that breaks must not stop the others, nor for good.
            log.exception("line %s broke", line.id)
            self._tell(line, LineState.RETRYING, "The line broke down.", "It is tried again.")
            return False
        return True

    async def _run(self, line: LineSettings) -> None:
        try:
            source = self._sources[line.id] = await self._make_source(line)
            await source.run()
        finally:
            self._sources.pop(line.id, None)
            self._desk_of(line).lost(self._now())  # nobody will tell how its calls end

    def _make_softphone(self, line: LineSettings) -> Source:
        extension = self._settings.agent.extension
        take = self._desk_of(line).take
        return SoftphoneSource(line, take, self._set_health, extension, self._now)

    async def _make_source(self, line: LineSettings) -> Source:
        if line.system == SOFTPHONE:
            return self._sources.get(line.id) or self._make_softphone(line)
        secret = await asyncio.to_thread(self._secret_of, line)  # a keyring may ask a person
        take = self._desk_of(line).take
        return registry.make_source(line, secret, take, self._set_health, self._extras)

    def _tell(self, line: LineSettings, state: LineState, message: str, remedy: str) -> None:
        self._set_health(LineHealth(line.id, line.name, state, self._now(), message, remedy))


def softphone_line(settings: Settings) -> LineSettings:
    """The line of `crmdesk pop`; there is always one, also where none is set up.

    One that is not set up is where the first line with a country is, else where this
    computer is.
    """
    for line in settings.lines:
        if line.system == SOFTPHONE:
            return line
    first = next((line for line in settings.lines if line.region), None)
    region, area_code = (first.region, first.area_code) if first else (system_region(), "")
    return LineSettings(
        id=SOFTPHONE, name="Softphone", system=SOFTPHONE, region=region, area_code=area_code
    )


def named(health: LineHealth, settings: Settings) -> LineHealth:
    """A health under the line's present name; the source knows the one it started with."""
    line = settings.line(health.line_id)
    return health if line is None else replace(health, name=line.name)


def _all_lines(settings: Settings) -> tuple[LineSettings, ...]:
    others = (line for line in settings.lines if line.system != SOFTPHONE)
    return (*others, softphone_line(settings))


def _is_other_connection(before: LineSettings | None, now: LineSettings) -> bool:
    return before is None or any(
        getattr(before, name) != getattr(now, name) for name in _CONNECTION
    )
