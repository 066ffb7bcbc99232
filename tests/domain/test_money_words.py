"""Amounts as people read them, and bare figures as they type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crmdesk.domain.money import money_words, read_figure, read_money
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


AMBIGUOUS = [
    "1,5,5",
    "1.2.3",
    "12,50,00",
    "12.34.56",
    "2.4.2026",
    "1.234,56,7",
    "1 234 5",
    "1'2'3",
    "1.234.5",
    "1 234'567",
    "0.123.456",
    "1,,5",
]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_separators_that_are_not_of_thousands_make_no_amount(text):
    assert read_money(text) is None
    assert read_money(f"{text} EUR") is None
    assert read_figure(text) is None


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234.567", 123_456_700),
        ("1,234,567.891", 123_456_789),
        ("1 234 567,89", 123_456_789),
        ("1\u2019234.5", 123_450),
        ("1.234.567,", 123_456_700),
        ("12,34,567.00", 123_456_700),
        ("1234.567", 123_457),
        ("1234,500", 123_450),
        ("12345,67", 1_234_567),
        ("5 000", 500_000),
        ("1.234,56-", -123_456),
    ],
)
def test_thousands_are_in_groups_of_three(text, cents):
    assert read_money(text) == (cents, "")


@pytest.mark.parametrize("dash", ["-", "\u2012", "\u2013", "\u2212"])
def test_any_dash_before_or_behind_an_amount_is_a_minus(dash):
    for text in (f"100{dash}", f"100 {dash}", f"{dash}100", f"{dash} 100"):
        assert read_money(text) == (-10_000, "")
    for text in (f"100 EUR{dash}", f"{dash}€100", f"€{dash}100", f"EUR {dash}100"):
        assert read_money(text) == (-10_000, "EUR")
    for text in (f"100,{dash}", f"100.{dash}", f"100 {dash} paid"):  # no cents; a dash of words
        assert read_money(text) == (10_000, "")
    assert read_money(f"INV{dash}12") is None
    assert read_figure(f"{dash}3") == -3


@pytest.mark.parametrize("text", ["", "-", "many", "1e9", "nan", "--3", "3 EUR", "1_0", "\u0663x"])
def test_what_is_no_figure_is_none(text):
    assert read_figure(text) is None
