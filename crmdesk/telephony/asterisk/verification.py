"""What the network's signature of a number is worth, as the dialplan passes it on.

Asterisk checks signatures (STIR/SHAKEN), or the provider does and says so in a header, but
no event of the manager interface carries the result: the dialplan puts it into the channel
variable `VERSTAT`, and `channelvars` in manager.conf sends that with each event. Understood:

- `verstat` (ATIS-1000074, 3GPP TS 24.229 7.2A.20): `TN-Validation-Passed`, optionally with
  the attestation `-A`, `-B` or `-C`, `TN-Validation-Failed`, `No-TN-Validation`; alone or as
  the parameter of a SIP address, as in P-Asserted-Identity.
- The `verify_result` of Asterisk's function STIR_SHAKEN(), optionally followed by `-` and its
  `attestation`. Words of res/res_stir_shaken/verification.c (Asterisk 18.22, 20.7, 21.2 and
  later) and of res/res_stir_shaken.c before.

Any other text tells nothing. A caller's name is never looked at, nor the one before a SIP
address: callers write it themselves. Where an address says two things the worse one counts.
"""

from __future__ import annotations

import re

from crmdesk.domain.calls import Verification

VARIABLE = "VERSTAT"
_MOST_CHARS = 512

_WORD = r"((?:TN-Validation-(?:Passed|Failed)(?:-[ABC])?)|No-TN-Validation)"
_ALONE = re.compile(rf"(?:verstat=)?{_WORD}", re.IGNORECASE)
_PARAMETER = re.compile(rf";\s*verstat={_WORD}(?=[;@>,\s]|\Z)", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_WITH_ATTESTATION = re.compile(r"(.*?)-([ABC]?)\Z", re.IGNORECASE | re.DOTALL)
_LEVELS = {
    "A": Verification.FULL,
    "B": Verification.PARTIAL,
    "C": Verification.GATEWAY,
}
_PASSED = frozenset({"success", "verification passed"})
_FAILED = frozenset(
    {
        "signature failed", "verification mismatch",
        "signature_validation", "cid_orig_tn_mismatch", "cert_not_trusted", "cert_date_failure",
        "cert_contents_invalid", "cert_no_tn_auth_ext", "cert_no_spc_in_auth_ext",
        "date_hdr_range_error", "iat_range_error", "missing_iat", "missing_origid",
        "missing_orig_tn", "missing_dest_tn", "invalid_or_no_ppt", "invalid_or_no_alg",
        "invalid_or_no_typ", "invalid_or_no_grants", "invalid_or_no_attest", "invalid_header",
        "invalid_grant", "missing_jwt_hdr",
    }
)  # fmt: skip
"""The signature, its certificate or its claims are wrong (RFC 8224, 6.2.2)."""
_NOT_CHECKED = frozenset(
    {
        "verification not present",
        "missing_identity_hdr", "disabled", "invalid_arguments", "internal_error",
        "missing_date_hdr", "date_hdr_parse_failure", "cert_cache_miss", "cert_cache_invalid",
        "cert_cache_expired", "cert_retrieval_failure", "no_raw_key", "invalid_or_no_callerid",
    }
)  # fmt: skip
"""There is no signature, or it could not be checked here."""
_WORST_FIRST = (
    Verification.FAILED,
    Verification.NOT_CHECKED,
    Verification.PASSED,
    Verification.GATEWAY,
    Verification.PARTIAL,
    Verification.FULL,
)


def verification_of(text: str) -> Verification:
    """What the value of the variable says; UNKNOWN for everything that is none of its words."""
    return _read(text)[0]


def verification_word(text: str) -> str:
    """The part of the value that says it, without address and number; "" where nothing does."""
    return _read(text)[1]


def _read(text: str) -> tuple[Verification, str]:
    value = text.strip()
    if not value or len(value) > _MOST_CHARS:
        return Verification.UNKNOWN, ""
    words = _verstat_words(value)
    if words:
        worst = min(words, key=lambda word: _WORST_FIRST.index(_of_verstat(word)))
        return _of_verstat(worst), worst
    result, level = value, ""
    with_level = _WITH_ATTESTATION.match(value)
    if with_level is not None:
        result, level = with_level.groups()
    found = _of_result(result.casefold(), level)
    return found, value if found is not Verification.UNKNOWN else ""


def _verstat_words(value: str) -> list[str]:
    """All that a word alone, or an address without the name before it, says."""
    alone = _ALONE.fullmatch(value)
    if alone is not None:
        return [alone[1]]
    address = _QUOTED.sub("", value).rpartition("<")[2]
    return [] if '"' in address else [found[1] for found in _PARAMETER.finditer(address)]


def _of_verstat(word: str) -> Verification:
    upper = word.upper()
    if upper.startswith("NO-"):
        return Verification.NOT_CHECKED
    if "FAILED" in upper:
        return Verification.FAILED
    return _LEVELS.get(upper.removeprefix("TN-VALIDATION-PASSED-"), Verification.PASSED)


def _of_result(result: str, level: str) -> Verification:
    if result in _PASSED:
        return _LEVELS.get(level.upper(), Verification.PASSED)
    if result in _FAILED:
        return Verification.FAILED
    return Verification.NOT_CHECKED if result in _NOT_CHECKED else Verification.UNKNOWN
