"""The sentences that tell why this customer, why nobody, and why nobody was linked."""

from __future__ import annotations

from collections.abc import Sequence

from crmdesk.domain.matches import (
    Candidate,
    MatchRule,
    MatchState,
    NormalisedNumber,
    owner_words,
)
from crmdesk.matching.display import format_number
from crmdesk.matching.findings import PERHAPS, Finding
from crmdesk.matching.rank import Weighed
from crmdesk.matching.rungs import Question


def decided(
    asked: Question,
    finding: Finding,
    weighed: Weighed,
    linked: Candidate | None,
    owner_count: int,
) -> str:
    """Why this customer of these, or why none of them by itself."""
    number = asked.number
    if linked is not None:
        return _linked(finding, number, linked, owner_count)
    why_not = _why_not(asked, finding, weighed)
    if owner_count > 1 and finding.rule not in PERHAPS:
        return (
            f"{_what(finding, number)} belongs to {owner_words(owner_count)} customers. {why_not}"
        )
    return f"{_suggested(finding, number, weighed.living)} {why_not}"


def nobody(number: NormalisedNumber, barred: Sequence[Candidate]) -> str:
    """Why nobody was found."""
    if number.internal:
        return (
            f"The call comes from outside but shows the internal number {number.extension}; "
            "no customer was looked for."
        )
    if barred:
        return f"Nobody has {_whole(number)} now: {_list(barred)}."
    if number.e164 is None:
        return f"“{number.raw}” cannot be read as a phone number, and no customer has its digits."
    return f"No customer has the number {_shown(number)}."


def not_looked_up(state: MatchState) -> str:
    """Why nobody was looked up."""
    if state is MatchState.INTERNAL:
        return "The call comes from inside, so no customer was looked for."
    return "The caller withheld the number, so no customer was looked for."


def _linked(finding: Finding, number: NormalisedNumber, linked: Candidate, owner_count: int) -> str:
    owner = linked.owner
    if finding.rule is MatchRule.BLOCK:
        return (
            f"{_shown(number)} is a direct dial-in behind {format_number(finding.switchboard)}, "
            f"the switchboard of {owner.name}."
        )
    if owner_count == 1:
        return f"{_what(finding, number)} is stored for {owner.name}."
    why = next((each.words for each in linked.evidence if each.points > 0), "")
    return (
        f"{_what(finding, number)} belongs to {owner_words(owner_count)} customers; "
        f"{owner.name} has {linked.score} points: {why}."
    )


def _suggested(finding: Finding, number: NormalisedNumber, living: Sequence[Candidate]) -> str:
    if finding.rule is MatchRule.SUFFIX:
        return (
            f"No customer has the number {_whole(number)}. Its last {len(finding.digits)} digits "
            f"are those of {_names(living)}."
        )
    if finding.rule is MatchRule.BLOCK:
        return f"{_shown(number)} may be a direct dial-in of {_names(living)}."
    best = living[0]
    against = [each.words for each in best.evidence if each.points < 0]
    if best.owner.extension and not number.extension:
        against.append(f"with extension {best.owner.extension}, and the call shows none")
    because = f" ({', '.join(against)})" if against else ""
    return (
        f"{_what(finding, number)} is stored for {best.owner.name}, who has only {best.score} "
        f"points{because}."
    )


def _why_not(asked: Question, finding: Finding, weighed: Weighed) -> str:
    """Why none of the candidates is linked by itself."""
    rules = asked.rules
    if finding.rule is MatchRule.SUFFIX:
        return "That is a suggestion and links nobody."
    if finding.only_suggests:
        return "More than one company may be meant, so choose who it is."
    if weighed.is_disproved:
        return "The call does not prove its number, so nobody is linked; choose who it is."
    if max(each.score for each in weighed.living) < rules.link_from:
        return f"No customer is linked by itself below {rules.link_from} points; choose who it is."
    if finding.rule in PERHAPS:
        return "Where the block begins and ends is not sure, so choose who it is."
    lead = max(rules.lead, 1)
    return (
        f"None is {lead} {'point' if lead == 1 else 'points'} ahead of the others, so nobody is "
        "linked by itself; choose who it is."
    )


def _what(finding: Finding, number: NormalisedNumber) -> str:
    if finding.rule is MatchRule.ACCOUNT_ID:
        return f"The account id {finding.digits} that the caller entered"
    if finding.rule is MatchRule.NATIONAL:
        return f"The same number {finding.digits} with another or no country code"
    if finding.rule is MatchRule.E164_EXTENSION:
        return f"{_shown(number)} with extension {number.extension}"
    return _shown(number)


def _whole(number: NormalisedNumber) -> str:
    extension = f" with extension {number.extension}" if number.extension else ""
    return f"{_shown(number)}{extension}"


def _shown(number: NormalisedNumber) -> str:
    return format_number(number.e164 or number.raw)


_MOST_NAMED = 3


def _names(candidates: Sequence[Candidate]) -> str:
    names = [candidate.owner.name for candidate in candidates[:_MOST_NAMED]]
    more = len(candidates) - len(names)
    if more:
        return f"{', '.join(names)} and {more} more"
    return " or ".join(names)


def _list(barred: Sequence[Candidate]) -> str:
    reasons = [candidate.barred for candidate in barred[:_MOST_NAMED]]
    more = len(barred) - len(reasons)
    return "; ".join(reasons) + (f"; and {more} more" if more else "")
