"""What a number tells of a caller nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LineType(StrEnum):
    """What kind of line a number is in its plan."""

    FIXED = "fixed"
    MOBILE = "mobile"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    VOIP = "voip"
    PERSONAL = "personal"
    PAGER = "pager"
    UAN = "uan"
    VOICEMAIL = "voicemail"
    EMERGENCY = "emergency"
    SHORT_CODE = "short_code"
    INVALID = "invalid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """From the numbering plans alone; nothing is asked of anybody.

    Attributes:
        region: ISO 3166, "" where the number belongs to no country.
        area: Town or area in English, "" where the plan names none.
    """

    region: str = ""
    area: str = ""
    line_type: LineType = LineType.UNKNOWN
