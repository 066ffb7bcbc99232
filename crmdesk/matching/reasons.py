"""The sentence that tells why this customer, or why nobody."""

from __future__ import annotations

from collections.abc import Sequence

from crmdesk.domain.matches import (
    Candidate,
    MatchRule,
    MatchState,
    NormalisedNumber,
)
from crmdesk.matching.display import format_number


def found(
    rule: MatchRule, number: NormalisedNumber, digits: str, candidates: Sequence[Candidate]
) -> str:
    """Why these candidates."""
    if len(candidates) > 1:
        return f"{_what(rule, number, digits)} belongs to {len(candidates)} customers."
    owner = candidates[0].owner
    return f"{_what(rule, number, digits)} is stored for {owner.name}{_label(owner.label)}."


def other_extension(number: NormalisedNumber) -> str:
    """Why nobody is linked although the number without its extension is known."""
    return (
        f"{_shown(number)} is stored only with other extensions than {number.extension}, "
        "so nobody was chosen."
    )


def not_found(state: MatchState, number: NormalisedNumber) -> str:
    """Why nobody."""
    if state is MatchState.INTERNAL:
        return "The call comes from inside, so no customer was looked for."
    if state is MatchState.WITHHELD:
        return "The caller withheld the number, so no customer was looked for."
    if number.internal:
        return (
            f"The call comes from outside but shows the internal number {number.extension}; "
            "no customer was looked for."
        )
    if number.e164 is None:
        return f"“{number.raw}” cannot be read as a phone number, and no customer has its digits."
    return f"No customer has the number {_shown(number)}."


def _what(rule: MatchRule, number: NormalisedNumber, digits: str) -> str:
    if rule is MatchRule.ACCOUNT_ID:
        return f"The account id {digits} that the caller entered"
    if rule is MatchRule.NATIONAL:
        return f"The same number {digits} with another or no country code"
    if rule is MatchRule.E164_EXTENSION:
        return f"{_shown(number)} with extension {number.extension}"
    return f"{_shown(number)}"


def _shown(number: NormalisedNumber) -> str:
    return format_number(number.e164 or number.raw)


def _label(label: str) -> str:
    return f" ({label})" if label and label != "other" else ""
