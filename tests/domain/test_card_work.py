"""What masking a text takes: twice the text, twice the work, whatever stands in it (row 34)."""

from __future__ import annotations

import sys

import pytest

from crmdesk.domain.cards import mask_card_numbers, schemes

HOSTILE = (
    "4 1 ", "1 ", "4", "4111 ", "4111", "41 11 ", "4111 1111 1111 1111 ", "DE12 ", "DE12", "4 4 4 ",
    "cvv ", "cvv is ", "card ", "order no. 4111111111111112 ", "4\u200b", "4&nbsp;", "<br>4", "4•",
    "a4", "4111111111111112 12/27 ", "+4", "4. ", "• 4", "cvv", "cvc x ", "kpn 12 ", "4 dann ",
    "12 4111 111111 111111 ", "12.05.26 4111 ", "41111111 / ", "41111111, dann ", "csc 123 ",
    "verification code 1234 ", "Zahlung #4111111111111111 ", "DHL Sendung 4111111111111111, ",
)  # fmt: skip


def _work(text: str) -> int:
    """Calls of functions, of Python and of C, that masking a text takes."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        mask_card_numbers(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_is_twice_the_work(piece):
    few = 3_000 // len(piece)
    mask_card_numbers(piece)  # what each character looks like is learned once
    once, twice = _work(piece * few), _work(piece * (2 * few))
    assert twice <= 2.2 * once + 50


def test_no_group_is_looked_at_for_more_than_a_card_number_takes(monkeypatch):
    checked: list[str] = []
    right = schemes.is_checked
    monkeypatch.setattr(
        schemes, "is_checked", lambda digits: checked.append(digits) or right(digits)
    )
    mask_card_numbers("4 1 4 1 " * 5_000)
    mask_card_numbers("4 4 4 4 " * 5_000)
    assert len(checked) <= 20
    mask_card_numbers("4111 " * 5_000)
    assert len(checked) <= 2 * 5_000 + 20
    assert all(len(digits) <= 19 for digits in checked)
