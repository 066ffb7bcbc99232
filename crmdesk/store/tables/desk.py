"""What belongs to this desk's store and is never replicated."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from crmdesk.store.columns import Key, row_columns
from crmdesk.store.tables.schema import metadata

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

# The search index (crmdesk.store.search) names customers by number; a table's own rowid
# would not do, because VACUUM INTO renumbers it.
search_row = Table(
    "search_row",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("customer_id", Key, nullable=False, unique=True),
)
