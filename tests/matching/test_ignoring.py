"""Callers nobody wants a card for."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.matching.ignoring import (
    IgnoreList,
    IgnoreRuleError,
    fits,
    ignore_text,
    ignore_words,
    is_ignored,
)
from crmdesk.matching.numbers import LineRules, normalise

EXACT, PREFIX, PATTERN = IgnoreKind.EXACT, IgnoreKind.PREFIX, IgnoreKind.PATTERN


def _rule(kind: IgnoreKind, text: str) -> IgnoreRule:
    return IgnoreRule(uuid.uuid5(uuid.NAMESPACE_DNS, kind + text), kind, text)


# --- what may be typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (EXACT, "+493023125101", "+493023125101"),
        (EXACT, " +49 (30) 23125-101 ", "+493023125101"),
        (EXACT, "0049 30 / 23125.101", "+493023125101"),
        (EXACT, "+٤٩٣٠٢٣١٢٥١٠١", "+493023125101"),
        (EXACT, "＋４９３０２３１２５１０１", "+493023125101"),
        (EXACT, "\u202a+49\u200b30\u00a023125101\u202c", "+493023125101"),
        (EXACT, "+49 30 23125\u2013101", "+493023125101"),
        (PREFIX, "+49 900", "+49900"),
        (PREFIX, "+٩٧٨", "+978"),
        (PATTERN, "+49 30 23125 1??", "+49302312 51??".replace(" ", "")),
        (PATTERN, "+4930*", "+4930*"),
        (PATTERN, "*123", "*123"),
        (PATTERN, "+49***900****", "+49*900*"),
        (PATTERN, "+٤٩*٩٠٠？", "+49*900?"),
    ],
)
def test_what_is_kept(kind: IgnoreKind, typed: str, kept: str) -> None:
    assert ignore_text(kind, typed) == kept
    assert ignore_text(kind, kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (EXACT, "", "+ with the country code is missing"),
        (EXACT, "030 23125101", "+ with the country code is missing"),
        (EXACT, "+49", "names only 2 digits"),
        (EXACT, "+493", "no whole number"),
        (EXACT, "+4930231251010101", "no whole number"),
        (EXACT, "+49 30 23125 1??", "only stand in a pattern"),
        (EXACT, "+49 30 nobody", "Only digits and one +"),
        (EXACT, "49+3023125101", "Only digits and one +"),
        (EXACT, "++493023125101", "Only digits and one +"),
        (EXACT, "+493023125101\x00", "Only digits and one +"),
        (PREFIX, "+", "names only 0 digits"),
        (PREFIX, "+4", "names only 1 digits"),
        (PREFIX, "+49", "whole country"),
        (PREFIX, "49", "+ with the country code is missing"),
        (PREFIX, "+4930*", "only stand in a pattern"),
        (PATTERN, "*", "names only 0 digits"),
        (PATTERN, "+*", "names only 0 digits"),
        (PATTERN, "****", "names only 0 digits"),
        (PATTERN, "+??????????", "names only 0 digits"),
        (PATTERN, "+49*", "names only 2 digits"),
        (PATTERN, "?4930", "+ with the country code is missing"),
        (PATTERN, "+1234567890123456*", "No number is that long"),
        (PATTERN, "+" + "?" * 40, "longer than 32"),
        (PATTERN, "9" * 1_000_000, "longer than 32"),
        # What would take a regular expression ages is no pattern here.
        (PATTERN, "(a+)+$", "Only digits and one +"),
        (PATTERN, r"(\d+)*x", "Only digits and one +"),
        (PATTERN, "^(([0-9])+)+$", "Only digits and one +"),
        (PATTERN, "(1|1)*2", "Only digits and one +"),
        (PATTERN, "+49.*.*.*.*=.*", "Only digits and one +"),
        (PATTERN, "+49[0-9]{1,99}", "Only digits and one +"),
    ],
)
def test_what_is_refused_with_the_reason(kind: IgnoreKind, typed: str, says: str) -> None:
    with pytest.raises(IgnoreRuleError) as refused:
        ignore_text(kind, typed)
    assert says in refused.value.meaning
    assert refused.value.what.endswith("for the ignore list.")
    assert refused.value.remedy.startswith("Write")
    assert len(refused.value.what) < 100


@given(st.sampled_from(IgnoreKind), st.text(max_size=60) | st.text("+0123456789?*( )", max_size=40))
@settings(max_examples=300)
def test_any_text_is_kept_plain_or_refused(kind: IgnoreKind, typed: str) -> None:
    try:
        kept = ignore_text(kind, typed)
    except IgnoreRuleError:
        return
    assert re.fullmatch(r"(\+|\*)[0-9?*]*", kept)
    assert sum(char.isdigit() for char in kept) >= 3
    assert ignore_text(kind, kept) == kept


# --- patterns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "number", "expected"),
    [
        ("+4930?", "+49301", True),
        ("+4930?", "+4930", False),
        ("+4930?", "+493012", False),
        ("+4930*", "+4930", True),
        ("+4930*", "+49301234", True),
        ("+4930*", "+4931", False),
        ("*123", "+49123", True),
        ("*123", "+4912", False),
        ("*123", "123", True),
        ("+49*123*9", "+4912312399", True),
        ("+49*123*9", "+49123", False),
        ("+49*12*12", "+4912", False),  # no digit counts twice
        ("+49*12*12", "+491212", True),
        ("+49*1?3*", "+4902103", True),
        ("+49*1?3*", "+490211", False),
        ("*?*?*", "+1", False),
        ("+*?*?*", "+12", True),
        ("?49", "+49", False),  # the + is no digit
    ],
)
def test_pattern(pattern: str, number: str, expected: bool) -> None:
    assert fits(pattern, number) is expected


@given(
    st.text("12?*", max_size=12).map(lambda text: "+1" + text),
    st.text("12", max_size=10).map(lambda text: "+1" + text),
)
@settings(max_examples=400)
def test_pattern_means_what_a_regular_expression_would(pattern: str, number: str) -> None:
    expression = pattern.replace("+", r"\+").replace("?", "[0-9]").replace("*", "[0-9]*")
    assert fits(pattern, number) is (re.fullmatch(expression, number) is not None)


def test_work_for_a_pattern_is_bounded() -> None:
    """Counted, not timed: each comparison looks at one sign of the number."""
    looked_at = 0

    class Counted(str):
        __slots__ = ()

        def __getitem__(self, at):
            nonlocal looked_at
            looked_at += 1
            return str.__getitem__(self, at)

    pattern = "+" + "1*" * 15 + "2"
    assert fits(pattern, Counted("+" + "1" * 40)) is False
    assert fits("+" + "*1" * 15 + "2", Counted("+" + "1" * 40)) is False
    assert fits("+1*" + "1?" * 7 + "3*", Counted("+" + "1" * 40)) is False
    assert looked_at < 3 * 40 * 32


# --- the list -------------------------------------------------------------------------------------

RULES = (
    _rule(PATTERN, "+4930*999"),
    _rule(PREFIX, "+4930"),
    _rule(PREFIX, "+493023125"),
    _rule(EXACT, "+493023125101"),
    _rule(PATTERN, "*0123"),
    _rule(PATTERN, "+44?079460456"),
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+493023125101", "+493023125101"),
        ("+493023125102", "+493023125"),
        ("+493099999999", "+4930"),
        ("+442079460123", "*0123"),
        ("+442079460456", "+44?079460456"),
        ("+442079460457", None),
        ("", None),
        ("1001", None),
        ("+" + "4930" * 100, None),
    ],
)
def test_surest_entry_answers(number: str, text: str | None) -> None:
    found = IgnoreList.of(RULES).find(number)
    assert (found.text if found else None) == text
    assert is_ignored(number, RULES) is found


def test_numbers_are_asked_as_the_normaliser_made_them() -> None:
    ignored = IgnoreList.of(RULES)
    berlin = LineRules("DE", area_code="30")
    assert ignored.find(normalise("030 23125-101", berlin)) is RULES[3]
    assert ignored.find(normalise("anonymous", berlin)) is None
    assert ignored.find(normalise("no number", berlin)) is None


def test_entries_that_cannot_be_used_keep_nobody_back() -> None:
    broken = (_rule(PREFIX, "+"), _rule(PATTERN, "*"), _rule(EXACT, "(a+)+"))
    assert IgnoreList.of(broken).find("+493023125101") is None
    assert IgnoreList.of((*broken, RULES[3])).find("+493023125101") is RULES[3]


def test_of_equal_entries_the_first_answers() -> None:
    twice = (RULES[3], IgnoreRule(uuid.UUID(int=1), EXACT, "+49 30 23125101", "again"))
    assert IgnoreList.of(twice).find("+493023125101") is RULES[3]


@given(st.text(max_size=40))
def test_any_text_can_be_asked(number: str) -> None:
    found = IgnoreList.of(RULES).find(number)
    assert found is None or found in RULES


def test_thousands_of_entries_are_not_all_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [_rule(EXACT, f"+4930{place:08}") for place in range(2000)]
    many += [_rule(PREFIX, f"+44{place:05}") for place in range(2000)]
    many += [_rule(PATTERN, f"+33{place:04}*7") for place in range(2000)]
    ignored = IgnoreList.of(many)
    compared: list[str] = []
    monkeypatch.setattr(
        "crmdesk.matching.ignoring.fits",
        lambda pattern, number: compared.append(pattern) or fits(pattern, number),
    )
    assert ignored.find("+33112299007").text == "+331122*7"
    assert ignored.find("+12025550123") is None
    assert compared == ["+331122*7"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (RULES[3], "+49 30 23125101"),
        (RULES[1], "numbers that begin with +4930"),
        (RULES[0], "numbers like +4930*999"),
    ],
)
def test_words_of_an_entry(rule: IgnoreRule, words: str) -> None:
    assert ignore_words(rule) == words
