"""Tickets beyond their own row: what was said and done, what they hang on, and their clocks."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, true

from crmdesk.store.columns import Instant, Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

# kind: a TicketEntryKind; before and after: what changed, a key of a picklist or a name.
ticket_entry = Table(
    "ticket_entry",
    metadata,
    *row_columns(),
    Column("ticket_id", Key, nullable=False),
    Column("customer_id", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    text_column("who"),
    text_column("text"),
    text_column("before"),
    text_column("after"),
    Index("ix_ticket_entry_ticket", "ticket_id", "at", "id"),
    Index("ix_ticket_entry_customer", "customer_id", "at"),
)

# kind: call, order, invoice or ticket; target_id: its key.
ticket_link = Table(
    "ticket_link",
    metadata,
    *row_columns(),
    Column("ticket_id", Key, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target_id", Key, nullable=False),
    Index("ix_ticket_link_ticket", "ticket_id"),
    Index("ix_ticket_link_target", "target_id"),
)

# "" as ticket_kind, priority or segment: for all. Minutes are of the calendar's working time.
sla_policy = Table(
    "sla_policy",
    metadata,
    *row_columns(),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    text_column("ticket_kind"),
    text_column("priority"),
    text_column("segment"),
    Column("first_answer_minutes", Integer),
    Column("resolution_minutes", Integer),
    Column("warn_percent", Integer, nullable=False, server_default="80"),
    Column("calendar_id", Key),
    text_column("escalate_to"),
    Column("is_active", Boolean, nullable=False, server_default=true()),
)

# zone: an IANA name; a calendar without hours is open round the clock only if it says so.
work_calendar = Table(
    "work_calendar",
    metadata,
    *row_columns(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("is_always_open", Boolean, nullable=False, server_default="0"),
)

# weekday: 0 is Monday; minutes from midnight of the wall clock, until 1440 is midnight. Hours
# that end before they begin go on over midnight into the next day.
work_hours = Table(
    "work_hours",
    metadata,
    *row_columns(),
    Column("calendar_id", Key, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("from_minute", Integer, nullable=False),
    Column("until_minute", Integer, nullable=False),
    Index("ix_work_hours_calendar", "calendar_id"),
)

work_holiday = Table(
    "work_holiday",
    metadata,
    *row_columns(),
    Column("calendar_id", Key, nullable=False),
    Column("day", Date, nullable=False),
    text_column("title"),
    Index("ix_work_holiday_calendar", "calendar_id", "day"),
)
