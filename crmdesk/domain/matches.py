"""Who is calling, and why we think so."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from crmdesk.domain.customers import CustomerKind


class MatchState(StrEnum):
    """The five states of the screen, and the internal call that is none of them."""

    EXACT = "exact"
    NATIONAL = "national"
    SEVERAL = "several"
    NONE = "none"
    WITHHELD = "withheld"
    INTERNAL = "internal"


class MatchRule(StrEnum):
    """The rung of the ladder that decided."""

    ACCOUNT_ID = "account_id"
    E164_EXTENSION = "e164_extension"
    E164 = "e164"
    NATIONAL = "national"
    WITHHELD = "withheld"
    INTERNAL = "internal"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class NormalisedNumber:
    """What the normaliser made of a number.

    Attributes:
        raw: As it came, sanitised.
        e164: With "+", None where it is no phone number.
        extension: Digits, "" where none.
        national: National significant number, "" where unknown.
        region: ISO 3166 region, "" where unknown or not geographic.
        withheld: The text is one of the words for a withheld number.
        internal: It is an internal extension of this line.
        steps: What was done, for the "why" sheet, e.g. ("line prefix 0 removed",).
        other_readings: E.164 numbers the same digits can also mean, where neither "+" nor
            a prefix says which is meant; likeliest first.
    """

    raw: str
    e164: str | None = None
    extension: str = ""
    national: str = ""
    region: str = ""
    withheld: bool = False
    internal: bool = False
    steps: tuple[str, ...] = ()
    other_readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """A stored number and the customer it belongs to, as the directory finds it.

    Attributes:
        has_open_ticket, last_called_days: Visible evidence for ranking.
    """

    customer_id: uuid.UUID
    name: str
    kind: CustomerKind
    company_id: uuid.UUID | None
    company_name: str
    label: str
    e164: str
    extension: str = ""
    has_open_ticket: bool = False
    last_called_days: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible caller with the evidence for it, in words."""

    owner: Owner
    score: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The answer to "who is calling".

    Attributes:
        customer_id: Set only where exactly one customer is meant.
        digits: The digits that were compared, "" where none.
        label: Label of the matched number, e.g. "mobile".
        candidates: Best first; also filled for a single match.
        explanation: One sentence for the "why" sheet.
    """

    state: MatchState
    rule: MatchRule
    number: NormalisedNumber
    customer_id: uuid.UUID | None = None
    digits: str = ""
    label: str = ""
    candidates: tuple[Candidate, ...] = ()
    explanation: str = ""
