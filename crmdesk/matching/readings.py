"""What plain digits can mean on a line of some region: one or more E.164 numbers.

Digits with "+" have one reading. Others can have several: on a German line "33199001234" is
Potsdam without its 0 or Paris without its +, on a Russian one "84..." is the trunk prefix 8
or Vietnam. Then all come back, the likeliest first.

How a reading is accepted, and why: with "+", an international prefix or a trunk prefix the
writer said which plan is meant, so only the length is checked: numbering plans open new
blocks faster than the library's metadata, and a wrong number finds no customer because the
comparison is exact. Without a prefix the plan is guessed, so the pattern must fit too. Where
digits have several readings, those that fit a plan's patterns come first. Measured over the
library's example numbers: tests/bench/RESULTS.md, "Every number of the library".
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import phonenumbers

from crmdesk.matching.plans import CallingCode, Plan, calling_code, split_code

_SUBSCRIBER_MAX = 8
"""Longest number that is dialled without an area code, in any plan."""

_SHORT_MAX = 6
"""Longest number of a service, such as 116117."""

_EMERGENCY_ANYWHERE = frozenset({"000", "08", "110", "112", "118", "119", "911", "999"})
"""What a mobile phone takes for an emergency call in any country (3GPP TS 22.101, 10.1.1)."""

_E164_MAX = 15
_NATIONAL_MIN = 7
"""Shortest run of digits that is compared when a number cannot be parsed."""

_RESORT, _NO_READING = 2, 3
"""Ranks of readings that count only alone, and of those that do not count."""


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


class _Proof(Enum):
    """What makes a reading more than a guess.

    PREFIX: a prefix names the plan. LENGTH: for the line's own country the digits are too
    many. PATTERN: only that they fit a plan's patterns. RESORT: the same, for digits that
    keep a trunk prefix behind the country code; only where they have no other meaning.
    """

    PREFIX = "prefix"
    LENGTH = "length"
    PATTERN = "pattern"
    RESORT = "resort"


class _Meaning(NamedTuple):
    """A possible reading."""

    code: CallingCode
    national: str
    step: str
    proof: _Proof


def read_international(digits: str, step: str) -> Reading | None:
    """Reads digits that start with a country code; only their length is checked."""
    meaning = _abroad(digits, step, _Proof.PREFIX)
    if meaning is None:
        return None
    code, national = meaning.code, meaning.national
    return Reading(f"+{code.digits}{national}", national, code.region_of(national), step)


def read_plain(digits: str, plan: Plan | None, area_code: str) -> tuple[Reading, ...]:
    """All readings of digits without "+", the likeliest first."""
    ranks: dict[str, int] = {}
    readings: dict[str, Reading] = {}
    for code, national, step, proof in _meanings(digits, plan, area_code):
        region, fits = code.place(national)
        rank, e164 = _rank(proof, fits=fits), f"+{code.digits}{national}"
        if rank < ranks.get(e164, _NO_READING):
            ranks[e164] = rank
            readings[e164] = Reading(e164, national, region, step)
    if len(readings) < 2:
        return tuple(readings.values())
    most = max(min(ranks.values()), _RESORT - 1)
    chosen = [e164 for e164 in readings if ranks[e164] <= most]
    return tuple(readings[e164] for e164 in sorted(chosen, key=ranks.__getitem__))


def _rank(proof: _Proof, *, fits: bool) -> int:
    """Place of a reading among others: those that fit, those a prefix asks for, the resort."""
    if proof is _Proof.RESORT:
        return _RESORT if fits else _NO_READING
    if fits or proof is _Proof.LENGTH:
        return 0
    return 1 if proof is _Proof.PREFIX else _NO_READING


def significant_digits(digits: str) -> str:
    """What is left to compare when digits cannot be read; "" where that is too short.

    The same for stored numbers and for callers', so that both find each other.
    """
    bare = digits.lstrip("0")
    return bare if _NATIONAL_MIN <= len(bare) <= _E164_MAX else ""


def _meanings(digits: str, plan: Plan | None, area_code: str) -> list[_Meaning]:
    """What the digits may mean, the likeliest first."""
    if plan is None:
        return [*_with_double_zero(digits, _Proof.PREFIX), *_without_plus(digits)]
    prefixed = _with_international(digits, plan)
    prefixed += _with_trunk(digits, plan, _Proof.PATTERN if prefixed else _Proof.PREFIX)
    if digits.startswith("00"):
        prefixed += _with_double_zero(digits, _Proof.PATTERN if prefixed else _Proof.PREFIX)
    if prefixed:
        return [*prefixed, *_as_national(digits, plan), *_without_plus(digits)]
    local = _subscriber(digits, plan, area_code)
    if local:  # a line that leaves out area codes writes trunk prefixes
        return [local, *_without_plus(digits)]
    if len(digits) <= plan.longest:
        return [*_as_national(digits, plan), *_without_plus(digits)]
    # Germany's plan takes almost any digits up to 15: overlong is rather from abroad.
    return [*_without_plus(digits, _Proof.LENGTH), *_as_national(digits, plan)]


def _with_international(digits: str, plan: Plan) -> list[_Meaning]:
    found = (
        _abroad(digits[at:], f"international prefix {digits[:at]} read as +", _Proof.PREFIX)
        for at in plan.splits_abroad(digits)
    )
    return [meaning for meaning in found if meaning]


def _with_trunk(digits: str, plan: Plan, proof: _Proof) -> list[_Meaning]:
    trunk = plan.trunk
    if not trunk or not digits.startswith(trunk) or digits.startswith("00"):
        return []
    bare, rest = digits[len(trunk) :], plan.without_prefix(digits)
    if _is_service(bare, plan):
        return []
    nationals = (bare,) if rest in {bare, digits} else (rest, bare)
    step = f"trunk prefix removed, country code +{plan.code} added"
    found = (_own(national, plan, step, proof) for national in nationals)
    return [meaning for meaning in found if meaning]


def _with_double_zero(digits: str, proof: _Proof) -> list[_Meaning]:
    """With the prefix of ITU-T E.164, also where the region's own is another."""
    if not digits.startswith("00"):
        return []
    meaning = _abroad(digits[2:], "00 read as +", proof)
    return [meaning] if meaning else []


def _without_plus(digits: str, proof: _Proof = _Proof.PATTERN) -> list[_Meaning]:
    meaning = _abroad(digits, "missing + added", proof)
    return [meaning] if meaning else []


def _as_national(digits: str, plan: Plan) -> list[_Meaning]:
    """Without any prefix; in small countries also without the area code they all share."""
    step = f"country code +{plan.code} of the line added"
    whole = digits if plan.trunk and digits.startswith(plan.trunk) else plan.without_prefix(digits)
    nationals = (digits,) if whole == digits else (digits, whole)
    found = (_own(national, plan, step, _Proof.PATTERN) for national in nationals)
    return [meaning for meaning in found if meaning]


def _subscriber(digits: str, plan: Plan, area_code: str) -> _Meaning | None:
    if not area_code or not 0 < len(digits) <= _SUBSCRIBER_MAX or digits[0] == "0":
        return None  # 0 is a trunk prefix, or the operator
    if _is_service(digits, plan):
        return None
    national = plan.without_prefix(area_code + digits)
    step = f"area code {area_code} of the line added"
    meaning = _own(national, plan, step, _Proof.PATTERN)
    return meaning if meaning and meaning.code.place(national)[1] else None


def _is_service(digits: str, plan: Plan) -> bool:
    """Emergency and short numbers: dialled as they are, behind no area code."""
    if not 0 < len(digits) <= _SHORT_MAX:
        return False
    if digits in _EMERGENCY_ANYWHERE or phonenumbers.is_emergency_number(digits, plan.region):
        return True
    number = phonenumbers.PhoneNumber(country_code=plan.code, national_number=int(digits))
    # Codes with another first digit are for text messages, and can be subscribers as well.
    return digits[0] == "1" and phonenumbers.is_valid_short_number_for_region(number, plan.region)


def _own(national: str, plan: Plan, step: str, proof: _Proof) -> _Meaning | None:
    code = calling_code(plan.code)
    return _Meaning(code, national, step, proof) if code and _is_possible(code, national) else None


def _abroad(digits: str, step: str, proof: _Proof) -> _Meaning | None:
    split = split_code(digits)
    if split is None:
        return None
    code, rest = split
    national = code.leader.without_prefix(rest)
    if proof is not _Proof.LENGTH and national != rest:
        proof = _Proof.RESORT
    return _Meaning(code, national, step, proof) if _is_possible(code, national) else None


def _is_possible(code: CallingCode, national: str) -> bool:
    """Whether the length fits the plan, as a whole number and not only within its area.

    And no trunk prefix is left in front: the E.164 number would be another when read again.
    """
    plan, size = code.leader, len(national)
    if size not in plan.lengths or len(code.digits) + size > _E164_MAX:
        return False
    return plan.without_prefix(national) == national
