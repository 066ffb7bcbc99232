"""Country, area and kind of line; held against the number library's own geocoder."""

from __future__ import annotations

import json
import subprocess
import sys

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from crmdesk.domain.matches import NormalisedNumber
from crmdesk.domain.number_facts import LineType, NumberFacts
from crmdesk.matching import number_facts, places
from crmdesk.matching.number_facts import facts_of
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.places import area_of

_KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)
_ASK_THE_LIBRARY = """
import json, sys, phonenumbers
from phonenumbers.geocoder import description_for_number, country_name_for_number
found = {}
for text in json.load(sys.stdin):
    number = phonenumbers.parse(text, None)
    place = description_for_number(number, "en")
    found[text] = "" if place == country_name_for_number(number, "en") else place
json.dump(found, sys.stdout)
"""


def _facts(text: str, region: str = "") -> NumberFacts | None:
    return facts_of(normalise(text, LineRules(region=region)), region)


@pytest.mark.parametrize(
    ("text", "region", "area", "kind"),
    [
        ("+493023125100", "DE", "Berlin", LineType.FIXED),
        ("+442079460123", "GB", "London", LineType.FIXED),
        ("+12025550123", "US", "Washington D.C.", LineType.FIXED_OR_MOBILE),
        ("+33199001234", "FR", "", LineType.FIXED),
        ("+447700900123", "GB", "", LineType.INVALID),
        ("+4917139201234", "DE", "", LineType.MOBILE),
        ("+4999", "DE", "", LineType.INVALID),
    ],
)
def test_what_a_number_tells(text, region, area, kind):
    assert facts_of(NormalisedNumber(text, text)) == NumberFacts(region, area, kind)


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("112", "DE", NumberFacts("DE", "", LineType.EMERGENCY)),
        ("911", "US", NumberFacts("US", "", LineType.EMERGENCY)),
        ("115", "DE", NumberFacts("DE", "", LineType.SHORT_CODE)),
        ("112", "", NumberFacts()),
        ("112", "ZZ", NumberFacts()),
        ("anonymous", "DE", None),
        ("bob", "DE", None),
        ("١١٢", "DE", None),
        ("", "DE", None),
    ],
)
def test_short_numbers_and_none(text, region, expected):
    assert _facts(text, region) == expected


def test_withheld_and_internal_numbers_tell_nothing():
    assert facts_of(NormalisedNumber("", withheld=True)) is None
    assert facts_of(NormalisedNumber("1001", internal=True, extension="1001"), "DE") is None


def test_areas_are_those_of_the_library():
    numbers = [
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in _KINDS
        if (example := phonenumbers.example_number_for_type(region, kind)) is not None
    ]
    asked = subprocess.run(
        [sys.executable, "-c", _ASK_THE_LIBRARY],
        input=json.dumps(numbers),
        capture_output=True,
        text=True,
        check=True,
    )
    expected = json.loads(asked.stdout)
    facts = {text: facts_of(NormalisedNumber(text, text)) for text in numbers}
    found = {text: fact.area if fact else "" for text, fact in facts.items()}
    different = {text for text in numbers if found[text] != expected[text]}
    # The library falls silent where a place has a name in the country's language only.
    assert all(found[text] and not expected[text] for text in different), different
    assert sum(map(bool, found.values())) > 100


def test_only_the_parts_that_are_needed_are_read():
    script = (
        "import sys; from crmdesk.matching import places as p;"
        "print(p.area_of('493023125100'), p._part.cache_info().misses,"
        "'phonenumbers.geodata' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    name, parts, is_loaded = done.stdout.split()
    assert (name, is_loaded) == ("Berlin", "False")
    assert int(parts) <= 6


def test_few_parts_are_kept():
    for digits in ("12025550123", "390612345", "493023125100", "551121", "8610"):
        assert area_of(digits)
    assert places._part.cache_info().currsize <= 6
    assert area_of("12025550123") == "Washington D.C."


@pytest.mark.parametrize("digits", ["", "0", "999999999999", "x", "٤٩٣٠"])
def test_digits_of_no_place(digits):
    assert area_of(digits) == ""


def test_places_around_a_line_are_read_ahead() -> None:
    places._part.cache_clear()
    number_facts.read_ahead("DE", "030")
    before = places._part.cache_info().misses
    assert facts_of(normalise("+493023125777", LineRules())) is not None
    assert places._part.cache_info().misses == before
    number_facts.read_ahead("", "")
    number_facts.read_ahead("XX", "30")
    assert places._part.cache_info().misses == before
