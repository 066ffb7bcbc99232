"""No cell is a formula, and every text comes back as it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.sync.formula_guard import guard, unguard

SIGNS = "=+-@−＝＋－＠﹦﹢﹣﹫"

hostile = st.text(st.sampled_from(SIGNS + "' \t\r\n\u00a0\u200b\ufeff\x001a\"|;"), max_size=8)


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/c calc'!A1", "@SUM(1)", "\t=1", "＝1+1", "-2+3", "+1-1", " =1", "\u2003＝1",
        "\ufeff=1", "\u200b \u200b@a", "\n", "\r\n=1", "\tx", "＋49", "\x00=1", "\ud7fc=1",
        "\u207a1", "−1+1", " −5",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_becomes_a_text(text: str) -> None:
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["", "Jane Doe", "O'Neil", "'s Gravenhage", "1-2", "a=b", " x"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guard(text) == unguard(text) == text


def test_a_number_stays_readable() -> None:
    assert guard("+493023125101") == "'+493023125101"


@given(st.one_of(st.text(), hostile))
def test_the_guard_comes_off_without_a_trace(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.one_of(st.text(), hostile))
def test_a_guarded_text_does_not_begin_as_a_formula(text: str) -> None:
    shown = guard(text)
    first = next((char for char in shown if not char.isspace() and char.isprintable()), "")
    assert unicodedata.normalize("NFKC", first)[:1] not in set("=+-@−")
    assert shown[:1] not in {"\t", "\r", "\n"}
