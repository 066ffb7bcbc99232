"""Which phone systems there are. A new one is one folder and one line in `PHONE_SYSTEMS`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.errors import UserFacingError
from crmdesk.matching.ranges import InternalRanges
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.asterisk.calls import AsteriskCalls
from crmdesk.telephony.asterisk.playback import play
from crmdesk.telephony.asterisk.probe import probe as probe_asterisk
from crmdesk.telephony.asterisk.probe import shown_by_calls
from crmdesk.telephony.asterisk.source import AsteriskSource
from crmdesk.telephony.findings import Finding
from crmdesk.telephony.recording import Recorder, Recording
from crmdesk.telephony.simulator.probe import probe as probe_simulator
from crmdesk.telephony.simulator.scenarios import Cast
from crmdesk.telephony.simulator.source import SimulatorSource
from crmdesk.telephony.source import OnEvents, OnHealth, Source

__all__ = ["PHONE_SYSTEMS", "Extras", "Source", "make_source", "probe", "translate_recording"]


@dataclass(frozen=True, slots=True)
class Extras:
    """What only some phone systems use.

    Attributes:
        recorder: Writes what comes in, pseudonymised.
        cast: Who takes part in simulated calls.
        speed, seed: Pace and choice of simulated calls.
    """

    recorder: Recorder | None = None
    cast: Cast = field(default_factory=Cast)
    speed: float = 1.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class PhoneSystem:
    """One kind of phone system.

    Attributes:
        title: Its name for people.
        make: Makes the source of a line.
        probe: Tries the line out, for the doctor and the wizard.
    """

    title: str
    make: Callable[[LineSettings, str, OnEvents, OnHealth, Extras], Source]
    probe: Callable[[LineSettings, str], Awaitable[list[Finding]]]


def _make_asterisk(
    line: LineSettings, secret: str, on_events: OnEvents, on_health: OnHealth, extras: Extras
) -> Source:
    return AsteriskSource(line, secret, _calls(line), on_events, on_health, extras.recorder)


def _make_simulator(
    line: LineSettings, _secret: str, on_events: OnEvents, on_health: OnHealth, extras: Extras
) -> Source:
    return SimulatorSource(
        line, on_events, on_health, extras.cast, speed=extras.speed, seed=extras.seed
    )


PHONE_SYSTEMS: dict[str, PhoneSystem] = {
    "asterisk": PhoneSystem("Asterisk, FreePBX", _make_asterisk, probe_asterisk),
    "simulator": PhoneSystem("Simulated calls", _make_simulator, probe_simulator),
}
"""By the name in the settings. A softphone that starts `crmdesk pop` needs no connection."""


def make_source(
    line: LineSettings,
    secret: str,
    on_events: OnEvents,
    on_health: OnHealth,
    extras: Extras | None = None,
) -> Source:
    """Makes the source of a line; nothing is connected before its `run`.

    Args:
        line: The line.
        secret: Its password, "" where it has none.
        on_events: Takes batches of call events, on the loop of `run`.
        on_health: Takes changes of health, there too.
        extras: Recorder and simulator options.

    Raises:
        UserFacingError: There is no such phone system.
    """
    return _system(line).make(line, secret, on_events, on_health, extras or Extras())


async def probe(line: LineSettings, secret: str) -> list[Finding]:
    """Tries a line out without following it: what works, what does not, what to do.

    Raises:
        UserFacingError: There is no such phone system.
    """
    return await _system(line).probe(line, secret)


def learnt(source: Source) -> list[Finding]:
    """What the calls of a running source have answered of the checks of `probe`."""
    return shown_by_calls(source.facts) if isinstance(source, AsteriskSource) else []


def translate_recording(
    recording: Recording, line: LineSettings
) -> Iterator[tuple[datetime, list[CallEvent]]]:
    """The call events of a recording, batch by batch with their times."""
    return play(recording, _calls(line))


def connected_systems() -> Sequence[tuple[str, str]]:
    """Name and title of every phone system, for the wizard."""
    return [(name, system.title) for name, system in PHONE_SYSTEMS.items()]


def _system(line: LineSettings) -> PhoneSystem:
    system = PHONE_SYSTEMS.get(line.system)
    if system is None:
        raise UserFacingError(
            f"The line {line.name!r} needs no connection ({line.system}).",
            "There is nothing to connect to or to test.",
            "Let the softphone start `crmdesk pop NUMBER` when it rings.",
        )
    return system


def _calls(line: LineSettings) -> AsteriskCalls:
    return AsteriskCalls(InternalRanges.parse(line.internal))
