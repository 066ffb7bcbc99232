"""Every example number of the library's metadata, in every form a line delivers it.

What is written here knows nothing of how CRMDesk reads numbers: it is the other side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

_CARRIERS = {"BR": ("15", "21"), "CO": ("3", "5"), "KR": ("81",), "BO": ("10",)}
"""Carriers that are dialled between trunk prefix and number (national_prefix_for_parsing)."""

_BEHIND_CARRIERS = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
}
"""Carriers are chosen for long distance, not for freephone and the like."""

NO_E164 = "+13101234"
"""310-1234 is dialled as it stands, in Canada only; the country code is the library's idea."""

_PREFIXES_EACH = 100
"""China has 1,210 international prefixes, one for each way to choose a carrier."""

_NO_REGION = "001"


@dataclass(frozen=True, slots=True)
class Example:
    """A number that the library names as an example, and where.

    Attributes:
        region: ISO 3166, "001" for codes of no region.
        kind: `PhoneNumberType`.
        national: National significant number.
    """

    region: str
    kind: int
    code: int
    national: str

    @property
    def e164(self) -> str:
        """With "+"."""
        return f"+{self.code}{self.national}"

    def formatted(self, form: int) -> str:
        """As the library writes it."""
        return str(phonenumbers.format_number(phonenumbers.parse(self.e164), form))


@cache
def examples() -> tuple[Example, ...]:
    """All of every region and kind, and those of no region; invalid ones left out."""
    found = [*_regional(), *_of_no_region()]
    return tuple(
        example
        for example in found
        if phonenumbers.is_valid_number(phonenumbers.parse(example.e164))
    )


@cache
def numbers() -> tuple[Example, ...]:
    """One of each number: some are examples of several regions or kinds."""
    return tuple({example.e164: example for example in reversed(examples())}.values())


def lines() -> tuple[str, ...]:
    """Every region a line can be in, and a line whose region nobody set."""
    return (*sorted(phonenumbers.SUPPORTED_REGIONS), "")


def _regional() -> Iterator[Example]:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                yield _example(region, kind, number)


def _of_no_region() -> Iterator[Example]:
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        metadata = PhoneMetadata.metadata_for_nongeo_region(code)
        kinds = {
            PhoneNumberType.TOLL_FREE: metadata.toll_free,
            PhoneNumberType.PREMIUM_RATE: metadata.premium_rate,
            PhoneNumberType.SHARED_COST: metadata.shared_cost,
            PhoneNumberType.VOIP: metadata.voip,
            PhoneNumberType.MOBILE: metadata.mobile,
            PhoneNumberType.PERSONAL_NUMBER: metadata.personal_number,
            PhoneNumberType.UAN: metadata.uan,
            PhoneNumberType.VOICEMAIL: metadata.voicemail,
            PhoneNumberType.PAGER: metadata.pager,
        }
        for kind, described in kinds.items():
            if described is not None and described.example_number:
                yield Example(_NO_REGION, kind, code, described.example_number)


def _example(region: str, kind: int, number: phonenumbers.PhoneNumber) -> Example:
    return Example(
        region, kind, number.country_code, phonenumbers.national_significant_number(number)
    )


def deliveries(example: Example, line: str) -> Iterator[tuple[str, str]]:
    """Form and text, as a line of a region delivers a call of this number.

    Args:
        line: ISO 3166 region of the line, "" for a line of no known region.
    """
    yield "E.164", example.e164
    yield "international", example.formatted(PhoneNumberFormat.INTERNATIONAL)
    yield "`tel:` address", example.formatted(PhoneNumberFormat.RFC3966)
    yield "SIP address", f"sip:{example.e164}@pbx.example;user=phone"
    yield "without +", example.e164[1:]
    yield "00", f"00{example.e164[1:]}"
    for prefix in international_prefixes(line) if line else ():
        if prefix != "00":
            yield "the region's own international prefix", prefix + example.e164[1:]
    if line and _is_at_home(example, line):
        yield from _at_home(example, line)


def _is_at_home(example: Example, line: str) -> bool:
    if example.e164 == NO_E164:
        return line == example.region
    return bool(phonenumbers.country_code_for_region(line) == example.code)


def _at_home(example: Example, line: str) -> Iterator[tuple[str, str]]:
    number = phonenumbers.parse(example.e164)
    trunk = PhoneMetadata.metadata_for_region(line).national_prefix
    yield "national", example.formatted(PhoneNumberFormat.NATIONAL)
    mobile = phonenumbers.format_number_for_mobile_dialing(number, line, False)
    if mobile:
        yield "as a mobile dials it", mobile
    if trunk:
        yield "trunk prefix", trunk + example.national
    is_geographic = phonenumbers.number_type(number) in _BEHIND_CARRIERS
    for carrier in _CARRIERS.get(line, ()) if is_geographic else ():
        yield "trunk prefix and carrier", f"{trunk}{carrier}{example.national}"
    yield "without any prefix", example.national


@cache
def international_prefixes(region: str) -> tuple[str, ...]:
    """Prefixes for calls abroad, by the metadata of a region: all, or some of very many."""
    pattern = PhoneMetadata.metadata_for_region(region).international_prefix or ""
    texts = _texts(pattern)
    return tuple(texts[:: len(texts) // _PREFIXES_EACH + 1])


_TOKEN = re.compile(r"\[[^\]]*\]|\\d|\d")


def _texts(pattern: str) -> list[str]:
    """Every text a pattern of digits, classes, groups and "?" matches."""
    texts, rest = _alternatives(pattern)
    if rest:
        raise ValueError(f"{pattern!r} is written in a way that is not known here")
    return sorted(set(texts))


def _alternatives(rest: str) -> tuple[list[str], str]:
    found: list[str] = []
    while True:
        texts, rest = _sequence(rest)
        found += texts
        if not rest.startswith("|"):
            return found, rest
        rest = rest[1:]


def _sequence(rest: str) -> tuple[list[str], str]:
    texts = [""]
    while rest and rest[0] not in "|)":
        if rest.startswith("(?:"):
            part, rest = _alternatives(rest[3:])
            rest = rest.removeprefix(")")
        elif token := _TOKEN.match(rest):
            part = [digit for digit in "0123456789" if re.fullmatch(token[0], digit)]
            rest = rest[token.end() :]
        else:
            return texts, rest
        if rest.startswith("?"):
            part, rest = ["", *part], rest[1:]
        texts = [before + after for before, after in product(texts, part)]
    return texts, rest
