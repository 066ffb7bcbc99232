"""The ladder for millions of numbers: the same customers, without what is only told.

Explanation and trust are left out, and history (tickets, promises, earlier calls) is read only
of customers for whom it can decide: what it is worth at most is known (`matching.points`), and
mostly that is too little to link somebody, or to hinder somebody from being linked.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from crmdesk.domain.matches import (
    Candidate,
    Match,
    MatchRule,
    NormalisedNumber,
    Occasion,
    OwnerFacts,
)
from crmdesk.matching import points
from crmdesk.matching.ladder import find
from crmdesk.settings.model import MatchingSettings

if TYPE_CHECKING:
    from crmdesk.matching.lookup import OwnerLookup

HISTORY_MAX: Final = (
    points.PROMISE_DUE
    + points.OPEN_TICKET
    + points.CALLED_FROM_HERE_TODAY
    + points.OWN_CUSTOMER
    + points.CALLED_THIS_LINE
)
"""All that history can add to a customer's points; it never takes any away."""


class QuickFinder:
    """Finds customers by the ladder; the candidates of a shared number come in no sure order.

    Args:
        lookup: The customers; an index in memory.
    """

    def __init__(self, lookup: OwnerLookup) -> None:
        self._lookup = _PartOfHistory(lookup)

    def find(
        self,
        number: NormalisedNumber,
        occasion: Occasion,
        account_id: str | None,
        rules: MatchingSettings,
    ) -> Match:
        """Who is found, by which rule, linked or not: as `ladder.find` says."""
        lookup = self._lookup
        lookup.wanted, lookup.was_asked = frozenset(), False
        match = find(number, lookup, occasion, account_id, rules=rules, words=False)
        if not lookup.was_asked or not _history_may_decide(match, rules):
            return match
        within = rules.link_from - max(rules.lead, 1) - HISTORY_MAX
        lookup.wanted = frozenset(
            each.owner.customer_id for each in _living(match) if each.score >= within
        )
        return find(number, lookup, occasion, account_id, rules=rules, words=False)


def _history_may_decide(match: Match, rules: MatchingSettings) -> bool:
    """Whether history could link somebody else than is linked without it."""
    if match.rule is MatchRule.SUFFIX:
        return False
    living = _living(match)
    linked = next((c for c in living if c.owner.customer_id == match.customer_id), None)
    if linked is None:
        return any(each.score + HISTORY_MAX >= rules.link_from for each in living)
    safe = linked.score - max(rules.lead, 1)
    return any(each is not linked and each.score + HISTORY_MAX > safe for each in living)


def _living(match: Match) -> list[Candidate]:
    return [candidate for candidate in match.candidates if not candidate.barred]


class _PartOfHistory:
    """A lookup that knows the history of some customers only.

    Attributes:
        wanted: Whose.
        was_asked: Whether anybody's was asked for.
    """

    def __init__(self, lookup: OwnerLookup) -> None:
        self.wanted: frozenset[uuid.UUID] = frozenset()
        self.was_asked = False
        self._facts = lookup.facts
        self.by_account = lookup.by_account
        self.by_e164 = lookup.by_e164
        self.by_extension = lookup.by_extension
        self.by_national = lookup.by_national
        self.by_any_e164 = lookup.by_any_e164
        self.by_prefix = lookup.by_prefix
        self.by_suffix = lookup.by_suffix
        self.claims = lookup.claims
        self.owner_count = lookup.owner_count

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        """What speaks for those whose history is wanted."""
        self.was_asked = True
        asked = tuple(key for key in customers if key in self.wanted)
        return self._facts(e164, asked, occasion) if asked else {}
