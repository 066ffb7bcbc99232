"""Writes calls as they happen; everything may be written again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, case, exists, or_, select, update

from crmdesk.domain.calls import Call, CallOutcome, Offer, OfferOutcome, Pop, Transfer
from crmdesk.domain.matches import Match, MatchRule, MatchState
from crmdesk.store.call_reading import FACTS
from crmdesk.store.ids import part_id
from crmdesk.store.row_writing import RowStatements, RowWriting
from crmdesk.store.tables import (
    call,
    call_offer,
    call_pop,
    call_transfer,
    customer,
    customer_number,
)
from crmdesk.store.tables.calls import is_open

_LINK_COLUMNS = ("customer_id", "match_state", "match_rule", "match_digits")

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
# Somebody was found for the number meanwhile: the desk that looked earlier does not undo it.
_link_nobody = _link.where(
    or_(call.c.customer_id.is_(None), call.c.match_digits != bindparam("match_digits"))
)
LINKED_AT_ONCE = 1000
"""Most earlier calls of a number that are linked, newest first; the writer has other work."""

_unlinked = call.alias("unlinked")
_has_other_owner = exists().where(
    customer_number.c.e164 == bindparam("e164"),
    customer_number.c.customer_id != bindparam("customer_id"),
    customer_number.c.deleted_at.is_(None),
    customer.c.id == customer_number.c.customer_id,
    customer.c.deleted_at.is_(None),
)
_link_number = (
    update(call)
    .where(
        call.c.id.in_(
            select(_unlinked.c.id)
            .where(
                _unlinked.c.caller_e164 == bindparam("e164"),
                _unlinked.c.customer_id.is_(None),
                _unlinked.c.deleted_at.is_(None),
            )
            .order_by(_unlinked.c.started_at.desc())
            .limit(LINKED_AT_ONCE)
        ),
        ~_has_other_owner,
    )
    .values(
        customer_id=bindparam("customer_id"),
        match_state=bindparam("match_state"),
        match_rule=bindparam("match_rule"),
        match_digits=bindparam("e164"),
        updated_at=bindparam("updated_at"),
    )
)
# A link that rests on a number must not outlive the number.
_forget_number_match = (
    update(call)
    .where(
        call.c.id == bindparam("key", type_=call.c.id.type),
        call.c.match_rule.in_(
            [MatchRule.E164.value, MatchRule.E164_EXTENSION.value, MatchRule.NATIONAL.value]
        ),
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


_calls = RowStatements.of(call, leave_alone=_LINK_COLUMNS)
_offers = RowStatements.of(call_offer)
_transfers = RowStatements.of(call_transfer)
_pops = RowStatements.of(call_pop)


class CallWriting(RowWriting):
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
        """
        self._connection.execute(
            _link_nobody if match.state is MatchState.NONE else _link,
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

        Nothing is linked where somebody else has the number too: who called is not known then.

        Args:
            e164: With "+".
            customer_id: Whose number it is now; saved already.
            match_rule: Why we think so.

        Returns:
            How many calls were linked, `LINKED_AT_ONCE` at most.
        """
        values = {
            "e164": e164,
            "customer_id": customer_id,
            "match_state": MatchState.EXACT,
            "match_rule": match_rule,
            "updated_at": self._clock(),
        }
        return self._connection.execute(_link_number, values).rowcount

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
