"""The call log as lists show it: a call with the customer it was linked to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.domain.segments import Members


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line of the call log.

    Attributes:
        call: The call. Lists leave `offers`, `transfers` and `pops` empty; `Reader.call`
            reads them.
        caller_e164: Outside number, None where withheld, unknown or not a phone number.
        match_state: None while nobody looked.
        match_digits: The digits that were compared.
    """

    call: Call
    caller_e164: str | None = None
    customer_id: uuid.UUID | None = None
    customer_name: str = ""
    company_name: str = ""
    match_state: MatchState | None = None
    match_rule: MatchRule | None = None
    match_digits: str = ""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls a list shows; every part that is set has to hold.

    Attributes:
        text: Part of a customer's name, company, e-mail or number, or of a caller's number.
        since, until: Start of the call, from (inclusive) and up to (exclusive), aware UTC.
        extension: Was offered the call, answered or placed it.
        missed_only: Inbound calls nobody talked to.
        members: The customer belongs to this segment now.
    """

    text: str = ""
    direction: Direction | None = None
    outcomes: tuple[CallOutcome, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    extension: str = ""
    missed_only: bool = False
    members: Members | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended, newest first; the next page starts behind it."""

    at: datetime
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CallPage:
    """A page of the call log; `next` is None on the last one.

    Of a segment it may be short, or empty, and still have a `next`: ask on from there.
    """

    rows: tuple[CallRow, ...] = ()
    next: Place | None = None


CALL_BACK_DAYS = 14
"""Older lost calls are no longer called back."""


def is_about(row: CallRow, text: str) -> bool:
    """Whether a text is in the name, company or number of a call; "" is in all.

    For lists that are held: the store finds calls by its indexes.
    """
    digits = "".join(filter(str.isdigit, text)).lstrip("0")
    number = row.caller_e164 or row.call.caller_raw
    words = f"{row.customer_name} {row.company_name} {row.call.caller_name}".casefold()
    return text.casefold() in words or bool(digits and digits in number)


class CallerSort(IntEnum):
    """Whether there is a caller to look for in a call."""

    OUTSIDE = 0
    WITHHELD = 1
    INTERNAL = 2


CallerRow = tuple[str, str, str | None, int]
"""Of one call: line id, outside number as the wire told it, account id, `CallerSort`.

A plain tuple: lists of millions of calls are read as these.
"""
