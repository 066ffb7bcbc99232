"""What the numbering plans say of a whole number, for work on millions of them."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from crmdesk.matching.plans import plan_of

_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


@lru_cache(65_536)
def is_valid(e164: str) -> bool:
    """Whether the numbering plan of its country has such a number."""
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(e164, None)))
    except phonenumbers.NumberParseException:
        return False


def is_always_whole(region: str) -> bool:
    """Whether nobody of a region writes a number without its area code.

    So it is where area codes are no prefix to leave out (no trunk prefix: Italy, Spain) and
    where all numbers have one length (North America, France).
    """
    plan = plan_of(region)
    return plan is not None and (not plan.trunk or len(plan.lengths) == 1)


def is_region(text: str) -> bool:
    """Whether a text is the ISO 3166 code of a country with phone numbers."""
    return text in phonenumbers.SUPPORTED_REGIONS


def is_costly(e164: str, region: str, national: str) -> bool:
    """Whether a number is premium rate or shared cost in the plan of its country.

    The library's `number_type` tries every kind of a plan, 40 µs a number; the patterns of
    two kinds are enough to find the few that have to be asked.

    Args:
        e164: With "+".
        region: ISO 3166 of the number.
        national: National significant number.
    """
    pattern = _pattern(region)
    if pattern is None or not pattern.fullmatch(national):
        return False
    # A number can fit more than one kind; the library says which one counts.
    return phonenumbers.number_type(phonenumbers.parse(e164, None)) in _COSTLY


@lru_cache(maxsize=512)
def _pattern(region: str) -> re.Pattern[str] | None:
    known = region in phonenumbers.SUPPORTED_REGIONS
    metadata = PhoneMetadata.metadata_for_region(region, None) if known else None
    if metadata is None:
        return None
    kinds = (metadata.premium_rate, metadata.shared_cost)
    patterns = [kind.national_number_pattern for kind in kinds if kind is not None]
    usable = [f"(?:{pattern})" for pattern in patterns if pattern]
    return re.compile("|".join(usable)) if usable else None
