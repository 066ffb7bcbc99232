"""What came with customers from elsewhere: their keys there, and fields of the company's own."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, false

from crmdesk.store.columns import Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

# source: name of the profile or system; external_id: the customer's key there.
external_ref = Table(
    "external_ref",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Index("ix_external_ref_id", "source", "external_id"),
    Index("ix_external_ref_customer", "customer_id"),
)

# kind: a CustomFieldKind; choices: a JSON array of texts.
custom_field = Table(
    "custom_field",
    metadata,
    *row_columns(),
    Column("key", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("choices", Text, nullable=False, server_default="[]"),
    Column("position", Integer, nullable=False, server_default="0"),
    text_column("hint"),
    Column("is_retired", Boolean, nullable=False, server_default=false()),
)

custom_value = Table(
    "custom_value",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("field_key", Text, nullable=False),
    text_column("value"),
    Index("ix_custom_value_customer", "customer_id"),
    Index("ix_custom_value_value", "field_key", "value"),
)

# Where the next run of a profile goes on: sync tokens and the like, as JSON.
sync_state = Table(
    "sync_state",
    metadata,
    *row_columns(),
    Column("profile", Text, nullable=False, unique=True),
    Column("body", Text, nullable=False),
)
