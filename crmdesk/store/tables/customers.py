"""People, companies and how to reach them. What is a set is a row per element."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Table, Text, false, literal_column

from crmdesk.store.columns import Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

customer = Table(
    "customer",
    metadata,
    *row_columns(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    # Folded (crmdesk.store.fold): prefixes are found by range whatever the case or accent,
    # which SQLite's NOCASE does for ASCII only. sort_key starts with the family name.
    Column("name_key", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("company_id", Key),
    text_column("role"),
    text_column("account_id"),
    text_column("language"),
    text_column("salutation"),
    text_column("source"),
    Column("status", Text, nullable=False),
    text_column("segment"),
    Column("customer_since", Date),
    Column("do_not_call", Boolean, nullable=False, server_default=false()),
    text_column("owner"),
    # The import (a change_set) that brought the customer in, as long as that can be undone.
    Column("batch_id", Key),
    # Set together with deleted_at: who the customer is now.
    Column("merged_into", Key),
    Index("ix_customer_name_key", "name_key"),
    Index("ix_customer_sort_key", "sort_key", "id"),
    Index("ix_customer_company", "company_id"),
    Index("ix_customer_account", "account_id"),
    # Looked up by key in every pop: the row lies in the key's own tree, one step less.
    sqlite_with_rowid=False,
)

# Literal, not bound: SQLite uses a partial index only where the query says the very same.
is_of_batch = customer.c.batch_id.is_not(None)
Index(
    "ix_customer_batch",
    customer.c.batch_id,
    sqlite_where=is_of_batch,
    postgresql_where=is_of_batch,
)

# Few: what is everybody's leaves them out without reading everybody.
is_deleted = customer.c.deleted_at.is_not(None)
Index(
    "ix_customer_deleted",
    customer.c.deleted_at,
    sqlite_where=is_deleted,
    postgresql_where=is_deleted,
)

# A number may belong to several customers (households, switchboards): e164 is not unique.
customer_number = Table(
    "customer_number",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("raw", Text, nullable=False),
    Column("e164", Text),
    text_column("extension"),
    text_column("national"),
    text_column("region"),
    # Digits from the last to the first: "ends with" becomes a range on an index.
    text_column("rev_digits"),
    text_column("label"),
    Column("since", Date),
    Column("until", Date),
    # With the customer: "does this one own it" and "how many" are read from the index alone,
    # and removed rows are not read at all.
    Index("ix_number_e164", "e164", "deleted_at", "customer_id"),
    Index("ix_number_national", "national", "region"),
    Index("ix_number_rev_digits", "rev_digits"),
    Index("ix_number_customer", "customer_id"),
)

has_extension = customer_number.c.extension != literal_column("''")
Index(
    "ix_number_extension",
    customer_number.c.e164,
    customer_number.c.extension,
    sqlite_where=has_extension,
    postgresql_where=has_extension,
)

email = Table(
    "email",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("address", Text, nullable=False),
    text_column("label"),
    Index("ix_email_customer", "customer_id"),
)

# Addresses are asked for whatever their case; NOCASE knows ASCII, which is enough for them.
Index("ix_email_address", email.c.address.collate("NOCASE"))

address = Table(
    "address",
    metadata,
    *row_columns(),
    Column("customer_id", Key, nullable=False),
    Column("kind", Text, nullable=False),
    text_column("street"),
    text_column("postcode"),
    text_column("city"),
    text_column("country"),
    Index("ix_address_customer", "customer_id"),
)

# What people said of a number: "take this one from now on", "not this person".
number_claim = Table(
    "number_claim",
    metadata,
    *row_columns(),
    Column("e164", Text, nullable=False),
    Column("customer_id", Key, nullable=False),
    Column("kind", Text, nullable=False),
    text_column("who"),
    text_column("reason"),
    Index("ix_claim_e164", "e164", "deleted_at", "created_at"),
    Index("ix_claim_customer", "customer_id"),
)

ignored_number = Table(
    "ignored_number",
    metadata,
    *row_columns(),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    text_column("reason"),
    text_column("who"),
)
