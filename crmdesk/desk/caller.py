"""Who is calling and what is their story, read in one visit to the store."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.matches import (
    Candidate,
    Evidence,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Occasion,
    Owner,
)
from crmdesk.matching.ignoring import is_ignored
from crmdesk.matching.ladder import find
from crmdesk.matching.number_facts import facts_of
from crmdesk.matching.numbers import LineRules, line_rules, normalise
from crmdesk.settings.model import MatchingSettings

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.domain.customers import CustomerStory
    from crmdesk.domain.ignoring import IgnoreRule
    from crmdesk.domain.number_facts import NumberFacts
    from crmdesk.settings.model import LineSettings, Settings
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the settings say of looking up the callers of one line.

    Attributes:
        numbers: How the line's numbers are read.
        matching: The ladder.
        agent: Whose desk asks: name, else extension.
        own_numbers: E.164 of the company's own lines.
    """

    numbers: LineRules = field(default_factory=LineRules)
    matching: MatchingSettings = field(default_factory=MatchingSettings)
    agent: str = ""
    own_numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, line: LineSettings, settings: Settings) -> LookUp:
        """How callers of a line are looked up at this desk."""
        agent = settings.agent
        own = (number for one in (*settings.lines, line) for number in _called_numbers(one))
        return cls(
            line_rules(line), settings.matching, agent.name or agent.extension, frozenset(own)
        )


def _called_numbers(line: LineSettings) -> set[str]:
    rules = line_rules(line)
    read = (normalise(number, rules).e164 for number in line.called_names)
    return {e164 for e164 in read if e164}


@dataclass(frozen=True, slots=True)
class Caller:
    """The answer to "who is it", for one call.

    Attributes:
        number: What the normaliser made of the outside number.
        match: Who it is and why.
        story: What the pop shows; None where nobody or several people match.
        facts: What the number itself tells of somebody who is not known.
        ignored: The entry of the ignore list that wants no card for this caller.
        is_unread: The store could not be asked.
    """

    number: NormalisedNumber
    match: Match
    story: CustomerStory | None = None
    facts: NumberFacts | None = None
    ignored: IgnoreRule | None = None
    is_unread: bool = False

    @classmethod
    def unread(cls, number: NormalisedNumber) -> Caller:
        """The caller of a call while the store cannot be read: a number and no name."""
        match = Match(
            MatchState.NONE,
            MatchRule.NOTHING,
            number,
            explanation="The customer store could not be read, so nobody was looked up.",
        )
        return cls(number, match, is_unread=True)


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


def read_caller(reader: Reader, call: Call, look_up: LookUp, now: datetime) -> Caller:
    """Matches the caller of a call and reads the story. Runs on the store's reader thread."""
    number = number_of(call, look_up.numbers)
    match = _match(reader, call, number, look_up)
    story = reader.story(match.customer_id, now) if match.customer_id else None
    is_stranger = match.customer_id is None and call.direction is not Direction.INTERNAL
    return Caller(
        number,
        match,
        story,
        # The first number of a country costs reading its place names: only who needs them.
        facts_of(number, look_up.numbers.region) if is_stranger else None,
        _ignored(reader, call, number),
    )


def _match(reader: Reader, call: Call, number: NormalisedNumber, look_up: LookUp) -> Match:
    match = unmatched(call, number) or find(
        number, reader, occasion_of(call, look_up), call.account_id, rules=look_up.matching
    )
    choice = reader.choice_for_call(call.id)
    if choice is None:
        return match
    if choice.customer_id is None:
        return _as_nobody(match)
    return _as_chosen(reader, match, choice.customer_id)


def occasion_of(call: Call, look_up: LookUp) -> Occasion:
    """What is known of a call besides its number. Who calls from where they call to, lies."""
    dialled = normalise(call.dialled, look_up.numbers).e164 if call.dialled else None
    is_inbound = call.direction is Direction.INBOUND
    return Occasion(
        day=call.started_at.astimezone().date(),
        line_id=call.line_id,
        dialled=call.dialled or "",
        agent=look_up.agent,
        verification=call.verification,
        from_outside=is_inbound,
        own_numbers=look_up.own_numbers | ({dialled} if dialled and is_inbound else set()),
        region=look_up.numbers.region,
    )


def _as_nobody(match: Match) -> Match:
    """The match after an agent said that this one call is from somebody else."""
    return replace(
        match,
        state=MatchState.NONE,
        rule=MatchRule.CHOSEN,
        customer_id=None,
        label="",
        explanation="An agent said that this call is from somebody else.",
    )


def _as_chosen(reader: Reader, match: Match, customer_id: uuid.UUID) -> Match:
    """The match after an agent said, for this call, who it is."""
    others = tuple(c for c in match.candidates if c.owner.customer_id != customer_id)
    chosen = next((c for c in match.candidates if c.owner.customer_id == customer_id), None)
    chosen = chosen or _by_hand(reader, customer_id)
    if chosen is None:
        return match
    return replace(
        match,
        state=MatchState.EXACT,
        rule=MatchRule.CHOSEN,
        customer_id=customer_id,
        label=chosen.owner.label,
        candidates=(chosen, *others),
        explanation="An agent said who it is, for this call.",
    )


def _by_hand(reader: Reader, customer_id: uuid.UUID) -> Candidate | None:
    """Somebody who was chosen though nothing speaks for it; None where deleted since."""
    customer = reader.customer(customer_id)
    if customer is None:
        return None
    owner = Owner(
        customer.id,
        customer.name,
        customer.kind,
        customer.company_id,
        customer.company_name,
        label="",
        e164="",
    )
    return Candidate(owner, 0, (Evidence("chosen by an agent"),))


def _ignored(reader: Reader, call: Call, number: NormalisedNumber) -> IgnoreRule | None:
    """The entry that keeps back this caller's card. Who we call ourselves is never ignored."""
    if call.direction is not Direction.INBOUND or number.e164 is None:
        return None
    return is_ignored(number, reader.ignored())
