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
from typing import TYPE_CHECKING

from crmdesk.bootstrap.lines import Lines, named
from crmdesk.bootstrap.mailing import Mailing
from crmdesk.desk.call_log import CallLog
from crmdesk.desk.follow_ups.watch import FollowUpWatch
from crmdesk.desk.handover.client import NoWindowsError
from crmdesk.desk.handover.server import HandoverServer
from crmdesk.desk.ledger.lines import line_change
from crmdesk.desk.ledger.log import LedgerLog
from crmdesk.desk.line_desk import DeskParts, LineDesk
from crmdesk.desk.listeners import Listeners
from crmdesk.desk.replay import settled
from crmdesk.desk.supervision import kept_running
from crmdesk.desk.taken_up import close_what_was_open
from crmdesk.desk.tickets.watch import TicketWatch
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth
from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.matching import number_facts
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store.warm import read_ahead

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from crmdesk.desk.listeners import DeskListener
    from crmdesk.domain.call_log import CallRow
    from crmdesk.settings.secrets import SecretVault
    from crmdesk.store import Reader, Store
    from crmdesk.telephony.registry import Extras

log = logging.getLogger(__name__)

RETRY_UNSAVED_S = 5.0
"""How often calls that could not be written are tried again."""

LAST_SAVE_S = 2.0
"""How long the end waits for calls that are not saved yet."""


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
        has_windows: Whether other programs can ask for one; `listen` says no.
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
        self.has_windows = True
        self.listeners = Listeners()
        self._now = now
        self._loop: asyncio.AbstractEventLoop | None = None
        self._desks: dict[str, LineDesk] = {}
        self.call_log = CallLog(store, self.listeners, self.post)
        self.ledger = LedgerLog(store, self.listeners, self.post, self._later)
        self._tickets = TicketWatch(store, self.listeners.tickets_due, now)
        self._follow_ups = FollowUpWatch(
            store, self.listeners.follow_ups_due, lambda: self.settings, now
        )
        self.listeners.on_call(self._follow_ups.call_changed)
        self.mailing = Mailing(
            store, lambda: self.settings, vault, self.listeners.message_tried, now
        )  # fmt: skip
        self._parts = DeskParts(
            store, self.call_log, self.ledger, self.listeners, now, self.post
        )  # fmt: skip
        self._lines = Lines(
            self.desk, self._forget_desk, self._secret_of, self._set_health, now, extras
        )

    def add_listener(self, listener: DeskListener) -> None:
        """Adds somebody who wants to hear of pops, calls and health."""
        self.listeners.add(listener)

    def post(self, function: Callable[..., object], *args: object) -> None:
        """Runs a function on the core's loop, from any thread; nothing after its end."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended while the store still worked
                self._loop.call_soon_threadsafe(function, *args)

    def _later(self, seconds: float, function: Callable[[], None]) -> None:
        if self._loop is not None:
            self._loop.call_later(seconds, function)

    def desk(self, line: LineSettings) -> LineDesk:
        """The desk of a line, made on first use."""
        if line.id not in self._desks:
            self._desks[line.id] = LineDesk(line, self.settings, self._parts)
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
        self._lines.prepare(self.settings)
        requests = HandoverServer(self._take_request)
        await requests.start()
        beside = {"watching tickets": self._tickets.run}
        if self.has_windows:  # else a reminder would be told to nobody, and not again
            beside |= {"reminding": self._follow_ups.run, "sending messages": self.mailing.run}
        watches = [asyncio.create_task(kept_running(*one)) for one in beside.items()]
        try:
            is_closed = await self._close_what_was_open()
            self._lines.start(self.settings)
            threading.Thread(target=self._warm_up, name="crmdesk-warm", daemon=True).start()
            while True:
                await asyncio.sleep(RETRY_UNSAVED_S)
                self.call_log.retry()
                is_closed = is_closed or await self._close_late()
        finally:
            requests.stop()
            for task in watches:
                task.cancel()
            await self._lines.stop()
            for desk in self._desks.values():
                desk.lost(self._now())  # also of lines that had not started yet
            await self._save_the_rest()

    def _warm_up(self) -> None:
        """A store that is not in memory would make the first pop slow; so would place names."""
        place = Path(self.store.health().place)
        if place.is_file():
            read_ahead(place)
        for line in self.settings.lines:
            number_facts.read_ahead(line.region, line.area_code)

    async def _close_what_was_open(self) -> bool:
        """What was ringing when the program died ends as "end unknown", unless it goes on."""
        try:
            close = partial(close_what_was_open, at=self._now())
            self._parts.former.update(await asyncio.wrap_future(self.store.write(close)))
        except UserFacingError:
            log.warning("calls of the last run could not be closed yet")
            return False
        return True

    async def _close_late(self) -> bool:
        """The same once the store can be written again; what goes on now is written anew."""
        if not await self._close_what_was_open():
            return False
        for desk in self._desks.values():
            desk.save_again()
        return True

    async def _save_the_rest(self) -> None:
        """A last try for calls that wait in memory; the end does not wait long for it."""
        self.call_log.retry()
        for finish in (self._desks_settled, self._written):
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_SAVE_S):
                    await finish()
            for desk in self._desks.values():
                desk.close()
        if self.call_log.unsaved:
            log.error("%d calls could not be saved before the end", self.call_log.unsaved)

    async def settle(self) -> None:
        """Waits until the store has answered everything, and written calls and ledger."""
        await self._desks_settled()
        await self._written()

    async def _desks_settled(self) -> None:
        await settled(*self._desks.values())

    async def _written(self) -> None:
        for _ in range(2):  # the second time for what came while something was being written
            self.ledger.flush()
            await settled(self.ledger)
        await settled(self.call_log)

    async def refresh_caller(self, call_id: uuid.UUID) -> None:
        """Asks anew who called: an agent chose, denied, created or assigned somebody.

        The card on the screen and the row in the lists change by it.
        """
        known = [desk.refresh(call_id) for desk in self._desks.values()]
        if not any(known):
            row = await asyncio.wrap_future(self.store.read(partial(_row_of, call_id)))
            if row is not None:
                self.listeners.call_changed(row)

    async def refresh_callers(self) -> None:
        """The same for all calls that go on or ended just now: a change was taken back."""
        for desk in self._desks.values():
            desk.refresh()

    async def apply(self, settings: Settings) -> None:
        """Takes new settings; lines whose connection did not change keep it and their calls."""
        self.settings = settings
        self._follow_ups.look_again()
        await self.mailing.look_again()
        await self._lines.follow(settings)
        for health in tuple(self.health.values()):
            if named(health, settings) != health:
                self._set_health(health)

    async def reconnect(self, line_id: str) -> None:
        """Connects a line anew, after its password or the phone system was put right."""
        await self._lines.reconnect(line_id)

    async def dial(self, number: str, line_id: str | None = None) -> None:
        """Rings the agent's phone and then the number (click to dial).

        Raises:
            UserFacingError: No line can dial, or the phone system refused.
        """
        source = self._lines.dialling_source(line_id)
        await source.originate(self.settings.agent.extension, number)

    def _take_request(self, request: DeskRequest) -> None:
        """Another program asked for something; none of it does more than show a window.

        Raises:
            NoWindowsError: A window is asked for, and there is none.
        """
        if request.verb is not RequestVerb.POP:
            if not self.has_windows:
                raise NoWindowsError
            self.listeners.desk_requested(request)
            return
        self._lines.take_request(request)

    def _secret_of(self, line: LineSettings) -> str:
        if not line.secret_ref or self.vault is None:
            return ""
        return self.vault.get(line.secret_ref) or ""

    def _set_health(self, health: LineHealth) -> None:
        shown = named(health, self.settings)
        change = line_change(self.health.get(shown.line_id), shown, self._now())
        if change is not None:
            self.ledger.enter(change)
        self.health[shown.line_id] = shown
        self.listeners.line_health_changed(shown)

    def _forget_desk(self, line_id: str) -> None:
        self._desks.pop(line_id, None)
        self.health.pop(line_id, None)


def _row_of(call_id: uuid.UUID, reader: Reader) -> CallRow | None:
    return reader.call_row(call_id)
