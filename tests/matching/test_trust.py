"""How far a number is believed, and why; names never count."""

from __future__ import annotations

import pytest

from crmdesk.domain.calls import Verification
from crmdesk.domain.matches import NormalisedNumber, Occasion, Trust, TrustLevel
from crmdesk.matching.numbers import InternalRanges, LineRules, normalise
from crmdesk.matching.trust import trust_of
from tests.fakes.owner_book import TODAY

BERLIN = LineRules("DE", area_code="30", internal=InternalRanges.parse(("1001-1199",)))
NOBODY_CHECKS = "Claimed number: the phone system does not say whether it is genuine."


def _trust(raw: str, verification: Verification = Verification.UNKNOWN, *own: str) -> Trust:
    call = Occasion(TODAY, verification=verification, own_numbers=frozenset(own))
    return trust_of(normalise(raw, BERLIN), call)


@pytest.mark.parametrize(
    ("verification", "level", "says"),
    [
        (Verification.FULL, TrustLevel.VERIFIED, "vouches that it is the caller's own"),
        (Verification.PARTIAL, TrustLevel.CLAIMED, "not that the number is theirs"),
        (Verification.GATEWAY, TrustLevel.CLAIMED, "only knows where the call came in"),
        (Verification.PASSED, TrustLevel.CLAIMED, "does not say what it vouches for"),
        (Verification.FAILED, TrustLevel.DOUBTFUL, "signature is wrong"),
        (Verification.NOT_CHECKED, TrustLevel.CLAIMED, "nobody signed it"),
        (Verification.UNKNOWN, TrustLevel.CLAIMED, "does not say whether it is genuine"),
    ],
)
def test_every_signature(verification: Verification, level: TrustLevel, says: str) -> None:
    trust = _trust("+493023125101", verification)
    (reason,) = trust.reasons
    assert trust.level is level
    assert says in reason
    assert reason.startswith("Claimed number") is (level is TrustLevel.CLAIMED)
    assert reason.startswith("Verified number") is (level is TrustLevel.VERIFIED)


def test_all_signatures_are_in_the_table() -> None:
    for verification in Verification:
        assert _trust("+493023125101", verification).reasons


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("1001", "shows the internal number 1001, which nobody outside has"),
        ("+493023125000", "shows one of our own numbers"),
        ("112", "an emergency number, and nobody calls from one"),
        ("110", "an emergency number"),
        ("12", "too short to be one that somebody outside calls from"),
        ("+499001234567", "premium-rate number"),
        ("+4499001", "does not exist in any country's numbering plan"),
        ("+12021550123", "does not exist in its country's numbering plan"),
    ],
)
def test_impossible_callers_are_doubtful(raw: str, says: str) -> None:
    for verification in (Verification.UNKNOWN, Verification.FULL):
        trust = _trust(raw, verification, "+493023125000")
        assert trust.level is TrustLevel.DOUBTFUL, trust
        assert says in trust.reasons[0]


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("112", "DE", True),
        ("110", "DE", True),
        ("911", "DE", False),
        ("911", "US", True),
        ("1122", "PK", True),
        ("1122", "DE", False),
        ("999", "", True),
        ("999", "ZZ", True),
        ("100", "", False),
        ("١١٢", "DE", False),
    ],
)
def test_emergency_numbers_are_those_of_the_country(raw, region, expected) -> None:
    trust = trust_of(NormalisedNumber(raw), Occasion(TODAY, region=region))
    assert ("emergency number" in trust.reasons[0]) is expected


def test_short_number_is_doubtful() -> None:
    trust = trust_of(normalise("911911", LineRules()), Occasion(TODAY))
    assert trust.level is TrustLevel.DOUBTFUL
    assert "too short" in trust.reasons[0]


def test_both_doubts_are_told() -> None:
    trust = _trust("1001", Verification.FAILED)
    assert len(trust.reasons) == 2
    assert "signature is wrong" in trust.reasons[0]


@pytest.mark.parametrize(
    "raw", ["+493023125101", "+4917139200001", "+442079460123", "jane.doe", "030 23125", "1" * 300]
)
def test_usual_callers_are_claimed(raw: str) -> None:
    assert _trust(raw) == Trust(TrustLevel.CLAIMED, (NOBODY_CHECKS,))


def test_nothing_is_claimed_inside_by_hand_or_withheld() -> None:
    by_hand = Occasion(TODAY, from_outside=False, verification=Verification.FAILED)
    assert trust_of(normalise("1001", BERLIN), by_hand) == Trust()
    assert trust_of(NormalisedNumber("", withheld=True), Occasion(TODAY)) == Trust()
