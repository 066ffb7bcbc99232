"""The order of possible callers, by evidence that is shown beside each.

Every candidate's score is the sum of the points of its evidence (`points.py`). Companies
stand first among several, then the points decide, then the name.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from crmdesk.domain.calls import Verification
from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.domain.matches import (
    Candidate,
    Evidence,
    MatchRule,
    NormalisedNumber,
    Occasion,
    Owner,
    OwnerFacts,
)
from crmdesk.matching import points
from crmdesk.matching.claims import Claims
from crmdesk.matching.dates import days_ago, on_day
from crmdesk.matching.findings import PERHAPS, Contender, Finding
from crmdesk.matching.lookup import OwnerLookup
from crmdesk.settings.model import MatchingSettings

_NOTHING_KNOWN = OwnerFacts()


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates of a finding, with the evidence.

    Attributes:
        living: Who may be calling, best first.
        beside: Shown after them, never meant.
        barred: Who is not calling, each with the reason; who had the number before and has it
            again is also among the living.
        counted: Points that count for linking, where not all do. The history of a customer
            says nothing of a number that is shown falsely, and neither does a choice; nor
            does history make a guess of a block a better one.
        is_disproved: The number shown is not the caller's own.
    """

    living: tuple[Candidate, ...]
    beside: tuple[Candidate, ...]
    barred: tuple[Candidate, ...]
    counted: Mapping[uuid.UUID, int]
    is_disproved: bool = False


def weigh(
    finding: Finding, number: NormalisedNumber, lookup: OwnerLookup, occasion: Occasion
) -> Weighed:
    """Asks the store what speaks for and against each contender of a finding."""
    claims, disproof = _claims(finding, number, lookup), _disproof(number, occasion)
    living, barred = _split(finding.contenders, claims, occasion.day)
    beside = [each for each in finding.beside if not claims.bar(each.owner, occasion.day)]
    shared = len(living) > 1 or finding.is_crowded
    facts = _facts(living, beside, number, lookup, occasion)
    scored = [_scored(each, claims, facts, shared, disproof) for each in living]
    counts_all = disproof is None and finding.rule not in PERHAPS
    return Weighed(
        living=_sorted(found for found, _ in scored),
        beside=_sorted(_aside(each, facts) for each in beside),
        barred=tuple(Candidate(each.owner, 0, (), each.barred) for each in barred),
        counted={} if counts_all else {each.owner.customer_id: sure for each, sure in scored},
        is_disproved=disproof is not None,
    )


def _scored(
    contender: Contender,
    claims: Claims,
    facts: Mapping[uuid.UUID, OwnerFacts],
    shared: bool,
    disproof: Evidence | None,
) -> tuple[Candidate, int]:
    """The candidate, and the points that say whose number it is, whatever its history."""
    owner = contender.owner
    chosen, ground = (*_remembered(owner, claims),), (*_grounds(contender, shared, disproof),)
    history = _history(facts[owner.customer_id]) if facts else ()
    sure = ground if disproof else (*chosen, *ground)
    return _candidate(owner, (*chosen, *history, *ground)), sum([each.points for each in sure])


def _sorted(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=_place))


def _place(candidate: Candidate) -> tuple[bool, int, str]:
    owner = candidate.owner
    return owner.kind is not CustomerKind.COMPANY, -candidate.score, owner.name.casefold()


def _claims(finding: Finding, number: NormalisedNumber, lookup: OwnerLookup) -> Claims:
    """What was said of the number, and of a block whose switchboard it is not.

    Whose number it is not says nothing of who may key in an account id.
    """
    said = Claims.of(lookup.claims(number.e164) if number.e164 else ())
    if finding.rule is MatchRule.ACCOUNT_ID:
        return Claims(chosen=said.chosen)
    if finding.switchboard:
        of_block = Claims.of(lookup.claims(finding.switchboard))
        return Claims(said.chosen, {**of_block.denied, **said.denied})
    return said


def _split(
    contenders: Iterable[Contender], claims: Claims, day: date
) -> tuple[list[Contender], list[Contender]]:
    """One contender per customer: those who may be calling, and those who are barred."""
    living: dict[uuid.UUID, Contender] = {}
    barred: dict[uuid.UUID, Contender] = {}
    for contender in contenders:
        owner = contender.owner
        reason = contender.barred or claims.bar(owner, day)
        if reason:
            barred.setdefault(
                owner.customer_id, Contender(owner, 0, contender.words, barred=reason)
            )
            continue
        known = living.get(owner.customer_id)
        if known is None or contender.points > known.points:
            living[owner.customer_id] = contender
    return list(living.values()), list(barred.values())


def _facts(
    living: list[Contender],
    beside: list[Contender],
    number: NormalisedNumber,
    lookup: OwnerLookup,
    occasion: Occasion,
) -> Mapping[uuid.UUID, OwnerFacts]:
    """History only puts several in order; the usual sole owner is not kept waiting for it."""
    if len(living) + len(beside) < 2:
        return {}
    keys = tuple(dict.fromkeys(each.owner.customer_id for each in (*living, *beside)))
    known = lookup.facts(number.e164 or "", keys, occasion)
    return {key: known.get(key, _NOTHING_KNOWN) for key in keys}


def _candidate(owner: Owner, evidence: tuple[Evidence, ...]) -> Candidate:
    return Candidate(owner, sum([each.points for each in evidence]), evidence)


def _aside(contender: Contender, facts: Mapping[uuid.UUID, OwnerFacts]) -> Candidate:
    known = facts[contender.owner.customer_id] if facts else _NOTHING_KNOWN
    own = Evidence(contender.words, contender.points)
    return _candidate(contender.owner, (*_history(known), own))


def _disproof(number: NormalisedNumber, occasion: Occasion) -> Evidence | None:
    """What shows that the number is not the caller's own, None where nothing does."""
    if occasion.verification is Verification.FAILED:
        return Evidence("the number's signature is wrong", points.NOT_ITS_NUMBER)
    if occasion.from_outside and number.e164 in occasion.own_numbers:
        return Evidence("the call shows one of our own numbers", points.NOT_ITS_NUMBER)
    return None


def _grounds(contender: Contender, shared: bool, disproof: Evidence | None) -> Iterator[Evidence]:
    """What the numbers themselves say, for and against."""
    owner = contender.owner
    if owner.kind is CustomerKind.COMPANY:
        yield Evidence("the company itself")
    if owner.status is CustomerStatus.FORMER:
        yield Evidence("former customer", points.FORMER_CUSTOMER)
    worth = min(contender.points, points.SHARED) if shared else contender.points
    yield Evidence(contender.words, worth)
    if disproof is not None:
        yield disproof


def _remembered(owner: Owner, claims: Claims) -> Iterator[Evidence]:
    chosen = claims.chosen
    if chosen is not None and chosen.customer_id == owner.customer_id:
        who = f" by {chosen.who}" if chosen.who else ""
        words = f"chosen for this number{who} on {on_day(chosen.on)}"
        yield Evidence(words, points.REMEMBERED)


def _history(facts: OwnerFacts) -> Iterator[Evidence]:
    if facts.promise_due:
        yield Evidence("a promise is due", points.PROMISE_DUE)
    if facts.has_open_ticket:
        yield Evidence("open ticket", points.OPEN_TICKET)
    if facts.last_from_here_days is not None:
        days = max(facts.last_from_here_days, 0)
        worth = max(0, points.CALLED_FROM_HERE_TODAY - days)
        yield Evidence(f"called from here {days_ago(days)}", worth)
    elif facts.last_call_days is not None:
        yield Evidence(f"last call {days_ago(facts.last_call_days)}")
    if facts.called_here:
        yield Evidence("has called this line before", points.CALLED_THIS_LINE)
    if facts.is_own:
        yield Evidence("your own customer", points.OWN_CUSTOMER)


def winner(weighed: Weighed, finding: Finding, rules: MatchingSettings) -> Candidate | None:
    """Who is linked by itself: enough points, and far enough ahead of the next."""
    if finding.only_suggests or finding.rule is MatchRule.SUFFIX or not weighed.living:
        return None
    best = max(weighed.living, key=lambda each: each.score)
    return best if _is_enough(best, weighed, rules) else None


def is_by_choice(linked: Candidate, weighed: Weighed, rules: MatchingSettings) -> bool:
    """Whether a customer is linked only because an agent chose it for this number before."""
    if not any(each.points == points.REMEMBERED for each in linked.evidence):
        return False
    return not _is_enough(linked, weighed, rules, left_out=points.REMEMBERED)


def _is_enough(
    candidate: Candidate, weighed: Weighed, rules: MatchingSettings, left_out: int = 0
) -> bool:
    """Whether a candidate is linked, were it not for some of its points."""
    score, lead = candidate.score - left_out, max(rules.lead, 1)
    others = (each.score for each in weighed.living if each is not candidate)
    if any(score - other < lead for other in others):
        return False
    counted = weighed.counted.get(candidate.owner.customer_id)
    if counted is None:
        return score >= rules.link_from
    return (counted if weighed.is_disproved else counted - left_out) >= rules.link_from
