"""Rows of any table, for tests of lists: what is not given has its default."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, insert

from crmdesk.store import Writer


def insert_rows(writer: Writer, table: Table, rows: list[dict[str, Any]], now: datetime) -> None:
    """Inserts rows with the stamps all rows have; each may name its own key."""
    stamps = {"created_at": now, "updated_at": now, "origin": uuid.UUID(int=0)}
    for row in rows:
        writer._connection.execute(insert(table), {"id": uuid.uuid4(), **stamps, **row})


def follow_up_row(customer: uuid.UUID, due: datetime, **facts: Any) -> dict[str, Any]:
    plain = {"kind": "follow_up", "title": "Ring back", "at": due, "who": ""}
    return {**plain, "customer_id": customer, "due_at": due, **facts}


def ticket_row(customer: uuid.UUID, at: datetime, due: datetime | None, **facts: Any) -> Any:
    plain = {"number": "1", "kind": "question", "subject": "?", "priority": "normal"}
    times = {"at": at, "next_due_at": due, "status": "open"}
    return {**plain, **times, "customer_id": customer, **facts}


def lead_row(customer: uuid.UUID, at: datetime, expected: date | None, **facts: Any) -> Any:
    plain = {"title": "Lamps", "stage": "new", "currency": "EUR", "value_cents": 100}
    return {**plain, "customer_id": customer, "at": at, "expected_on": expected, **facts}
