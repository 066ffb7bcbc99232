"""Who calls are linked to, where that rests on their number alone.

A link by account id, or one an agent chose for a call, is never changed here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, or_, select

from crmdesk.domain.calls import Verification
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.store.numbers.holders import HolderQueries, NumberHolders, local_day
from crmdesk.store.tables import call, change_row

LINKED_AT_ONCE = 1000
"""Most earlier calls of a number that are linked, newest first; the writer has other work."""

BY_NUMBER = (
    MatchRule.E164,
    MatchRule.E164_EXTENSION,
    MatchRule.NATIONAL,
    MatchRule.BLOCK,
    MatchRule.SUFFIX,
    MatchRule.REMEMBERED,
)
"""Rules that say nothing but: it is this customer's number."""

_rests_on_number = call.c.match_rule.in_([rule.value for rule in BY_NUMBER])
# A wrong signature says that the number is not the caller's; an agent may have said that
# this one call is nobody's who is known. Neither is overruled by whose number it is.
_may_be_linked = and_(
    call.c.customer_id.is_(None),
    call.c.verification != Verification.FAILED.value,
    or_(call.c.match_rule.is_(None), call.c.match_rule != MatchRule.CHOSEN.value),
)
_of_number = select(
    call.c.id, call.c.started_at, call.c.customer_id, call.c.match_state, call.c.match_rule
).where(call.c.caller_e164 == bindparam("e164"), call.c.deleted_at.is_(None))
_since = call.c.started_at >= bindparam("since", type_=call.c.started_at.type)
_linked = _of_number.where(
    _since, _rests_on_number, call.c.customer_id == bindparam("customer_id", type_=call.c.id.type)
)
_unlinked = (
    _of_number.where(_may_be_linked).order_by(call.c.started_at.desc()).limit(bindparam("limit"))
)
# Other changes than the one that is taken back moved the call: what was in it before is
# perhaps no longer what would be in it without them.
_moved_by_others = exists().where(
    change_row.c.row_id == call.c.id,
    change_row.c.table_name == call.name,
    change_row.c.change_id != bindparam("change_id", type_=change_row.c.change_id.type),
)
_perhaps_wrong = or_(_since, _moved_by_others)
_open_to_change = _of_number.where(
    _perhaps_wrong, or_(and_(_rests_on_number, call.c.customer_id.is_not(None)), _may_be_linked)
)
_numbers_with_calls = (
    select(call.c.caller_e164)
    .where(call.c.caller_e164.in_(bindparam("numbers", expanding=True)), _perhaps_wrong)
    .distinct()
)
_numbers_of_calls = (
    select(call.c.caller_e164)
    .where(
        call.c.id.in_(bindparam("keys", expanding=True, type_=call.c.id.type)),
        call.c.caller_e164.is_not(None),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class CallLink:
    """A call of a number, and who it is linked to now."""

    id: uuid.UUID
    at: datetime
    customer_id: uuid.UUID | None
    state: str | None
    rule: str | None


Link = Mapping[str, Any]
"""The link columns of a call."""


def linked_to(customer_id: uuid.UUID, e164: str, rule: MatchRule = MatchRule.E164) -> Link:
    """A link to the one customer a number belongs to."""
    return {
        "customer_id": customer_id,
        "match_state": MatchState.EXACT.value,
        "match_rule": rule.value,
        "match_digits": e164,
    }


def linked_to_nobody(
    state: MatchState = MatchState.NONE, rule: MatchRule = MatchRule.NOTHING
) -> Link:
    """No link; the digits stay, so that it is seen what was compared."""
    return {"customer_id": None, "match_state": state.value, "match_rule": rule.value}


def link_on(holders: NumberHolders, e164: str, at: datetime) -> Link:
    """What a call of a moment is linked to where only its number is known."""
    day = local_day(at)
    holding = holders.on(day)
    only = holders.only_one_on(day)
    if only is not None:
        return linked_to(only, e164)
    if holders.chosen in holding and holders.chosen is not None:
        return linked_to(holders.chosen, e164, MatchRule.REMEMBERED)
    if len(holding) == 1 and not holders.is_crowd:
        return linked_to_nobody(MatchState.SUGGESTED)  # who has it with an extension
    return linked_to_nobody(MatchState.SEVERAL if holding else MatchState.NONE)


class CallLinkQueries(HolderQueries):
    """Finds calls by their number."""

    def linked_calls(self, e164: str, customer_id: uuid.UUID, since: datetime) -> list[CallLink]:
        """Calls that are a customer's because of this number, from a moment on."""
        values = {"e164": e164, "customer_id": customer_id, "since": since}
        return self._calls(_linked, values)

    def calls_to_link(self, e164: str, customer_id: uuid.UUID) -> list[CallLink]:
        """Calls of a number without a customer, of days when it was only this one's.

        The newest `LINKED_AT_ONCE` are looked at.
        """
        holders = self.holders_of(e164, customer_id)
        if customer_id not in {one.customer_id for one in holders.holders}:
            return []
        found = self._calls(_unlinked, {"e164": e164, "limit": LINKED_AT_ONCE})
        return [one for one in found if holders.only_one_on(local_day(one.at)) == customer_id]

    def wrong_links(
        self, e164: str, since: datetime, change_id: uuid.UUID
    ) -> Iterator[tuple[CallLink, Link]]:
        """Calls whose link by number is no longer what it would be, and that.

        Args:
            e164: With "+".
            since: Calls from this moment on, when a change was made.
            change_id: That change; earlier calls are looked at where others moved them.
        """
        holders = self.holders_of(e164)
        values = {"e164": e164, "since": since, "change_id": change_id}
        for one in self._calls(_open_to_change, values):
            better = link_on(holders, e164, one.at)
            if holders.is_crowd:
                continue  # whose it is cannot be told; what was linked stays
            if better["customer_id"] != one.customer_id and not _still_holds(one, holders):
                yield one, better

    def numbers_that_called(
        self, numbers: set[str], since: datetime, change_id: uuid.UUID
    ) -> list[str]:
        """Those of some numbers with calls that `wrong_links` looks at."""
        values = {"numbers": sorted(numbers), "since": since, "change_id": change_id}
        return list(self._connection.execute(_numbers_with_calls, values).scalars())

    def numbers_of_calls(self, keys: Sequence[uuid.UUID]) -> set[str]:
        """Whence some calls came; not more keys than one statement takes."""
        return set(self._connection.execute(_numbers_of_calls, {"keys": keys}).scalars())

    def _calls(self, statement: Select[Any], values: Mapping[str, object]) -> list[CallLink]:
        return [CallLink(*row) for row in self._connection.execute(statement, values)]


def _still_holds(one: CallLink, holders: NumberHolders) -> bool:
    """Whether a link by number can stay: the customer has the number, or was said to."""
    holding = holders.on(local_day(one.at))
    if one.customer_id not in holding:
        return one.customer_id is not None and one.rule in _BY_OTHER_DIGITS
    is_remembered = one.rule == MatchRule.REMEMBERED
    return not is_remembered or len(holding) == 1 or one.customer_id == holders.chosen


_BY_OTHER_DIGITS = {MatchRule.BLOCK, MatchRule.NATIONAL, MatchRule.SUFFIX}
"""Their stored number is another one than the caller's."""
