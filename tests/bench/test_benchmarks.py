"""Every benchmark runs, measures something, and finds what its baseline finds.

How long anything took is never asserted: `python -m tests.bench all` tells it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.__main__ import BENCHMARKS, COUNTS, run
from tests.bench.measuring import DisagreementError, Figure, Outcome, Scale, agree, percentile

TINY = (200, 1_000, 1)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmark_measures(name: str, tmp_path: Path) -> None:
    outcome = run(name, Scale(*TINY, tmp_path))
    assert outcome.figures
    for figure in outcome.figures:
        assert figure.measured, figure.what
        assert all(value > 0 for value in (*figure.measured, *figure.raw)), figure.what
    page = report.markdown([outcome], "python -m tests.bench")
    assert all(figure.what in page for figure in outcome.figures)


@pytest.mark.parametrize("name", COUNTS)
def test_count_counts(name: str, tmp_path: Path) -> None:
    outcome = run(name, Scale(*TINY, tmp_path))
    page = report.markdown([outcome], "python -m tests.bench")
    for table in outcome.tables:
        assert "| " + " | ".join(table.columns) + " |" in page
    *forms, everything = outcome.tables[0].rows
    calls = [int(row[1].replace(",", "")) for row in forms]
    assert all(calls)
    assert int(everything[1].replace(",", "")) == sum(calls)
    assert everything[-1] == "0"  # linked to somebody else


def test_disagreement_ends_the_run() -> None:
    agree([1], [1], "rows")
    with pytest.raises(DisagreementError, match="rows"):
        agree([1], [2], "rows")


def test_ratio_is_median_against_median() -> None:
    figure = Figure("reading", (4.0, 2.0, 100.0), (2.0, 1.0, 50.0), "raw")
    assert figure.ratio == 2.0
    assert "| x2 |" in report.markdown([Outcome("t", (figure,))], "c")


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 99), percentile([7.0], 99)) == (51, 100, 7)
