"""What happened with a customer besides calls.

Each table has `at`, the moment its timeline entry stands at, and an index that pages one
customer's rows newest first. Money is integer cents.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, Index, Integer, Table, Text, literal_column

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column


def _history(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        *row_columns(),
        Column("customer_id", Key, nullable=False),
        Column("at", Instant, nullable=False),
        *columns,
        Index(f"ix_{name}_timeline", "customer_id", "at", "id"),
    )


# Notes, e-mails, visits and web forms: `kind` is a TimelineKind.
interaction = _history(
    "interaction",
    Column("kind", Text, nullable=False),
    text_column("who"),
    text_column("title"),
    text_column("detail"),
    Column("call_id", Key),
)

# status: open, waiting or solved; at: when it was opened.
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
)

# at: when it was invoiced; unpaid while paid_at is NULL.
payment = _history(
    "payment",
    Column("number", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("due_on", Date),
    Column("paid_at", Instant),
    text_column("method"),
)

# score: 1 (bad) to 5 (good).
survey_answer = _history(
    "survey_answer",
    Column("score", Integer, nullable=False),
    text_column("comment"),
)

# at: when it was made; kind: follow_up, or promise where the customer was told.
follow_up = _history(
    "follow_up",
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    text_column("who"),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
)

Index("ix_interaction_call", interaction.c.call_id)

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_unsolved = (ticket.c.status != literal_column("'solved'")) & ticket.c.deleted_at.is_(None)
is_undone = follow_up.c.done_at.is_(None) & follow_up.c.deleted_at.is_(None)
"""Conditions with an index of their own: few rows are so at any time."""

Index(
    "ix_ticket_open",
    ticket.c.customer_id,
    sqlite_where=is_unsolved,
    postgresql_where=is_unsolved,
)
Index(
    "ix_follow_up_open",
    follow_up.c.customer_id,
    follow_up.c.due_at,
    sqlite_where=is_undone,
    postgresql_where=is_undone,
)
