"""Steps that can be taken back: each row they touched, before and after."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

change_set = Table(
    "change_set",
    metadata,
    *row_columns(),
    Column("kind", Text, nullable=False),
    text_column("title"),
    text_column("who"),
    # open, done, undoing or undone: a ChangeState. Large ones take many transactions.
    Column("state", Text, nullable=False, server_default="done"),
    Column("undone_at", Instant),
    text_column("undone_by"),
    # While it is taken back, newest row first: the position that was reached, rows kept.
    Column("undone_down_to", Integer),
    Column("kept", Integer, nullable=False, server_default="0"),
    # Customers an import brought in; they name it in batch_id and have no change_row.
    Column("created", Integer, nullable=False, server_default="0"),
    Index("ix_change_set_created", "created_at", "id"),
)

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_unfinished = change_set.c.state.in_(
    bindparam(None, ("open", "undoing"), expanding=True, literal_execute=True)
)
Index(
    "ix_change_set_unfinished",
    change_set.c.created_at,
    sqlite_where=is_unfinished,
    postgresql_where=is_unfinished,
)

# before and after: JSON objects of the columns that changed; before is NULL for a new row.
change_row = Table(
    "change_row",
    metadata,
    *row_columns(),
    Column("change_id", Key, nullable=False),
    Column("position", Integer, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", Key, nullable=False),
    Column("before", Text),
    Column("after", Text),
    # Whose row it is: the history of a customer is read from here. NULL in older journals.
    Column("customer_id", Key),
    Index("ix_change_row_change", "change_id", "position"),
    Index("ix_change_row_row", "row_id"),
    Index("ix_change_row_customer", "customer_id", "created_at", "id"),
)
