"""Numbers as the screen shows them."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

from crmdesk.domain.text import sanitise_external
from crmdesk.matching.plans import plan_of

_CACHE_SIZE = 8192
_LONGEST_E164 = 16


def format_number(e164_or_raw: str, region: str = "") -> str:
    """National in the line's own country, international elsewhere, else as it came.

    Args:
        e164_or_raw: A number with "+"; any other text comes back sanitised.
        region: ISO 3166 country of the reader's line, "" for none.
    """
    if not e164_or_raw.startswith("+") or len(e164_or_raw) > _LONGEST_E164:
        return sanitise_external(e164_or_raw)
    return _format_e164(e164_or_raw, region)


@lru_cache(_CACHE_SIZE)
def _format_e164(e164: str, region: str) -> str:
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return sanitise_external(e164)
    plan = plan_of(region)
    own = plan is not None and plan.code == number.country_code
    form = PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))
