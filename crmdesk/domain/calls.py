"""A call as a person would tell it: one row, however many phones rang.

The words are those of `crmdesk replay --json`; see README, "What the words mean".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Who called whom, seen from the company."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Presentation(StrEnum):
    """Whether the caller allows the number to be shown.

    UNKNOWN: the phone system does not tell; the number is shown and the line's health says so.
    """

    ALLOWED = "allowed"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


class Verification(StrEnum):
    """What the network says of the caller's number, as our own phone system reports it.

    The values of `verstat` (ATIS-1000074, 3GPP TS 24.229 7.2A.20) by attestation level:
    FULL (A) is signed for this subscriber, PARTIAL (B) for the customer but not the number,
    GATEWAY (C) only names where the call entered. PASSED: signed, level not told.
    NOT_CHECKED: no signature. UNKNOWN: the phone system says nothing.
    """

    FULL = "full"
    PARTIAL = "partial"
    GATEWAY = "gateway"
    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"
    UNKNOWN = "unknown"


class CallOutcome(StrEnum):
    """How a call ended.

    ABANDONED: the caller left a queue before an agent answered. MISSED: any other inbound
    call nobody answered that rang somewhere. BUSY, DECLINED, FAILED (never rang): inbound
    calls that ended so. NO_ANSWER: an outbound or internal call nobody answered.
    UNKNOWN: the end was not seen.
    """

    ANSWERED = "answered"
    MISSED = "missed"
    ABANDONED = "abandoned"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OfferOutcome(StrEnum):
    """How the offer of a call to one extension ended; best first, the best of all tries stands."""

    ANSWERED = "answered"
    ELSEWHERE = "elsewhere"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    CALLER_GONE = "caller_gone"
    FORWARDED = "forwarded"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class EndedBy(StrEnum):
    """Whose action ended the call; for outbound calls CALLER is the outside party."""

    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"


class TransferKind(StrEnum):
    """Blind: without asking. Attended: after a consultation call."""

    BLIND = "blind"
    ATTENDED = "attended"


class PopReason(StrEnum):
    """Why a card was shown on an extension."""

    RING = "ring"
    TRANSFER = "transfer"
    DIAL = "dial"


@dataclass(frozen=True, slots=True)
class Offer:
    """One extension that was offered the call, however many devices and rounds.

    Attributes:
        extension: Internal number, as the phone system names it.
        offered_at: First try (UTC).
        rang_at: First ring, None where it never rang (busy, forwarded, unreachable).
        ended_at: End of the last try, None while open.
        rounds: Number of tries.
        outcome: Best outcome of all tries, None while open.
    """

    extension: str
    offered_at: datetime
    rang_at: datetime | None = None
    ended_at: datetime | None = None
    rounds: int = 1
    outcome: OfferOutcome | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """The call went from one extension to another."""

    kind: TransferKind
    from_extension: str
    to_extension: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pop:
    """A card was shown on an extension; one per extension and call."""

    extension: str
    reason: PopReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one outside party (or between two extensions).

    Attributes:
        id: UUIDv5 of phone system and linked id.
        line_id: The phone line (settings) on which it was heard.
        caller_raw: Outside number as the wire told it; "" where withheld. For internal
            calls the calling extension, for outbound ones the number that was dialled.
        caller_name: Name as the network told it, sanitised; never matched.
        presentation: Whether the number may be shown.
        dialled: What the caller dialled, None where the phone system does not tell.
        queue: Name of the (last) queue, None where none.
        account_id: What the caller keyed in the IVR, None where nothing.
        verification: What the phone system says of the number's signature.
        started_at: First sign of the call (UTC).
        first_rang_at: First ring anywhere.
        answered_at: First agent and outside party talked.
        answered_by: That agent's extension.
        agent: The extension that placed an outbound or internal call, None for inbound.
        connected_at: Start of the present talk, None while nobody talks.
        talk_seconds: Sum of finished talks; see README for what counts.
        on_hold: The agent holds the caller now.
        ended_at: None while the call is on.
        outcome: None while the call is on.
    """

    id: uuid.UUID
    line_id: str
    direction: Direction
    started_at: datetime
    caller_raw: str = ""
    caller_name: str = ""
    presentation: Presentation = Presentation.UNKNOWN
    dialled: str | None = None
    queue: str | None = None
    account_id: str | None = None
    verification: Verification = Verification.UNKNOWN
    first_rang_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    agent: str | None = None
    connected_at: datetime | None = None
    ring_seconds: float = 0.0
    talk_seconds: float = 0.0
    on_hold: bool = False
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    outcome: CallOutcome | None = None
    offers: tuple[Offer, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    pops: tuple[Pop, ...] = field(default=())

    @property
    def is_withheld(self) -> bool:
        """Whether the caller withheld the number."""
        return self.presentation is Presentation.WITHHELD

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.ended_at is not None

    def offer_to(self, extension: str) -> Offer | None:
        """The offer of this call to an extension, None where it was never offered."""
        return next((offer for offer in self.offers if offer.extension == extension), None)
