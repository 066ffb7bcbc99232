"""Customers as they leave the store: with everything that is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crmdesk.domain.customers import Customer


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """One customer for an export.

    Attributes:
        created_at, changed_at: When the customer was added and last changed here (UTC).
        custom: Values of the company's own fields, by the key of the field.
    """

    customer: Customer
    created_at: datetime
    changed_at: datetime
    custom: Mapping[str, str] = field(default_factory=dict)


ExportPlace = tuple[str, str, bytes]
"""Where a page of an export ended: which list it reads, and the text and key of its last row.

Plain values that mean something to the store only.
"""


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A page of an export; `next` is None on the last one."""

    records: tuple[CustomerRecord, ...] = ()
    next: ExportPlace | None = None


@dataclass(frozen=True, slots=True)
class Widths:
    """How much there is of what a customer may have several of: the most of any of them.

    Attributes:
        dated: Whether any number has a first or last day.
    """

    numbers: int = 0
    emails: int = 0
    addresses: int = 0
    dated: bool = False
