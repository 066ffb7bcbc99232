"""How far the number a call shows can be believed.

Whoever calls can claim any number. What counts against or for the claim: what our own phone
system says of the network's signature, and what the number itself makes impossible. The
caller's name never counts: "[V] Bank" is typed by whoever calls (research/reliability.md,
row 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from crmdesk.domain.calls import Verification
from crmdesk.domain.matches import NormalisedNumber, Occasion, Trust, TrustLevel
from crmdesk.matching.plan_checks import is_costly
from crmdesk.matching.plans import split_code

_SHORT_MAX = 6
"""Longest number that is only dialled inside a country: short codes."""
_EMERGENCY_EVERYWHERE = frozenset({"110", "112", "911", "999"})
"""Asked where the country of the line is not known."""
_NO_COUNTRY = "The number does not exist in any country's numbering plan."
_EMERGENCY = "The number is an emergency number, and nobody calls from one."

_SIGNATURES = {
    Verification.FULL: "Verified number: the network vouches that it is the caller's own.",
    Verification.PARTIAL: (
        "Claimed number: the network knows the caller, but not that the number is theirs."
    ),
    Verification.GATEWAY: (
        "Claimed number: the network only knows where the call came in, not who calls."
    ),
    Verification.PASSED: (
        "Claimed number: its signature is good, but the network does not say what it vouches for."
    ),
    Verification.FAILED: (
        "The number's signature is wrong: the caller is probably not who the number says."
    ),
    Verification.NOT_CHECKED: "Claimed number: nobody signed it.",
    Verification.UNKNOWN: "Claimed number: the phone system does not say whether it is genuine.",
}


def trust_of(number: NormalisedNumber, occasion: Occasion) -> Trust:
    """What to believe of a number and why.

    Look-ups by hand, calls we place and withheld numbers claim nothing.
    """
    if not occasion.from_outside or number.withheld:
        return Trust()
    signature = _SIGNATURES[occasion.verification]
    doubts = tuple(_doubts(number, occasion))
    if occasion.verification is Verification.FAILED:
        return Trust(TrustLevel.DOUBTFUL, (signature, *doubts))
    if doubts:
        return Trust(TrustLevel.DOUBTFUL, (*doubts, signature))
    is_verified = occasion.verification is Verification.FULL
    return Trust(TrustLevel.VERIFIED if is_verified else TrustLevel.CLAIMED, (signature,))


def _doubts(number: NormalisedNumber, occasion: Occasion) -> Iterator[str]:
    if number.internal:
        yield (
            f"The call comes from outside but shows the internal number {number.extension}, "
            "which nobody outside has."
        )
        return
    if number.e164 in occasion.own_numbers:
        yield "The call comes from outside but shows one of our own numbers."
    raw = number.raw.strip()
    if _is_emergency(raw, occasion.region):
        yield _EMERGENCY  # also where the line completes it to a local number
    elif number.e164 is not None:
        yield from _doubt_of_e164(number.e164)
    else:
        yield from _doubt_of_unread(raw)


@lru_cache(4096)
def _doubt_of_e164(e164: str) -> tuple[str, ...]:
    """What speaks against a whole number as a caller's."""
    found = split_code(e164[1:])
    if found is None:
        return (_NO_COUNTRY,)
    code, national = found
    region, is_known = code.place(national)
    if not is_known:
        return (
            "The number does not exist in its country's numbering plan, as far as is known here.",
        )
    # Most numbers cannot be costly; only of the others the library is asked which kind it is.
    if is_costly(e164, region, national) and _is_premium(e164):
        return ("The number is a premium-rate number, which costs whoever calls it back.",)
    return ()


def _is_premium(e164: str) -> bool:
    kind = phonenumbers.number_type(phonenumbers.parse(e164, None))
    return bool(kind == PhoneNumberType.PREMIUM_RATE)


def _doubt_of_unread(raw: str) -> tuple[str, ...]:
    """What speaks against a text that has no meaning as a number."""
    digits = raw.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        return ()
    if raw.startswith("+"):
        return (_NO_COUNTRY,)
    if len(digits) <= _SHORT_MAX:
        return ("The number is too short to be one that somebody outside calls from.",)
    return ()


@lru_cache(1024)
def _is_emergency(raw: str, region: str) -> bool:
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= _SHORT_MAX):
        return False
    if region not in phonenumbers.SUPPORTED_REGIONS:
        return raw in _EMERGENCY_EVERYWHERE
    return bool(phonenumbers.is_emergency_number(raw, region))
