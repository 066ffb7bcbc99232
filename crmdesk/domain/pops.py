"""The card an agent sees, as a value: the window only paints it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crmdesk.domain.calls import Direction, PopReason
from crmdesk.domain.customers import CustomerStory
from crmdesk.domain.matches import Match
from crmdesk.domain.number_facts import NumberFacts


class PopState(StrEnum):
    """What the card looks like."""

    RINGING = "ringing"
    DIALLING = "dialling"
    ANSWERED_HERE = "answered_here"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PopCard:
    """Everything on one card. A newer card of the same `call_id` replaces it in place.

    Attributes:
        title: Name of the customer, or what stands for it ("Number withheld", a number).
        number_text: Number as shown, "" where withheld.
        line_text: The line that was called, as shown.
        answered_by: Name or extension of the colleague (ANSWERED_ELSEWHERE).
        transferred_from: Name or extension, "" where not transferred.
        story: None where nobody, or several people, match.
        facts: What the number itself tells, None where withheld or internal.
    """

    call_id: uuid.UUID
    extension: str
    reason: PopReason
    state: PopState
    direction: Direction
    match: Match
    title: str
    shown_at: datetime
    number_text: str = ""
    caller_name: str = ""
    line_text: str = ""
    queue: str = ""
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    on_hold: bool = False
    answered_by: str = ""
    transferred_from: str = ""
    story: CustomerStory | None = None
    facts: NumberFacts | None = None
    on_request: bool = False
    """The line pops only when asked: keep it in the tray, do not show it by itself."""
