"""Text is made safe, then masked, then cut: no other order keeps numbers of cards out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.kept_text import LONGEST_TEXT, cut, kept_line, kept_text
from crmdesk.domain.text import MOST_MARKS, sanitise_external, with_few_marks
from crmdesk.store.fold import fold, spellings

PAN = "4111111111111111"


def test_a_number_across_the_end_of_a_field_is_masked_before_it_is_cut():
    assert kept_line("x" * 241 + PAN) == "x" * 241 + "•••• 1111"
    assert kept_line("x" * 184 + " " + PAN, 200) == "x" * 184 + " •••• 1111"
    assert kept_text("y" * (LONGEST_TEXT - 15) + PAN).endswith("y•••• 1111")


@pytest.mark.parametrize("place", range(180, 205))
def test_wherever_the_end_falls_no_more_than_four_digits_stay(place):
    for written in (PAN, "4111 1111 1111 1111", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"):
        kept = kept_line("x" * place + written + " and more", 200)
        assert sum(map(str.isdigit, kept)) <= 4


def test_what_is_cut_before_it_is_masked_keeps_no_part_of_a_number():
    # Masked numbers are shorter, so that the end of what was looked at moves into the field.
    assert sum(map(str.isdigit, kept_line(f"{PAN} " * 200, 200)[-20:])) <= 8
    assert PAN[:8] not in kept_line(f"{PAN} " * 200, 200)
    assert kept_text(" " * 83_000 + "y" * (4 * 20_064 - 83_000 - 12) + PAN, 20_000)[-6:] != "1" * 6
    assert not any(map(str.isdigit, kept_line(" " * (4 * 320 - 12) + PAN)))


def test_what_hid_a_number_is_gone_before_it_is_masked():
    assert kept_line("4111" + " " * 40 + "1111" + " " * 40 + "1111 1111") == "•••• 1111"
    assert kept_line("4\x00111\u202e1111\u20661111\ud8001111") == "•••• 1111"


def test_a_number_that_the_end_cuts_through_is_left_out():
    assert cut("Call 030 23125101", 12) == "Call "
    assert cut("Call 030 23125101", 17) == "Call 030 23125101"
    assert cut("Call 030 23125101", 17, was_cut=True) == "Call "
    assert cut("Room 12 is free", 7) == "Room 12"


def test_all_lines_stay():
    text = "\n".join(f"line {number}" for number in range(2_000))
    assert kept_text(text) == text


def test_controls_and_hidden_characters_are_dropped():
    assert kept_text("a\x00b\u202ec\u2066\r\nd\ud800") == "abc\nd"
    assert len(kept_line("N" * 1_000_000)) == 256


@given(st.text(max_size=200), st.integers(1, 60))
def test_no_longer_than_asked_and_never_with_a_number(text, limit):
    kept = kept_line(text + PAN + text, limit)
    assert len(kept) <= limit
    assert mask_card_numbers(kept)[1] == 0


# --- marks ----------------------------------------------------------------------------------------


def _longest_run(text: str) -> int:
    longest = run = 0
    for char in text:
        run = 0 if char.isalnum() and char not in "\uff9e\uff9f" else run + 1
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize(
    "mark", ["\u0300", "\u0300\u0315", "\u0f73", "\uff9e\u0315", "\u20e3\u05b0"]
)
def test_marks_in_a_row_are_no_more_than_a_script_needs(mark):
    assert _longest_run(with_few_marks("a" + mark * 50_000 + "b")) <= MOST_MARKS
    assert sanitise_external("a" + mark * 50_000 + "b", 100_000)[-1] == "b"


def test_marks_that_something_hidden_parted_are_counted_together():
    kept = sanitise_external("a" + "\u0300\u200b\u0315" * 10_000, 40_000)
    assert _longest_run(kept) <= MOST_MARKS


def test_text_with_the_marks_that_it_needs_stays():
    for text in ("Zoë Ågren", "नमस्ते", "שָׁלוֹם", "Tiếng Việt", "z" + "\u0301" * MOST_MARKS + "!"):
        assert with_few_marks(text) == text


def test_marks_across_a_limit_of_many_words():
    text = ("a" + "\u0301" * 40) * 100
    assert with_few_marks(text) == ("a" + "\u0301" * MOST_MARKS) * 100


def test_marks_are_few_before_a_name_is_folded(monkeypatch):
    longest: list[int] = []
    normalize = unicodedata.normalize

    def measured(form: str, text: str) -> str:
        longest.append(_longest_run(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", measured)
    bomb = "Zoe" + "\u0300\u0315" * 50_000
    assert fold(bomb) == "zoe"
    assert spellings(bomb) == ("zoe",)
    assert sanitise_external(bomb, 200_000).startswith("Zo")
    assert max(longest) <= MOST_MARKS
