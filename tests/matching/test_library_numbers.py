"""Held to libphonenumber: every example number of every region and kind, in every form.

All are customers at once. As lines of their own region and of others deliver them, each
finds its owner, or is shared by two owners because two plans share the digits; nobody else
is ever linked by itself. The whole table: `python -m tests.bench library-numbers`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import phonenumbers
import pytest

from crmdesk.domain.matches import Match, Occasion
from crmdesk.matching import ladder
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.plans import calling_code
from crmdesk.matching.readings import read_international
from tests.bench.library_directory import MemoryDirectory, customer_of
from tests.bench.library_forms import NO_E164, Example, deliveries, examples, lines, numbers
from tests.bench.library_numbers import Meant, Tally, delivered, directory, tally_of

OCCASION = Occasion(date(2026, 3, 2))
SAMPLE = 11
"""One of so many numbers or texts is tried in the quick tests, all in the slow ones."""

PARTS = 20
"""The slow tests take the lines in so many parts."""

FEW_LINES = ("DE", "IT", "BR", "RU", "")
"""Trunk prefix 0; none and a leading zero; carriers in the prefixes; trunk prefix 8; unknown."""


@pytest.fixture(scope="module")
def customers() -> MemoryDirectory:
    return directory()


def test_there_is_something_to_hold_on_to() -> None:
    regions = {example.region for example in examples()}
    assert regions == phonenumbers.SUPPORTED_REGIONS | {"001"}
    assert {number.code for number in numbers() if number.region == "001"} == (
        phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    )
    assert {example.kind for example in examples()} == set(range(11))
    assert len(numbers()) > 1000


def test_everybody_is_found_on_a_few_lines(customers: MemoryDirectory) -> None:
    _check(tally_of(FEW_LINES, customers, one_of=SAMPLE))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_is_found_on_every_line(customers: MemoryDirectory, part: int) -> None:
    _check(tally_of(lines()[part::PARTS], customers))


def _check(tally: Tally) -> None:
    calls = tally.calls.total()
    assert tally.mistakes == []
    assert [text for text in tally.unread_examples if NO_E164 not in text] == []
    assert tally.found.total() + tally.shared.total() + tally.unread.total() == calls
    assert tally.found.total() > calls * 0.99


# --- digits that are wrong ------------------------------------------------------------------------


def test_a_wrong_digit_links_nobody_else(customers: MemoryDirectory) -> None:
    few = numbers()[::SAMPLE]
    for line in FEW_LINES:
        _check_mistyped(line, few, customers, random.Random(line))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_wrong_digit_of_any_number_links_nobody_else(
    customers: MemoryDirectory, part: int
) -> None:
    for line in lines()[part::PARTS]:
        own = [one for one in numbers() if str(one.code) == _code(line)]
        _check_mistyped(line, own or numbers(), customers, None)


def _code(line: str) -> str:
    return str(phonenumbers.country_code_for_region(line)) if line else ""


def _check_mistyped(
    line: str, some: Iterable[Example], customers: MemoryDirectory, rng: random.Random | None
) -> None:
    """Whoever is linked by mistyped digits has a form that is delivered with just these."""
    rules, meant = LineRules(region=line), delivered(line)
    wrong = {}
    for number in some:
        for form, text in deliveries(number, line):
            if text.lstrip("+").isdigit():
                for mistyped in _mistyped(text, rng):
                    match = ladder.find(normalise(mistyped, rules), customers, OCCASION)
                    if match.customer_id and not _is_meant(mistyped, match, line, meant):
                        wrong[mistyped, form] = (line, number.e164, match.explanation)
    assert wrong == {}


def _is_meant(text: str, match: Match, line: str, meant: Mapping[str, Meant]) -> bool:
    """Whether the digits are the linked customer's, in a form of this line or for the library.

    The library completes area codes (+672 81234 is +672 3 81234, which all of Norfolk Island
    has) and takes away trunk prefixes behind the country code. Within a country zeros in
    front do not make another number, nor does a "+" before a zero.
    """
    as_plus = f"+{text.lstrip('+').removeprefix('00')}"
    same = {
        *meant.get(text, ()),
        _read_by_library(text, line),
        _read_by_library(as_plus, ""),
        _read_by_library(text.lstrip("+"), line),
    }
    national = text.lstrip("+0")
    for one in numbers():  # of any country where the line's own is not known
        if one.national.lstrip("0") == national and _code(line) in {"", str(one.code)}:
            same.add(one.e164)
    return any(customer_of(e164) == match.customer_id for e164 in same)


def _read_by_library(text: str, line: str) -> str:
    try:
        number = phonenumbers.parse(text, line or None)
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _mistyped(text: str, rng: random.Random | None) -> Iterator[str]:
    """One digit left out or changed, at every place; at one where `rng` chooses."""
    start = len(text) - len(text.lstrip("+"))
    places = range(start, len(text)) if rng is None else [rng.randrange(start, len(text))]
    for at in places:
        yield text[:at] + text[at + 1 :]
        for digit in "0123456789" if rng is None else rng.choice("0123456789"):
            if digit != text[at]:
                yield text[:at] + digit + text[at + 1 :]


# --- the plans, against the library's own reading -------------------------------------------------


def test_plans_read_what_the_library_reads() -> None:
    rng = random.Random(7)
    for number in numbers():
        digits = number.e164[1:]
        for text in {digits, *_mistyped(digits, rng), f"{number.code}0{number.national}"}:
            _compare(text)
    for _ in range(2_000):
        _compare("".join(rng.choices("0123456789", k=rng.randrange(3, 17))))


@pytest.mark.slow
def test_plans_read_whatever_the_library_reads() -> None:
    rng = random.Random(8)
    for number in numbers():
        for text in _mistyped(number.e164[1:], None):
            _compare(text)
    for _ in range(200_000):
        _compare("".join(rng.choices("0123456789", k=rng.randrange(3, 19))))


def _compare(digits: str) -> None:
    found, expected = read_international(digits, ""), _parsed(digits)
    if found is None or expected is None:
        assert (found, expected) == (None, None), digits
        return
    code = calling_code(expected.country_code)
    assert code is not None
    assert found.e164 == phonenumbers.format_number(expected, phonenumbers.PhoneNumberFormat.E164)
    region, is_valid = code.place(found.national)
    assert is_valid == phonenumbers.is_valid_number(expected), digits
    if is_valid:
        assert region == found.region
        assert region == phonenumbers.region_code_for_number(expected).replace("001", "")


def _parsed(digits: str) -> phonenumbers.PhoneNumber | None:
    """What the library makes of "+" and digits, where that is a whole number of E.164."""
    try:
        number = phonenumbers.parse("+" + digits, None)
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        again = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None
    is_whole = phonenumbers.is_possible_number_with_reason(number) == (
        phonenumbers.ValidationResult.IS_POSSIBLE
    )
    return number if is_whole and again == number and len(e164) <= 16 else None
