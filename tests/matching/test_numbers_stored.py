"""Stored numbers and callers' numbers are read by one function, also where nobody can read them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.matches import Match, MatchRule, MatchState, Occasion
from crmdesk.matching import ladder
from crmdesk.matching.numbers import LineRules, normalise, unread_digits
from crmdesk.store.numbers.columns import number_columns
from tests.bench.library_directory import MemoryDirectory, customer_of

BERLIN = LineRules("DE", area_code="30")
BEHIND_9 = LineRules("US", area_code="202", line_prefix="9")
ROME = LineRules("IT")
NOWHERE = LineRules()


def _found(stored: str, called: str, line: LineRules) -> Match:
    return ladder.find(
        normalise(called, line), MemoryDirectory([stored]), Occasion(date(2026, 3, 2))
    )


@pytest.mark.parametrize(
    ("stored", "called", "line"),
    [
        # nobody knew the country when the record was made
        ("030 23125-000", "+493023125000", NOWHERE),
        ("030 23125-000", "03023125000", BERLIN),
        ("(030) 23125 000", "00493023125000", BEHIND_9),
        ("030/23125000 x12", "+493023125000", BERLIN),
        ("030 23125000 Durchwahl 12", "tel:+493023125000", NOWHERE),
        ("sip:03023125000@pbx.example", "3023125000", BERLIN),
        ("٠٣٠٢٣١٢٥٠٠٠", "+493023125000", BERLIN),
        # nobody knows the country of the line that is called
        ("+493023125000", "03023125000", NOWHERE),
        ("+493023125000", "3023125000", NOWHERE),
        ("030 23125000", "03023125000", NOWHERE),
        # an Italian zero is part of the number, on both sides or on one
        ("06 1234 5678", "+390612345678", ROME),
        ("+390612345678", "0612345678", NOWHERE),
        ("+390612345678", "612345678", NOWHERE),
        # what no plan has still finds itself
        ("+999 123 456 789", "+999123456789", BERLIN),
        ("+999 123 456 789", "00999123456789", BERLIN),
        ("00999 123456789", "011999123456789", BEHIND_9),
        ("0000 12345678", "+12345678", NOWHERE),
        ("310-1234-9", "931012349", BEHIND_9),
    ],
)
def test_unread_numbers_find_each_other(stored: str, called: str, line: LineRules) -> None:
    match = _found(stored, called, line)
    assert match.rule in {MatchRule.NATIONAL, MatchRule.E164}
    assert match.customer_id == customer_of(stored)


@pytest.mark.parametrize(
    ("stored", "called", "line"),
    [
        ("+493023125000", "+493023125001", BERLIN),
        # "+" says that a country follows: its digits are not another country's national number
        ("+77123456789", "007123456789", BERLIN),
        ("+493023125000", "+3023125000", NOWHERE),
        # no number of the line's country, so nobody's: a line in Germany delivers no bare Greek one
        ("+306912345678", "08006912345678123", BERLIN),
        ("+77123456789", "9712345678", BEHIND_9),
        # too few digits to say whose they are
        ("12-34", "1234", NOWHERE),
        ("123456", "123456", NOWHERE),
        ("030 12 x", "03012", NOWHERE),
        # letters are no digits
        ("1-800-FLOWERS", "18003569377", BEHIND_9),
    ],
)
def test_others_are_not_linked(stored: str, called: str, line: LineRules) -> None:
    match = _found(stored, called, line)
    assert match.customer_id is None
    assert match.state in {MatchState.NONE, MatchState.SUGGESTED}


def test_columns_of_a_number() -> None:
    assert number_columns("+390612345678", "06 12345678") == {
        "e164": "+390612345678", "national": "612345678", "region": "IT",
        "rev_digits": "876543216093",
    }  # fmt: skip
    assert number_columns(None, "0612345678 ext. 12") == {
        "e164": None, "national": "612345678", "region": "", "rev_digits": "876543216",
    }  # fmt: skip
    assert number_columns(None, "+999123456789")["national"] == "+999123456789"
    assert number_columns(None, "+999123456789")["rev_digits"] == "987654321999"
    assert number_columns(None, "Herr ٤٢") == {
        "e164": None, "national": "", "region": "", "rev_digits": "24",
    }  # fmt: skip


WRITTEN = st.text("0123456789 -/().+x٣", max_size=24)


@settings(deadline=None)
@given(WRITTEN)
def test_what_a_line_without_country_cannot_read_is_stored_as_it_is_asked(text: str) -> None:
    asked = normalise(text, NOWHERE)
    if asked.e164 is None and not asked.withheld:
        assert number_columns(None, text)["national"] == asked.national == unread_digits(text)


@settings(deadline=None)
@given(WRITTEN)
def test_a_record_finds_itself(text: str) -> None:
    """Whoever is stored under a text that says enough is found when that very text calls."""
    asked = normalise(text, NOWHERE)
    if asked.e164 or asked.national:
        assert _found(text, text, NOWHERE).customer_id == customer_of(text)
