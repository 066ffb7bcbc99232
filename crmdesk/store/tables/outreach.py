"""What customers allow, and what is sent to them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, literal_column, true

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

# One row for each time somebody said yes or no; the latest of a channel and purpose holds.
consent = Table(
    "consent",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("is_given", Boolean, nullable=False),
    text_column("source"),
    text_column("wording"),
    text_column("who"),
    Column("call_id", Key),
    Index("ix_consent_timeline", "customer_id", "at", "id"),
)

message_template = Table(
    "message_template",
    metadata,
    *row_columns(),
    Column("name", Text, nullable=False),
    text_column("language"),
    text_column("subject"),
    text_column("body"),
    # "" for answers to what the customer asked; else the purpose that needs a consent.
    text_column("purpose"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("is_active", Boolean, nullable=False, server_default=true()),
)

# state: a MessageState. message_id: of RFC 5322, made once, so that a second try is the same mail.
message = Table(
    "message",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("template_id", Key),
    Column("channel", Text, nullable=False, server_default="email"),
    text_column("purpose"),
    Column("address", Text, nullable=False),
    text_column("subject"),
    text_column("body"),
    text_column("who"),
    Column("state", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),
    Column("sent_at", Instant),
    text_column("trouble"),
    Index("ix_message_timeline", "customer_id", "at", "id"),
)

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_waiting = message.c.state.in_(
    [literal_column("'queued'"), literal_column("'sending'"), literal_column("'doubtful'")]
)
Index(
    "ix_message_waiting",
    message.c.next_try_at,
    message.c.id,
    sqlite_where=is_waiting,
    postgresql_where=is_waiting,
)
