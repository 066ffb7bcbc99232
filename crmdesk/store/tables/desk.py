"""What belongs to this desk's store and is never replicated."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, Text

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

secret = Table(
    "secret",
    metadata,
    *row_columns(),
    Column("ref", Text, nullable=False, unique=True),
    Column("value", Text, nullable=False),
)

# The search index (crmdesk.store.customers.search) names customers by number; a table's own rowid
# would not do, because VACUUM INTO renumbers it.
search_row = Table(
    "search_row",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("customer_id", Key, nullable=False, unique=True),
)

# The same for the index of notes, tickets, orders and the like (record_search). kind: a
# TimelineKind; at: where it stands in the timeline, so that what is found is put in order.
search_record = Table(
    "search_record",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record_id", Key, nullable=False, unique=True),
    Column("customer_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
)

# The ledger of this desk: what became of each telephony event. The oldest lines go.
ledger_line = Table(
    "ledger_line",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("call_id", Key),
    text_column("extension"),
    text_column("rule"),
    text_column("digits"),
    Column("candidates", Integer, nullable=False, server_default="0"),
    Column("millis", Float),
    text_column("words"),
    Index("ix_ledger_at", "at", "outcome"),
    Index("ix_ledger_call", "call_id"),
    sqlite_autoincrement=True,
)
