"""Customers that the tests of exports write."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)
from crmdesk.domain.exporting import CustomerRecord

AT = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
TODAY = date(2026, 6, 15)


def number(e164: str, label: str = "work", **more: str) -> PhoneNumber:
    """A number as the store has it."""
    return PhoneNumber(e164, e164, label, **more)


JANE = Customer(
    id=uuid.UUID(int=1),
    kind=CustomerKind.PERSON,
    name="Jane Doe",
    company_name="Hansen; Söhne, Co. KG",
    role="purchasing",
    account_id="K-100",
    language="de",
    salutation="Frau Doe",
    source="Trade fair",
    status=CustomerStatus.DORMANT,
    segment="Gold",
    customer_since=date(2024, 3, 5),
    do_not_call=True,
    owner="Anna",
    numbers=(
        number("+493023125101", extension="12"),
        number("+491713920012", "mobile"),
        PhoneNumber("+493023125199", "+493023125199", "work", until=date(2023, 5, 31)),
    ),
    emails=(Email("jane@example.com"), Email("doe@example.org", "home")),
    addresses=(Address("work", "Am Hafen 1", "10115", "Berlin", "DE"),),
)


def record_of(customer: Customer) -> CustomerRecord:
    """A customer as the store gives it to an export."""
    return CustomerRecord(customer, AT, AT)
