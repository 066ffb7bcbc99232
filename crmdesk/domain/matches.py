"""Who is calling, and why we think so."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crmdesk.domain.calls import Verification
from crmdesk.domain.customers import CustomerKind, CustomerStatus


class MatchState(StrEnum):
    """The states of the screen, and the internal call that is none of them.

    EXACT, NATIONAL: one customer is meant and linked. BLOCK: the number is a direct dial-in
    of a company, which is linked. SEVERAL: a shared number, nobody is linked. SUGGESTED:
    one or more customers may be meant, but not surely enough to link one. NONE: nobody, at
    most former owners of the number.
    """

    EXACT = "exact"
    NATIONAL = "national"
    BLOCK = "block"
    SEVERAL = "several"
    SUGGESTED = "suggested"
    NONE = "none"
    WITHHELD = "withheld"
    INTERNAL = "internal"


class MatchRule(StrEnum):
    """What decided: a rung of the ladder, a remembered choice, or a fact of the call."""

    ACCOUNT_ID = "account_id"
    REMEMBERED = "remembered"
    E164_EXTENSION = "e164_extension"
    E164 = "e164"
    NATIONAL = "national"
    BLOCK = "block"
    SUFFIX = "suffix"
    CHOSEN = "chosen"
    """An agent said who it is, for this call."""
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
        national: National significant number without leading zeros, for comparing; "" where
            unknown. Of what has no E.164 form the digits, where there are enough of them; with
            "+" where a prefix says that they begin with a country.
        region: ISO 3166 region, "" where unknown or not geographic.
        withheld: The text is one of the words for a withheld number.
        internal: It is an internal extension of this line.
        steps: What was done, for the "why" sheet, e.g. ("line prefix 0 removed",).
        other_readings: E.164 numbers the same digits can also mean, where neither "+" nor
            a prefix says which is meant; likeliest first.
        unread_in: ISO 3166 region of the line in whose plan the digits have no meaning, ""
            where they have one or the line's region is unknown.
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
    unread_in: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A stored number and the customer it belongs to, as the directory finds it.

    Attributes:
        since, until: First and last day the number was this customer's, None where open.
    """

    customer_id: uuid.UUID
    name: str
    kind: CustomerKind
    company_id: uuid.UUID | None
    company_name: str
    label: str
    e164: str
    extension: str = ""
    status: CustomerStatus = CustomerStatus.ACTIVE
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the number was this customer's on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class ClaimKind(StrEnum):
    """What people said of a number and a customer."""

    CHOSEN = "chosen"
    """Of several owners, take this one from now on."""
    DENIED = "denied"
    """It is not this person's number."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an agent said of a number; `reason` is free text, may be empty."""

    e164: str
    customer_id: uuid.UUID
    kind: ClaimKind
    who: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom an agent named as the caller of one call; None for nobody who is known."""

    customer_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """What the store knows of a possible caller, for ranking several.

    Attributes:
        promise_due: A promise or follow-up is due today or overdue.
        last_call_days: Whole days since the last call of any number, None where none.
        last_from_here_days: The same for calls from this very number.
        called_here: Has dialled this line before.
        is_own: The customer of the agent who is being called.
    """

    has_open_ticket: bool = False
    promise_due: bool = False
    last_call_days: int | None = None
    last_from_here_days: int | None = None
    called_here: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of a call besides its number; decides evidence, dates and trust.

    Attributes:
        day: Of the call, in local time: ownership has dates.
        dialled: What the caller dialled, as the wire told it, "" where unknown.
        agent: Name or extension of the agent whose desk asks, "" where unknown.
        verification: What the phone system says of the number.
        from_outside: False for internal calls and for look-ups by hand.
        own_numbers: E.164 of the company's own lines: nobody outside calls from them.
        region: ISO 3166 country of the line, for emergency numbers, "" where unknown.
    """

    day: date
    line_id: str = ""
    dialled: str = ""
    agent: str = ""
    verification: Verification = Verification.UNKNOWN
    from_outside: bool = True
    own_numbers: frozenset[str] = frozenset()
    region: str = ""


class TrustLevel(StrEnum):
    """How far the shown number can be believed.

    VERIFIED: our phone system says the network signed it for this subscriber. CLAIMED: the
    usual case, nobody proved anything. DOUBTFUL: something speaks against it.
    """

    VERIFIED = "verified"
    CLAIMED = "claimed"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Trust:
    """The level and why, one sentence each."""

    level: TrustLevel = TrustLevel.CLAIMED
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for (or against) a candidate, and its weight."""

    words: str
    points: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible caller with the evidence for it.

    Attributes:
        score: Sum of the points of the evidence.
        barred: Why this customer is never linked here, e.g. "belonged to Jane Doe until
            2023"; "" where nothing is against it.
    """

    owner: Owner
    score: int
    evidence: tuple[Evidence, ...] = ()
    barred: str = ""


OWNERS_COUNTED = 1_000
"""Owners of a number are counted up to here: so many mean "or more"."""


def owner_words(count: int) -> str:
    """A count of owners in words, e.g. "12" or "1,000 or more"."""
    return f"{OWNERS_COUNTED:,} or more" if count >= OWNERS_COUNTED else f"{count:,}"


def more_words(left: int, count: int) -> str:
    """How many owners are not shown, e.g. "12 more" or "at least 936 more"."""
    return f"at least {left:,} more" if count >= OWNERS_COUNTED else f"{left:,} more"


@dataclass(frozen=True, slots=True)
class Match:
    """The answer to "who is calling".

    Attributes:
        customer_id: Set only where exactly one customer is meant, surely enough.
        digits: The digits that were compared, "" where none.
        label: Label of the matched number, e.g. "mobile".
        candidates: Best first; also filled for a single match; barred ones last.
        explanation: One sentence for the "why" sheet.
        owner_count: Customers with this number; more than `candidates` where only the
            best are listed. `OWNERS_COUNTED` means so many or more.
        link_from: The points that were needed to link somebody.
    """

    state: MatchState
    rule: MatchRule
    number: NormalisedNumber
    customer_id: uuid.UUID | None = None
    digits: str = ""
    label: str = ""
    candidates: tuple[Candidate, ...] = ()
    explanation: str = ""
    owner_count: int = 0
    link_from: int = 0
    trust: Trust = field(default_factory=Trust)
