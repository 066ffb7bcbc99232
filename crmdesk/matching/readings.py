"""What plain digits can mean on a line of some region: one or more E.164 numbers.

Digits with "+", an international prefix or a trunk prefix have one reading. Digits without
any of these can be ambiguous (on a German line "33199001234" is Potsdam without its 0 or
Paris without its +), and then several readings come back, the likeliest first.

How a reading is accepted, and why: with a prefix the writer said which plan is meant, so
only the length is checked (`is_possible`): numbering plans open new blocks faster than the
library's metadata, and a wrong number finds no customer because the comparison is exact.
Without a prefix the plan is guessed, so the pattern must fit too (`is_valid`). Measured
over the library's example numbers in tests/matching/test_library_numbers.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

_SUBSCRIBER_MAX = 8
"""Longest number that is dialled without an area code, in any plan."""

_E164_MAX = 15
_NATIONAL_MIN = 7
"""Shortest run of digits that is compared when a number cannot be parsed."""


class Reading(NamedTuple):
    """One meaning of the digits.

    Attributes:
        e164: With "+".
        national: National significant number, with an Italian leading zero.
        region: ISO 3166, "" where unknown.
        step: How it was found.
    """

    e164: str
    national: str
    region: str
    step: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbering plan of a region, as far as it is needed here."""

    region: str
    code: int
    trunk: str
    international: str
    """Pattern of the prefix for calls abroad, e.g. "00" or "011"."""
    longest: int
    """Digits of the longest usual national number, fixed or mobile."""


@lru_cache(maxsize=512)
def plan_of(region: str) -> Plan | None:
    """The plan of an ISO 3166 region, None where the library knows none."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None) if region else None
    if metadata is None or metadata.country_code is None:
        return None
    longest = 0
    for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is not None:
            longest = max(longest, len(phonenumbers.national_significant_number(example)))
    return Plan(
        region=region,
        code=metadata.country_code,
        trunk=metadata.national_prefix or "",
        international=metadata.international_prefix or "00",
        longest=longest,
    )


def read_international(digits: str, step: str) -> Reading | None:
    """Reads digits that start with a country code; only their length is checked."""
    number = _parse("+" + digits, None)
    return _reading(number, step) if number and _is_possible(number) else None


def read_plain(digits: str, plan: Plan | None, area_code: str) -> tuple[Reading, ...]:
    """All readings of digits without "+", the likeliest first."""
    if plan is not None:
        prefixed = _read_prefixed(digits, plan)
        if prefixed is not None:
            return (prefixed,)
    if digits.startswith("00"):  # ITU-T E.164 prefix, where the region's own is another
        abroad = read_international(digits[2:], "00 read as +")
        return (abroad,) if abroad else ()
    local = _read_subscriber(digits, plan, area_code)
    if local is not None:
        return (local,)
    found: dict[str, Reading] = {}
    for reading in _by_likelihood(digits, plan):
        if reading is not None:
            found.setdefault(reading.e164, reading)
    return tuple(found.values())


def significant_digits(digits: str, plan: Plan | None) -> str:
    """What is left to compare when digits cannot be read; "" where that is too short."""
    bare = digits.lstrip("0")
    if plan and plan.trunk and bare == digits and digits.startswith(plan.trunk):
        bare = digits[len(plan.trunk) :]
    return bare if _NATIONAL_MIN <= len(bare) <= _E164_MAX else ""


def _read_prefixed(digits: str, plan: Plan) -> Reading | None:
    """Reads digits with the region's international or trunk prefix."""
    number = _parse(digits, plan.region)
    if number is None or not _is_possible(number):
        return None
    national = phonenumbers.national_significant_number(number)
    whole = f"{number.country_code}{national}"
    if digits in {national, whole}:
        return None
    before = digits[: -len(whole)] if digits.endswith(whole) else ""
    if before and re.fullmatch(plan.international, before):
        return _reading(number, f"international prefix {before} read as +")
    if number.country_code != plan.code or digits.startswith("00"):
        return None
    return _reading(number, f"trunk prefix removed, country code +{plan.code} added")


def _read_subscriber(digits: str, plan: Plan | None, area_code: str) -> Reading | None:
    if plan is None or not area_code or len(digits) > _SUBSCRIBER_MAX:
        return None
    number = _parse(area_code + digits, plan.region)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return _reading(number, f"area code {area_code} of the line added")


def _by_likelihood(digits: str, plan: Plan | None) -> tuple[Reading | None, ...]:
    """National and international reading; the national one first unless it is overlong.

    Germany's plan takes almost any digits up to 15; "442079460123" on a German line is
    London without its "+", not a number of area 442.
    """
    if plan is None:
        return (_read_as_plus(digits),)
    national = _read_as_national(digits, plan)
    if len(digits) <= plan.longest:
        return (national, _read_as_plus(digits))
    return (read_international(digits, "missing + added"), national)


def _read_as_national(digits: str, plan: Plan) -> Reading | None:
    number = _parse(digits, plan.region)
    if number is None or not _is_possible(number) or not phonenumbers.is_valid_number(number):
        return None
    return _reading(number, f"country code +{plan.code} of the line added")


def _read_as_plus(digits: str) -> Reading | None:
    number = _parse("+" + digits, None)
    if number is None or not _is_possible(number) or not phonenumbers.is_valid_number(number):
        return None
    return _reading(number, "missing + added")


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _is_possible(number: phonenumbers.PhoneNumber) -> bool:
    """Whether the length fits the plan, as a whole number and not only within its area.

    The same as `is_possible_number_with_reason(number) == IS_POSSIBLE`, a fifth of the time.
    """
    national = phonenumbers.national_significant_number(number)
    return len(national) in _code_of(number.country_code or 0).lengths


def _reading(number: phonenumbers.PhoneNumber, step: str) -> Reading:
    national = phonenumbers.national_significant_number(number)
    return Reading(
        e164=f"+{number.country_code}{national}",
        national=national,
        region=_region(number, national),
        step=step,
    )


def _region(number: phonenumbers.PhoneNumber, national: str) -> str:
    """The region; where several share a calling code and none fits, the one that leads it."""
    code = _code_of(number.country_code or 0)
    if code.usual is None or code.usual.fullmatch(national):
        return code.leader
    return phonenumbers.region_code_for_number(number) or code.leader


@dataclass(frozen=True, slots=True)
class _CallingCode:
    """What is asked of a calling code with every number.

    Attributes:
        leader: The region that leads it, "" for codes of no region (+800).
        lengths: Digits of whole national numbers.
        usual: Fixed and mobile numbers of the leader, which is asked first where several
            regions share the code; None where it has no need to share.
    """

    leader: str
    lengths: frozenset[int]
    usual: re.Pattern[str] | None


@lru_cache(maxsize=512)
def _code_of(code: int) -> _CallingCode:
    regions = phonenumbers.region_codes_for_country_code(code)
    leader = str(regions[0]) if regions else ""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, leader)
    general = metadata.general_desc if metadata else None
    if metadata is None or general is None:
        return _CallingCode("", frozenset(), None)
    lengths = frozenset(general.possible_length) - frozenset(general.possible_length_local_only)
    usual = _usual(metadata) if len(regions) > 1 else None
    return _CallingCode("" if leader == "001" else leader, lengths, usual)


def _usual(metadata: phonenumbers.PhoneMetadata) -> re.Pattern[str]:
    """Matches what the library would find to be a fixed or mobile number of this region."""
    general = metadata.general_desc
    if general is None or metadata.leading_digits is not None:
        return re.compile("(?!)")
    kinds = "|".join(
        f"(?={_of_lengths(kind.possible_length or general.possible_length)}$)"
        f"(?:{kind.national_number_pattern})"
        for kind in (metadata.fixed_line, metadata.mobile)
        if kind is not None and kind.national_number_pattern
    )
    return re.compile(f"(?={general.national_number_pattern}$)(?:{kinds or '(?!)'})")


def _of_lengths(lengths: tuple[int, ...]) -> str:
    return "(?:" + "|".join(rf"\d{{{length}}}" for length in lengths if length > 0) + ")"
