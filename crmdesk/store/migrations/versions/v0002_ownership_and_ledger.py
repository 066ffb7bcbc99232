"""Numbers with dates, what people said of them, the ledger, and steps that can be undone.

Revision ID: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crmdesk.store.columns import Instant, Key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_EXTENDED = sa.text("extension != ''")
_UNSOLVED = sa.text("status != 'solved' AND deleted_at IS NULL")
_UNDONE = sa.text("done_at IS NULL AND deleted_at IS NULL")
_CALL_BY_NUMBER = [
    "caller_e164",
    "started_at",
    "deleted_at",
    "direction",
    "outcome",
    "customer_id",
]
_CALL_BY_CUSTOMER = [
    "customer_id",
    "started_at",
    "id",
    "deleted_at",
    "direction",
    "outcome",
    "answered_by",
    "agent",
    "talk_seconds",
    "queue",
    "dialled",
]


def upgrade() -> None:
    op.add_column("customer", _text("owner"))
    op.add_column("customer_number", sa.Column("since", sa.Date()))
    op.add_column("customer_number", sa.Column("until", sa.Date()))
    op.add_column(
        "call",
        sa.Column("verification", sa.Text(), nullable=False, server_default="unknown"),
    )
    _comparable_numbers()
    _claims()
    _changes()
    _ledger()
    _wider_indexes()
    _partial_indexes()


def _row_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Key(), primary_key=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("origin", Key(), nullable=False),
    ]


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _comparable_numbers() -> None:
    """National numbers are compared without leading zeros: Italian ones were stored with theirs."""
    op.execute(
        "UPDATE customer_number SET national = ltrim(national, '0')"
        " WHERE national >= '0' AND national < '1'"
    )


def _claims() -> None:
    op.create_table(
        "number_claim",
        *_row_columns(),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("who"),
        _text("reason"),
    )
    op.create_index("ix_claim_e164", "number_claim", ["e164", "deleted_at", "created_at"])
    op.create_index("ix_claim_customer", "number_claim", ["customer_id"])
    op.create_table(
        "ignored_number",
        *_row_columns(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _text("reason"),
        _text("who"),
    )


def _changes() -> None:
    op.create_table(
        "change_set",
        *_row_columns(),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("title"),
        _text("who"),
        sa.Column("state", sa.Text(), nullable=False, server_default="done"),
        sa.Column("undone_at", Instant()),
        _text("undone_by"),
        sa.Column("undone_down_to", sa.Integer()),
        sa.Column("kept", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_index("ix_change_set_created", "change_set", ["created_at", "id"])
    unfinished = sa.text("state IN ('open', 'undoing')")
    op.create_index(
        "ix_change_set_unfinished",
        "change_set",
        ["created_at"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_table(
        "change_row",
        *_row_columns(),
        sa.Column("change_id", Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Key(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
    )
    op.create_index("ix_change_row_change", "change_row", ["change_id", "position"])
    op.create_index("ix_change_row_row", "change_row", ["row_id"])


def _ledger() -> None:
    op.create_table(
        "ledger_line",
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("call_id", Key()),
        _text("extension"),
        _text("rule"),
        _text("digits"),
        sa.Column("candidates", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("millis", sa.Float()),
        _text("words"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_at", "ledger_line", ["at", "outcome"])
    op.create_index("ix_ledger_call", "ledger_line", ["call_id"])


def _wider_indexes() -> None:
    """What ranks the owners of a shared number is read from indexes alone."""
    for name, table, columns in (
        ("ix_number_e164", "customer_number", ["e164", "deleted_at", "customer_id"]),
        ("ix_call_e164", "call", _CALL_BY_NUMBER),
        ("ix_call_timeline", "call", _CALL_BY_CUSTOMER),
    ):
        op.drop_index(name, table)
        op.create_index(name, table, columns)


def _partial_indexes() -> None:
    for name, table, columns, condition in (
        ("ix_number_extension", "customer_number", ["e164", "extension"], _EXTENDED),
        ("ix_ticket_open", "ticket", ["customer_id"], _UNSOLVED),
        ("ix_follow_up_open", "follow_up", ["customer_id", "due_at"], _UNDONE),
    ):
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
