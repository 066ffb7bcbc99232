"""The caller's story: what the pop shows, read in one visit to the reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import (
    bindparam,
    func,
    or_,
    select,
)

from crmdesk.domain.customers import (
    CustomerStory,
    LastContact,
    Mood,
    OpenTicket,
    TimelineKind,
)
from crmdesk.store.columns import Key
from crmdesk.store.customers.profiles import ProfileQueries
from crmdesk.store.planning.picklists import Telling, read_picklists
from crmdesk.store.prepared import Prepared
from crmdesk.store.record_index.everywhere import RecordSearchQueries
from crmdesk.store.story.changes import CHANGES
from crmdesk.store.story.text import Change, lines, next_of
from crmdesk.store.tables import (
    call,
    interaction,
    sales_order,
    survey_answer,
    ticket,
)
from crmdesk.store.timeline.interactions import InteractionQueries

_SPOKEN = (TimelineKind.EMAIL, TimelineKind.VISIT)
_LOOKED_THROUGH = 20
_MOST_TICKETS = 20
_MOST_ANSWERS = 3
_NEVER_SPOKEN = timedelta(days=90)
"""So far back goes what is new where nobody ever spoke with the customer."""

_customer_id = bindparam("customer_id", type_=Key)

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

# Of the newest entries: an e-mail behind more notes than these is no last contact any more.
_newest_written = (
    select(
        interaction.c.at,
        interaction.c.who,
        interaction.c.title,
        interaction.c.detail,
        interaction.c.kind,
    )
    .where(interaction.c.customer_id == _customer_id, interaction.c.deleted_at.is_(None))
    .order_by(interaction.c.at.desc())
    .limit(_LOOKED_THROUGH)
    .subquery("newest")
)
_last_written = Prepared(
    select(_newest_written)
    .where(or_(*(_newest_written.c.kind == kind.value for kind in _SPOKEN)))
    .order_by(_newest_written.c.at.desc())
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
        ticket.c.next_due_at,
    )
    .where(
        ticket.c.customer_id == _customer_id,
        ticket.c.status != "solved",
        ticket.c.deleted_at.is_(None),
    )
    .order_by(ticket.c.next_due_at.is_(None), ticket.c.next_due_at, ticket.c.at)
    .limit(_MOST_TICKETS)
)

_all_tickets = Prepared(
    select(func.count()).where(
        ticket.c.customer_id == _customer_id,
        ticket.c.status != "solved",
        ticket.c.deleted_at.is_(None),
    )
)

_bought = (sales_order.c.customer_id == _customer_id) & sales_order.c.deleted_at.is_(None)
# From the index alone, however many there are; the largest sum first.
_worth = Prepared(
    select(
        func.count(),
        func.coalesce(func.sum(sales_order.c.total_cents), 0),
        sales_order.c.currency,
    )
    .where(_bought, sales_order.c.status != "cancelled")
    .group_by(sales_order.c.currency)
    .order_by(func.sum(sales_order.c.total_cents).desc())
)
_answers = Prepared(
    select(
        survey_answer.c.score, survey_answer.c.scale, survey_answer.c.at, survey_answer.c.comment
    )
    .where(survey_answer.c.customer_id == _customer_id, survey_answer.c.deleted_at.is_(None))
    .order_by(survey_answer.c.at.desc(), survey_answer.c.id.desc())
    .limit(_MOST_ANSWERS)
)


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
        written = _last_written.row(self._connection, key)
        by = Telling(now.astimezone(zone), read_picklists(self._connection))
        changes = self._changes(customer_id, talk[0] if talk else now - _NEVER_SPOKEN, by.now)
        worth = _worth.rows(self._connection, key)
        mood = tuple(Mood(*row) for row in _answers.rows(self._connection, key))
        return CustomerStory(
            customer=customer,
            last_contact=_last_contact(talk, written),
            since=lines(tickets, changes, by),
            open_tickets=tickets,
            next_follow_up=next_of("follow_up", changes, by),
            next_promise=next_of("promise", changes, by),
            order_count=sum(count for count, _, _ in worth),
            order_total_cents=worth[0][1] if worth else 0,
            currency=worth[0][2] if worth else "EUR",
            other_totals=tuple((cents, currency) for _, cents, currency in worth[1:]),
            satisfaction=next((one.score for one in mood if one.scale == "csat"), None),
            mood=mood,
            ticket_count=self._ticket_count(key) if len(tickets) == _MOST_TICKETS else 0,
        )

    def _ticket_count(self, key: Mapping[str, Any]) -> int:
        found = _all_tickets.row(self._connection, key)
        return int(found[0]) if found else 0

    def _changes(
        self, customer_id: uuid.UUID, since: datetime, now: datetime
    ) -> tuple[Change, ...]:
        # Invoices are due on days of the desk, not at moments.
        values = {"customer_id": customer_id, "since": since, "now": now, "today": now.date()}
        return tuple(Change(*row) for row in CHANGES.rows(self._connection, values))


def _last_contact(talk: Sequence[Any] | None, written: Sequence[Any] | None) -> LastContact | None:
    """The later of the last talk and the last e-mail or visit."""
    if written and (talk is None or written[0] > talk[0]):
        at, who, title, detail, kind = written
        return LastContact(at, who, title or _first_line(detail), TimelineKind(kind))
    if talk is None:
        return None
    at, who, queue, note = talk
    return LastContact(at, who, _first_line(note or "") or queue, TimelineKind.CALL)


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
