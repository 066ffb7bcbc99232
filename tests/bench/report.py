"""Results as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bench import machine
from tests.bench.measuring import Figure, Outcome, Table, percentile

RESULTS = Path(__file__).with_name("RESULTS.md")

_HEAD = """\
# Measured

Figures are medians (p50) and 99th percentiles (p99) of rounds in which what is measured and its
raw baseline took turns, in one run; the ratio is median against median. Absolute times belong to
the machine below, which was shared with other work; the ratios are what to compare.
Targets are those the project set itself.

"""
_COLUMNS = "| what | p50 | p99 | raw baseline | p50 | p99 | ratio | target |\n" + "|---" * 8 + "|\n"


def markdown(outcomes: Iterable[Outcome], command: str) -> str:
    """The whole page."""
    lines = [_HEAD, "| | |\n|---|---|\n"]
    lines += [f"| {name} | {value} |\n" for name, value in machine.description().items()]
    lines.append(f"\nTo repeat:\n\n    {command}\n")
    for outcome in outcomes:
        lines += _section(outcome)
    return "".join(lines)


def _section(outcome: Outcome) -> Iterator[str]:
    yield f"\n## {outcome.title}\n\n"
    for note in outcome.notes:
        yield f"{note}\n\n"
    if outcome.figures:
        yield _COLUMNS
    for figure in outcome.figures:
        yield _line(figure)
    for table in outcome.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"\n{table.title}:\n\n"
    yield f"| {' | '.join(table.columns)} |\n{'|---' * len(table.columns)}|\n"
    for row in table.rows:
        yield f"| {' | '.join(row)} |\n"


def _line(figure: Figure) -> str:
    ratio = figure.ratio
    raw = ("", "", "")
    if figure.raw:
        raw = (figure.raw_name, *_two(figure.raw, figure.unit))
    cells = (
        figure.what,
        *_two(figure.measured, figure.unit),
        *raw,
        "" if ratio is None else f"x{_short(ratio)}",
        figure.target,
    )
    return f"| {' | '.join(cells)} |\n"


def _two(values: tuple[float, ...], unit: str) -> tuple[str, str]:
    """Median and the worse end: the slowest time, the lowest rate."""
    worse = 1 if unit == "/s" else 99
    return tuple(_with_unit(percentile(values, p), unit) for p in (50, worse))  # type: ignore[return-value]


def _with_unit(value: float, unit: str) -> str:
    return f"{_short(value)}{'' if unit == '/s' else ' '}{unit.replace('us', 'µs')}"


def _short(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
