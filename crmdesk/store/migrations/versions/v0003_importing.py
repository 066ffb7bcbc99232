"""Customers from elsewhere: imports that can be undone, keys of other systems, custom fields.

Revision ID: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crmdesk.store.columns import Instant, Key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_BATCH = sa.text("batch_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("customer", sa.Column("batch_id", Key()))
    op.add_column("customer", sa.Column("merged_into", Key()))
    op.create_index(
        "ix_customer_batch",
        "customer",
        ["batch_id"],
        sqlite_where=_OF_BATCH,
        postgresql_where=_OF_BATCH,
    )
    op.drop_index("ix_email_address", "email")
    op.create_index("ix_email_address", "email", [sa.text("address COLLATE NOCASE")])
    op.add_column(
        "change_set", sa.Column("created", sa.Integer(), nullable=False, server_default="0")
    )
    _external_refs()
    _custom_fields()
    op.create_table(
        "sync_state",
        *_row_columns(),
        sa.Column("profile", sa.Text(), nullable=False, unique=True),
        sa.Column("body", sa.Text(), nullable=False),
    )


def _row_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Key(), primary_key=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("origin", Key(), nullable=False),
    ]


def _external_refs() -> None:
    op.create_table(
        "external_ref",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
    )
    op.create_index("ix_external_ref_id", "external_ref", ["source", "external_id"])
    op.create_index("ix_external_ref_customer", "external_ref", ["customer_id"])


def _custom_fields() -> None:
    op.create_table(
        "custom_field",
        *_row_columns(),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "custom_value",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("field_key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_custom_value_customer", "custom_value", ["customer_id"])
    op.create_index("ix_custom_value_value", "custom_value", ["field_key", "value"])
