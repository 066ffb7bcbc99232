"""`python -m tests.bench NAME|all`: measures on demand, never as a test."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from pathlib import Path

from tests.bench.measuring import Outcome, Scale
from tests.bench.report import RESULTS, markdown

BENCHMARKS = (
    "pop", "events", "store", "timeline", "owners", "matching", "rule_lab", "start", "demo",
    "importing", "segments", "lists",
)  # fmt: skip
COUNTS = ("library-numbers",)
"""What counts and does not measure; on demand only."""

LARGE = ("importing-large",)
"""What takes an hour at the size of the targets; on demand only."""


def main(argv: list[str] | None = None) -> int:
    """Runs benchmarks and prints their tables."""
    options = _parser().parse_args(argv)
    names = BENCHMARKS if "all" in options.names else options.names
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [run(name, _scale(options, Path(folder))) for name in names]
    page = markdown(outcomes, _command(options))
    print(page)
    if options.write:
        RESULTS.write_text(page, encoding="utf-8")
    return 0


def run(name: str, scale: Scale) -> Outcome:
    """One benchmark."""
    outcome: Outcome = importlib.import_module(f"tests.bench.{name.replace('-', '_')}").run(scale)
    return outcome


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="+", choices=(*BENCHMARKS, *COUNTS, *LARGE, "all"))
    parser.add_argument("--quick", action="store_true", help="a small store and few rounds")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument(
        "--store",
        type=Path,
        help="a demo store (crmdesk demo --store FILE --customers N --history CALLS); calls are"
        " added to it. Made for the run where none is given.",
    )
    parser.add_argument("--write", action="store_true", help="write tests/bench/RESULTS.md")
    return parser


def _scale(options: argparse.Namespace, folder: Path) -> Scale:
    if options.quick:
        return Scale(2_000, 10_000, 10, folder)
    return Scale(options.customers, options.calls, options.rounds, folder, options.store)


def _command(options: argparse.Namespace) -> str:
    size = f"--customers {options.customers} --calls {options.calls} --rounds {options.rounds}"
    chosen = "--quick" if options.quick else size
    return f"python -m tests.bench {' '.join(options.names)} {chosen}"


if __name__ == "__main__":
    raise SystemExit(main())
