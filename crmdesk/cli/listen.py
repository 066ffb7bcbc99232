"""`crmdesk listen`: the desk without windows, until stopped."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Any

from crmdesk.cli import output
from crmdesk.cli.opening import add_store_options, open_core

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from crmdesk.desk.outreach.mail import Attempt
    from crmdesk.domain.call_log import CallRow
    from crmdesk.domain.follow_ups import DueNews
    from crmdesk.domain.ledger import LedgerLine
    from crmdesk.domain.lines import LineHealth
    from crmdesk.domain.pops import PopCard
    from crmdesk.domain.requests import DeskRequest
    from crmdesk.domain.store_health import StoreHealth
    from crmdesk.domain.tickets import TicketNews


class Printer:
    """Prints each pop once and each call when it is over."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._shown: set[tuple[Any, str]] = set()
        self._told: dict[str, tuple[str, ...]] = {}

    def pop_changed(self, card: PopCard) -> None:
        """Prints a card the first time it is seen."""
        key = (card.call_id, card.extension)
        if key in self._shown:
            return
        self._shown.add(key)
        self._print(output.pop_object(card), output.pop_line(card))

    def call_changed(self, row: CallRow) -> None:
        """Prints a finished call, after it is safe in the store."""
        call = row.call
        if not call.is_over or row.match_state is None:  # unmatched: saved again in a moment
            return
        self._shown -= {(call.id, pop.extension) for pop in call.pops}
        printed = {"event": "call", "id": str(call.id), **output.call_object(row)}
        self._print(printed, output.call_line(row))

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        """`crmdesk ledger` prints them."""

    def line_health_changed(self, health: LineHealth) -> None:
        """Tells people on standard error; standard output stays data."""
        words = " ".join(part for part in (health.message, health.remedy) if part)
        lines = (f"{health.state}. {words}".rstrip(), *health.warnings)
        if self._told.get(health.line_id) == lines:
            return
        self._told[health.line_id] = lines
        for line in lines:
            print(f"{health.name}: {line}", file=sys.stderr)

    def store_health_changed(self, health: StoreHealth) -> None:
        """Tells that calls wait in memory, or that they no longer do."""
        words = " ".join(part for part in (health.message, health.remedy) if part)
        print(words or "The customer store takes calls again.", file=sys.stderr)

    def desk_requested(self, request: DeskRequest) -> None:
        """Does not come: the core has no windows here, and says so to who asks."""

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        """`crmdesk tickets` prints them."""

    def follow_ups_due(self, news: DueNews) -> None:
        """Does not come: without windows nobody is reminded."""

    def message_tried(self, attempt: Attempt) -> None:
        """Who only listens sends nothing."""

    def _print(self, value: dict[str, Any], line: str) -> None:
        if self._as_json:
            output.print_json(value)
        else:
            print(line, flush=True)


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk listen --help`."""
    parser = argparse.ArgumentParser(
        prog="crmdesk listen",
        description="Follow the phone lines without windows; print pops and finished calls.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_store_options(parser)
    options = parser.parse_args(argv)
    from crmdesk.bootstrap import log_file

    with log_file.kept(), open_core(options) as core:
        core.has_windows = False
        core.add_listener(Printer(as_json=options.json))
        asyncio.run(_until_stopped(core.run()))
    return 0


async def _until_stopped(running: Coroutine[Any, Any, None]) -> None:
    """Runs until SIGINT or SIGTERM; a second one does not break off the saving of calls."""
    task = asyncio.ensure_future(running)
    loop = asyncio.get_running_loop()
    is_stopping = False

    def stop() -> None:
        nonlocal is_stopping
        if not is_stopping:
            is_stopping = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl+C raises instead
            loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task
