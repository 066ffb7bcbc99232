"""Dates in the habits of other programs."""

from __future__ import annotations

from datetime import date

import pytest

from crmdesk.sync.cells.dates import DMY, MDY, decide_order, parse_date

MARCH_5 = date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05", "2024-03-05T10:11:12Z", "2024-03-05 10:11:12.000", "2024/03/05", "20240305",
        "20240305T101112Z", "05.03.2024", "5.3.24", "5. 3. 2024", "05-03-2024", "05/03/2024 10:11",
        "5. März 2024", "5 mars 2024", "Mar 5, 2024", "Tue, 5 Mar 2024 10:11:12 +0100",
        "2024 March 5",
        "5 de marzo de 2024", "45356", "45356.42", "1709633472", "1709633472000", " 05.03.2024 ",
    ],
)  # fmt: skip
def test_reads_a_day(text: str) -> None:
    assert parse_date(text, DMY) == MARCH_5


def test_month_first_where_the_column_has_it() -> None:
    assert parse_date("03/05/2024", MDY) == MARCH_5
    assert parse_date("3/5/24 10:11 AM", MDY) == MARCH_5


def test_a_row_in_the_other_order_is_read_where_only_that_is_a_date() -> None:
    assert parse_date("3/25/2024", DMY) == date(2024, 3, 25)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "31.02.2024", "0000-00-00", "99", "12345678901234567890", "1.2.3.4", "45/45/45",
        "5 Foo 2024", "03012", "3000-01-01", "2024", "²0.03.2024",
    ],
)  # fmt: skip
def test_is_no_day(text: str) -> None:
    assert parse_date(text, DMY) is None


def test_two_figures_of_a_year() -> None:
    assert parse_date("1.1.68") == date(2068, 1, 1)
    assert parse_date("1.1.69") == date(1969, 1, 1)


@pytest.mark.parametrize(
    ("values", "region", "order"),
    [
        (["03/04/2024", "25/04/2024"], "US", DMY),
        (["03/04/2024", "04/25/2024"], "DE", MDY),
        (["03/04/2024"], "US", MDY),
        (["03/04/2024"], "GB", DMY),
        (["03.04.2024"], "US", DMY),
        ([], "", DMY),
    ],
)
def test_order_is_decided_by_the_column(values: list[str], region: str, order: str) -> None:
    assert decide_order(values, region) == order
