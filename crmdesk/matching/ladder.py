"""Who is calling: the rungs from the surest to none, and the reason in words.

A customer is linked by itself only where exactly one is meant. Names are never compared,
only numbers and account ids.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import phonenumbers

from crmdesk.domain.matches import (
    Candidate,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Occasion,
    Owner,
)
from crmdesk.matching import reasons
from crmdesk.matching.lookup import OwnerLookup, Owners
from crmdesk.matching.rank import ranked
from crmdesk.settings.model import MatchingSettings

_USUAL = MatchingSettings()


def find(
    number: NormalisedNumber,
    lookup: OwnerLookup,
    occasion: Occasion,
    account_id: str | None = None,
    *,
    internal: bool = False,
    rules: MatchingSettings = _USUAL,
) -> Match:
    """Climbs the ladder.

    Args:
        number: From `numbers.normalise`, with the rules of the line that was called.
        lookup: The store.
        occasion: What else is known of the call.
        account_id: What the caller keyed in; surer than any number.
        internal: The call came from inside. A number that only looks internal is no proof.
        rules: Which rungs there are, and what is needed to link somebody.
    """
    if internal:
        return _without_owner(MatchState.INTERNAL, MatchRule.INTERNAL, number)
    if account_id and (owners := lookup.by_account(account_id)):
        return _match(MatchState.EXACT, MatchRule.ACCOUNT_ID, number, account_id, owners)
    if number.withheld:
        return _without_owner(MatchState.WITHHELD, MatchRule.WITHHELD, number)
    return (
        _by_e164(number, lookup)
        or _by_national(number, lookup)
        or _without_owner(MatchState.NONE, MatchRule.NOTHING, number)
    )


def _by_e164(number: NormalisedNumber, lookup: OwnerLookup) -> Match | None:
    if number.e164 is None:
        return None
    owners = lookup.by_e164(number.e164)
    others = tuple(owner for e164 in number.other_readings for owner in lookup.by_e164(e164))
    if owners and number.extension:
        return _by_extension(number, number.e164, owners)
    if owners:
        return _match(MatchState.EXACT, MatchRule.E164, number, number.e164, owners + others)
    if others:
        return _match(MatchState.NATIONAL, MatchRule.NATIONAL, number, number.national, others)
    return None


def _by_extension(number: NormalisedNumber, e164: str, owners: Owners) -> Match:
    """The call names an extension: its owner, else the switchboard, else nobody for sure."""
    same = tuple(owner for owner in owners if owner.extension == number.extension)
    if same:
        digits = f"{e164} x{number.extension}"
        return _match(MatchState.EXACT, MatchRule.E164_EXTENSION, number, digits, same)
    switchboard = tuple(owner for owner in owners if not owner.extension)
    if switchboard:
        return _match(MatchState.EXACT, MatchRule.E164, number, e164, switchboard)
    return Match(
        state=MatchState.NONE,
        rule=MatchRule.NOTHING,
        number=number,
        digits=e164,
        candidates=ranked(owners, number),
        explanation=reasons.other_extension(number),
    )


def _by_national(number: NormalisedNumber, lookup: OwnerLookup) -> Match | None:
    if not number.national:
        return None
    owners = tuple(
        owner for owner in lookup.by_national(number.national, "") if _may_be_same(owner, number)
    )
    if not owners:
        return None
    return _match(MatchState.NATIONAL, MatchRule.NATIONAL, number, number.national, owners)


def _may_be_same(owner: Owner, number: NormalisedNumber) -> bool:
    """Whether two numbers with the same national digits can be one.

    They can where one of them could not be read, or was stored with a country that makes it
    an impossible number. Two good numbers of two countries are two numbers.
    """
    if number.e164 is None or not owner.e164:
        return True
    return _is_valid(number.e164) and not _is_valid(owner.e164)


def _is_valid(e164: str) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(e164, None)))
    except phonenumbers.NumberParseException:
        return False


def _match(
    state: MatchState, rule: MatchRule, number: NormalisedNumber, digits: str, owners: Owners
) -> Match:
    candidates = ranked(owners, number)
    sure = _one_customer(candidates)
    return Match(
        state=state if sure else MatchState.SEVERAL,
        rule=rule,
        number=number,
        customer_id=sure,
        digits=digits,
        label=candidates[0].owner.label if sure else "",
        candidates=candidates,
        explanation=reasons.found(rule, number, digits, candidates),
    )


def _one_customer(candidates: Iterable[Candidate]) -> uuid.UUID | None:
    customers = {candidate.owner.customer_id for candidate in candidates}
    return customers.pop() if len(customers) == 1 else None


def _without_owner(state: MatchState, rule: MatchRule, number: NormalisedNumber) -> Match:
    return Match(
        state=state,
        rule=rule,
        number=number,
        digits=number.e164 or number.national,
        explanation=reasons.not_found(state, number),
    )
