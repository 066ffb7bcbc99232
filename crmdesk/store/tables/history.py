"""What happened with a customer besides calls.

Each table has `at`, the moment its timeline entry stands at, and an index that pages one
customer's rows newest first. Money is integer cents.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Date, Index, Integer, Table, Text, literal_column

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column


def _history(name: str, *columns: Column[Any], covers: tuple[str, ...] = ()) -> Table:
    """A table of history; its index also covers some columns, so that rows need not be read."""
    return Table(
        name,
        metadata,
        *row_columns(),
        Column("customer_id", Key, nullable=False),
        Column("at", Instant, nullable=False),
        *columns,
        Index(f"ix_{name}_timeline", "customer_id", "at", "id", *covers),
    )


# Notes, e-mails, visits and web forms: `kind` is a TimelineKind.
interaction = _history(
    "interaction",
    Column("kind", Text, nullable=False),
    text_column("who"),
    text_column("title"),
    text_column("detail"),
    Column("call_id", Key),
    covers=("kind", "deleted_at"),  # one kind of four is found without reading the others
)

# status: open, waiting or solved; stage: the company's own word for it (a picklist entry).
# at: when it was opened; who: by whom. The clocks are what the SLA policy came to when the ticket
# last changed: policy_id, the due times (`due_at` is of the resolution, `next_due_at` of whatever
# runs), paused_at, and watch_at, when a warning or a breach has to be recorded next. They follow
# from the rest and are written by `store.service.clocks` alone, never by a change of a person;
# so are the moments of warnings and breaches, which stay whatever the policy says later.
ticket = _history(
    "ticket",
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("status", Text, nullable=False),
    text_column("who"),
    Column("due_at", Instant),
    Column("solved_at", Instant),
    text_column("detail"),
    text_column("stage"),
    text_column("owner"),
    Column("policy_id", Key),
    Column("first_due_at", Instant),
    Column("next_due_at", Instant),
    Column("paused_at", Instant),
    Column("watch_at", Instant),
    Column("first_answered_at", Instant),
    Column("first_warned_at", Instant),
    Column("warned_at", Instant),
    Column("first_breached_at", Instant),
    Column("breached_at", Instant),
    Column("escalation", Integer, nullable=False, server_default="0"),
    text_column("escalated_to"),
    Column("call_id", Key),
)

# status: placed, shipped, delivered, cancelled or returned; at: when it was placed.
sales_order = _history(
    "sales_order",
    Column("number", Text, nullable=False),
    text_column("title"),
    Column("status", Text, nullable=False),
    Column("total_cents", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("promised_at", Instant),
    Column("shipped_at", Instant),
    Column("delivered_at", Instant),
    text_column("carrier"),
    text_column("tracking"),
    text_column("detail"),
)

# An invoice. at: when it was invoiced; unpaid while paid_at is NULL. paid_cents: the sum of
# its receipts. status: open, paid, cancelled or written_off.
payment = _history(
    "payment",
    Column("number", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("due_on", Date),
    Column("paid_at", Instant),
    text_column("method"),
    Column("paid_cents", Integer, nullable=False, server_default="0"),
    Column("status", Text, nullable=False, server_default="open"),
    Column("order_id", Key),
)

# score: 1 (bad) to 5 (good) where scale is csat, 0 to 10 where nps, 0 where none.
survey_answer = _history(
    "survey_answer",
    Column("score", Integer, nullable=False),
    text_column("comment"),
    Column("scale", Text, nullable=False, server_default="csat"),
    Column("survey_id", Key),
    Column("call_id", Key),
    text_column("who"),
)

# at: when it was made; kind: a FollowUpKind, promise where the customer was told. who: who made
# it, owner: who is to do it ("" for the maker). repeats: "", or a rule as in RFC 5545 without
# "RRULE:". series_id: what repeats shares it. outcome: "", kept, late, broken or cancelled.
follow_up = _history(
    "follow_up",
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    text_column("who"),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
    text_column("owner"),
    text_column("detail"),
    Column("ends_at", Instant),
    text_column("place"),
    Column("remind_at", Instant),
    text_column("repeats"),
    Column("series_id", Key),
    text_column("done_by"),
    text_column("outcome"),
    Column("call_id", Key),
    text_column("e164"),
)

Index("ix_interaction_call", interaction.c.call_id)

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_unsolved = (ticket.c.status != literal_column("'solved'")) & ticket.c.deleted_at.is_(None)
is_solved = (ticket.c.status == literal_column("'solved'")) & ticket.c.deleted_at.is_(None)
is_escalated = ticket.c.escalated_to != literal_column("''")
# Solved ones too: a breach that nobody has recorded yet is recorded all the same.
is_watched = ticket.c.watch_at.is_not(None)
is_undone = follow_up.c.done_at.is_(None) & follow_up.c.deleted_at.is_(None)
has_owner = follow_up.c.owner != literal_column("''")
is_makers = follow_up.c.owner == literal_column("''")
"""Conditions with an index of their own: few rows are so at any time."""


def _index_where(name: str, where: ColumnElement[bool], *columns: Column[Any]) -> None:
    """An index of the rows that are so."""
    Index(f"ix_{name}", *columns, sqlite_where=where, postgresql_where=where)


# The columns behind the key let a list pass over what it does not want without reading the row.
_due = (ticket.c.next_due_at, ticket.c.id)
_breaches = (ticket.c.first_breached_at, ticket.c.breached_at)
_index_where("ticket_open", is_unsolved, ticket.c.customer_id)
_index_where("ticket_due", is_unsolved, *_due, ticket.c.kind, ticket.c.priority, *_breaches)
# Covers the counts of the page of tickets, so with what the condition asks for.
_counted = (ticket.c.escalated_to, *_breaches, ticket.c.status, ticket.c.deleted_at)
_index_where("ticket_owner", is_unsolved, ticket.c.owner, *_due, *_counted)
_index_where(
    "ticket_escalated",
    is_escalated & ticket.c.deleted_at.is_(None),
    ticket.c.escalated_to, *_due, ticket.c.status,
)  # fmt: skip
_index_where("ticket_solved", is_solved, ticket.c.owner, ticket.c.id)
_index_where("ticket_watch", is_watched, ticket.c.watch_at, ticket.c.id)

_when = (follow_up.c.due_at, follow_up.c.id)
_whose = (follow_up.c.owner, follow_up.c.who)
_index_where("follow_up_open", is_undone, follow_up.c.customer_id, follow_up.c.due_at)
_index_where("follow_up_due", is_undone, *_when, follow_up.c.kind, *_whose)
_index_where("follow_up_remind", is_undone, follow_up.c.remind_at, *_when, *_whose)
# What is one person's: what has an owner, and what is its maker's.
_index_where("follow_up_owner", is_undone & has_owner, follow_up.c.owner, *_when, follow_up.c.kind)
_index_where("follow_up_maker", is_undone & is_makers, follow_up.c.who, *_when, follow_up.c.kind)
is_unpaid = payment.c.paid_at.is_(None) & payment.c.deleted_at.is_(None)
_index_where("payment_open", is_unpaid, payment.c.customer_id, payment.c.due_on)
Index("ix_ticket_number", ticket.c.number)
Index("ix_sales_order_number", sales_order.c.number)
# Covers how many orders a customer has and what they come to: no row of the table is read.
Index(
    "ix_sales_order_worth",
    sales_order.c.customer_id,
    sales_order.c.deleted_at,
    sales_order.c.status,
    sales_order.c.currency,
    sales_order.c.total_cents,
)
Index("ix_payment_number", payment.c.number)
Index("ix_payment_order", payment.c.order_id)
