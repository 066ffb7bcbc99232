"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from crmdesk.store.columns import Instant, Key

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LOST = sa.text(
    "direction = 'inbound' AND outcome IN"
    " ('missed', 'abandoned', 'busy', 'declined', 'voicemail', 'failed')"
)
_OPEN = sa.text("ended_at IS NULL")

# Contentless: the text is in the tables already. secure-delete: what is deleted or changed
# leaves the index at once instead of at some later merge.
_SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE customer_search USING fts5("
    "text, content='', contentless_delete=1, tokenize='trigram')",
    "INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1)",
)


def upgrade() -> None:
    _customers()
    _contacts()
    _calls()
    _call_parts()
    _history()
    _more_history()
    _desk()
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SEARCH_INDEX:
            op.execute(statement)


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


def _customers() -> None:
    op.create_table(
        "customer",
        *_row_columns(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("company_id", Key()),
        _text("role"),
        _text("account_id"),
        _text("language"),
        _text("salutation"),
        _text("source"),
        sa.Column("status", sa.Text(), nullable=False),
        _text("segment"),
        sa.Column("customer_since", sa.Date()),
        sa.Column("do_not_call", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_customer_account", "customer", ["account_id"])
    op.create_index("ix_customer_company", "customer", ["company_id"])
    op.create_index("ix_customer_name_key", "customer", ["name_key"])
    op.create_index("ix_customer_sort_key", "customer", ["sort_key", "id"])
    op.create_table(
        "customer_number",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("e164", sa.Text()),
        _text("extension"),
        _text("national"),
        _text("region"),
        _text("rev_digits"),
        _text("label"),
    )
    op.create_index("ix_number_customer", "customer_number", ["customer_id"])
    op.create_index("ix_number_e164", "customer_number", ["e164"])
    op.create_index("ix_number_national", "customer_number", ["national", "region"])
    op.create_index("ix_number_rev_digits", "customer_number", ["rev_digits"])


def _contacts() -> None:
    op.create_table(
        "email",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        _text("label"),
    )
    op.create_index("ix_email_address", "email", ["address"])
    op.create_index("ix_email_customer", "email", ["customer_id"])
    op.create_table(
        "address",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("street"),
        _text("postcode"),
        _text("city"),
        _text("country"),
    )
    op.create_index("ix_address_customer", "address", ["customer_id"])


def _calls() -> None:
    op.create_table(
        "call",
        *_row_columns(),
        _text("line_id"),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        _text("caller_raw"),
        sa.Column("caller_e164", sa.Text()),
        _text("caller_name"),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("dialled", sa.Text()),
        sa.Column("queue", sa.Text()),
        sa.Column("account_id", sa.Text()),
        sa.Column("first_rang_at", Instant()),
        sa.Column("answered_at", Instant()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("agent", sa.Text()),
        sa.Column("connected_at", Instant()),
        sa.Column("ring_seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("talk_seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("on_hold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("ended_by", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("customer_id", Key()),
        sa.Column("match_state", sa.Text()),
        sa.Column("match_rule", sa.Text()),
        _text("match_digits"),
    )
    op.create_index("ix_call_e164", "call", ["caller_e164", "started_at"])
    op.create_index(
        "ix_call_lost", "call", ["started_at", "id"], sqlite_where=_LOST, postgresql_where=_LOST
    )
    op.create_index(
        "ix_call_open", "call", ["started_at", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_call_started", "call", ["started_at", "id"])
    op.create_index(
        "ix_call_timeline",
        "call",
        [
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
        ],
    )


def _call_parts() -> None:
    op.create_table(
        "call_offer",
        *_row_columns(),
        sa.Column("call_id", Key(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("offered_at", Instant(), nullable=False),
        sa.Column("rang_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text()),
    )
    op.create_index("ix_offer_call", "call_offer", ["call_id"])
    op.create_index("ix_offer_extension", "call_offer", ["extension", "offered_at"])
    op.create_table(
        "call_transfer",
        *_row_columns(),
        sa.Column("call_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_extension", sa.Text(), nullable=False),
        sa.Column("to_extension", sa.Text(), nullable=False),
    )
    op.create_index("ix_transfer_call", "call_transfer", ["call_id"])
    op.create_table(
        "call_pop",
        *_row_columns(),
        sa.Column("call_id", Key(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_pop_call", "call_pop", ["call_id"])


def _history() -> None:
    op.create_table(
        "interaction",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("who"),
        _text("title"),
        _text("detail"),
        sa.Column("call_id", Key()),
    )
    op.create_index("ix_interaction_call", "interaction", ["call_id"])
    op.create_index("ix_interaction_timeline", "interaction", ["customer_id", "at", "id"])
    op.create_table(
        "ticket",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        _text("who"),
        sa.Column("due_at", Instant()),
        sa.Column("solved_at", Instant()),
    )
    op.create_index("ix_ticket_timeline", "ticket", ["customer_id", "at", "id"])
    op.create_table(
        "sales_order",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        _text("title"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("promised_at", Instant()),
        sa.Column("shipped_at", Instant()),
    )
    op.create_index("ix_sales_order_timeline", "sales_order", ["customer_id", "at", "id"])


def _more_history() -> None:
    op.create_table(
        "payment",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("paid_at", Instant()),
        _text("method"),
    )
    op.create_index("ix_payment_timeline", "payment", ["customer_id", "at", "id"])
    op.create_table(
        "survey_answer",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        _text("comment"),
    )
    op.create_index("ix_survey_answer_timeline", "survey_answer", ["customer_id", "at", "id"])
    op.create_table(
        "follow_up",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _text("who"),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("done_at", Instant()),
    )
    op.create_index("ix_follow_up_timeline", "follow_up", ["customer_id", "at", "id"])


def _desk() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "secret",
        *_row_columns(),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    op.create_table(
        "search_row",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("customer_id", Key(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("customer_id"),
    )
