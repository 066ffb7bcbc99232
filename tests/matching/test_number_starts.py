"""The beginning of a number is found however people type it."""

from __future__ import annotations

import pytest

from crmdesk.matching.number_starts import number_start
from crmdesk.matching.numbers import LineRules


@pytest.mark.parametrize(
    "typed", ["030", "030 ", "(030)", "+49 30", "0049 30", "+49 (0)30", "\uff10\uff130"]
)
def test_one_area_code_typed_in_many_ways(typed):
    assert number_start(typed, LineRules("DE")) == "+4930"


@pytest.mark.parametrize(
    ("typed", "region", "area", "begins"),
    [
        ("020 7946", "GB", "", "+44207946"),
        ("(202) 555", "US", "", "+1202555"),
        ("1 202", "US", "", "+1202"),
        ("011 49 30", "US", "", "+4930"),
        ("06 1", "IT", "", "+39061"),
        ("23125", "DE", "030", "+493023125"),
        ("23125", "DE", "", "23125"),
        ("030", "", "", "030"),
        ("+", "DE", "", ""),
        ("none", "DE", "", ""),
    ],
)
def test_the_line_says_what_digits_begin(typed, region, area, begins):
    assert number_start(typed, LineRules(region, area)) == begins
