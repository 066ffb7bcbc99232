"""Calls, who was offered them, where they went and which cards were shown.

A call's key is `domain.ids.call_id`, its children's keys derive from it (`store.ids`), so
that every desk that hears of a call writes the same rows.

The table is not clustered by customer although that makes a cold read of one customer's
calls 19 times faster: a call is written before its customer is known, is updated by its own
key many times, and every other index would carry a 40-byte key. Instead
`ix_call_timeline` covers what the timeline and the pop read of a call: one customer's calls
lie side by side in the index, and the table's rows are not touched.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, Text, bindparam, false

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

call = Table(
    "call",
    metadata,
    *row_columns(),
    text_column("line_id"),
    Column("direction", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    text_column("caller_raw"),
    Column("caller_e164", Text),
    text_column("caller_name"),
    Column("presentation", Text, nullable=False),
    Column("dialled", Text),
    Column("queue", Text),
    Column("account_id", Text),
    Column("verification", Text, nullable=False, server_default="unknown"),
    Column("first_rang_at", Instant),
    Column("answered_at", Instant),
    Column("answered_by", Text),
    Column("agent", Text),
    Column("connected_at", Instant),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    Column("talk_seconds", Float, nullable=False, server_default="0"),
    Column("on_hold", Boolean, nullable=False, server_default=false()),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Column("outcome", Text),
    Column("customer_id", Key),
    Column("match_state", Text),
    Column("match_rule", Text),
    text_column("match_digits"),
)

LOST_OUTCOMES = ("missed", "abandoned", "busy", "declined", "voicemail", "failed")
"""Outcomes of inbound calls nobody of us talked to."""

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_lost = (
    call.c.direction == bindparam(None, "inbound", literal_execute=True)
) & call.c.outcome.in_(bindparam(None, LOST_OUTCOMES, expanding=True, literal_execute=True))
is_open = call.c.ended_at.is_(None)
"""Conditions with an index of their own."""

Index("ix_call_started", call.c.started_at, call.c.id)
# Covers who called from a number last, which ranks the owners of a shared one.
Index(
    "ix_call_e164",
    call.c.caller_e164,
    call.c.started_at,
    call.c.deleted_at,
    call.c.direction,
    call.c.outcome,
    call.c.customer_id,
)
Index(
    "ix_call_timeline",
    call.c.customer_id,
    call.c.started_at,
    call.c.id,
    call.c.deleted_at,
    call.c.direction,
    call.c.outcome,
    call.c.answered_by,
    call.c.agent,
    call.c.talk_seconds,
    call.c.queue,
    call.c.dialled,
)
Index("ix_call_lost", call.c.started_at, call.c.id, sqlite_where=is_lost, postgresql_where=is_lost)
Index("ix_call_open", call.c.started_at, call.c.id, sqlite_where=is_open, postgresql_where=is_open)

call_offer = Table(
    "call_offer",
    metadata,
    *row_columns(),
    Column("call_id", Key, nullable=False),
    Column("extension", Text, nullable=False),
    Column("offered_at", Instant, nullable=False),
    Column("rang_at", Instant),
    Column("ended_at", Instant),
    Column("rounds", Integer, nullable=False),
    Column("outcome", Text),
    Index("ix_offer_call", "call_id"),
    Index("ix_offer_extension", "extension", "offered_at"),
)

call_transfer = Table(
    "call_transfer",
    metadata,
    *row_columns(),
    Column("call_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_extension", Text, nullable=False),
    Column("to_extension", Text, nullable=False),
    Index("ix_transfer_call", "call_id"),
)

call_pop = Table(
    "call_pop",
    metadata,
    *row_columns(),
    Column("call_id", Key, nullable=False),
    Column("extension", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_pop_call", "call_id"),
)
