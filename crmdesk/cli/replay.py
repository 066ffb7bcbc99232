"""`crmdesk replay`: a recording of a phone system through the whole program."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crmdesk.bootstrap import stores
from crmdesk.bootstrap.core import Core, utc_now
from crmdesk.cli import given, output
from crmdesk.cli.ledger import print_line
from crmdesk.cli.opening import add_store_options, open_store_of
from crmdesk.desk.replay import replay
from crmdesk.domain.errors import UserFacingError
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.telephony.recording import Recording
from crmdesk.telephony.registry import translate_recording

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from crmdesk.desk.outreach.mail import Attempt
    from crmdesk.domain.call_log import CallRow
    from crmdesk.domain.follow_ups import DueNews
    from crmdesk.domain.ledger import LedgerLine
    from crmdesk.domain.lines import LineHealth
    from crmdesk.domain.pops import PopCard
    from crmdesk.domain.requests import DeskRequest
    from crmdesk.domain.store_health import StoreHealth
    from crmdesk.domain.tickets import TicketNews
    from crmdesk.store import Store


class Collector:
    """Keeps the last saved state of every call of the replay."""

    def __init__(self) -> None:
        self.calls: dict[uuid.UUID, CallRow] = {}
        self.pops: list[PopCard] = []
        self.ledger: list[LedgerLine] = []

    def pop_changed(self, card: PopCard) -> None:
        """Keeps the first state of each card."""
        if all(
            (kept.call_id, kept.extension) != (card.call_id, card.extension) for kept in self.pops
        ):
            self.pops.append(card)

    def call_changed(self, row: CallRow) -> None:
        """Keeps the newest state of a call."""
        self.calls[row.call.id] = row

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        """Keeps what became of each event."""
        self.ledger += lines

    def line_health_changed(self, health: LineHealth) -> None:
        """A recording has no health."""

    def store_health_changed(self, health: StoreHealth) -> None:
        """Tells that calls could not be written."""
        print(" ".join((health.message, health.remedy)).strip(), file=sys.stderr)

    def desk_requested(self, request: DeskRequest) -> None:
        """A replay takes no requests."""

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        """A replay watches no clocks."""

    def follow_ups_due(self, news: DueNews) -> None:
        """A replay reminds of nothing."""

    def message_tried(self, attempt: Attempt) -> None:
        """A replay sends nothing."""

    def in_order(self) -> list[CallRow]:
        """All calls, in order of start."""
        return sorted(self.calls.values(), key=lambda row: row.call.started_at)


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk replay --help`."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.gui and (options.json or options.ledger):
        parser.error("--json and --ledger print at the end of a replay without windows")
    line = _line(options)
    recording = Recording.load(options.file)
    with _store(options) as store:
        core = _make_core(store, line, options.extension)
        if options.gui:
            return _with_windows(core, line, recording, options.speed or 1.0)
        collector = Collector()
        core.add_listener(collector)
        asyncio.run(_without_windows(core, line, recording, options.speed))
    if not collector.calls:
        raise UserFacingError(
            f"There are no phone events in {options.file.name}.",
            "Nothing was replayed.",
            "A recording (.ami) is what a phone system sent to its manager port.",
        )
    if options.ledger:
        for number, entry in enumerate(collector.ledger, start=1):
            print_line(replace(entry, sequence=number), as_json=options.json)
    else:
        _print(collector, as_json=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk replay",
        description="Feed a recording of a phone system through parser, tracker, matching and"
        " store. Without --store a throw-away store is used.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording (.ami)")
    parser.add_argument("--speed", type=_speed, help="1 keeps the pace; default: at once")
    add_store_options(parser)
    parser.add_argument("--gui", action="store_true", help="show the windows")
    parser.add_argument("--json", action="store_true", help="one JSON object per call")
    parser.add_argument(
        "--ledger", action="store_true", help="print what became of each event, not the calls"
    )
    parser.add_argument("--region", default=None, help="default region of the line, e.g. DE")
    parser.add_argument("--area-code", default=None, help="area code of the line, e.g. 30")
    parser.add_argument("--line-prefix", default=None, help="digits before outside numbers")
    parser.add_argument(
        "--internal",
        action="append",
        default=None,
        metavar="RANGE",
        help="internal extensions, e.g. 1001-1199 (repeatable)",
    )
    parser.add_argument("--extension", default="", help="pop for this extension only")
    parser.add_argument("--pop-when", choices=("ringing", "answer", "asked"), default="ringing")
    return parser


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError("the speed must be above 0")
    return speed


def _line(options: argparse.Namespace) -> LineSettings:
    """The line of the recording.

    Raises:
        UserFacingError: An option cannot be.
    """
    values = {
        "id": "replay",
        "name": "Recording",
        "phone_system": "replay",
        "region": given.region(options.region or ""),
        "area_code": given.digits("--area-code", options.area_code),
        "line_prefix": given.digits("--line-prefix", options.line_prefix),
        "internal": given.internal(options.internal or []),
        "pop_when": options.pop_when,
    }
    try:
        return msgspec.convert(values, LineSettings)
    except msgspec.ValidationError as error:
        raise UserFacingError(
            f"The recording cannot be read like this: {error}.", "Nothing was replayed."
        ) from None


@contextmanager
def _store(options: argparse.Namespace) -> Iterator[Store]:
    """The store that was named, else one that is thrown away."""
    if options.store is not None:
        with open_store_of(options, makes=True) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(prefix="crmdesk-replay-") as folder:
        opened = stores.open_demo(Path(folder) / "replay.db")
        try:
            yield opened.store
        finally:
            opened.store.close()


def _make_core(store: Store, line: LineSettings, extension: str) -> Core:
    agent = AgentSettings(extension=extension)
    return Core(Settings(agent=agent, lines=(line,)), store, vault=None)


async def _without_windows(
    core: Core, line: LineSettings, recording: Recording, speed: float | None
) -> None:
    core.bind()
    desk = core.desk(line)
    await replay(translate_recording(recording, line), desk, speed)
    await core.settle()


def _with_windows(core: Core, line: LineSettings, recording: Recording, speed: float) -> int:
    from crmdesk.gui.app import run_gui

    async def play() -> None:
        core.bind()
        await replay(translate_recording(recording, line), core.desk(line), speed, utc_now)

    return run_gui(core, running=play)


def _print(collector: Collector, *, as_json: bool) -> None:
    for row in collector.in_order():
        if as_json:
            output.print_json(output.call_object(row))
        else:
            print(output.call_line(row))
    if not as_json:
        for card in collector.pops:
            print(output.pop_line(card))
