"""The simulator as a source: plays scenarios one after another, in real time or faster."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby, repeat
from operator import attrgetter

from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.calls import EndedBy
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.clock import SteadyClock
from crmdesk.telephony.simulator.scenarios import SCENARIOS, Cast, Stage
from crmdesk.telephony.simulator.scripted_call import ScriptedCall
from crmdesk.telephony.source import HealthReport, OnEvents, OnHealth

PAUSE_S = 6.0
"""Between the end of one call and the next, before `speed`."""

DEMO = tuple(SCENARIOS)


class SimulatorSource:
    """A phone system that follows a script; the same seed gives the same calls.

    Args:
        line: Whose health is told.
        on_events: Takes the events of one moment.
        on_health: Takes each change of health.
        cast: Numbers and extensions that take part.
        scenarios: Names of `SCENARIOS`, in order.
        again: Start over after the last one, until stopped.
        speed: 10.0 is ten times as fast.
        seed: Chooses customers and durations.
        clock: Times of the events.

    Raises:
        KeyError: There is no scenario of this name.
    """

    def __init__(
        self,
        line: LineSettings,
        on_events: OnEvents,
        on_health: OnHealth,
        cast: Cast | None = None,
        scenarios: Sequence[str] = DEMO,
        again: bool = True,
        speed: float = 1.0,
        seed: int = 1,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._line = line
        self._on_events = on_events
        self._cast = cast or Cast()
        self._plays = [SCENARIOS[name] for name in scenarios]
        self._again = again
        self._speed = speed
        self._dice = random.Random(seed)  # noqa: S311 - a script, no secret
        self._clock = clock or SteadyClock()
        self._report = HealthReport(line, self._clock, on_health)
        self._began = self._clock()
        self._count = 0
        self._dialled: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def health(self) -> LineHealth:
        """READY while it runs."""
        return self._report.health

    async def run(self) -> None:
        """Plays until the script ends, or until stopped or cancelled."""
        self._task = asyncio.current_task()
        self._report.change(LineState.READY)
        try:
            calls = self.calls()
            while True:
                await asyncio.sleep(PAUSE_S / self._speed)  # also first: windows are opening
                call = next(calls, None)  # a call begins when it is asked for
                if call is None:
                    return
                await self._play(call.events)
        finally:
            for task in self._dialled:
                task.cancel()
            self._report.change(LineState.OFF)

    async def stop(self) -> None:
        """Ends `run`; calls that are on simply stop."""
        if self._task is None or self._task.done():
            return
        self._task.cancel()
        await asyncio.wait([self._task])

    async def originate(self, extension: str, number: str) -> None:
        """Plays an outbound call: it rings, is answered, and ends."""
        call = self._new_call()
        call.goes_out(extension, number)
        call.wait(self._dice.uniform(4, 9))
        call.talks(extension)
        call.wait(self._dice.uniform(20, 40))
        call.ends(EndedBy.AGENT)
        task = asyncio.get_running_loop().create_task(self._play(call.events))
        self._dialled.add(task)
        task.add_done_callback(self._dialled.discard)

    def calls(self) -> Iterator[ScriptedCall]:
        """The calls of the script; each begins when it is asked for."""
        rounds = repeat(self._plays) if self._again else [self._plays]
        for play in chain.from_iterable(rounds):
            call = self._new_call()
            play(Stage(call, self._cast, self._dice))
            yield call

    def _new_call(self) -> ScriptedCall:
        self._count += 1
        key = f"{self._began.timestamp():.3f}.{self._count}"
        return ScriptedCall(key, self._clock(), self._speed)

    async def _play(self, events: Sequence[CallEvent]) -> None:
        for at, moment in groupby(events, attrgetter("at")):
            await asyncio.sleep((at - self._clock()).total_seconds())
            self._on_events(list(moment))
