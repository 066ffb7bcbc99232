"""Writes calls as they happen; everything may be written again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, case, exists, or_, select, update

from crmdesk.domain.calls import Call, CallOutcome, Offer, OfferOutcome, Pop, Transfer
from crmdesk.domain.matches import ClaimKind, Match, MatchRule, MatchState
from crmdesk.store.calls.links import BY_NUMBER, CallLinkQueries, linked_to
from crmdesk.store.calls.reading import FACTS
from crmdesk.store.changes.values import LINK_COLUMNS
from crmdesk.store.ids import part_id
from crmdesk.store.row_writing import RowStatements, RowWriting
from crmdesk.store.tables import (
    call,
    call_offer,
    call_pop,
    call_transfer,
    number_claim,
)
from crmdesk.store.tables.calls import is_open

_link = (
    update(call)
    .where(call.c.id == bindparam("key", type_=call.c.id.type))
    .values(
        customer_id=bindparam("customer_id"),
        match_state=bindparam("match_state"),
        match_rule=bindparam("match_rule"),
        match_digits=bindparam("match_digits"),
        updated_at=bindparam("updated_at"),
    )
)
# What an agent chose for a call is not undone by a desk that looks it up again.
_link_found = _link.where(
    or_(call.c.match_rule.is_(None), call.c.match_rule != MatchRule.CHOSEN.value)
)
# Somebody was found for the number meanwhile: the desk that looked earlier does not undo it.
_link_nobody = _link_found.where(
    or_(call.c.customer_id.is_(None), call.c.match_digits != bindparam("match_digits"))
)
# What an agent said holds: whom this call is from, and whose number it is not.
_is_denied = (
    exists()
    .where(
        number_claim.c.e164 == call.c.caller_e164,
        number_claim.c.customer_id == bindparam("customer_id", type_=call.c.id.type),
        number_claim.c.kind == ClaimKind.DENIED.value,
        number_claim.c.deleted_at.is_(None),
    )
    .correlate(call)
)
_link_by_number = _link_found.where(~_is_denied)
_link_earlier = _link.where(call.c.customer_id.is_(None))
# A link that rests on a number must not outlive the number.
_forget_number_match = (
    update(call)
    .where(
        call.c.id == bindparam("key", type_=call.c.id.type),
        call.c.match_rule.in_([rule.value for rule in BY_NUMBER]),
    )
    .values(customer_id=None, match_state=None, match_rule=None, match_digits="")
)
_at = bindparam("at", type_=call.c.ended_at.type)
_ours = is_open & (call.c.origin == bindparam("desk_id", type_=call.c.origin.type))


def _last_known(table: Table, start: ColumnElement[Any]) -> ColumnElement[Any]:
    """When a row was last written, but within its start and the present moment."""
    written = table.c.updated_at
    return case((written < start, start), (written > _at, _at), else_=written)


_close_offers = (
    update(call_offer)
    .where(call_offer.c.call_id.in_(select(call.c.id).where(_ours)), call_offer.c.outcome.is_(None))
    .values(
        ended_at=_last_known(call_offer, call_offer.c.offered_at),
        outcome=OfferOutcome.UNKNOWN.value,
        updated_at=bindparam("now", type_=call.c.updated_at.type),
    )
)
_close_calls = (
    update(call)
    .where(_ours)
    .values(
        ended_at=_last_known(call, call.c.started_at),
        outcome=CallOutcome.UNKNOWN.value,
        connected_at=None,
        on_hold=False,
        updated_at=bindparam("now", type_=call.c.updated_at.type),
    )
)


_calls = RowStatements.of(call, leave_alone=LINK_COLUMNS)
_offers = RowStatements.of(call_offer)
_transfers = RowStatements.of(call_transfer)
_pops = RowStatements.of(call_pop)


class CallWriting(RowWriting, CallLinkQueries):
    """Writes calls, with who was offered them and which cards were shown."""

    def save_call(self, call: Call, e164: str | None) -> None:
        """Writes the present state of a call; saving the same state again changes nothing.

        Args:
            call: The call. Where the number is withheld, number and name are not stored,
                and what was stored of them before is wiped.
            e164: The outside number, normalised; None where there is none.
        """
        facts = {name: getattr(call, name) for name in FACTS}
        facts["caller_e164"] = e164
        if call.is_withheld:
            facts |= {"caller_raw": "", "caller_name": "", "caller_e164": None}
        self._put(_calls, call.id, facts)
        if call.is_withheld:
            self._connection.execute(_forget_number_match, {"key": call.id})
        self._save_parts(call)

    def _save_parts(self, call: Call) -> None:
        for offer in call.offers:
            row = {**_fields(offer), "call_id": call.id}
            self._put(_offers, part_id(call.id, "offer", offer.extension), row)
        for number, transfer in enumerate(call.transfers):
            row = {**_fields(transfer), "call_id": call.id}
            self._put(_transfers, part_id(call.id, "transfer", str(number)), row)
        for pop in call.pops:
            row = {**_fields(pop), "call_id": call.id}
            self._put(_pops, part_id(call.id, "pop", pop.extension), row)

    def link_call(self, call_id: uuid.UUID, match: Match) -> None:
        """Writes who called and why we think so.

        "Nobody" leaves a link alone that the same number has got since, see `link_number`.
        The customer an agent chose for the call is overruled by another choice only, and
        "not this person" by no number.
        """
        statement = _link if match.rule is MatchRule.CHOSEN else _link_found
        if match.state is MatchState.NONE:
            statement = _link_nobody
        elif match.rule in BY_NUMBER:
            statement = _link_by_number
        self._connection.execute(
            statement,
            {
                "key": call_id,
                "customer_id": match.customer_id,
                "match_state": match.state,
                "match_rule": match.rule,
                "match_digits": match.digits,
                "updated_at": self._clock(),
            },
        )

    def link_number(
        self, e164: str, customer_id: uuid.UUID, match_rule: MatchRule = MatchRule.E164
    ) -> int:
        """Links the calls of exactly this number that have no customer yet.

        Only calls of days on which the number was this customer's and nobody else's: who
        called is not known otherwise. "Not this person" links nothing.

        Args:
            e164: With "+".
            customer_id: Whose number it is now; saved already.
            match_rule: Why we think so.

        Returns:
            How many calls were linked, `LINKED_AT_ONCE` at most.
        """
        calls = self.calls_to_link(e164, customer_id)
        if not calls:
            return 0
        link = {**linked_to(customer_id, e164, match_rule), "updated_at": self._clock()}
        rows = [{**link, "key": one.id} for one in calls]
        return self._connection.execute(_link_earlier, rows).rowcount

    def close_open_calls(self, at: datetime) -> int:
        """Closes what was going on when the program last stopped: its end was not seen.

        The end that is written is the last moment something was known of the call. Calls
        that another desk wrote first are its own to close.

        Args:
            at: The present moment; nothing ends later.

        Returns:
            The number of calls that were closed.
        """
        values = {"at": at, "now": self._clock(), "desk_id": self._desk_id}
        self._connection.execute(_close_offers, values)
        return self._connection.execute(_close_calls, values).rowcount


def _fields(part: Offer | Transfer | Pop) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__dataclass_fields__}
