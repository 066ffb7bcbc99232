"""The ladder for millions of numbers: the same customers, without what is only told.

Explanation and trust are left out, and history is not read where it cannot decide: by the
points of `matching.points` nobody of several is linked by history alone, so tickets and calls
of a shared number's owners only put them into another order.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from crmdesk.domain.matches import Match, MatchRule, NormalisedNumber, Occasion, OwnerFacts
from crmdesk.matching import points
from crmdesk.matching.ladder import find
from crmdesk.settings.model import MatchingSettings

if TYPE_CHECKING:
    from crmdesk.matching.lookup import OwnerLookup

_HISTORY_MAX: Final = (
    points.PROMISE_DUE
    + points.OPEN_TICKET
    + points.CALLED_FROM_HERE_TODAY
    + points.OWN_CUSTOMER
    + points.CALLED_THIS_LINE
)
_CHOSEN_MIN: Final = points.SHARED + points.REMEMBERED + points.FORMER_CUSTOMER
_NOT_CHOSEN_MAX: Final = points.SHARED + _HISTORY_MAX


class QuickFinder:
    """Finds customers by the ladder; candidates of a shared number come in no sure order.

    Args:
        lookup: The customers; an index in memory.
    """

    def __init__(self, lookup: OwnerLookup) -> None:
        self._lookup = lookup
        self._unweighed = _WithoutHistory(lookup)

    def find(
        self,
        number: NormalisedNumber,
        occasion: Occasion,
        account_id: str | None,
        rules: MatchingSettings,
    ) -> Match:
        """Who is found, by which rule, linked or not: as `ladder.find` says."""
        if _history_may_decide(rules):
            return find(number, self._lookup, occasion, account_id, rules=rules, words=False)
        self._unweighed.was_asked = False
        match = find(number, self._unweighed, occasion, account_id, rules=rules, words=False)
        if match.rule is MatchRule.BLOCK and self._unweighed.was_asked:
            return find(number, self._lookup, occasion, account_id, rules=rules, words=False)
        return match


def _history_may_decide(rules: MatchingSettings) -> bool:
    """Whether history could link one of several owners, or keep a chosen one from it.

    Of a block it always may: a company has the whole worth of its block beside its people.
    """
    if not _NOT_CHOSEN_MAX < rules.link_from <= _CHOSEN_MIN:
        return True
    return rules.lead > _CHOSEN_MIN - _NOT_CHOSEN_MAX


class _WithoutHistory:
    """A lookup that knows of no history, and whether it was asked for it."""

    def __init__(self, lookup: OwnerLookup) -> None:
        self.was_asked = False
        self.by_account = lookup.by_account
        self.by_e164 = lookup.by_e164
        self.by_national = lookup.by_national
        self.by_any_e164 = lookup.by_any_e164
        self.by_prefix = lookup.by_prefix
        self.by_suffix = lookup.by_suffix
        self.claims = lookup.claims
        self.owner_count = lookup.owner_count

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        """Nothing."""
        self.was_asked = True
        return {}
