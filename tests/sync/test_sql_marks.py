"""Up to where a run has read, with the clocks and columns of real databases."""

# ruff: noqa: DTZ001  databases keep times without a zone

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import reduce

import pytest

from crmdesk.store.foreign.database import Value
from crmdesk.sync.sql.marks import UnfitError, earlier, from_state, later, to_state

NOW = datetime.now(UTC)
BERLIN = timezone(timedelta(hours=2))


def _mark(*values: Value) -> Value:
    return reduce(later, values, None)


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ((None, 3, 1, None), 3),
        ((Decimal("1.5"), 2, 1.0), 2),
        (("2026-01-02 10:00", "2026-01-02", "0000-00-00 00:00:00"), "2026-01-02 10:00"),
        ((date(2026, 1, 2), date(2025, 1, 1)), date(2026, 1, 2)),
        ((b"\0\1", b"\1\0", b"\0\2"), b"\1\0"),
        # MySQL's zero among times comes as text.
        (
            ("0000-00-00 00:00:00", datetime(2026, 1, 2), "0000-00-00 00:00:00"),
            datetime(2026, 1, 2),
        ),
        # One moment in two zones.
        (
            (datetime(2026, 1, 2, 12, tzinfo=BERLIN), datetime(2026, 1, 2, 11, tzinfo=UTC)),
            datetime(2026, 1, 2, 11, tzinfo=UTC),
        ),
    ],
)
def test_the_latest_counts(values: tuple[Value, ...], mark: Value) -> None:
    assert _mark(*values) == mark


@pytest.mark.parametrize(
    ("there", "to_come"),
    [
        (NOW, datetime(2099, 1, 1, tzinfo=UTC)),
        (NOW.replace(tzinfo=None), datetime(9999, 12, 31)),
        (NOW.date(), date(2099, 1, 1)),
        (NOW.date().isoformat() + " 10:00", "2099-01-01 00:00"),
    ],
)
def test_a_time_to_come_moves_nothing(there: Value, to_come: Value) -> None:
    """After a row of the year 2099 no later change would ever be read."""
    assert _mark(there, to_come) == _mark(to_come, there) == there
    assert _mark(to_come) is None


def test_clocks_of_other_zones_are_no_time_to_come() -> None:
    there = NOW.replace(tzinfo=None) + timedelta(hours=14)
    assert _mark(there) == there


@pytest.mark.parametrize(
    "values", [(1, "x"), (b"x", 1), (datetime(2026, 1, 1), NOW), (None, {}, 1)]
)
def test_kinds_that_do_not_compare(values: tuple[Value, ...]) -> None:
    with pytest.raises(UnfitError, match="different kinds"):
        _mark(*values)


@pytest.mark.parametrize("text", ["31.12.2025", "1/2/26 10:00", "01.02.2026 10:00"])
def test_dates_that_do_not_sort(text: str) -> None:
    with pytest.raises(UnfitError, match="do not sort"):
        _mark(text)


@pytest.mark.parametrize(
    ("mark", "begin"),
    [
        (datetime(2026, 1, 2, 12, tzinfo=UTC), datetime(2026, 1, 2, 11, 50, tzinfo=UTC)),
        # The hour that comes twice when summer time ends.
        (datetime(2026, 10, 25, 2, 59), datetime(2026, 10, 25, 1, 49)),
        (date(2026, 1, 2), date(2026, 1, 1)),
        (1_700_000_000, 1_699_999_400),
        (1_700_000_000_000, 1_699_999_400_000),
        ("2026-01-02T10:00:00", "2026-01-02"),
        (b"\0\0\0\0\0\0\x10\0", b"\0\0\0\0\0\0\x0d\xa8"),
        (b"\0\1", b"\0\0"),
        ("v7", "v7"),
        (None, None),
    ],
)
def test_what_comes_to_light_late_is_read(mark: Value, begin: Value) -> None:
    assert earlier(mark) == begin


@pytest.mark.parametrize(
    "mark", [NOW, datetime(2026, 1, 2), date(2026, 1, 2), 7, -7, Decimal("7.5"), "x", b"\0\xff"]
)
def test_marks_come_back_as_they_were(mark: Value) -> None:
    back = from_state(to_state(mark))
    assert (back, type(back)) == (mark, type(mark))


@pytest.mark.parametrize("kept", [None, 7, {}, {"kind": "bytes", "value": "x"}, {"kind": "number"}])
def test_what_is_no_mark_reads_everything(kept: Value) -> None:
    assert from_state(kept) is None
