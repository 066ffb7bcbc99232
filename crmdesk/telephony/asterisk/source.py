"""An Asterisk phone system as a source of call events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.asterisk.click_to_dial import Dialling
from crmdesk.telephony.asterisk.facts import LineFacts
from crmdesk.telephony.asterisk.messages import Message
from crmdesk.telephony.asterisk.session import AmiSession
from crmdesk.telephony.clock import SteadyClock
from crmdesk.telephony.driver import Driver, Endpoint
from crmdesk.telephony.recording import Recorder
from crmdesk.telephony.source import HealthReport, OnEvents, OnHealth
from crmdesk.telephony.trouble import DialError, LineError

log = logging.getLogger(__name__)


class CallTranslator(Protocol):
    """What `calls.AsteriskCalls` does."""

    def handle(self, message: Message, at: datetime) -> list[CallEvent]:
        """Translates one message."""

    def connection_lost(self, at: datetime) -> list[CallEvent]:
        """Nothing more will be heard of the calls that are on."""


class AsteriskSource:
    """Follows one Asterisk over AMI.

    Args:
        line: Where and as whom to connect.
        secret: Secret of the manager user.
        calls: Translates messages into call events.
        on_events: Takes one batch per read; on the loop of `run`.
        on_health: Takes each change of health; on the loop of `run`.
        recorder: Writes what comes in, pseudonymised.
        clock: Times of the events; a `SteadyClock` where None.
        delays: Makes the delays between tries; jittered back-off where None.
    """

    def __init__(
        self,
        line: LineSettings,
        secret: str,
        calls: CallTranslator,
        on_events: OnEvents,
        on_health: OnHealth,
        recorder: Recorder | None = None,
        clock: SteadyClock | None = None,
        delays: Callable[[], Iterator[float]] | None = None,
    ) -> None:
        self.facts = LineFacts()
        self._line = line
        self._secret = secret
        self._calls = calls
        self._on_events = on_events
        self._recorder = recorder
        self._clock = clock or SteadyClock()
        self._report = HealthReport(line, self._clock, on_health)
        self._dialling = Dialling()
        self._session: AmiSession | None = None
        self._is_ready = False
        self._task: asyncio.Task[None] | None = None
        endpoint = Endpoint(line.host, line.port, line.tls, line.tls_ca)
        self._driver = Driver(
            endpoint, self._new_session, self._on_trouble, self._on_connecting, delays
        )

    @property
    def health(self) -> LineHealth:
        """How the line is now."""
        return self._report.health

    async def run(self) -> None:
        """Follows the PBX until cancelled, stopped or refused for good."""
        self._task = asyncio.current_task()
        try:
            await self._driver.run()
        except asyncio.CancelledError:
            self._report.change(LineState.OFF)
            raise
        finally:
            if self._recorder is not None:
                self._recorder.close()

    async def stop(self) -> None:
        """Logs off and ends `run`; returns when it has ended."""
        if self._task is None or self._task.done():
            return
        self._task.cancel()
        await asyncio.wait([self._task])

    async def originate(self, extension: str, number: str) -> None:
        """Rings the extension and, once it is picked up, dials the number.

        Raises:
            DialError: Not connected, not allowed, or the phone did not answer.
        """
        session = self._session
        if session is None or not session.is_logged_in:
            raise DialError(
                "The phone system is not connected.",
                "Nothing was dialled.",
                "Wait until the line is ready, or dial on the phone.",
            )
        technology = self.facts.technology(extension)
        await self._dialling.dial(
            session, self._driver.send, extension, number, self._line.dial_context, technology
        )

    def _new_session(self) -> AmiSession:
        recorder = self._recorder
        on_bytes = None if recorder is None else lambda data: recorder.record(self._clock(), data)
        self._session = AmiSession(self._line.username, self._secret, self, self.facts, on_bytes)
        return self._session

    # --- what the session tells -------------------------------------------------------------

    def logged_in(self) -> None:
        """The login was accepted."""
        log.info("line %s: logged in", self._line.id)

    def messages_arrived(self, messages: list[Message]) -> None:
        """Translates one batch and hands the events on."""
        at = self._clock()
        events: list[CallEvent] = []
        for message in messages:
            self._dialling.take(message)
            events += self._translate(message, at)
        if events:
            self._on_events(events)
        if self._is_ready:
            self._tell_ready()

    def snapshot_ended(self) -> None:
        """What is going on is known now."""
        self._is_ready = True
        self._tell_ready()

    def session_closed(self, was_logged_in: bool) -> None:
        """The connection is gone, and with it the sight of all calls."""
        self._is_ready = False
        self._session = None
        self._dialling.connection_lost()
        if not was_logged_in:
            return
        if self._recorder is not None:
            self._recorder.end_of_connection(self._clock())
        events = self._calls.connection_lost(self._clock())
        if events:
            self._on_events(events)

    def _translate(self, message: Message, at: datetime) -> list[CallEvent]:
        try:
            return self._calls.handle(message, at)
        except Exception:
            # The border to hostile input: one message that is not understood must not cost
            # the calls after it. No values in the log: they are personal.
            log.exception("line %s: %s could not be understood", self._line.id, message.name)
            return []

    # --- health ------------------------------------------------------------------------------

    def _tell_ready(self) -> None:
        warnings = self.facts.warnings(self._line.tls, self._line.host)
        if warnings:
            self._report.change(
                LineState.DEGRADED, "Connected, but not everything works.", "", warnings
            )
        else:
            self._report.change(LineState.READY)

    def _on_connecting(self) -> None:
        self._clock.catch_up()
        if self.health.state is LineState.OFF:
            self._report.change(LineState.CONNECTING, "Connecting to the phone system.")

    def _on_trouble(self, error: LineError, delay_s: float | None) -> None:
        state = LineState.REFUSED if delay_s is None else LineState.RETRYING
        log.info("line %s: %s", self._line.id, type(error).__name__)
        self._report.change(state, f"{error.what} {error.meaning}".strip(), error.remedy)
