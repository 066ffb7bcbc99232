"""Cards as values, for the tests of the pop."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crmdesk.domain.calls import Direction, PopReason
from crmdesk.domain.customers import (
    Customer,
    CustomerKind,
    CustomerStory,
    LastContact,
    OpenTicket,
    StoryLine,
    TimelineKind,
)
from crmdesk.domain.matches import (
    Candidate,
    Evidence,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Owner,
)
from crmdesk.domain.pops import PopCard, PopState

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NUMBER = NormalisedNumber("+493023125710", "+493023125710", national="3023125710", region="DE")
ANNA = Customer(
    uuid.UUID(int=1),
    CustomerKind.PERSON,
    "Anna Hansen",
    company_name="Nordwind GmbH",
    role="purchasing",
    segment="Gold",
    customer_since=date(2019, 4, 1),
)
STORY = CustomerStory(
    ANNA,
    LastContact(NOW - timedelta(days=3), "Ben", "invoice 88", TimelineKind.CALL),
    since=(StoryLine("bad", "Complaint 2041 opened", NOW - timedelta(days=2)),),
    open_tickets=(
        OpenTicket(
            uuid.UUID(int=9), "2041", "complaint", "Bent frame", "high", "open",
            NOW - timedelta(days=2),
        ),
    ),
)  # fmt: skip


def owner(number: int, name: str = "Anna Hansen", company: str = "Nordwind GmbH") -> Owner:
    key = uuid.UUID(int=number)
    return Owner(key, name, CustomerKind.PERSON, None, company, "work", NUMBER.e164 or "")


KNOWN = Match(
    MatchState.EXACT, MatchRule.E164, NUMBER, ANNA.id, "3023125710", "work",
    (Candidate(owner(1), 10),), "The number is stored for Anna Hansen.",
)  # fmt: skip
NOBODY = Match(MatchState.NONE, MatchRule.NOTHING, NUMBER, explanation="Nobody has it.")
WITHHELD = Match(
    MatchState.WITHHELD, MatchRule.WITHHELD, NormalisedNumber("", withheld=True),
    explanation="The caller withheld the number.",
)  # fmt: skip


def several(count: int) -> Match:
    people = tuple(
        Candidate(owner(n, f"Person {n}"), 10 - n, (Evidence("2 calls"),)) for n in range(count)
    )
    return Match(MatchState.SEVERAL, MatchRule.E164, NUMBER, candidates=people)


def card(call: int = 1, **facts: Any) -> PopCard:
    """A ringing card of Anna; `facts` replace fields."""
    made = PopCard(
        uuid.UUID(int=call),
        "1001",
        PopReason.RING,
        PopState.RINGING,
        Direction.INBOUND,
        KNOWN,
        "Anna Hansen",
        NOW,
        number_text="030 23125710",
        line_text="Support",
        rang_at=NOW,
        story=STORY,
    )
    return replace(made, **facts)
