"""Reads the call log."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    Offer,
    OfferOutcome,
    Pop,
    PopReason,
    Presentation,
    Transfer,
    TransferKind,
    Verification,
)
from crmdesk.domain.matches import Choice, MatchRule, MatchState
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import call, call_offer, call_pop, call_transfer, customer
from crmdesk.store.tables.calls import is_lost, is_open

_company = customer.alias("company")
_call_id = bindparam("call_id", type_=call.c.id.type)

FACTS = (
    "line_id",
    "direction",
    "started_at",
    "caller_raw",
    "caller_name",
    "presentation",
    "dialled",
    "queue",
    "account_id",
    "verification",
    "first_rang_at",
    "answered_at",
    "answered_by",
    "agent",
    "connected_at",
    "ring_seconds",
    "talk_seconds",
    "on_hold",
    "ended_at",
    "ended_by",
    "outcome",
)
"""Columns of the call table that are fields of `Call`, under the same names."""

call_rows = (
    select(
        call.c.id,
        *(call.c[name] for name in FACTS),
        call.c.caller_e164,
        call.c.customer_id,
        customer.c.name,
        _company.c.name,
        call.c.match_state,
        call.c.match_rule,
        call.c.match_digits,
    )
    .select_from(call)
    .outerjoin(customer, customer.c.id == call.c.customer_id)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(call.c.deleted_at.is_(None))
)
"""All calls with the names of their customers; a row becomes a CallRow by `call_row`."""

_one = call_rows.where(call.c.id == _call_id)
_chosen = Prepared(
    select(call.c.customer_id).where(
        call.c.id == _call_id, call.c.match_rule == MatchRule.CHOSEN.value
    )
)
_open = call_rows.where(is_open).order_by(call.c.started_at, call.c.id)

_offers = (
    select(
        call_offer.c.extension,
        call_offer.c.offered_at,
        call_offer.c.rang_at,
        call_offer.c.ended_at,
        call_offer.c.rounds,
        call_offer.c.outcome,
    )
    .where(call_offer.c.call_id == _call_id)
    .order_by(call_offer.c.offered_at, call_offer.c.extension)
)
_transfers = (
    select(
        call_transfer.c.kind,
        call_transfer.c.from_extension,
        call_transfer.c.to_extension,
        call_transfer.c.at,
    )
    .where(call_transfer.c.call_id == _call_id)
    .order_by(call_transfer.c.at, call_transfer.c.id)
)
_pops = (
    select(call_pop.c.extension, call_pop.c.reason, call_pop.c.at)
    .where(call_pop.c.call_id == _call_id)
    .order_by(call_pop.c.at, call_pop.c.extension)
)

# Nobody reached the caller afterwards, neither under this number nor as this customer.
_later = call.alias("later")
_reached = select(_later.c.id).where(
    _later.c.started_at > call.c.started_at,
    _later.c.answered_at.is_not(None),
    _later.c.deleted_at.is_(None),
)
_to_call_back = (
    call_rows.where(
        is_lost,
        call.c.started_at >= bindparam("since", type_=call.c.started_at.type),
        or_(call.c.caller_e164.is_not(None), call.c.customer_id.is_not(None)),
        ~_reached.where(_later.c.caller_e164 == call.c.caller_e164).exists(),
        ~_reached.where(_later.c.customer_id == call.c.customer_id).exists(),
    )
    .order_by(call.c.started_at.desc(), call.c.id.desc())
    .limit(bindparam("limit"))
)
_TRIES_PER_CALLER = 5
"""How many lost calls of one caller are expected at most when a list is filled."""


class CallQueries(Queries):
    """Reads calls."""

    def call(self, call_id: uuid.UUID) -> Call | None:
        """A call with its offers, transfers and pops; None where unknown."""
        row = self.call_row(call_id)
        return row.call if row else None

    def call_row(self, call_id: uuid.UUID) -> CallRow | None:
        """The same with number, customer and match."""
        row = self._connection.execute(_one, {"call_id": call_id}).one_or_none()
        return call_row(row, *self._parts(call_id)) if row else None

    def choice_for_call(self, call_id: uuid.UUID) -> Choice | None:
        """What an agent said of this very call, None where nobody did."""
        row = _chosen.row(self._connection, {"call_id": call_id})
        return Choice(row[0]) if row else None

    def open_calls(self) -> tuple[Call, ...]:
        """Calls that were going on when last written, oldest first, whole."""
        rows = self._connection.execute(_open).all()
        return tuple(call_row(row, *self._parts(row[0])).call for row in rows)

    def missed_to_call_back(self, since: datetime, limit: int = 100) -> tuple[CallRow, ...]:
        """The last lost call of each caller nobody has talked to since, newest first.

        Lost is an inbound call nobody of us answered; withheld callers cannot be called
        back and are left out.
        """
        values = {"since": since, "limit": limit * _TRIES_PER_CALLER}
        found: dict[object, CallRow] = {}
        with self._connection.execute(_to_call_back, values) as rows:
            for row in rows:  # one by one: each is asked of all the calls that came after it
                caller = row.customer_id or row.caller_e164
                if caller not in found:
                    found[caller] = call_row(row)
                if len(found) == limit:
                    break
        return tuple(found.values())

    def _parts(
        self, call_id: uuid.UUID
    ) -> tuple[tuple[Offer, ...], tuple[Transfer, ...], tuple[Pop, ...]]:
        key = {"call_id": call_id}
        return (
            tuple(map(_offer, self._connection.execute(_offers, key))),
            tuple(
                Transfer(TransferKind(kind), source, target, at)
                for kind, source, target, at in self._connection.execute(_transfers, key)
            ),
            tuple(
                Pop(extension, PopReason(reason), at)
                for extension, reason, at in self._connection.execute(_pops, key)
            ),
        )


def call_row(
    row: Sequence[Any],
    offers: tuple[Offer, ...] = (),
    transfers: tuple[Transfer, ...] = (),
    pops: tuple[Pop, ...] = (),
) -> CallRow:
    """The value of a row of `call_rows`."""
    facts: dict[str, Any] = dict(zip(FACTS, row[1:], strict=False))
    facts["direction"] = Direction(facts["direction"])
    facts["presentation"] = Presentation(facts["presentation"])
    facts["verification"] = Verification(facts["verification"])
    facts["ended_by"] = EndedBy(facts["ended_by"]) if facts["ended_by"] else None
    facts["outcome"] = CallOutcome(facts["outcome"]) if facts["outcome"] else None
    e164, customer_id, name, company_name, state, rule, digits = row[1 + len(FACTS) :]
    return CallRow(
        call=Call(id=row[0], offers=offers, transfers=transfers, pops=pops, **facts),
        caller_e164=e164,
        customer_id=customer_id,
        customer_name=name or "",
        company_name=company_name or "",
        match_state=MatchState(state) if state else None,
        match_rule=MatchRule(rule) if rule else None,
        match_digits=digits,
    )


def _offer(row: Sequence[Any]) -> Offer:
    extension, offered_at, rang_at, ended_at, rounds, outcome = row
    return Offer(
        extension, offered_at, rang_at, ended_at, rounds, OfferOutcome(outcome) if outcome else None
    )
