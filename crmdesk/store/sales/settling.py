"""What the receipts of an invoice come to; written with each, and again when one is undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmdesk.domain.sales import Receipt, settlement

SETTLED = ("status", "paid_at", "paid_cents")
"""Columns of an invoice that its receipts and its closing write, and no form."""


def settled_columns(amount_cents: int, receipts: Sequence[Receipt]) -> dict[str, Any]:
    """What an invoice's row says of what was paid."""
    status, paid_at, paid_cents = settlement(amount_cents, receipts)
    return {"status": status.value, "paid_at": paid_at, "paid_cents": paid_cents}
