"""Everything that happened with a customer, newest first, paged by key.

Each kind is read by its own index, never more rows of it than a page has, and merged here.
Every branch yields the columns of `TimelineRow`; `timeline_text` turns them into words.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from datetime import tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
)

from crmdesk.domain.call_log import Place
from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import TimelineKind
from crmdesk.store.columns import Instant, Key
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import (
    call,
    follow_up,
    interaction,
    payment,
    sales_order,
    survey_answer,
    ticket,
)
from crmdesk.store.timeline_text import TimelineRow, entry

_customer_id = bindparam("customer_id", type_=Key)
_limit = bindparam("limit", type_=Integer)
_NOTHING = literal("")

_AT_AND_ID = itemgetter(2, 1)

_INTERACTIONS = (
    TimelineKind.NOTE,
    TimelineKind.EMAIL,
    TimelineKind.VISIT,
    TimelineKind.WEB_FORM,
)


def _branch(
    table: Table,
    at: ColumnElement[Any],
    kind: ColumnElement[Any],
    texts: tuple[ColumnElement[Any], ...],
    amount: ColumnElement[Any] | None = None,
    moment: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """One kind's rows: kind, id, at, four texts, a number and a moment."""
    return select(
        kind.label("kind"),
        table.c.id.label("id"),
        at.label("at"),
        *(value.label(f"text_{number}") for number, value in enumerate(texts)),
        cast(null() if amount is None else amount, Integer).label("amount"),
        type_coerce(null() if moment is None else moment, Instant).label("moment"),
    ).where(table.c.customer_id == _customer_id, table.c.deleted_at.is_(None))


_BRANCHES: dict[tuple[TimelineKind, ...], Select[Any]] = {
    (TimelineKind.CALL,): _branch(
        call,
        call.c.started_at,
        literal("call"),
        (
            call.c.direction,
            func.coalesce(call.c.outcome, ""),
            func.coalesce(call.c.answered_by, call.c.agent, ""),
            func.coalesce(call.c.queue, ""),
        ),
        call.c.talk_seconds,
    ).where(call.c.outcome.is_not(None)),
    _INTERACTIONS: _branch(
        interaction,
        interaction.c.at,
        interaction.c.kind,
        (interaction.c.title, interaction.c.detail, interaction.c.who, _NOTHING),
    ),
    (TimelineKind.TICKET,): _branch(
        ticket,
        ticket.c.at,
        literal("ticket"),
        (ticket.c.kind + " " + ticket.c.number, ticket.c.subject, ticket.c.who, ticket.c.status),
        moment=ticket.c.due_at,
    ),
    (TimelineKind.ORDER,): _branch(
        sales_order,
        sales_order.c.at,
        literal("order"),
        (
            sales_order.c.number,
            sales_order.c.title,
            sales_order.c.currency,
            sales_order.c.status,
        ),
        sales_order.c.total_cents,
        sales_order.c.promised_at,
    ),
    (TimelineKind.PAYMENT,): _branch(
        payment,
        payment.c.at,
        literal("payment"),
        (
            payment.c.number,
            func.coalesce(cast(payment.c.due_on, Text), ""),
            payment.c.currency,
            payment.c.method,
        ),
        payment.c.amount_cents,
        payment.c.paid_at,
    ),
    (TimelineKind.SURVEY,): _branch(
        survey_answer,
        survey_answer.c.at,
        literal("survey"),
        (survey_answer.c.comment, _NOTHING, _NOTHING, _NOTHING),
        survey_answer.c.score,
    ),
    (TimelineKind.FOLLOW_UP,): _branch(
        follow_up,
        follow_up.c.at,
        literal("follow_up"),
        (
            follow_up.c.kind,
            follow_up.c.title,
            follow_up.c.who,
            case((follow_up.c.done_at.is_(None), ""), else_="done"),
        ),
        moment=follow_up.c.due_at,
    ),
}


@lru_cache
def _page(kinds: frozenset[TimelineKind], *, after: bool) -> tuple[Prepared, ...]:
    """The statements of a page, of some kinds or all, from the top or behind a place.

    One for each branch: SQLite walks one index in order and stops. A union of them sorts
    every branch once more and took three times as long.
    """
    return tuple(Prepared(_newest(branch, after=after)) for branch in _branches(kinds))


def _branches(kinds: frozenset[TimelineKind]) -> Iterator[Select[Any]]:
    for names, branch in _BRANCHES.items():
        wanted = kinds.intersection(names)
        if not kinds or len(wanted) == len(names):
            yield branch
        elif wanted:
            yield branch.where(or_(*(interaction.c.kind == kind for kind in sorted(wanted))))


def _newest(branch: Select[Any], *, after: bool) -> Select[Any]:
    """The newest rows of one branch, read from its index in order."""
    at, key = branch.selected_columns.at, branch.selected_columns.id
    if after:
        place = tuple_(bindparam("after_at", type_=Instant), bindparam("after_id", type_=Key))
        branch = branch.where(tuple_(at, key) < place)
    return branch.order_by(at.desc(), key.desc()).limit(_limit)


class TimelineQueries(Queries):
    """Reads timelines."""

    def timeline(
        self,
        customer_id: uuid.UUID,
        before: Place | None = None,
        limit: int = 50,
        kinds: Collection[TimelineKind] = (),
        zone: tzinfo | None = None,
    ) -> TimelinePage:
        """A page of everything that happened with a customer, newest first.

        Args:
            customer_id: Whose.
            before: `next` of the page before, None for the first page.
            limit: Length of the page.
            kinds: Only these; empty for all.
            zone: Where a day begins and ends; None for the zone of this desk.
        """
        values: dict[str, Any] = {"customer_id": customer_id, "limit": limit + 1}
        if before is not None:
            values |= {"after_at": before.at, "after_id": before.id}
        statements = _page(frozenset(kinds), after=before is not None)
        found = [row for one in statements for row in one.rows(self._connection, values)]
        rows = sorted(found, key=_AT_AND_ID, reverse=True)
        now = self._clock().astimezone(zone)
        entries = tuple(entry(TimelineRow(*row), now) for row in rows[:limit])
        more = len(rows) > limit
        return TimelinePage(entries, Place(entries[-1].at, entries[-1].id) if more else None)
