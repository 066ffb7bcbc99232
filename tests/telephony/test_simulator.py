"""The simulator keeps the promises that real phone systems keep."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crmdesk.domain.call_events import (
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    OfferEnded,
    PhoneOffered,
    PhoneRang,
    QueueLeft,
)
from crmdesk.domain.calls import Direction, OfferOutcome, Presentation
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.settings.model import LineSettings
from crmdesk.telephony import registry
from crmdesk.telephony.asterisk.source import AsteriskSource
from crmdesk.telephony.findings import FindingState
from crmdesk.telephony.simulator.scenarios import SCENARIOS, Cast
from crmdesk.telephony.simulator.source import DEMO, SimulatorSource

LINE = LineSettings(id="demo", name="Demo line", system="simulator")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CAST = Cast(
    customers=("+493023125710", "+442079460123"),
    shared=("+493023125720",),
    household=("+493023125730",),
    direct=("+493023125749",),
    former=("+493023125750", "+493023125760"),
)


def simulator(**options: object) -> SimulatorSource:
    values: dict[str, object] = {"cast": CAST, "again": False, "clock": lambda: NOON}
    return SimulatorSource(LINE, lambda _: None, lambda _: None, **{**values, **options})  # type: ignore[arg-type]


def script(name: str, seed: int = 1) -> list[CallEvent]:
    (call,) = simulator(scenarios=(name,), seed=seed).calls()
    return call.events


def of_kind(events: list[CallEvent], *kinds: type) -> list[CallEvent]:
    return [event for event in events if isinstance(event, kinds)]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("seed", range(5))
def test_a_call_starts_first_ends_last_and_is_in_order(name: str, seed: int) -> None:
    events = script(name, seed)
    assert isinstance(events[0], CallStarted)
    assert isinstance(events[-1], CallEnded)
    assert len(of_kind(events, CallStarted, CallEnded)) == 2
    assert len({event.call for event in events}) == 1
    times = [event.at for event in events]
    assert times == sorted(times)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_phone_that_rings_stops_ringing_once(name: str) -> None:
    events = script(name)
    rang = [event.device for event in of_kind(events, PhoneRang)]
    ended = [event.device for event in of_kind(events, OfferEnded)]
    offered = [event.device for event in of_kind(events, PhoneOffered)]
    assert offered == rang
    assert sorted(ended) == sorted(rang)


def test_the_same_seed_gives_the_same_calls() -> None:
    first, again, other = (
        [call.events for call in simulator(seed=seed).calls()] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert len(first) == len(DEMO) == len(SCENARIOS)


def test_speed_shortens_the_call() -> None:
    (slow,) = simulator(scenarios=("missed",)).calls()
    (fast,) = simulator(scenarios=("missed",), speed=10).calls()
    assert slow.at - NOON == timedelta(seconds=20.3)
    assert fast.at - NOON == timedelta(seconds=2.03)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("answered", CAST.customers),
        ("several", CAST.shared),
        ("household", CAST.household),
        ("direct", CAST.direct),
        ("former", CAST.former),
        ("queue", CAST.customers),
        ("withheld", ("",)),
    ],
)
def test_callers_come_from_the_cast(name: str, numbers: tuple[str, ...]) -> None:
    for seed in range(10):
        started = script(name, seed)[0]
        assert isinstance(started, CallStarted)
        assert started.caller_raw in numbers


def test_unknown_callers_are_nobody_in_the_cast() -> None:
    taken = tuple(f"+120255501{n:02}" for n in range(99))
    (call,) = simulator(scenarios=("unknown",), cast=Cast(customers=taken)).calls()
    started = call.events[0]
    assert isinstance(started, CallStarted)
    assert started.caller_raw == "+12025550199"


@pytest.mark.parametrize("name", ["several", "household", "direct", "former"])
def test_a_small_cast_calls_as_known_customers(name: str) -> None:
    cast = Cast(customers=("+493023125710",), shared=())
    (call,) = simulator(scenarios=(name,), cast=cast).calls()
    started = call.events[0]
    assert isinstance(started, CallStarted)
    assert started.caller_raw == "+493023125710"


def test_withheld_calls_tell_nothing() -> None:
    started = script("withheld")[0]
    assert isinstance(started, CallStarted)
    assert started.presentation is Presentation.WITHHELD
    assert (started.caller_raw, started.caller_name) == ("", "")


def test_colleague_answers() -> None:
    events = script("elsewhere")
    ends = {e.extension: e.outcome for e in of_kind(events, OfferEnded)}
    assert ends == {
        "1001": OfferOutcome.ELSEWHERE,
        "1002": OfferOutcome.ANSWERED,
        "1003": OfferOutcome.ELSEWHERE,
    }
    assert [event.extension for event in of_kind(events, Connected)] == ["1002"]


def test_missed_and_abandoned_are_never_answered() -> None:
    assert of_kind(script("missed"), Connected, QueueLeft) == []
    (left,) = of_kind(script("abandoned"), Connected, QueueLeft)
    assert isinstance(left, QueueLeft)


def test_transfer_rings_the_agent_as_a_transfer() -> None:
    events = script("transfer")
    (transfer,) = of_kind(events, CallTransferred)
    assert (transfer.from_extension, transfer.to_extension) == ("1002", "1001")
    offers = {e.extension: e.transferred for e in of_kind(events, PhoneOffered)}
    assert offers == {"1002": False, "1001": True}


# --- running --------------------------------------------------------------------------------------


def test_running_tells_events_moment_by_moment_and_health() -> None:
    batches: list[list[CallEvent]] = []
    healths: list[LineHealth] = []
    source = SimulatorSource(
        LINE, batches.append, healths.append, CAST, DEMO, again=False, speed=1000
    )
    asyncio.run(source.run())
    told = [event for batch in batches for event in batch]
    assert len(of_kind(told, CallStarted)) == len(DEMO)
    assert all(len({event.at for event in batch}) == 1 for batch in batches)
    assert [health.state for health in healths] == [LineState.READY, LineState.OFF]
    assert len({event.call for event in told}) == len(DEMO)


def test_it_goes_on_until_stopped() -> None:
    started: list[CallEvent] = []

    async def scene() -> None:
        enough = asyncio.Event()

        def take(batch: list[CallEvent]) -> None:
            started.extend(of_kind(batch, CallStarted))
            if len(started) > len(DEMO) + 2:
                enough.set()

        source = SimulatorSource(LINE, take, lambda _: None, CAST, speed=2000)
        task = asyncio.create_task(source.run())
        await enough.wait()
        await source.stop()
        assert task.cancelled()
        assert source.health.state is LineState.OFF
        await source.stop()

    asyncio.run(scene())


def test_dialling_plays_an_outbound_call() -> None:
    async def scene() -> list[CallEvent]:
        told: list[CallEvent] = []
        ended = asyncio.Event()

        def take(batch: list[CallEvent]) -> None:
            told.extend(batch)
            if of_kind(batch, CallEnded):
                ended.set()

        source = SimulatorSource(LINE, take, lambda _: None, CAST, (), again=False, speed=1000)
        await source.originate("1001", "+493023125710")
        await ended.wait()
        return told

    told = asyncio.run(scene())
    started = told[0]
    assert isinstance(started, CallStarted)
    assert (started.direction, started.caller_raw, started.agent) == (
        Direction.OUTBOUND,
        "+493023125710",
        "1001",
    )


# --- the registry ---------------------------------------------------------------------------------


def test_registry_makes_the_source_the_line_asks_for() -> None:
    def make(system: str) -> object:
        line = LineSettings(id="a", name="A", system=system, host="127.0.0.1")  # type: ignore[arg-type]
        return registry.make_source(line, "", lambda _: None, lambda _: None)

    assert isinstance(make("simulator"), SimulatorSource)
    assert isinstance(make("asterisk"), AsteriskSource)
    with pytest.raises(UserFacingError, match="needs no connection"):
        make("softphone")


def test_probe_of_the_simulator_is_fine() -> None:
    (finding,) = asyncio.run(registry.probe(LINE, ""))
    assert finding.state is FindingState.OK
