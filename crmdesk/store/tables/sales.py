"""Lines of orders, what was paid on invoices and how, and business that may come.

Money is integer cents. `payment` (in `history`) is an invoice; `receipt` is money that came in.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, false, literal_column

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

# quantity in thousandths: 1500 is 1.5.
order_line = Table(
    "order_line",
    metadata,
    *row_columns(),
    Column("order_id", Key, nullable=False),
    Column("position", Integer, nullable=False),
    text_column("sku"),
    text_column("title"),
    Column("quantity_milli", Integer, nullable=False, server_default="1000"),
    Column("unit_cents", Integer, nullable=False, server_default="0"),
    Column("total_cents", Integer, nullable=False, server_default="0"),
    Index("ix_order_line_order", "order_id", "position"),
)

# amount below zero: money that was given back.
receipt = Table(
    "receipt",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("invoice_id", Key),
    Column("amount_cents", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    text_column("method"),
    Column("method_id", Key),
    text_column("reference"),
    Index("ix_receipt_timeline", "customer_id", "at", "id"),
    Index("ix_receipt_invoice", "invoice_id"),
)

# Never a card's or an account's number. token: the payment service's own name for the card.
payment_method = Table(
    "payment_method",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("kind", Text, nullable=False),
    text_column("brand"),
    text_column("last_four"),
    text_column("expiry"),
    text_column("token"),
    text_column("bank"),
    text_column("mandate"),
    Column("is_preferred", Boolean, nullable=False, server_default=false()),
    Index("ix_payment_method_customer", "customer_id"),
)

# state: open, won or lost; stage: an entry of the picklist "lead_stage".
opportunity = Table(
    "opportunity",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    text_column("source"),
    Column("stage", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("value_cents", Integer, nullable=False, server_default="0"),
    Column("currency", Text, nullable=False, server_default="EUR"),
    Column("percent", Integer),
    Column("expected_on", Date),
    text_column("next_step"),
    Column("next_step_at", Instant),
    text_column("owner"),
    Column("closed_at", Instant),
    text_column("lost_reason"),
    Index("ix_opportunity_timeline", "customer_id", "at", "id"),
)

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_open_opportunity = (
    opportunity.c.state == literal_column("'open'")
) & opportunity.c.deleted_at.is_(None)
_worth = ("percent", "value_cents", "customer_id", "state", "deleted_at")
for _name, _columns in (
    ("open", ("expected_on", "id", "stage")),
    ("owner", ("owner", "expected_on", "id", "stage")),
    # Covers the forecast, in the order it is summed up in.
    ("forecast", ("stage", "currency", "owner", "expected_on", *_worth)),
):
    Index(
        f"ix_opportunity_{_name}",
        *(opportunity.c[_column] for _column in _columns),
        sqlite_where=is_open_opportunity,
        postgresql_where=is_open_opportunity,
    )
