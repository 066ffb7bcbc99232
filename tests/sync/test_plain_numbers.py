"""A cell that is one number as most are written says what it says when it is taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.matching.numbers import LineRules
from crmdesk.sync.cells import numbers
from crmdesk.sync.cells.numbers import ReadNumbers, read_cell

groups = st.lists(st.text("0123456789", min_size=1, max_size=14), min_size=1, max_size=8)
cells = st.builds(
    lambda edge, plus, parts, gap: f"{edge}{plus}{gap.join(parts)}{edge}",
    st.sampled_from(["", " ", "\t", "'"]),
    st.sampled_from(["", "", "+", "++"]),
    groups,
    st.sampled_from([" ", " ", "", "  ", "/", "-", ", "]),
)


def read(cell: str, label: str, rules: LineRules) -> ReadNumbers:
    found = ReadNumbers()
    read_cell(cell, label, rules, found)
    return found


@settings(max_examples=600, deadline=None)
@given(cells, st.sampled_from(["", "work"]), st.sampled_from(["DE", "GB", "IT", ""]))
def test_plain_cells_say_the_same(cell: str, label: str, region: str) -> None:
    rules = LineRules(region)
    quick = read(cell, label, rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_PLAIN_CHARS", -1)  # nothing is plain then
        assert read(cell, label, rules) == quick


@pytest.mark.parametrize(
    ("cell", "e164"),
    [
        ("030 23125 101", "+493023125101"),
        ("+44 20 7946 0018", "+442079460018"),
        ("1", None),
        ("030 23125 101 0171 3920 077", None),
    ],
)
def test_plain_cells_are_read(cell: str, e164: str | None) -> None:
    (found,) = read(cell, "work", LineRules("DE")).numbers
    assert (found.e164, found.raw, found.label) == (e164, cell, "work")


@pytest.mark.parametrize("cell", ["0", "000000", "+000"])
def test_what_stands_for_no_number_is_none(cell: str) -> None:
    found = read(cell, "work", LineRules("DE"))
    assert not found.numbers
    assert found.problems == [f"{cell}: no phone number"]
