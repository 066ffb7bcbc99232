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
    FAILED: it could not be handled; the log says more. NOTED: no event of a call, but what
    explains others: a line was lost or came back, lines of the ledger were left out.
    """

    POPPED = "popped"
    AMBIGUOUS = "ambiguous"
    NO_MATCH = "no_match"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"
    MERGED = "merged"
    FAILED = "failed"
    NOTED = "noted"


class LedgerRule(StrEnum):
    """What decided where it was no rule of the match ladder (`MatchRule`).

    PART_OF_CALL: such events bring no card. CARD_IS_THERE: this phone has its card already.
    WAITS_FOR_ANSWER: the line shows cards when somebody answers. OTHER_EXTENSION: another
    agent's phone. ON_REQUEST: the line shows cards only when asked. CALL_OVER: it ended, or a
    colleague answered, before the card could be shown.
    """

    PART_OF_CALL = "part_of_call"
    CARD_IS_THERE = "card_is_there"
    INTERNAL_CALL = "internal_call"
    WAITS_FOR_ANSWER = "waits_for_answer"
    OTHER_EXTENSION = "other_extension"
    ON_REQUEST = "on_request"
    IGNORE_LIST = "ignore_list"
    CALL_OVER = "call_over"
    NOT_UNDERSTOOD = "not_understood"
    STORE_UNREADABLE = "store_unreadable"
    PROGRAM_ENDED = "program_ended"
    LINE_LOST = "line_lost"
    LINE_CONNECTED = "line_connected"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One event and what became of it.

    Attributes:
        at: When the phone system told it, aware UTC.
        event: What happened, e.g. "phone_rang"; the snake-case name of the call event, or
            the rule of a noted line.
        call_id: None where the event could not be handled at all.
        extension: The phone it concerns, "" where none.
        rule: Which rule decided: a `MatchRule`, or what kept the card back, a `LedgerRule`.
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
