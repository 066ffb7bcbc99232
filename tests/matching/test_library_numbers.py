"""Held to libphonenumber: every example number of every region and type, in every form.

As a line of that region delivers it, and as a line of another region does. The customer is
found, and no other customer is ever linked by itself.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import Claim, MatchState, Occasion, Owner, OwnerFacts
from crmdesk.matching import ladder
from crmdesk.matching.numbers import LineRules, normalise

TYPES = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
)
PREFIXED = ("e164", "international", "uri", "idd", "trunk")
"""Forms that say which plan is meant; the others are ambiguous by nature."""

UNREADABLE = {
    "+13101234": "310-1234 is dialled as it stands, in Canada only; it has no E.164 form",
}
NO_TRUNK_FORM = {
    "+573211234567": "Colombian mobiles are not dialled with a trunk prefix",
    "+9721919123456": "Israeli premium numbers (1919) have no trunk form",
    "+9721599123456": "Israeli 1599 numbers have no trunk form",
    "+97215112340000": "Israeli voicemail boxes (151) have no trunk form",
}


@dataclass(frozen=True)
class Example:
    region: str
    kind: int
    e164: str

    def forms(self) -> dict[str, str]:
        number = phonenumbers.parse(self.e164)
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(self.region)
        national = phonenumbers.national_significant_number(number)
        forms = {
            "e164": self.e164,
            "international": phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
            "uri": phonenumbers.format_number(number, PhoneNumberFormat.RFC3966),
            "national": phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
            "bare": national,
            "no plus": self.e164[1:],
        }
        if metadata.national_prefix and self.e164 not in NO_TRUNK_FORM:
            forms["trunk"] = metadata.national_prefix + national
        prefix = metadata.preferred_international_prefix or metadata.international_prefix
        if prefix.replace("~", "").isdigit():
            forms["idd"] = prefix.replace("~", "") + self.e164[1:]
        return forms


def _examples() -> Iterator[Example]:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
                if e164 not in UNREADABLE:
                    yield Example(region, kind, e164)


EXAMPLES = tuple(_examples())
TODAY = Occasion(date(2026, 11, 22))


class Directory:
    """All examples as customers; one customer per number."""

    def __init__(self) -> None:
        self._e164: dict[str, tuple[Owner, ...]] = {}
        self._national: dict[str, list[Owner]] = defaultdict(list)
        for example in {example.e164: example for example in EXAMPLES}.values():
            owner = _owner(example.e164)
            self._e164[example.e164] = (owner,)
            number = phonenumbers.parse(example.e164)
            self._national[phonenumbers.national_significant_number(number)].append(owner)

    def by_account(self, account_id: str) -> tuple[Owner, ...]:
        return ()

    def by_e164(self, e164: str) -> tuple[Owner, ...]:
        return self._e164.get(e164, ())

    def by_national(self, national: str, region: str) -> tuple[Owner, ...]:
        return tuple(self._national.get(national, ()))

    def by_any_e164(self, numbers: tuple[str, ...]) -> tuple[Owner, ...]:
        return ()

    def by_prefix(self, e164_start: str) -> tuple[Owner, ...]:
        return ()

    def by_suffix(self, digits: str) -> tuple[Owner, ...]:
        return ()

    def claims(self, e164: str) -> tuple[Claim, ...]:
        return ()

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        return {}

    def owner_count(self, e164: str) -> int:
        return len(self.by_e164(e164))


def _owner(e164: str) -> Owner:
    key = uuid.uuid5(uuid.NAMESPACE_URL, e164)
    return Owner(key, f"Customer {e164}", CustomerKind.PERSON, None, "", "work", e164)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory()


def test_there_is_something_to_hold_on_to() -> None:
    assert len(EXAMPLES) > 1100
    assert len({example.region for example in EXAMPLES}) == len(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize("form", PREFIXED)
def test_forms_with_a_prefix_have_one_meaning(form: str) -> None:
    wrong = {}
    for example in EXAMPLES:
        text = example.forms().get(form)
        if text is not None:
            found = normalise(text, LineRules(region=example.region))
            if (found.e164, found.other_readings) != (example.e164, ()):
                wrong[example.region, text] = (example.e164, found.e164, found.other_readings)
    assert wrong == {}


@pytest.mark.parametrize("form", ["national", "bare", "no plus"])
def test_forms_without_a_prefix_have_the_right_meaning_among_theirs(form: str) -> None:
    wrong, second = {}, 0
    for example in EXAMPLES:
        text = example.forms()[form]
        found = normalise(text, LineRules(region=example.region))
        second += found.e164 != example.e164
        if example.e164 not in (found.e164, *found.other_readings):
            wrong[example.region, text] = (example.e164, found.e164, found.other_readings)
    assert wrong == {}
    assert second <= len(EXAMPLES) * 0.03


@pytest.mark.parametrize("line", ["DE", "US", "GB", "IT", "JP", "RU", ""])
def test_lines_of_other_regions_read_international_forms(line: str) -> None:
    """Not Brazil's: there "00" is followed by a carrier's code, so "0012..." has two meanings."""
    prefix = {"US": "011", "JP": "010", "RU": "810"}.get(line, "00")
    for example in EXAMPLES:
        for text in (example.e164, prefix + example.e164[1:], f"sip:{example.e164}@pbx.example"):
            assert normalise(text, LineRules(region=line)).e164 == example.e164, (text, line)


def test_everybody_is_found_and_nobody_else_is_linked(directory: Directory) -> None:
    states: dict[MatchState, int] = defaultdict(int)
    for example in EXAMPLES:
        mine = _owner(example.e164).customer_id
        for form, text in example.forms().items():
            number = normalise(text, LineRules(region=example.region))
            match = ladder.find(number, directory, TODAY)
            states[match.state] += 1
            assert match.customer_id in {mine, None}, (text, example, match.explanation)
            candidates = {candidate.owner.customer_id for candidate in match.candidates}
            assert mine in candidates, (form, text, example, match.explanation)
    assert set(states) <= {MatchState.EXACT, MatchState.NATIONAL, MatchState.SEVERAL}
    assert states[MatchState.SEVERAL] <= 30
    assert states[MatchState.EXACT] > 8000


@pytest.mark.parametrize("line", ["DE", "US", "GB", "IT", "RU", "CN", ""])
def test_other_lines_without_plus_link_nobody_else(line: str, directory: Directory) -> None:
    """ "No plus" on a foreign line can mean a local number too: then several, or none."""
    linked = 0
    for example in EXAMPLES:
        number = normalise(example.e164[1:], LineRules(region=line))
        match = ladder.find(number, directory, TODAY)
        mine = _owner(example.e164).customer_id
        assert match.customer_id in {mine, None}, (example, line, match.explanation)
        linked += match.customer_id == mine
    assert linked > len(EXAMPLES) * 0.85
