"""The signature of a number, as the dialplan passes it on; never what the name says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.call_events import CallDetails
from crmdesk.domain.calls import Verification
from crmdesk.telephony.asterisk.pseudonyms import AmiPseudonyms
from crmdesk.telephony.asterisk.verification import verification_of, verification_word
from tests.fakes.ami_script import JANE, AmiScript

KNOWN = [
    ("TN-Validation-Passed-A", Verification.FULL),
    ("TN-Validation-Passed-B", Verification.PARTIAL),
    ("TN-Validation-Passed-C", Verification.GATEWAY),
    ("TN-Validation-Passed", Verification.PASSED),
    ("TN-Validation-Failed", Verification.FAILED),
    ("TN-Validation-Failed-C", Verification.FAILED),
    ("No-TN-Validation", Verification.NOT_CHECKED),
    ("tn-validation-passed-a", Verification.FULL),
    ("<sip:+493023125710;verstat=TN-Validation-Passed-B@carrier.example;user=phone>", "partial"),
    ("tel:+493023125710;verstat=TN-Validation-Failed", Verification.FAILED),
    ("tel:+493023125710;verstat=No-TN-Validation;npdi", Verification.NOT_CHECKED),
    ("success-A", Verification.FULL),
    ("success-B", Verification.PARTIAL),
    ("success-", Verification.PASSED),
    ("success", Verification.PASSED),
    ("Verification passed-C", Verification.GATEWAY),
    ("Verification passed", Verification.PASSED),
    ("Signature failed-A", Verification.FAILED),
    ("Verification mismatch", Verification.FAILED),
    ("cid_orig_tn_mismatch-A", Verification.FAILED),
    ("cert_not_trusted-", Verification.FAILED),
    ("Verification not present", Verification.NOT_CHECKED),
    ("missing_identity_hdr-", Verification.NOT_CHECKED),
    ("cert_retrieval_failure-A", Verification.NOT_CHECKED),
    ("  TN-Validation-Passed-A ", Verification.FULL),
]
TELL_NOTHING = [
    "", " ", "-", "-A", "A", "yes", "1", "[V] Bank", "TN-Validation-Passed-D",
    "TN-Validation-PassedA", "XTN-Validation-Passed-A", "no-TN-Validation-Passed-A",
    "Bank TN-Validation-Passed-A", "verstat=", "verstat=TN-Validation-Passed-AB", "successful-A",
    "success A", "TN-Validation-Passed-A" * 40, "\x00", "٠",
    'TN-Validation-Passed-A <sip:+12025550100@pbx.example>',
    '"Bank;verstat=TN-Validation-Passed-A" <sip:+12025550100@pbx.example>',
    '"Bank;verstat=TN-Validation-Passed-A " <sip:+12025550100@pbx.example>',
    r'"\"<sip:x;verstat=TN-Validation-Passed-A>" <sip:+12025550100@pbx.example>',
    'Bank<;verstat=TN-Validation-Passed-A> <sip:+12025550100@pbx.example>',
    '"Bank;verstat=TN-Validation-Passed-A',
    '<sip:x>"a;verstat=TN-Validation-Passed-A ',
    "<sip:x@notverstat=TN-Validation-Passed-A>",
]  # fmt: skip
LOUDER_THAN_THE_NETWORK = [
    ('"x;verstat=TN-Validation-Passed-A " <tel:+1;verstat=TN-Validation-Failed>', "failed"),
    ("<sip:x;verstat=TN-Validation-Passed-A@h>;verstat=No-TN-Validation", "not_checked"),
    ("<sip:x;verstat=TN-Validation-Passed-A@h>;verstat=TN-Validation-Failed-C", "failed"),
]


@pytest.mark.parametrize(("text", "expected"), KNOWN)
def test_every_word_is_understood(text: str, expected: str) -> None:
    assert verification_of(text) is Verification(expected)


@pytest.mark.parametrize("text", TELL_NOTHING)
def test_other_text_tells_nothing(text: str) -> None:
    assert verification_of(text) is Verification.UNKNOWN
    assert verification_word(text) == ""


@pytest.mark.parametrize(("text", "expected"), LOUDER_THAN_THE_NETWORK)
def test_what_a_caller_writes_hides_nothing_the_network_says(text: str, expected: str) -> None:
    assert verification_of(text) is Verification(expected)


@given(st.text(max_size=600))
@settings(max_examples=200)
def test_no_text_is_mistaken_for_a_word(text: str) -> None:
    found, word = verification_of(text), verification_word(text)
    assert (found is Verification.UNKNOWN) == (word == "")
    assert verification_of(word) is found


@pytest.mark.parametrize(
    ("text", "expected"), [*KNOWN, *((text, "unknown") for text in TELL_NOTHING)]
)
def test_call_carries_it(text: str, expected: str) -> None:
    script = AmiScript()
    script.variables["VERSTAT"] = text
    script.ringing()
    assert script.only_call.verification is Verification(expected)


def test_absent_is_unknown_and_so_is_a_name() -> None:
    script = AmiScript()
    trunk = script.new(
        "PJSIP/trunk", "4", number=JANE, caller_name="[V] Bank", context="from-trunk"
    )
    script.dial(trunk, script.phone("201", trunk))
    call = script.only_call
    assert (call.caller_name, call.verification) == ("[V] Bank", Verification.UNKNOWN)


def test_it_is_told_once_and_again_when_it_changes() -> None:
    script = AmiScript()
    script.variables["VERSTAT"] = "No-TN-Validation"
    caller, desk = script.answered()
    assert _told(script) == [Verification.NOT_CHECKED]
    script.variables["VERSTAT"] = "TN-Validation-Failed"
    script.event("Hold", caller.fields())
    script.variables["VERSTAT"] = "something else"
    script.hang_up(caller, desk)
    assert _told(script) == [Verification.NOT_CHECKED, Verification.FAILED]
    assert script.only_call.verification is Verification.FAILED


def _told(script: AmiScript) -> list[Verification]:
    details = (event for event in script.events if isinstance(event, CallDetails))
    return [event.verification for event in details if event.verification is not None]


def test_recordings_keep_the_word_and_lose_the_number() -> None:
    hidden = AmiPseudonyms(bytes(32)).line
    plain = b"ChanVariable: VERSTAT=TN-Validation-Passed-A"
    assert hidden(plain) == plain
    address = b"ChanVariable: VERSTAT=<sip:+493023125710;verstat=TN-Validation-Failed@pbx.example>"
    assert hidden(address) == b"ChanVariable: VERSTAT=TN-Validation-Failed"
    assert hidden(b"ChanVariable: VERSTAT=Jane Doe") == b"ChanVariable: VERSTAT=..."
    assert hidden(b"ChanVariable: VERSTAT=") == b"ChanVariable: VERSTAT="
