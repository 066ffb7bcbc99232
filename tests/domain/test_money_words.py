"""Amounts as people read them, and bare figures as they type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crmdesk.domain.money import money_words, read_figure
from crmdesk.gui.models import customer_words
from crmdesk.store.story import ages


@pytest.mark.parametrize(
    ("cents", "currency", "words"),
    [
        (2_058_400, "JPY", "20,584 JPY"),
        (-500_000, "KRW", "-5,000 KRW"),
        (0, "ISK", "0 ISK"),
        (2_058_450, "JPY", "20,584.50 JPY"),  # what somebody wrote is not hidden
        (124_050, "EUR", "1,240.50 EUR"),
        (100, "KWD", "1.00 KWD"),
        (5, "", "0.05 "),
        (900_719_925_474_099_3, "EUR", "90,071,992,547,409.93 EUR"),
    ],
)
def test_decimals_are_those_of_the_currency_everywhere(cents, currency, words):
    assert money_words(cents, currency) == words
    assert customer_words.money(cents, currency) == words
    assert ages.money(cents, currency) == words


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1.234", "1234"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        (" -3 ", "-3"),
        ("\u22123", "-3"),
        ("+4", "4"),
        ("1 000", "1000"),
        (".5", "0.5"),
    ],
)
def test_a_bare_figure_is_read_as_people_type_it(text, figure):
    assert read_figure(text) == Decimal(figure)


@pytest.mark.parametrize("text", ["", "-", "many", "1e9", "nan", "--3", "3 EUR", "1_0", "\u0663x"])
def test_what_is_no_figure_is_none(text):
    assert read_figure(text) is None
