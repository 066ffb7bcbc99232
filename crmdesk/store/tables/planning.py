"""What the company decides about its own data: choices, required fields, blocks, segments."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, false, true

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

# list_key: a PicklistKey; meaning: what the program takes the choice for, e.g. "waiting".
picklist_entry = Table(
    "picklist_entry",
    metadata,
    *row_columns(),
    Column("list_key", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    text_column("meaning"),
    text_column("tone"),
    Column("percent", Integer),
    Column("position", Integer, nullable=False, server_default="0"),
    # No longer offered; rows that have it keep it and still show its title.
    Column("is_retired", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("list_key", "key", name="uq_picklist_entry"),
)

# field: a column of the situation's form or "custom:<key>".
required_field = Table(
    "required_field",
    metadata,
    *row_columns(),
    Column("situation", Text, nullable=False),
    Column("field", Text, nullable=False),
    UniqueConstraint("situation", "field", name="uq_required_field"),
)

# place: page or pop.
layout_block = Table(
    "layout_block",
    metadata,
    *row_columns(),
    Column("place", Text, nullable=False),
    Column("block", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_shown", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("place", "block", name="uq_layout_block"),
)

# rule: JSON of a SegmentRule. counted: how many there were at counted_at.
segment = Table(
    "segment",
    metadata,
    *row_columns(),
    Column("name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    text_column("tone"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("is_on_pop", Boolean, nullable=False, server_default=false()),
    Column("counted", Integer),
    Column("counted_at", Instant),
)

# Keys of tickets, orders and the like in other systems; a customer's are in external_ref.
record_ref = Table(
    "record_ref",
    metadata,
    *row_columns(),
    Column("table_name", Text, nullable=False),
    Column("row_id", Key, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Index("ix_record_ref_id", "source", "table_name", "external_id"),
    Index("ix_record_ref_row", "row_id"),
)
