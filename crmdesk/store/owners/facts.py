"""What the store knows of several possible callers; asked only where there are several."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select

from crmdesk.domain.matches import Occasion, OwnerFacts
from crmdesk.store.columns import Instant
from crmdesk.store.fold import fold
from crmdesk.store.owners.statements import OWNER_LIMIT, one_of, padded
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import call, customer, follow_up, ticket
from crmdesk.store.tables.history import is_undone, is_unsolved

_CALLS_OF_NUMBER = 500
_CALLS_OF_CUSTOMER = 50
"""Newest calls that are looked at."""

_day_end = bindparam("day_end", type_=Instant)
_has_ticket = exists().where(ticket.c.customer_id == customer.c.id, is_unsolved)
_has_due = exists().where(
    follow_up.c.customer_id == customer.c.id, is_undone, follow_up.c.due_at < _day_end
)
# A call that is going on has no outcome: it is the one that is asked about.
_last_call = (
    select(call.c.started_at)
    .where(
        call.c.customer_id == customer.c.id,
        call.c.started_at < _day_end,
        call.c.deleted_at.is_(None),
        call.c.outcome.is_not(None),
    )
    .order_by(call.c.started_at.desc())
    .limit(1)
    .correlate(customer)
    .scalar_subquery()
)


def _called(line: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether one of the newest calls came in on the same line."""
    newest = (
        select(call.c.direction, call.c.outcome, call.c.deleted_at, line.label("line"))
        .where(call.c.customer_id == customer.c.id, call.c.started_at < _day_end)
        .order_by(call.c.started_at.desc())
        .limit(_CALLS_OF_CUSTOMER)
        .correlate(customer)
        .subquery("newest")
    )
    return (
        select(newest.c.line)
        .where(
            newest.c.line == bindparam("line"),
            newest.c.direction == "inbound",
            newest.c.deleted_at.is_(None),
            newest.c.outcome.is_not(None),
        )
        .correlate(customer)
        .exists()
    )


def _of_customers(line: ColumnElement[str | None]) -> Select[Any]:
    return select(
        customer.c.id, customer.c.owner, _has_ticket, _has_due, _last_call, _called(line)
    ).where(one_of(customer.c.id, "customer_"))


_by_dialled = Prepared(_of_customers(call.c.dialled))
_by_line = Prepared(_of_customers(call.c.line_id))

_newest = (
    select(call.c.customer_id, call.c.started_at, call.c.direction, call.c.outcome)
    .where(
        call.c.caller_e164 == bindparam("e164"),
        call.c.started_at < _day_end,
        call.c.deleted_at.is_(None),
    )
    .order_by(call.c.started_at.desc())
    .limit(_CALLS_OF_NUMBER)
).subquery("newest")
_from_number = Prepared(
    select(_newest.c.customer_id, _newest.c.started_at)
    .where(
        _newest.c.customer_id.is_not(None),
        _newest.c.direction == "inbound",
        _newest.c.outcome.is_not(None),
    )
    .order_by(_newest.c.started_at)
)


class FactQueries(Queries):
    """Reads the evidence for several possible callers."""

    def facts(
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        """What speaks for each of several possible callers.

        Calls and due dates count as of the day of the call; tickets, promises and whose own
        customer somebody is are those of now, because nobody keeps how they were. Days are
        those of this desk's time zone. "Called this line before" compares what was dialled;
        where that is unknown, the line on which the call was heard. Customers that were
        removed are left out.
        """
        values = {"e164": e164, "day_end": _end_of(occasion.day)}
        rows = _from_number.rows(self._connection, values) if e164 else ()
        last_here: dict[uuid.UUID, datetime] = dict(map(tuple, rows))
        return {
            key: _facts(row, last_here.get(key), occasion)
            for key, *row in self._of_customers(customers, occasion)
        }

    def _of_customers(self, customers: tuple[uuid.UUID, ...], occasion: Occasion) -> Iterator[Any]:
        statement = _by_dialled if occasion.dialled else _by_line
        fixed = {
            "day_end": _end_of(occasion.day),
            "line": occasion.dialled or occasion.line_id,
        }
        for start in range(0, len(customers), OWNER_LIMIT):
            some = customers[start : start + OWNER_LIMIT]
            yield from statement.rows(self._connection, {**fixed, **padded("customer_", some)})


def _facts(row: list[Any], last_here: datetime | None, occasion: Occasion) -> OwnerFacts:
    agent, has_open_ticket, promise_due, last_call, called_here = row
    return OwnerFacts(
        has_open_ticket=bool(has_open_ticket),
        promise_due=bool(promise_due),
        last_call_days=_days_before(occasion.day, last_call),
        last_from_here_days=_days_before(occasion.day, last_here),
        called_here=bool(called_here),
        is_own=bool(agent) and fold(agent) == fold(occasion.agent),
    )


def _end_of(day: date) -> datetime:
    """The first moment of the next day, aware."""
    return datetime.combine(day + timedelta(days=1), time()).astimezone()


def _days_before(day: date, at: datetime | None) -> int | None:
    return None if at is None else (day - at.astimezone().date()).days
