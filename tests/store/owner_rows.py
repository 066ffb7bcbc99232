"""Rows of customers, numbers and calls for stores with very many owners of a number."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table

from crmdesk.store import Store
from crmdesk.store.columns import to_micros
from crmdesk.store.tables import call, customer, customer_number, number_claim

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_STAMPS = {"created_at": LONG_AGO, "updated_at": LONG_AGO, "origin": uuid.UUID(int=1)}
_DEFAULTS: dict[str, Any] = {
    "kind": "person",
    "status": "active",
    "do_not_call": False,
    "direction": "inbound",
    "presentation": "allowed",
    "outcome": "answered",
    "verification": "unknown",
    "ring_seconds": 0.0,
    "talk_seconds": 0.0,
    "on_hold": False,
}
_ROWS_AT_ONCE = 50_000


def key(number: int) -> uuid.UUID:
    """Keys that grow like those of the store."""
    return uuid.UUID(int=(7 << 76) + number)


def customer_row(number: int, name: str = "", **facts: Any) -> tuple[Any, ...]:
    name = name or f"Customer {number}"
    return _row(customer, key(number), {"name": name, "name_key": name, "sort_key": name, **facts})


def number_row(number: int, owner: int, e164: str | None, **facts: Any) -> tuple[Any, ...]:
    digits = (e164 or facts.get("raw", "")).lstrip("+")
    known = {"raw": e164, "rev_digits": digits[::-1], "customer_id": key(owner), "e164": e164}
    return _row(customer_number, key(number), {**known, **facts})


def call_row(number: int, owner: int | None, e164: str, at: datetime, **facts: Any) -> Any:
    whose = {"customer_id": None if owner is None else key(owner), "match_digits": e164}
    return _row(call, key(number), {"caller_e164": e164, "started_at": at, **whose, **facts})


def claim_row(number: int, owner: int, e164: str, kind: str, **facts: Any) -> tuple[Any, ...]:
    return _row(
        number_claim, key(number), {"customer_id": key(owner), "e164": e164, "kind": kind, **facts}
    )


def fill(store: Store, rows: Mapping[Table, Iterable[tuple[Any, ...]]]) -> None:
    for table, every in rows.items():
        waiting = list(every)
        for start in range(0, len(waiting), _ROWS_AT_ONCE):
            some = waiting[start : start + _ROWS_AT_ONCE]
            store.write(_insertion(table, some)).result()


def _insertion(table: Table, rows: list[tuple[Any, ...]]) -> Callable[[Any], None]:
    return lambda writer: writer.insert_rows(table, rows)


def _row(table: Table, row_id: uuid.UUID, facts: Mapping[str, Any]) -> tuple[Any, ...]:
    values = {**_STAMPS, "id": row_id, **facts}
    return tuple(_raw(_value(column, values)) for column in table.columns)


def _value(column: Any, values: Mapping[str, Any]) -> Any:
    if column.name in values:
        return values[column.name]
    return _DEFAULTS.get(column.name, None if column.nullable else "")


def _raw(value: Any) -> Any:
    """As the driver takes it."""
    if isinstance(value, uuid.UUID):
        return value.bytes
    if isinstance(value, datetime):
        return to_micros(value)
    return value.isoformat() if isinstance(value, date) else value
