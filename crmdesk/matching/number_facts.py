"""What a number tells of its caller: country, area, kind of line.

From the number library's own data, nothing is asked of anybody. Spoofed numbers tell a
spoofed country, so none of it is proof of anything.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers.phonenumberutil import country_mobile_token, is_number_type_geographical

from crmdesk.domain.matches import NormalisedNumber
from crmdesk.domain.number_facts import LineType, NumberFacts
from crmdesk.matching.places import area_of
from crmdesk.matching.plans import plan_of

_CACHE_SIZE = 4096
_SHORT_MAX = 7

_TYPES = {
    PhoneNumberType.FIXED_LINE: LineType.FIXED,
    PhoneNumberType.MOBILE: LineType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: LineType.FIXED_OR_MOBILE,
    PhoneNumberType.TOLL_FREE: LineType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: LineType.PREMIUM,
    PhoneNumberType.SHARED_COST: LineType.SHARED_COST,
    PhoneNumberType.VOIP: LineType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER: LineType.PERSONAL,
    PhoneNumberType.PAGER: LineType.PAGER,
    PhoneNumberType.UAN: LineType.UAN,
    PhoneNumberType.VOICEMAIL: LineType.VOICEMAIL,
    PhoneNumberType.UNKNOWN: LineType.INVALID,
}


def facts_of(number: NormalisedNumber, line_region: str = "") -> NumberFacts | None:
    """Country, area and kind of line of a caller's number.

    Args:
        number: From `numbers.normalise`.
        line_region: ISO 3166 country of the line that was called, for short numbers.

    Returns:
        None where there is nothing to tell: withheld, internal, no number at all.
    """
    if number.withheld or number.internal:
        return None
    if number.e164 is not None:
        return _facts_of_e164(number.e164)
    return _facts_of_short(number.raw, line_region)


def read_ahead(region: str, area_code: str) -> None:
    """Reads the place names around a line, so that the first unknown caller need not wait.

    Args:
        region: ISO 3166 country of the line; nothing is read for what is none.
        area_code: Of the line, with or without its trunk prefix.
    """
    code = phonenumbers.country_code_for_region(region)
    if code:
        area_of(f"{code}{area_code.lstrip('0')}")


@lru_cache(_CACHE_SIZE)
def _facts_of_e164(e164: str) -> NumberFacts:
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return NumberFacts()
    kind = phonenumbers.number_type(number)
    region = phonenumbers.region_code_for_number(number) or _leader(number)
    return NumberFacts(
        region="" if region == "001" else region,
        area=_area(number, kind),
        line_type=_TYPES.get(kind, LineType.UNKNOWN),
    )


def _leader(number: phonenumbers.PhoneNumber) -> str:
    """The region that leads the calling code, for numbers that fit none of its regions."""
    return str(phonenumbers.region_code_for_country_code(number.country_code or 0)).replace(
        "ZZ", ""
    )


def _area(number: phonenumbers.PhoneNumber, kind: int) -> str:
    code = number.country_code or 0
    if kind == PhoneNumberType.UNKNOWN or not is_number_type_geographical(kind, code):
        return ""
    national = phonenumbers.national_significant_number(number)
    token = country_mobile_token(code)
    if token and national.startswith(token):
        national = national[len(token) :]  # Argentina: a 9 before the area code
    return area_of(f"{code}{national}")


@lru_cache(_CACHE_SIZE)
def _facts_of_short(raw: str, region: str) -> NumberFacts | None:
    digits = raw.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _SHORT_MAX):
        return None
    if plan_of(region) is None:
        return NumberFacts()
    if phonenumbers.is_emergency_number(digits, region):
        return NumberFacts(region, line_type=LineType.EMERGENCY)
    short = phonenumbers.PhoneNumber(
        country_code=phonenumbers.country_code_for_region(region), national_number=int(digits)
    )
    is_code = phonenumbers.is_valid_short_number_for_region(short, region)
    return NumberFacts(region, line_type=LineType.SHORT_CODE if is_code else LineType.UNKNOWN)
