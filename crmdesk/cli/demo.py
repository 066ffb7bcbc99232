"""`crmdesk demo`: a believable store of any size, and the desk on it with simulated calls."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.cli import given
from crmdesk.cli.opening import DEMO_FILE

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.settings.model import Settings
    from crmdesk.store import Store

BAR_WIDTH = 28
BAR_INTERVAL_S = 0.2
AGENT = "1001"


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk demo --help`."""
    options = _parser().parse_args(argv)
    if options.show and not options.pictures and _is_shown_already():
        return 0
    from crmdesk.bootstrap import stores
    from crmdesk.settings import paths

    place = options.store or paths.home() / DEMO_FILE
    opened = stores.open_customers(place) if place.exists() else stores.open_demo(place)
    try:
        _fill(opened.store, options)
        if options.show or options.pictures:
            return _show(opened.store, options)
    finally:
        opened.store.close()
    print("Its key is public: invented people only. To see its calls:")
    print(f"crmdesk calls --store {shlex.quote(str(place))}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk demo",
        description="Make a store of invented people with history; --show opens the desk on it"
        " with simulated calls coming in.",
    )
    parser.add_argument("--customers", type=given.count, default=200, help="how many (default 200)")
    parser.add_argument("--history", type=given.count, default=None, help="calls in the call log")
    parser.add_argument("--seed", type=int, default=1, help="other people for another number")
    parser.add_argument("--store", type=Path, default=None, help="file of the demo store")
    parser.add_argument("--show", action="store_true", help="open the desk on it")
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="save pictures of pops and window, then end"
    )
    parser.add_argument(
        "--calls", type=given.count, default=3, help="pops before the end (default 3)"
    )
    return parser


def _is_shown_already() -> bool:
    """Brings the desk that is open to the front, as a second `crmdesk` does; False for none."""
    from crmdesk.desk.handover.client import hand_over
    from crmdesk.domain.requests import RequestVerb

    if not hand_over({"verb": RequestVerb.FRONT.value}):
        return False
    print("A desk is open already: it was brought to the front. Close it to open the demo.")
    return True


def _fill(store: Store, options: argparse.Namespace) -> None:
    """Makes the people, unless the store has some already."""
    from crmdesk.store.demo import make_demo

    if store.read(lambda reader: reader.has_customers()).result():
        if not options.show and not options.pictures:
            there = store.read(lambda reader: reader.counts()).result()
            print(f"The store has {there.customers:,} customers already; nothing was added.")
        return
    bar = ProgressBar()
    make_demo(store, options.customers, calls=options.history, seed=options.seed, progress=bar.show)
    bar.finish()


class ProgressBar:
    """One line on standard error; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._shown_at = 0.0
        self._is_terminal = sys.stderr.isatty()

    def show(self, done: int, total: int, rate: float) -> None:
        """Draws the bar, at most five times a second."""
        now = time.monotonic()
        if not self._is_terminal or (now - self._shown_at < BAR_INTERVAL_S and done < total):
            return
        self._shown_at = now
        filled = BAR_WIDTH * done // max(total, 1)
        left = (total - done) / rate if rate else 0
        bar = "#" * filled + "-" * (BAR_WIDTH - filled)
        sys.stderr.write(f"\r[{bar}] {done:,} of {total:,}  {rate:,.0f}/s  {left:.0f} s left   ")
        sys.stderr.flush()

    def finish(self) -> None:
        """Leaves the bar where it is."""
        if self._is_terminal and self._shown_at:
            sys.stderr.write("\n")


def _show(store: Store, options: argparse.Namespace) -> int:
    core = _demo_core(store, fast=options.pictures is not None)
    if options.pictures is None:
        from crmdesk.gui.app import run_gui

        return run_gui(core)
    from crmdesk.gui.demo_tour import run_tour

    return run_tour(core, options.pictures, options.calls)


def _demo_core(store: Store, *, fast: bool) -> Core:
    """A core whose only line is simulated, with callers the store knows."""
    from crmdesk.bootstrap.core import Core
    from crmdesk.bootstrap.demo_cast import demo_cast
    from crmdesk.telephony.registry import Extras

    extras = Extras(cast=demo_cast(store, AGENT), speed=4.0 if fast else 1.0)
    return Core(_demo_settings(), store, vault=None, extras=extras)


def _demo_settings() -> Settings:
    from crmdesk.settings.model import AgentSettings, LineSettings, Settings
    from crmdesk.store.demo import AGENTS

    line = LineSettings(
        id="demo",
        name="Simulated calls",
        system="simulator",
        region="DE",
        internal=("1001-1199",),
        names=dict(AGENTS),
        called_names={"+493023125101": "Main number", "+493023125200": "Support"},
    )
    return Settings(agent=AgentSettings(name=AGENTS[AGENT], extension=AGENT), lines=(line,))
