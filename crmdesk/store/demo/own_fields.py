"""Two fields of the invented company's own, and what its customers have of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Table

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import Row
from crmdesk.store.tables import custom_field, custom_value

CUSTOMERS = 200
"""So many customers have them; a demo of a million needs no more."""

_SPACE = uuid.UUID("5c1f7c0e-7a0f-4b6d-9f43-0d6b8a1f3c52")
_FIELDS = (
    ("loyalty_card", "Loyalty card", "text", "The number on the back of the card"),
    ("contract_end", "Contract ends", "date", ""),
)
_EVERY_SECOND, _EVERY_THIRD = 2, 3
_CONTRACT_DAYS = 720


def own_field_rows(
    customers: Iterable[Customer], now: datetime, desk: bytes
) -> dict[Table, list[Row]]:
    """The fields, and the values of some customers.

    Args:
        customers: The first of a demo, at most `CUSTOMERS`.
        now: The present moment of the demo.
        desk: Goes into `origin`.
    """
    at = to_micros(now)

    def stamps(*what: str) -> Row:
        key = uuid.uuid5(_SPACE, " ".join(what)).bytes
        return key, at, at, None, desk

    fields = [
        (*stamps(key), key, title, kind, "[]", place, hint, False)
        for place, (key, title, kind, hint) in enumerate(_FIELDS)
    ]
    values = [
        (*stamps(str(one.id), key), one.id.bytes, key, value)
        for one in customers
        for key, value in _values(one, now)
    ]
    return {custom_field: fields, custom_value: values}


def _values(one: Customer, now: datetime) -> Iterable[tuple[str, str]]:
    """A card of every second person, a contract of every third customer; by their keys."""
    chance = one.id.int & 0xFFFF
    if one.kind is CustomerKind.PERSON and chance % _EVERY_SECOND == 0:
        yield "loyalty_card", f"LC-{10_000 + chance}"
    if chance % _EVERY_THIRD == 0:
        ends = now.date() + timedelta(days=chance % _CONTRACT_DAYS)
        yield "contract_end", ends.isoformat()
