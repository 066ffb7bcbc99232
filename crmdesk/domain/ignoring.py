"""Callers nobody wants a card for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IgnoreKind(StrEnum):
    """How the text of an entry is compared.

    EXACT: this number. PREFIX: numbers that begin so. PATTERN: "?" stands for one digit,
    "*" for any number of digits.
    """

    EXACT = "exact"
    PREFIX = "prefix"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One entry of the ignore list.

    Attributes:
        text: E.164 with "+" (exact, prefix), or a pattern of "+", digits, "?" and "*".
        reason: Why, as the agent wrote it; shown to colleagues.
    """

    id: uuid.UUID
    kind: IgnoreKind
    text: str
    reason: str = ""
    who: str = ""
    at: datetime | None = None
