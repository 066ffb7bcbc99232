"""The caller's story: what the pop shows, read in one visit to the reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
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
    union_all,
)

from crmdesk.domain.customers import (
    CustomerStory,
    LastContact,
    OpenTicket,
    TimelineEntry,
    TimelineKind,
)
from crmdesk.store.columns import Instant, Key
from crmdesk.store.interactions import InteractionQueries
from crmdesk.store.prepared import Prepared
from crmdesk.store.profiles import ProfileQueries
from crmdesk.store.record_index.asking import RecordSearchQueries
from crmdesk.store.story_text import Change, lines, next_follow_up
from crmdesk.store.tables import (
    call,
    follow_up,
    interaction,
    payment,
    sales_order,
    survey_answer,
    ticket,
)

RECENT = 8
"""Timeline entries on the pop."""

_MOST_TICKETS = 20
_MOST_CHANGES_OF_A_KIND = 4
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_customer_id = bindparam("customer_id", type_=Key)
_since = bindparam("since", type_=Instant)
_now = bindparam("now", type_=Instant)

_last_talk = Prepared(
    select(
        call.c.started_at,
        func.coalesce(call.c.answered_by, call.c.agent, ""),
        func.coalesce(call.c.queue, ""),
        select(interaction.c.detail)
        .where(interaction.c.call_id == call.c.id, interaction.c.deleted_at.is_(None))
        .order_by(interaction.c.at)
        .limit(1)
        .scalar_subquery(),
    )
    .where(
        call.c.customer_id == _customer_id,
        call.c.outcome == "answered",
        call.c.deleted_at.is_(None),
    )
    .order_by(call.c.started_at.desc())
    .limit(1)
)

_tickets = Prepared(
    select(
        ticket.c.id,
        ticket.c.number,
        ticket.c.kind,
        ticket.c.subject,
        ticket.c.priority,
        ticket.c.status,
        ticket.c.at,
        ticket.c.due_at,
    )
    .where(
        ticket.c.customer_id == _customer_id,
        ticket.c.status != "solved",
        ticket.c.deleted_at.is_(None),
    )
    .order_by(ticket.c.due_at.is_(None), ticket.c.due_at, ticket.c.at)
    .limit(_MOST_TICKETS)
)

_bought = (sales_order.c.customer_id == _customer_id) & sales_order.c.deleted_at.is_(None)
_figures = Prepared(
    select(
        func.count(),
        func.coalesce(func.sum(sales_order.c.total_cents), 0),
        func.max(sales_order.c.currency),
        select(survey_answer.c.score)
        .where(survey_answer.c.customer_id == _customer_id, survey_answer.c.deleted_at.is_(None))
        .order_by(survey_answer.c.at.desc())
        .limit(1)
        .scalar_subquery(),
    ).where(_bought, sales_order.c.status != "cancelled")
)


def _change(
    table: Table,
    what: str,
    *,
    where: ColumnElement[bool],
    order: ColumnElement[Any],
    **columns: ColumnElement[Any],
) -> Select[Any]:
    """The most pressing rows of one table, with the columns of `Change`."""
    named = {
        "what": literal(what),
        "at": table.c.at,
        "name": literal(""),
        "text": literal(""),
        "who": literal(""),
        "done_at": null(),
        "due_at": null(),
        "cents": null(),
        "currency": literal(""),
        **columns,
    }
    statement = (
        select(*(named[field].label(field) for field in Change._fields))
        .where(table.c.customer_id == _customer_id, table.c.deleted_at.is_(None), where)
        .order_by(order)
        .limit(_MOST_CHANGES_OF_A_KIND)
    )
    return select(statement.subquery())


# What was noted of a talk is no news after it; of a call that reached nobody it is.
_nobody_talked = select(call.c.id).where(
    call.c.id == interaction.c.call_id,
    call.c.ended_at.is_not(None),
    call.c.answered_at.is_(None),
)

# The order comes first: its columns have all the types the others leave NULL.
_changes = Prepared(
    union_all(
        _change(
            sales_order,
            "order",
            name=sales_order.c.number,
            text=sales_order.c.title,
            done_at=sales_order.c.shipped_at,
            due_at=sales_order.c.promised_at,
            cents=sales_order.c.total_cents,
            currency=sales_order.c.currency,
            where=or_(
                (sales_order.c.status == "placed") & (sales_order.c.promised_at < _now),
                sales_order.c.shipped_at >= _since,
            ),
            order=sales_order.c.at.desc(),
        ),
        _change(
            payment,
            "payment",
            name=payment.c.number,
            text=cast(payment.c.due_on, Text),
            cents=payment.c.amount_cents,
            currency=payment.c.currency,
            where=payment.c.paid_at.is_(None) & (payment.c.due_on < bindparam("today", type_=Date)),
            order=payment.c.at,
        ),
        _change(
            follow_up,
            "follow_up",
            name=follow_up.c.kind,
            text=follow_up.c.title,
            who=follow_up.c.who,
            due_at=follow_up.c.due_at,
            where=follow_up.c.done_at.is_(None),
            order=follow_up.c.due_at,
        ),
        _change(
            interaction,
            "interaction",
            name=interaction.c.kind,
            text=case((interaction.c.title != "", interaction.c.title), else_=interaction.c.detail),
            who=interaction.c.who,
            where=(interaction.c.at > _since)
            & or_(interaction.c.call_id.is_(None), _nobody_talked.exists()),
            order=interaction.c.at.desc(),
        ),
    )
)

_SPOKEN = {TimelineKind.EMAIL, TimelineKind.VISIT}


class StoryQueries(ProfileQueries, InteractionQueries, RecordSearchQueries):
    """Reads stories."""

    def story(
        self, customer_id: uuid.UUID, now: datetime, zone: tzinfo | None = None
    ) -> CustomerStory | None:
        """Everything the pop shows of a customer; None where deleted or unknown.

        Args:
            customer_id: Who calls.
            now: What "overdue" and "since" are measured against, aware UTC.
            zone: Where a day begins and ends; None for the zone of this desk.
        """
        customer = self.customer(customer_id)
        if customer is None:
            return None
        key = {"customer_id": customer_id}
        talk = _last_talk.row(self._connection, key)
        tickets = tuple(OpenTicket(*row) for row in _tickets.rows(self._connection, key))
        recent = self.timeline(customer_id, limit=RECENT, zone=zone).entries
        today = now.astimezone(zone).date()
        changes = self._changes(customer_id, talk[0] if talk else _LONG_AGO, now, today)
        ((count, total, currency, score),) = _figures.rows(self._connection, key)
        return CustomerStory(
            customer=customer,
            last_contact=_last_contact(talk, recent),
            since=lines(tickets, changes, now, today),
            open_tickets=tickets,
            recent=recent,
            next_follow_up=next_follow_up(changes, now),
            order_count=count,
            order_total_cents=total,
            currency=currency or "EUR",
            satisfaction=score,
        )

    def _changes(
        self, customer_id: uuid.UUID, since: datetime, now: datetime, today: date
    ) -> tuple[Change, ...]:
        values = {"customer_id": customer_id, "since": since, "now": now, "today": today}
        return tuple(Change(*row) for row in _changes.rows(self._connection, values))


def _last_contact(
    talk: Sequence[Any] | None, recent: tuple[TimelineEntry, ...]
) -> LastContact | None:
    """The later of the last talk and the last e-mail or visit among the recent entries."""
    spoken = next((entry for entry in recent if entry.kind in _SPOKEN), None)
    if spoken and (talk is None or spoken.at > talk[0]):
        return LastContact(spoken.at, spoken.who, spoken.title, spoken.kind)
    if talk is None:
        return None
    at, who, queue, note = talk
    return LastContact(at, who, _first_line(note or "") or queue, TimelineKind.CALL)


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
