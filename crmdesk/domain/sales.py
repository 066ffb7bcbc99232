"""Orders, invoices, what was paid on them and how. Money is integer cents."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import median


class OrderStatus(StrEnum):
    """Where an order is."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order.

    Attributes:
        quantity_milli: Thousandths: 1500 is 1.5.
    """

    title: str
    sku: str = ""
    quantity_milli: int = 1000
    unit_cents: int = 0
    total_cents: int = 0
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order with its lines.

    Attributes:
        at: When it was placed.
        total_cents: As the shop says; lines may leave out discounts and shipping.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    number: str
    title: str = ""
    status: OrderStatus = OrderStatus.PLACED
    total_cents: int = 0
    currency: str = "EUR"
    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    carrier: str = ""
    tracking: str = ""
    detail: str = ""
    lines: tuple[OrderLine, ...] = ()

    def is_late(self, now: datetime) -> bool:
        """Whether it should have left, or arrived, by now and did not."""
        is_waited_for = self.status in {OrderStatus.PLACED, OrderStatus.SHIPPED}
        return is_waited_for and self.promised_at is not None and self.promised_at < now


class InvoiceStatus(StrEnum):
    """Where an invoice stands."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in; below zero where it was given back.

    Attributes:
        method: Key of the picklist `PAYMENT_METHOD`.
        method_id: The card or mandate it came by, where known.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    amount_cents: int
    currency: str = "EUR"
    invoice_id: uuid.UUID | None = None
    method: str = ""
    method_id: uuid.UUID | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with what was paid on it.

    Attributes:
        at: When it was written.
        paid_at: When the last of it came in; None while something is missing.
        receipts: Oldest first.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    number: str
    amount_cents: int
    currency: str = "EUR"
    due_on: date | None = None
    paid_at: datetime | None = None
    paid_cents: int = 0
    status: InvoiceStatus = InvoiceStatus.OPEN
    method: str = ""
    order_id: uuid.UUID | None = None
    receipts: tuple[Receipt, ...] = ()

    @property
    def open_cents(self) -> int:
        """What is still to be paid."""
        is_open = self.status is InvoiceStatus.OPEN
        return max(0, self.amount_cents - self.paid_cents) if is_open else 0

    def days_late(self, today: date, paid_on: date | None) -> int:
        """Days after the due day: until it was paid, or until today; below zero where early.

        Args:
            today: At the desk.
            paid_on: The day of `paid_at` at the desk, None while it is open.
        """
        return ((paid_on or today) - self.due_on).days if self.due_on else 0


def settlement(
    amount_cents: int, receipts: Sequence[Receipt]
) -> tuple[InvoiceStatus, datetime | None, int]:
    """What receipts of an invoice come to: paid or open, since when it is paid, and the sum.

    It is paid since its amount was reached and held: money that came twice and was given back
    later makes nobody late.
    """
    paid, since = 0, None
    for one in sorted(receipts, key=lambda one: one.at):
        paid += one.amount_cents
        since = (since or one.at) if paid >= amount_cents else None
    return (InvoiceStatus.OPEN if since is None else InvoiceStatus.PAID), since, paid


class MethodKind(StrEnum):
    """How somebody pays."""

    CARD = "card"
    DIRECT_DEBIT = "direct_debit"
    TRANSFER = "transfer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A card or a mandate, without the number of either.

    Attributes:
        brand: Of a card, e.g. "Visa".
        last_four: The last digits, all that is ever kept of them.
        expiry: "2027-04" of a card.
        token: The payment service's own name for it; shown to nobody, in no export.
        bank: Name of the bank.
        mandate: Reference of a SEPA mandate.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    kind: MethodKind
    brand: str = ""
    last_four: str = ""
    expiry: str = ""
    token: str = ""
    bank: str = ""
    mandate: str = ""
    is_preferred: bool = False

    def __repr__(self) -> str:
        return f"PaymentMethod({self.kind}, {self.brand} {self.last_four})"


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody owes in one currency.

    Attributes:
        overdue_days: Of the invoice that is overdue longest.
    """

    open_cents: int
    currency: str
    overdue_cents: int = 0
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class PaymentPractice:
    """How somebody pays.

    Attributes:
        counted: Paid invoices with a due day that were looked at.
        on_time: Of them, those paid by then.
        median_days_late: Of those that were late, 0 where none was.
        owed: For each currency in which something is open, what is overdue longest first.
    """

    counted: int = 0
    on_time: int = 0
    median_days_late: int = 0
    owed: tuple[Owed, ...] = ()


def payment_practice(
    paid: Iterable[tuple[Invoice, date | None]], unpaid: Iterable[Invoice], today: date
) -> PaymentPractice:
    """How somebody pays, by their invoices.

    Args:
        paid: Invoices, each with the day it was paid on at the desk; others are left out.
        unpaid: All that is open; credit notes are no debt.
        today: At the desk.
    """
    lates = [
        one.days_late(today, paid_on)
        for one, paid_on in paid
        if one.status is InvoiceStatus.PAID and one.due_on and paid_on
    ]
    late = [days for days in lates if days > 0]
    return PaymentPractice(
        counted=len(lates),
        on_time=len(lates) - len(late),
        median_days_late=round(median(late)) if late else 0,
        owed=_owed([one for one in unpaid if one.open_cents], today),
    )


def _owed(invoices: list[Invoice], today: date) -> tuple[Owed, ...]:
    found = []
    for currency in {one.currency for one in invoices}:
        own = [one for one in invoices if one.currency == currency]
        overdue = [one for one in own if one.due_on and one.due_on < today]
        days = max((one.days_late(today, None) for one in overdue), default=0)
        sums = (sum(one.open_cents for one in some) for some in (own, overdue))
        open_cents, overdue_cents = sums
        found.append(Owed(open_cents, currency, overdue_cents, days))
    found.sort(key=lambda one: (-one.overdue_days, -one.open_cents, one.currency))
    return tuple(found)
