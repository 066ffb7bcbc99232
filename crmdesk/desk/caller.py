"""Who is calling and what is their story, read in one visit to the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber, Occasion
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, normalise

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.domain.customers import CustomerStory
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class Caller:
    """The answer to "who is it", for one call.

    Attributes:
        number: What the normaliser made of the outside number.
        match: Who it is and why.
        story: What the pop shows; None where nobody or several people match.
    """

    number: NormalisedNumber
    match: Match
    story: CustomerStory | None = None

    @classmethod
    def unread(cls, number: NormalisedNumber) -> Caller:
        """The caller of a call while the store cannot be read: a number and no name."""
        match = Match(
            MatchState.NONE,
            MatchRule.NOTHING,
            number,
            explanation="The customer store could not be read, so nobody was looked up.",
        )
        return cls(number, match)


def number_of(call: Call, rules: LineRules) -> NormalisedNumber:
    """The normalised outside number of a call; nothing at all where it is withheld."""
    if call.is_withheld:
        return NormalisedNumber(raw="", withheld=True)
    return normalise(call.caller_raw, rules)


def unmatched(call: Call, number: NormalisedNumber) -> Match | None:
    """The match of a call for which the store need not be asked, else None."""
    if call.direction is Direction.INTERNAL:
        return Match(
            MatchState.INTERNAL,
            MatchRule.INTERNAL,
            number,
            explanation="A call between two extensions of the company.",
        )
    if number.withheld and not call.account_id:
        return Match(
            MatchState.WITHHELD,
            MatchRule.WITHHELD,
            number,
            explanation="The caller withheld the number, so it is neither matched nor stored.",
        )
    return None


def occasion_of(call: Call, agent: str = "") -> Occasion:
    """What is known of a call besides its number; `agent` is who asks, "" where nobody."""
    return Occasion(
        day=call.started_at.astimezone().date(),
        line_id=call.line_id,
        dialled=call.dialled or "",
        agent=agent,
        verification=call.verification,
        from_outside=call.direction is Direction.INBOUND,
    )


def read_caller(reader: Reader, call: Call, rules: LineRules, now: datetime) -> Caller:
    """Matches the caller of a call and reads the story. Runs on the store's reader thread."""
    number = number_of(call, rules)
    match = unmatched(call, number) or find(number, reader, occasion_of(call), call.account_id)
    story = reader.story(match.customer_id, now) if match.customer_id else None
    return Caller(number, match, story)
