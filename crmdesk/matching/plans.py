"""The numbering plans of the library's metadata, for digits that are already plain.

`phonenumbers.parse` first looks for signs, letters, addresses and extensions, in every number
anew. Here only digits come in, so the rules of the plan are all that is left: country codes,
prefixes, lengths and patterns, read from the same metadata in the same way. That both read
the same is tested over every example number and many others (tests/matching/
test_library_numbers.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

_NO_REGION = "001"
"""What the library calls the region of codes such as +800."""

_CODES = {str(code): code for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE}


@cache  # bounded by the metadata: about 3,000 patterns
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when it is first needed, and kept: the library's own cache forgets."""
    return re.compile(pattern)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The numbering plan of a region, or of a country code of no region.

    Attributes:
        region: ISO 3166, "" for codes of no region.
        code: Country calling code.
        trunk: Prefix of national calls, "" where there is none.
        international: Pattern of the prefix of calls abroad, e.g. "00[1-9]".
        longest: Digits of the longest usual national number, fixed or mobile.
        lengths: Digits whole national numbers have.
    """

    region: str
    code: int
    trunk: str
    international: str
    longest: int
    lengths: frozenset[int]
    _local_lengths: frozenset[int] = field(repr=False)
    _general: str = field(repr=False)
    _kinds: tuple[tuple[frozenset[int], str], ...] = field(repr=False)
    _leading: str = field(repr=False)
    _prefix: str = field(repr=False)
    _transform: str = field(repr=False)

    def is_valid(self, national: str) -> bool:
        """Whether a national number is of a known kind of this plan."""
        if not _compiled(self._general).fullmatch(national):
            return False
        size = len(national)
        for lengths, pattern in self._kinds:  # a loop: asked with every number
            if size in lengths and _compiled(pattern).fullmatch(national):
                return True
        return False

    def is_marked(self, national: str) -> bool | None:
        """Whether the first digits name this region; None where they name none."""
        return bool(_compiled(self._leading).match(national)) if self._leading else None

    def without_prefix(self, digits: str) -> str:
        """The national number, without trunk prefix and carrier code, area code completed.

        As the library's `parse` does it: unchanged where the rest would be too short, or
        where only the whole fits the plan.
        """
        if not self._prefix:
            return digits
        found = _compiled(self._prefix).match(digits)
        if found is None or not found[0]:
            return digits
        rest = self._replacement(found) + digits[found.end() :]
        general = _compiled(self._general)
        if not general.fullmatch(rest) and general.fullmatch(digits):
            return digits
        return rest if self._may_be_whole(len(rest)) else digits

    def splits_abroad(self, digits: str) -> list[int]:
        """Where digits for a call abroad may begin: after each prefix they can have.

        One place in most plans; several where carriers are chosen in the prefix, since "001"
        can be a carrier or "00" before North America.
        """
        pattern = _compiled(self.international)
        found = pattern.match(digits)
        if found is None:
            return []
        places = range(1, min(len(digits), found.end() + 3))
        return [at for at in places if digits[at] != "0" and pattern.fullmatch(digits, 0, at)]

    def _replacement(self, found: re.Match[str]) -> str:
        completed = self._transform and found.groups()[-1] is not None
        return found.expand(self._transform) if completed else ""

    def _may_be_whole(self, size: int) -> bool:
        if size in self._local_lengths:
            return False
        return size in self.lengths or size > max(self.lengths)


@dataclass(frozen=True, slots=True, eq=False)
class CallingCode:
    """A country calling code and the regions that share it, the leading one first."""

    digits: str
    plans: tuple[Plan, ...]

    @property
    def leader(self) -> Plan:
        """Whose rules all numbers of the code are read by."""
        return self.plans[0]

    def region_of(self, national: str) -> str:
        """The region, the leading one where no other fits."""
        return self.place(national)[0] if len(self.plans) > 1 else self.plans[0].region

    def place(self, national: str) -> tuple[str, bool]:
        """The region of a number, and whether it is of a known kind there."""
        if len(self.plans) == 1:
            return self.plans[0].region, self.plans[0].is_valid(national)
        for plan in self.plans:
            marked = plan.is_marked(national)
            if marked:
                return plan.region, plan.is_valid(national)
            if marked is None and plan.is_valid(national):
                return plan.region, True
        return self.plans[0].region, False


@lru_cache(maxsize=512)
def plan_of(region: str) -> Plan | None:
    """The plan of an ISO 3166 region, None where the library knows none."""
    if not (region.isascii() and len(region) == 2):  # the library's key is also a file's name
        return None
    return _plan(PhoneMetadata.metadata_for_region(region, None))


@lru_cache(maxsize=512)
def calling_code(code: int) -> CallingCode | None:
    """A country calling code, None where there is none."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    plans = [
        _plan(PhoneMetadata.metadata_for_region_or_calling_code(code, region)) for region in regions
    ]
    known = tuple(plan for plan in plans if plan is not None)
    return CallingCode(str(code), known) if known else None


def split_code(digits: str) -> tuple[CallingCode, str] | None:
    """The calling code at the beginning of digits, and the rest; None where there is none."""
    for size in (1, 2, 3):
        code = _CODES.get(digits[:size])
        if code is not None:
            found = calling_code(code)
            return (found, digits[size:]) if found else None
    return None


def _plan(metadata: PhoneMetadata | None) -> Plan | None:
    if metadata is None or metadata.general_desc is None or not metadata.country_code:
        return None
    general = metadata.general_desc
    usual = (metadata.fixed_line, metadata.mobile)
    local = frozenset(general.possible_length_local_only)
    return Plan(
        region="" if metadata.id == _NO_REGION else metadata.id,
        code=metadata.country_code,
        trunk=metadata.national_prefix or "",
        international=metadata.international_prefix or "00",
        longest=max(len(kind.example_number or "") if kind else 0 for kind in usual),
        lengths=frozenset(general.possible_length) - local,
        _local_lengths=local,
        _general=general.national_number_pattern or "(?!)",
        _kinds=tuple(_kind(kind, general) for kind in _kinds(metadata)),
        _leading=metadata.leading_digits or "",
        _prefix=metadata.national_prefix_for_parsing or "",
        _transform=metadata.national_prefix_transform_rule or "",
    )


def _kinds(metadata: PhoneMetadata) -> list[PhoneNumberDesc]:
    """The kinds of numbers of a plan that make one valid, the usual ones first."""
    kinds = (
        metadata.fixed_line,
        metadata.mobile,
        metadata.toll_free,
        metadata.premium_rate,
        metadata.shared_cost,
        metadata.voip,
        metadata.personal_number,
        metadata.pager,
        metadata.uan,
        metadata.voicemail,
    )
    return [kind for kind in kinds if kind is not None and kind.national_number_pattern]


def _kind(kind: PhoneNumberDesc, general: PhoneNumberDesc) -> tuple[frozenset[int], str]:
    lengths = frozenset(kind.possible_length or general.possible_length)
    return lengths, kind.national_number_pattern or "(?!)"
