"""The ledger: what became of every telephony event, one line each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LedgerOutcome(StrEnum):
    """What an event came to.

    POPPED: a card with one customer. AMBIGUOUS: a card with several possible ones.
    NO_MATCH, WITHHELD: a card without a customer. SUPPRESSED: a rule said that no card
    is shown. MERGED: it belongs to a call that is known and asks for no card of its own.
    FAILED: it could not be handled; the log says more.
    """

    POPPED = "popped"
    AMBIGUOUS = "ambiguous"
    NO_MATCH = "no_match"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"
    MERGED = "merged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One event and what became of it.

    Attributes:
        at: When the phone system told it, aware UTC.
        event: What happened, e.g. "phone_rang"; the snake-case name of the call event.
        call_id: None where the event could not be handled at all.
        extension: The phone it concerns, "" where none.
        rule: Which rule decided: a match rule, or what kept the card back, e.g.
            "internal_call", "other_extension", "ignore_list".
        digits: The digits that were compared, "" where none or withheld.
        candidates: How many customers were possible.
        millis: From the event's arrival to the card, None where there is no card.
        words: The line in one sentence, without names.
        sequence: Order in the store, 0 while not stored.
    """

    at: datetime
    line_id: str
    event: str
    outcome: LedgerOutcome
    call_id: uuid.UUID | None = None
    extension: str = ""
    rule: str = ""
    digits: str = ""
    candidates: int = 0
    millis: float | None = None
    words: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which lines a list shows; every part that is set has to hold.

    Attributes:
        text: Part of digits, extension or words.
        since, until: From (inclusive) and up to (exclusive), aware UTC.
    """

    text: str = ""
    outcomes: tuple[LedgerOutcome, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    call_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the ledger, newest first; `next` is the last line's sequence or None."""

    lines: tuple[LedgerLine, ...] = ()
    next: int | None = None
