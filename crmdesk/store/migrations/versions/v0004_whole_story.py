"""The whole story of a customer: service, sales, surveys, messages, and the company's own plan.

Revision ID: 0004
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from crmdesk.store.columns import Instant, Key
from crmdesk.store.record_index.words import index_text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UNSOLVED = sa.text("status != 'solved' AND deleted_at IS NULL")
_UNDONE = sa.text("done_at IS NULL AND deleted_at IS NULL")
_UNPAID = sa.text("paid_at IS NULL AND deleted_at IS NULL")
_OPEN = sa.text("state = 'open' AND deleted_at IS NULL")
_WATCHED = sa.text("watch_at IS NOT NULL")
_WAITING = sa.text("state IN ('queued', 'sending', 'doubtful')")

_CLOCKS = (
    "first_due_at",
    "next_due_at",
    "paused_at",
    "watch_at",
    "first_answered_at",
    "first_warned_at",
    "warned_at",
    "first_breached_at",
    "breached_at",
)

# Contentless, as customer_search is. Words as crmdesk.store.record_index.words makes them (the
# tokenizer splits at spaces only) and their beginnings, not trigrams: a note is long. Without
# positions, which take most of the room.
_RECORD_INDEX = (
    "CREATE VIRTUAL TABLE record_search USING fts5("
    "text, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='3 6')",
    "INSERT INTO record_search (record_search, rank) VALUES ('secure-delete', 1)",
)

# What there was to be found before this version: table, its kind, its texts.
_SEARCHED = (
    ("interaction", "kind", "title", "detail", "who"),
    ("ticket", "'ticket'", "'ticket'", "number", "kind", "subject", "who"),
    ("sales_order", "'order'", "'order'", "number", "title"),
    ("payment", "'payment'", "'invoice'", "number"),
    ("survey_answer", "'survey'", "comment"),
    ("follow_up", "'follow_up'", "title", "who"),
)
_INDEXED_AT_ONCE = 2_000


def upgrade() -> None:
    _wider_history()
    _history_indexes()
    _service()
    _service_levels()
    _ticket_clocks()
    _sales()
    _asking()
    _outreach()
    _planning()
    _journal()
    _record_search()


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


def _flag(name: str, value: sa.ColumnElement[bool]) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=value)


def _number(name: str, value: int) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(value))


def _partial_index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _add(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(table, column)


def _wider_history() -> None:
    _add("ticket", *map(_text, ("detail", "stage", "owner", "escalated_to")))
    _add("ticket", *(sa.Column(name, Key()) for name in ("policy_id", "call_id")))
    _add("ticket", *(sa.Column(name, Instant()) for name in _CLOCKS), _number("escalation", 0))
    _add("sales_order", sa.Column("delivered_at", Instant()))
    _add("sales_order", *map(_text, ("carrier", "tracking", "detail")))
    _add("payment", _number("paid_cents", 0), sa.Column("order_id", Key()))
    _add("payment", sa.Column("status", sa.Text(), nullable=False, server_default="open"))
    _add("survey_answer", sa.Column("scale", sa.Text(), nullable=False, server_default="csat"))
    _add("survey_answer", *(sa.Column(name, Key()) for name in ("survey_id", "call_id")))
    _add("survey_answer", _text("who"))
    texts = ("owner", "detail", "place", "repeats", "done_by", "outcome", "e164")
    _add("follow_up", *map(_text, texts))
    _add("follow_up", *(sa.Column(name, Instant()) for name in ("ends_at", "remind_at")))
    _add("follow_up", *(sa.Column(name, Key()) for name in ("series_id", "call_id")))
    _add("custom_field", _text("hint"), _flag("is_retired", sa.false()))
    # What was paid before receipts were kept, was paid whole.
    op.execute(
        "UPDATE payment SET status = 'paid', paid_cents = amount_cents WHERE paid_at IS NOT NULL"
    )


def _history_indexes() -> None:
    op.drop_index("ix_interaction_timeline", "interaction")
    timeline = ["customer_id", "at", "id", "kind", "deleted_at"]
    op.create_index("ix_interaction_timeline", "interaction", timeline)
    _partial_index("ix_ticket_due", "ticket", ["next_due_at", "id"], _UNSOLVED)
    _partial_index("ix_ticket_watch", "ticket", ["watch_at", "id"], _WATCHED)
    _partial_index("ix_follow_up_due", "follow_up", ["due_at", "id"], _UNDONE)
    _partial_index("ix_follow_up_remind", "follow_up", ["remind_at"], _UNDONE)
    _partial_index("ix_payment_open", "payment", ["customer_id", "due_on"], _UNPAID)
    op.create_index("ix_ticket_number", "ticket", ["number"])
    op.create_index("ix_sales_order_number", "sales_order", ["number"])
    worth = ["customer_id", "deleted_at", "status", "currency", "total_cents"]
    op.create_index("ix_sales_order_worth", "sales_order", worth)
    op.create_index("ix_payment_number", "payment", ["number"])
    op.create_index("ix_payment_order", "payment", ["order_id"])


def _service() -> None:
    op.create_table(
        "ticket_entry",
        *_row_columns(),
        sa.Column("ticket_id", Key(), nullable=False),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("who"),
        _text("text"),
        _text("before"),
        _text("after"),
    )
    op.create_index("ix_ticket_entry_customer", "ticket_entry", ["customer_id", "at"])
    op.create_index("ix_ticket_entry_ticket", "ticket_entry", ["ticket_id", "at", "id"])
    op.create_table(
        "ticket_link",
        *_row_columns(),
        sa.Column("ticket_id", Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", Key(), nullable=False),
    )
    op.create_index("ix_ticket_link_target", "ticket_link", ["target_id"])
    op.create_index("ix_ticket_link_ticket", "ticket_link", ["ticket_id"])


def _ticket_clocks() -> None:
    """Until the desk has mended them, open tickets press by the due time they have."""
    op.execute(
        "UPDATE ticket SET next_due_at = due_at"
        " WHERE status != 'solved' AND due_at IS NOT NULL AND deleted_at IS NULL"
    )
    op.execute(
        "INSERT INTO meta (name, value)"
        " SELECT 'ticket_clocks_after', '' WHERE EXISTS (SELECT 1 FROM ticket)"
    )


def _service_levels() -> None:
    op.create_table(
        "sla_policy",
        *_row_columns(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        _text("ticket_kind"),
        _text("priority"),
        _text("segment"),
        sa.Column("first_answer_minutes", sa.Integer()),
        sa.Column("resolution_minutes", sa.Integer()),
        sa.Column("warn_percent", sa.Integer(), nullable=False, server_default="80"),
        sa.Column("calendar_id", Key()),
        _text("escalate_to"),
        _flag("is_active", sa.true()),
    )
    op.create_table(
        "work_calendar",
        *_row_columns(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        _flag("is_always_open", sa.false()),
    )
    op.create_table(
        "work_hours",
        *_row_columns(),
        sa.Column("calendar_id", Key(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
    )
    op.create_index("ix_work_hours_calendar", "work_hours", ["calendar_id"])
    op.create_table(
        "work_holiday",
        *_row_columns(),
        sa.Column("calendar_id", Key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _text("title"),
    )
    op.create_index("ix_work_holiday_calendar", "work_holiday", ["calendar_id", "day"])


def _sales() -> None:
    op.create_table(
        "order_line",
        *_row_columns(),
        sa.Column("order_id", Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("sku"),
        _text("title"),
        sa.Column("quantity_milli", sa.Integer(), nullable=False, server_default="1000"),
        sa.Column("unit_cents", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("total_cents", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_index("ix_order_line_order", "order_line", ["order_id", "position"])
    op.create_table(
        "receipt",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("invoice_id", Key()),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        _text("method"),
        sa.Column("method_id", Key()),
        _text("reference"),
    )
    op.create_index("ix_receipt_invoice", "receipt", ["invoice_id"])
    op.create_index("ix_receipt_timeline", "receipt", ["customer_id", "at", "id"])
    _ways_to_pay()
    _opportunities()


def _ways_to_pay() -> None:
    op.create_table(
        "payment_method",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("brand"),
        _text("last_four"),
        _text("expiry"),
        _text("token"),
        _text("bank"),
        _text("mandate"),
        _flag("is_preferred", sa.false()),
    )
    op.create_index("ix_payment_method_customer", "payment_method", ["customer_id"])


def _opportunities() -> None:
    op.create_table(
        "opportunity",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _text("source"),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="open"),
        sa.Column("value_cents", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("currency", sa.Text(), nullable=False, server_default="EUR"),
        sa.Column("percent", sa.Integer()),
        sa.Column("expected_on", sa.Date()),
        _text("next_step"),
        sa.Column("next_step_at", Instant()),
        _text("owner"),
        sa.Column("closed_at", Instant()),
        _text("lost_reason"),
    )
    _partial_index("ix_opportunity_open", "opportunity", ["expected_on", "id"], _OPEN)
    op.create_index("ix_opportunity_timeline", "opportunity", ["customer_id", "at", "id"])


def _asking() -> None:
    op.create_table(
        "survey",
        *_row_columns(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        _text("intro"),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        _flag("asks_after_calls", sa.false()),
        _flag("is_active", sa.true()),
    )
    op.create_table(
        "survey_question",
        *_row_columns(),
        sa.Column("survey_id", Key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False, server_default="[]"),
        _flag("is_required", sa.false()),
    )
    op.create_index("ix_survey_question_survey", "survey_question", ["survey_id", "position"])
    op.create_table(
        "survey_reply",
        *_row_columns(),
        sa.Column("answer_id", Key(), nullable=False),
        _number("position", 0),
        sa.Column("question_id", Key()),
        _text("question"),
        _text("text"),
        sa.Column("score", sa.Integer()),
    )
    op.create_index("ix_survey_reply_answer", "survey_reply", ["answer_id"])


def _outreach() -> None:
    op.create_table(
        "consent",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        _text("source"),
        _text("wording"),
        _text("who"),
        sa.Column("call_id", Key()),
    )
    op.create_index("ix_consent_timeline", "consent", ["customer_id", "at", "id"])
    op.create_table(
        "message_template",
        *_row_columns(),
        sa.Column("name", sa.Text(), nullable=False),
        _text("language"),
        _text("subject"),
        _text("body"),
        _text("purpose"),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        _flag("is_active", sa.true()),
    )
    op.create_table(
        "message",
        *_row_columns(),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("template_id", Key()),
        sa.Column("channel", sa.Text(), nullable=False, server_default="email"),
        _text("purpose"),
        sa.Column("address", sa.Text(), nullable=False),
        _text("subject"),
        _text("body"),
        _text("who"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_at", Instant()),
        sa.Column("sent_at", Instant()),
        _text("trouble"),
    )
    op.create_index("ix_message_timeline", "message", ["customer_id", "at", "id"])
    _partial_index("ix_message_waiting", "message", ["next_try_at", "id"], _WAITING)


def _planning() -> None:
    op.create_table(
        "picklist_entry",
        *_row_columns(),
        sa.Column("list_key", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _text("meaning"),
        _text("tone"),
        sa.Column("percent", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        _flag("is_retired", sa.false()),
        sa.UniqueConstraint("list_key", "key", name="uq_picklist_entry"),
    )
    op.create_table(
        "required_field",
        *_row_columns(),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.UniqueConstraint("situation", "field", name="uq_required_field"),
    )
    op.create_table(
        "layout_block",
        *_row_columns(),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _flag("is_shown", sa.true()),
        sa.UniqueConstraint("place", "block", name="uq_layout_block"),
    )
    op.create_table(
        "segment",
        *_row_columns(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        _text("tone"),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        _flag("is_on_pop", sa.false()),
        sa.Column("counted", sa.Integer()),
        sa.Column("counted_at", Instant()),
    )
    op.create_table(
        "record_ref",
        *_row_columns(),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Key(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
    )
    op.create_index("ix_record_ref_id", "record_ref", ["source", "table_name", "external_id"])
    op.create_index("ix_record_ref_row", "record_ref", ["row_id"])


def _journal() -> None:
    op.add_column("change_row", sa.Column("customer_id", Key()))
    op.create_index("ix_change_row_customer", "change_row", ["customer_id", "created_at", "id"])


def _record_search() -> None:
    op.create_table(
        "search_record",
        sa.Column("row", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", Key(), nullable=False, unique=True),
        sa.Column("customer_id", Key(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    if op.get_bind().dialect.name != "sqlite":
        return
    for statement in _RECORD_INDEX:
        op.execute(statement)
    row = 0
    for table, kind, *texts in _SEARCHED:
        row = _index_table(table, kind, texts, row)


def _index_table(table: str, kind: str, texts: list[str], row: int) -> int:
    """Indexes the rows of a table by parts, so that memory stays flat; returns the last row."""
    connection = op.get_bind()
    page = (
        f"SELECT id, customer_id, {kind}, at, {', '.join(texts)} FROM {table}"  # noqa: S608
        f" WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT {_INDEXED_AT_ONCE}"
    )
    after = b""
    while found := connection.exec_driver_sql(page, (after,)).all():
        after = found[-1][0]
        rows = list(enumerate(found, row + 1))
        row = rows[-1][0]
        connection.exec_driver_sql(
            "INSERT INTO search_record (row, kind, record_id, customer_id, at)"
            " VALUES (?, ?, ?, ?, ?)",
            [(place, one[2], one[0], one[1], one[3]) for place, one in rows],
        )
        connection.exec_driver_sql(
            "INSERT INTO record_search (rowid, text) VALUES (?, ?)",
            [(place, index_text(uuid.UUID(bytes=one[1]), one[4:])) for place, one in rows],
        )
    return row
