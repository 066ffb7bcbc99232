"""An Asterisk source that runs against a PBX on a real socket, and what it told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crmdesk.domain.call_events import CallEnded, CallEvent
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.asterisk.messages import Message
from crmdesk.telephony.asterisk.source import AsteriskSource
from crmdesk.telephony.recording import Recorder
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"
PRESENTATION_LINE = "channelvars = CALLERID(pres),FROM_DID"
CHANNEL = """Event: CoreShowChannel
Channel: {channel}-0000000c
ChannelState: 6
CallerIDNum: +493023125710
Uniqueid: {uniqueid}
Linkedid: {uniqueid}
{variables}"""


class Notes:
    """A translator that writes down what it is given, and tells one event per hang-up."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.times: list[datetime] = []
        self.lost = 0

    def handle(self, message: Message, at: datetime) -> list[CallEvent]:
        self.messages.append(message)
        self.times.append(at)
        return [CallEnded(message.get("Linkedid"), at)] if message.name == "Hangup" else []

    def connection_lost(self, at: datetime) -> list[CallEvent]:
        self.lost += 1
        return [CallEnded("open", at, seen=False)]

    def names(self) -> list[str]:
        return [message.name for message in self.messages]


class Scene:
    """A source that runs, and what it told."""

    def __init__(self, source_line: LineSettings, secret: str, recorder: Recorder | None) -> None:
        self.calls = Notes()
        self.batches: list[list[CallEvent]] = []
        self.healths: list[LineHealth] = []
        self.news = asyncio.Event()
        self.source = AsteriskSource(
            source_line,
            secret,
            self.calls,
            self._take,
            self._hear,
            recorder,
            delays=_short_delays,
        )
        self.task = asyncio.create_task(self.source.run())

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not happened():
                self.news.clear()
                await self.news.wait()

    async def until_state(self, state: LineState) -> LineHealth:
        await self.until(lambda: self.source.health.state is state)
        return self.source.health

    async def until_connected(self) -> LineHealth:
        connected = (LineState.READY, LineState.DEGRADED)
        await self.until(lambda: self.source.health.state in connected)
        return self.source.health

    def _take(self, batch: list[CallEvent]) -> None:
        self.batches.append(batch)
        self.news.set()

    def _hear(self, health: LineHealth) -> None:
        self.healths.append(health)
        self.news.set()


def _short_delays() -> Iterator[float]:
    while True:
        yield 0.01


def line_for(pbx: FakePbx, **changes: object) -> LineSettings:
    values: dict[str, object] = {
        "id": "main",
        "name": "Main line",
        "host": pbx.host,
        "port": pbx.port,
        "tls": pbx.ca_file is not None,
        "tls_ca": str(pbx.ca_file or ""),
        "username": "crmdesk",
    }
    return LineSettings(**{**values, **changes})  # type: ignore[arg-type]


def play_scene(
    pbx: FakePbx,
    act: Callable[[Scene], Awaitable[None]],
    secret: str = "s3cret-crmdesk",
    recorder: Recorder | None = None,
    **changes: object,
) -> Scene:
    async def scene() -> Scene:
        played = Scene(line_for(pbx, **changes), secret, recorder)
        try:
            await act(played)
        finally:
            await played.source.stop()
        return played

    return asyncio.run(scene())


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path)
