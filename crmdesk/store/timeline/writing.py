"""Writes what happened with a customer besides calls."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, insert, or_, select

from crmdesk.domain.customers import TimelineKind
from crmdesk.store.ids import new_id
from crmdesk.store.record_index.writing import RecordIndexWriting
from crmdesk.store.tables import (
    call,
    follow_up,
    interaction,
    payment,
    sales_order,
    survey_answer,
    ticket,
)

_AFTER_WORK = timedelta(minutes=30)
"""So long after a talk a note is still about it."""
_LONGEST_CALL = timedelta(days=1)

_instant = call.c.started_at.type
_call_of_note = (
    select(call.c.id)
    .where(
        call.c.customer_id == bindparam("customer_id", type_=call.c.id.type),
        call.c.started_at.between(
            bindparam("earliest", type_=_instant), bindparam("at", type_=_instant)
        ),
        or_(
            call.c.ended_at.is_(None),
            call.c.answered_at.is_not(None)
            & (call.c.ended_at >= bindparam("just_now", type_=_instant)),
        ),
        call.c.deleted_at.is_(None),
    )
    .order_by(call.c.ended_at.is_not(None), call.c.started_at.desc())
    .limit(1)
)


class HistoryWriting(RecordIndexWriting):
    """Writes history. Each method adds a row and returns its key."""

    def call_of_note(self, customer_id: uuid.UUID, at: datetime) -> uuid.UUID | None:
        """The call a note of this moment belongs to: the one that is on, or a talk just over.

        Args:
            customer_id: Whom the note is about.
            at: When it is written, aware UTC.
        """
        values = {
            "customer_id": customer_id,
            "at": at,
            "earliest": at - _LONGEST_CALL,
            "just_now": at - _AFTER_WORK,
        }
        found: uuid.UUID | None = self._connection.execute(_call_of_note, values).scalar()
        return found

    def add_note(
        self,
        customer_id: uuid.UUID,
        text: str,
        who: str,
        at: datetime,
        call_id: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """Adds a note, of a call where one is named."""
        return self.add_interaction(
            customer_id, TimelineKind.NOTE, at, who=who, detail=text, call_id=call_id
        )

    def add_interaction(
        self,
        customer_id: uuid.UUID,
        kind: TimelineKind,
        at: datetime,
        *,
        who: str = "",
        title: str = "",
        detail: str = "",
        call_id: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """Adds a note, e-mail, visit or web form."""
        values = {"kind": kind, "who": who, "title": title, "detail": detail, "call_id": call_id}
        return self._add(interaction, customer_id, at, values)

    def add_ticket(
        self,
        customer_id: uuid.UUID,
        at: datetime,
        *,
        number: str,
        kind: str,
        subject: str,
        priority: str = "normal",
        status: str = "open",
        who: str = "",
        due_at: datetime | None = None,
        solved_at: datetime | None = None,
    ) -> uuid.UUID:
        """Adds a ticket; status is open, waiting or solved."""
        values = {
            "number": number,
            "kind": kind,
            "subject": subject,
            "priority": priority,
            "status": status,
            "who": who,
            "due_at": due_at,
            "next_due_at": None if status == "solved" else due_at,
            "solved_at": solved_at,
        }
        return self._add(ticket, customer_id, at, values)

    def add_order(
        self,
        customer_id: uuid.UUID,
        at: datetime,
        *,
        number: str,
        title: str,
        total_cents: int,
        currency: str = "EUR",
        status: str = "placed",
        promised_at: datetime | None = None,
        shipped_at: datetime | None = None,
    ) -> uuid.UUID:
        """Adds an order; status is placed, shipped, delivered, cancelled or returned."""
        values = {
            "number": number,
            "title": title,
            "status": status,
            "total_cents": total_cents,
            "currency": currency,
            "promised_at": promised_at,
            "shipped_at": shipped_at,
        }
        return self._add(sales_order, customer_id, at, values)

    def add_payment(
        self,
        customer_id: uuid.UUID,
        at: datetime,
        *,
        number: str,
        amount_cents: int,
        currency: str = "EUR",
        due_on: date | None = None,
        paid_at: datetime | None = None,
        method: str = "",
    ) -> uuid.UUID:
        """Adds an invoice and whether it was paid."""
        values = {
            "number": number,
            "amount_cents": amount_cents,
            "currency": currency,
            "due_on": due_on,
            "paid_at": paid_at,
            "method": method,
            "paid_cents": amount_cents if paid_at else 0,
            "status": "paid" if paid_at else "open",
        }
        return self._add(payment, customer_id, at, values)

    def add_survey_answer(
        self, customer_id: uuid.UUID, at: datetime, score: int, comment: str = ""
    ) -> uuid.UUID:
        """Adds an answer; score from 1 (bad) to 5 (good)."""
        return self._add(survey_answer, customer_id, at, {"score": score, "comment": comment})

    def add_follow_up(
        self,
        customer_id: uuid.UUID,
        at: datetime,
        *,
        title: str,
        due_at: datetime,
        who: str = "",
        kind: str = "follow_up",
        done_at: datetime | None = None,
    ) -> uuid.UUID:
        """Adds a follow-up; kind is promise where the customer was told."""
        values = {"title": title, "due_at": due_at, "who": who, "kind": kind, "done_at": done_at}
        return self._add(follow_up, customer_id, at, values)

    def _add(
        self,
        table: Table,
        customer_id: uuid.UUID,
        at: datetime,
        values: Mapping[str, Any],
    ) -> uuid.UUID:
        now = self._clock()
        key = new_id(now)
        stamps = {"id": key, "created_at": now, "updated_at": now, "origin": self._desk_id}
        row = {**values, **stamps, "customer_id": customer_id, "at": at}
        self._connection.execute(insert(table), row)
        self.index_records(table.name, [key])
        return key
