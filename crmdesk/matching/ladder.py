"""Who is calling: the rungs from the surest to none, and the reason in words.

The first rung that finds somebody who may be calling decides. A customer is linked by
itself only where one is meant surely enough (`rank.winner`). Names are never compared, only
numbers and account ids.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmdesk.domain.matches import (
    OWNERS_COUNTED,
    Candidate,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Occasion,
    Trust,
)
from crmdesk.matching import reasons
from crmdesk.matching.blocks import by_block
from crmdesk.matching.findings import PERHAPS, Finding
from crmdesk.matching.lookup import OwnerLookup
from crmdesk.matching.rank import Weighed, is_by_choice, weigh, winner
from crmdesk.matching.rungs import Question, by_account, by_e164, by_national, by_suffix
from crmdesk.matching.rungs import Rung as _Rung
from crmdesk.matching.trust import trust_of
from crmdesk.settings.model import MatchingSettings, Rung

_USUAL = MatchingSettings()

_RUNGS: dict[Rung, _Rung] = {
    "account": by_account,
    "e164": by_e164,
    "national": by_national,
    "block": by_block,
    "suffix": by_suffix,
}
_NEEDS_NO_NUMBER = frozenset({"account"})
_STATES = {MatchRule.NATIONAL: MatchState.NATIONAL, MatchRule.BLOCK: MatchState.BLOCK}
"""The state of a linked customer where it is not EXACT."""


def find(
    number: NormalisedNumber,
    lookup: OwnerLookup,
    occasion: Occasion,
    account_id: str | None = None,
    *,
    internal: bool = False,
    rules: MatchingSettings = _USUAL,
    words: bool = True,
) -> Match:
    """Climbs the ladder.

    Args:
        number: From `numbers.normalise`, with the rules of the line that was called.
        lookup: The store, or an index in memory.
        occasion: What else is known of the call.
        account_id: What the caller keyed in; surer than any number.
        internal: The call came from inside. A number that only looks internal is no proof.
        rules: Which rungs there are, in which order, and what is needed to link somebody.
        words: Whether the explanation and the trust are wanted; they take most of the time
            where millions are looked up.
    """
    if internal:
        return _without_number(MatchState.INTERNAL, MatchRule.INTERNAL, number)
    asked = Question(number, lookup, account_id or "", occasion, rules, words)
    trust = trust_of(number, occasion) if words else Trust()
    barred: tuple[Candidate, ...] = ()
    for rung in rules.ladder:
        finding = _ask(rung, asked)
        if finding is None:
            continue
        weighed = weigh(finding, number, lookup, occasion)
        barred = _joined(barred, weighed.barred) if weighed.barred else barred
        if weighed.living:
            return _decided(finding, weighed, barred, asked, trust)
    if number.withheld:
        return _without_number(MatchState.WITHHELD, MatchRule.WITHHELD, number)
    return _nobody(barred, asked, trust)


def _ask(rung: Rung, asked: Question) -> Finding | None:
    """Asks a rung; a withheld number is compared with nothing."""
    if asked.number.withheld and rung not in _NEEDS_NO_NUMBER:
        return None
    return _RUNGS[rung](asked)


def _joined(first: Iterable[Candidate], more: Iterable[Candidate]) -> tuple[Candidate, ...]:
    found = {candidate.owner.customer_id: candidate for candidate in more}
    found.update((candidate.owner.customer_id, candidate) for candidate in first)
    return tuple(found.values())


def _decided(
    finding: Finding,
    weighed: Weighed,
    barred: tuple[Candidate, ...],
    asked: Question,
    trust: Trust,
) -> Match:
    rules = asked.rules
    linked = winner(weighed, finding, rules)
    living = _linked_first(weighed.living, linked)
    left_out = _left_out(barred, (*living, *weighed.beside)) if barred else ()
    owner_count = _owner_count(finding, living, left_out, asked)
    by_choice = linked is not None and is_by_choice(linked, weighed, rules)
    return Match(
        state=_state(finding, linked, owner_count),
        rule=MatchRule.REMEMBERED if by_choice else finding.rule,
        number=asked.number,
        customer_id=linked.owner.customer_id if linked else None,
        digits=finding.digits,
        label=_label(finding, linked),
        candidates=(*living, *weighed.beside, *left_out),
        explanation=(
            reasons.decided(asked, finding, weighed, linked, owner_count) if asked.words else ""
        ),
        owner_count=owner_count,
        link_from=rules.link_from,
        trust=trust,
    )


def _left_out(barred: tuple[Candidate, ...], shown: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The barred ones that no other rung found for another reason."""
    keys = {candidate.owner.customer_id for candidate in shown}
    return tuple(each for each in barred if each.owner.customer_id not in keys)


def _linked_first(living: tuple[Candidate, ...], linked: Candidate | None) -> tuple[Candidate, ...]:
    if linked is None:
        return living
    return (linked, *(candidate for candidate in living if candidate is not linked))


def _owner_count(
    finding: Finding, living: tuple[Candidate, ...], barred: tuple[Candidate, ...], asked: Question
) -> int:
    """How many customers may be meant; of a shared number the store counts all."""
    number = asked.number
    is_whole = finding.rule is MatchRule.E164 and not number.extension
    if number.e164 is None or not is_whole or (len(living) < 2 and not finding.is_crowded):
        return len(living)
    counted = asked.lookup.owner_count(number.e164)
    if counted >= OWNERS_COUNTED:  # whoever is left out, there are more
        return counted
    return max(len(living), counted - len(barred))


def _state(finding: Finding, linked: Candidate | None, owner_count: int) -> MatchState:
    if linked is not None:
        return _STATES.get(finding.rule, MatchState.EXACT)
    is_shared = owner_count > 1 and finding.rule not in PERHAPS
    return MatchState.SEVERAL if is_shared else MatchState.SUGGESTED


def _label(finding: Finding, linked: Candidate | None) -> str:
    if linked is None:
        return ""
    if finding.rule is MatchRule.BLOCK:
        return f"switchboard of {linked.owner.name}"
    return linked.owner.label


def _nobody(barred: tuple[Candidate, ...], asked: Question, trust: Trust) -> Match:
    number = asked.number
    return Match(
        state=MatchState.NONE,
        rule=MatchRule.NOTHING,
        number=number,
        digits=number.e164 or number.national,
        candidates=barred,
        explanation=reasons.nobody(number, barred) if asked.words else "",
        link_from=asked.rules.link_from,
        trust=trust,
    )


def _without_number(state: MatchState, rule: MatchRule, number: NormalisedNumber) -> Match:
    """The match of a call for which nobody was looked up."""
    return Match(
        state=state,
        rule=rule,
        number=number,
        digits=number.e164 or number.national,
        explanation=reasons.not_looked_up(state),
    )
