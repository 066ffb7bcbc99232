"""What a test of a phone line found, in words for the doctor and the wizard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingState(StrEnum):
    """How a check went. UNKNOWN: it cannot be told yet, and the message says when."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    Attributes:
        check: What was checked, e.g. "Login".
        message: One plain sentence.
        remedy: What to do, "" where nothing.
    """

    check: str
    state: FindingState
    message: str
    remedy: str = ""
