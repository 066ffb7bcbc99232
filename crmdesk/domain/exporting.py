"""What leaves the store: customers with everything that is known of them, and their records."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmdesk.domain.customers import Customer
from crmdesk.domain.sales import OrderLine


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


@dataclass(frozen=True, slots=True)
class ExportedRecord:
    """A ticket, an order, a note: one row of what happened with a customer.

    Attributes:
        account_id: Number of the customer, "" where there is none.
        values: By column of the table, and what other records it names are called.
        lines: Of an order.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    customer_name: str
    account_id: str
    values: Mapping[str, Any]
    lines: tuple[OrderLine, ...] = ()


RecordPlace = tuple[uuid.UUID, datetime, uuid.UUID]
"""Where a page of records ended: customer, moment and key of the last one."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of an export of records; `next` is None on the last one."""

    records: tuple[ExportedRecord, ...] = ()
    next: RecordPlace | None = None
