"""What settings and faults do to a running line: restart it, leave it, try it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmdesk.bootstrap import stores
from crmdesk.bootstrap.core import Core
from crmdesk.domain.lines import LineState
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.store import Store
from crmdesk.telephony.registry import Extras
from tests.fakes.fake_pbx import Account, FakePbx

LINE = LineSettings(id="pbx", name="Office", username="crm", secret_ref="pbx", tls=False)


class Vault:
    """Secrets in memory, where the test is not about them."""

    name = "memory"

    def __init__(self) -> None:
        self.kept = {"pbx": "wrong"}

    def get(self, ref: str) -> str | None:
        return self.kept.get(ref)

    def set(self, ref: str, value: str) -> None:
        self.kept[ref] = value

    def delete(self, ref: str) -> None:
        self.kept.pop(ref, None)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = stores.open_demo(tmp_path / "demo.db")
    yield opened.store
    opened.store.close()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  polling what other threads change
            await asyncio.sleep(0.01)


def _run(core: Core, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def both() -> None:
        running = asyncio.ensure_future(core.run())
        try:
            await story()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(both())


def _simulated(store: Store, **fields: Any) -> Core:
    line = LineSettings(id="sim", name="Simulated", system="simulator", region="DE", **fields)
    settings = Settings(agent=AgentSettings(name="Ann", extension="1001"), lines=(line,))
    return Core(settings, store, None, extras=Extras(speed=40.0))


def test_a_corrected_password_connects_again(store: Store, crmdesk_home: Path) -> None:
    with FakePbx({"crm": Account("right")}) as pbx:
        line = msgspec.structs.replace(LINE, host=pbx.host, port=pbx.port)
        vault = Vault()
        core = Core(Settings(lines=(line,)), store, vault)

        async def story() -> None:
            await _until(lambda: _state(core, "pbx") is LineState.REFUSED)
            vault.set("pbx", "right")
            await core.reconnect("pbx")
            await _until(lambda: _state(core, "pbx") in {LineState.READY, LineState.DEGRADED})

        _run(core, story)


def test_saved_settings_wake_a_line_that_gave_up(store: Store, crmdesk_home: Path) -> None:
    with FakePbx({"crm": Account("right")}) as pbx:
        line = msgspec.structs.replace(LINE, host=pbx.host, port=pbx.port)
        vault = Vault()
        core = Core(Settings(lines=(line,)), store, vault)

        async def story() -> None:
            await _until(lambda: _state(core, "pbx") is LineState.REFUSED)
            vault.set("pbx", "right")
            await core.apply(core.settings)
            await _until(lambda: _state(core, "pbx") in {LineState.READY, LineState.DEGRADED})

        _run(core, story)


def test_names_change_without_cutting_a_call(store: Store, crmdesk_home: Path) -> None:
    core = _simulated(store)
    desk = core.desk(core.settings.lines[0])

    async def story() -> None:
        await _until(lambda: bool(desk.calls))
        call = desk.calls[0]
        line = msgspec.structs.replace(core.settings.lines[0], name="New name")
        agent = AgentSettings(name="Anna", extension="1001")
        await core.apply(msgspec.structs.replace(core.settings, agent=agent, lines=(line,)))
        assert core.desk(line) is desk
        assert call.id in {each.id for each in desk.calls}
        assert core.health["sim"].name == "New name"

    _run(core, story)


@pytest.mark.usefixtures("expect_break")
def test_a_line_that_breaks_says_so_and_is_tried_again(
    store: Store, crmdesk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = _simulated(store)
    states: list[LineState] = []
    breaks = iter([RuntimeError("a bug")])

    async def broken_once(_self: object) -> None:
        for error in breaks:
            raise error
        await asyncio.sleep(60)

    monkeypatch.setattr("crmdesk.telephony.simulator.source.SimulatorSource.run", broken_once)
    monkeypatch.setattr("crmdesk.bootstrap.lines.backoff_delays", lambda _draw: iter([0.0, 0.0]))

    class Watch:
        def line_health_changed(self, health: Any) -> None:
            states.append(health.state)

        def __getattr__(self, _name: str) -> Callable[..., None]:
            return lambda *_args: None

    core.add_listener(Watch())  # type: ignore[arg-type]

    async def story() -> None:
        await _until(lambda: LineState.RETRYING in states)
        await _until(lambda: "sim" in core._lines._sources)

    _run(core, story)


@pytest.fixture
def expect_break(expect_log: Callable[[str], None]) -> None:
    expect_log("line sim broke")


def test_one_odd_event_does_not_end_the_line(
    store: Store, crmdesk_home: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("an event was left out: CallEnded")
    from crmdesk.domain.call_events import CallEnded, CallStarted
    from crmdesk.domain.calls import Direction

    core = _simulated(store)
    desk = core.desk(core.settings.lines[0])
    now = datetime(2026, 11, 22, tzinfo=UTC)

    async def story() -> None:
        core.bind()
        desk.take([CallEnded("never begun", now), CallStarted("1", now, Direction.INBOUND)])
        assert len(desk.calls) == 1

    asyncio.run(story())


def _state(core: Core, line_id: str) -> LineState | None:
    health = core.health.get(line_id)
    return health.state if health else None
