"""Orders, invoices, receipts and ways to pay in words. Pure: now and names are arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    MethodKind,
    Order,
    OrderStatus,
    PaymentMethod,
    PaymentPractice,
    Receipt,
)
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import joined

_MILLI = 1000
_S = OrderStatus


@dataclass(frozen=True, slots=True)
class Said:
    """A few words with tone and icon; the words say what the colour says."""

    text: str
    tone: str = "muted"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One station of a thing on its way.

    Attributes:
        is_reached: It was there; without a day where nobody wrote it down.
    """

    title: str
    when: str
    is_reached: bool
    tone: str = "good"


def day(one: date) -> str:
    """A day with its year, e.g. "12 Mar 2027"."""
    return f"{one.day} {one:%b %Y}"


def day_of(at: datetime) -> str:
    """The day of a moment at this desk."""
    return day(times.local(at).date())


def days(count: int) -> str:
    """A number of days."""
    return "1 day" if count == 1 else f"{count:,} days"


def quantity(milli: int) -> str:
    """Thousandths as people write them: "2", "1.5"."""
    whole, rest = divmod(milli, _MILLI)
    return f"{whole:,}" if not rest else f"{milli / _MILLI:,.3f}".rstrip("0")


# --- orders ---------------------------------------------------------------------------------


def order_name(order: Order) -> str:
    """What an order is called."""
    return f"Order {order.number}"


def order_status(order: Order, lists: Picklists) -> tuple[str, str]:
    """Status and tone of an order, for a chip."""
    choice = lists.choice(PicklistKey.ORDER_STATUS, order.status.value)
    return choice.title, choice.tone or "neutral"


def order_clock(order: Order, now: datetime) -> Said:
    """Whether it comes in time, e.g. "Late by 3 days, promised for 9 Mar 2027"."""
    if order.promised_at is None:
        return Said("")
    promised = f"promised for {day_of(order.promised_at)}"
    if order.is_late(now):
        late = (times.local(now).date() - times.local(order.promised_at).date()).days
        how = f"Late by {days(late)}" if late else "Late since today"
        return Said(joined((how, promised), ", "), "bad", "warning")
    if order.status is _S.DELIVERED and order.delivered_at is not None:
        late = (times.local(order.delivered_at).date() - times.local(order.promised_at).date()).days
        if late > 0:
            return Said(f"Came {days(late)} late, {promised}", "warn", "clock")
        return Said("Came in time", "good", "check-circle")
    if order.status in {_S.PLACED, _S.SHIPPED}:
        return Said(f"Promised for {day_of(order.promised_at)}", "muted", "clock")
    return Said("")


def order_steps(order: Order, lists: Picklists) -> tuple[Step, ...]:
    """The way of an order: placed, shipped, delivered; or how it ended else."""
    titles = {one: lists.title(PicklistKey.ORDER_STATUS, one.value) for one in _S}
    placed = Step(titles[_S.PLACED], day_of(order.at), is_reached=True)
    shipped_at, delivered_at = order.shipped_at, order.delivered_at
    is_shipped = shipped_at is not None or order.status in {_S.SHIPPED, _S.DELIVERED, _S.RETURNED}
    is_there = delivered_at is not None or order.status in {_S.DELIVERED, _S.RETURNED}
    shipped = Step(titles[_S.SHIPPED], _day_or(shipped_at, is_shipped), is_shipped)
    delivered = Step(titles[_S.DELIVERED], _day_or(delivered_at, is_there), is_there)
    if order.status is _S.CANCELLED:
        known = (shipped,) if shipped_at is not None else ()
        return (placed, *known, Step(titles[_S.CANCELLED], "", True, "warn"))
    if order.status is _S.RETURNED:
        return (placed, shipped, delivered, Step(titles[_S.RETURNED], "", True, "warn"))
    return (placed, shipped, delivered)


def _day_or(at: datetime | None, is_reached: bool) -> str:
    if at is not None:
        return day_of(at)
    return "day not written down" if is_reached else "not yet"


def lines_sum(order: Order) -> int:
    """What its lines come to, in cents."""
    return sum(line.total_cents for line in order.lines)


def beside_lines(order: Order) -> str:
    """What the total has beside the lines: shipping, or a discount; "" where they agree."""
    rest = order.total_cents - lines_sum(order)
    if not order.lines or not rest:
        return ""
    what = "Shipping and other costs" if rest > 0 else "Discount"
    return f"{what}: {money(rest, order.currency)}"


# --- invoices and receipts ------------------------------------------------------------------


def invoice_name(invoice: Invoice) -> str:
    """What an invoice is called."""
    return f"Invoice {invoice.number}"


def invoice_status(invoice: Invoice, now: datetime) -> Said:
    """Where an invoice stands, as of today at this desk."""
    today = times.local(now).date()
    if invoice.status is InvoiceStatus.CANCELLED:
        return Said("Cancelled", "muted", "close")
    if invoice.status is InvoiceStatus.WRITTEN_OFF:
        return Said("Written off", "muted", "close")
    if invoice.status is InvoiceStatus.PAID:
        return _paid(invoice, today)
    if invoice.due_on is None:
        return Said(_with_part("Open", invoice), "text", "clock")
    late = invoice.days_late(today, None)
    if late > 0:
        return Said(_with_part(f"Overdue by {days(late)}", invoice), "bad", "warning")
    when = "due today" if not late else f"due on {day(invoice.due_on)}"
    return Said(_with_part(f"Open, {when}", invoice), "text", "clock")


def _with_part(text: str, invoice: Invoice) -> str:
    if not invoice.paid_cents:
        return text
    return f"{text}, {money(invoice.paid_cents, invoice.currency)} of it paid"


def _paid(invoice: Invoice, today: date) -> Said:
    if invoice.paid_at is None:
        return Said("Paid", "good", "check-circle")
    paid_on = times.local(invoice.paid_at).date()
    late = invoice.days_late(today, paid_on)
    how = f", {days(late)} late" if late > 0 else ""
    return Said(f"Paid on {day(paid_on)}{how}", "good", "check-circle")


def receipt_name(receipt: Receipt) -> str:
    """What money that came in, or went back, is called."""
    what = "Payment received" if receipt.amount_cents >= 0 else "Money given back"
    return f"{what}: {money(abs(receipt.amount_cents), receipt.currency)}"


def practice(found: PaymentPractice) -> Said:
    """How somebody pays, e.g. "9 of 11 on time, late by 6 days in the middle"."""
    if not found.counted:
        return Said("No paid invoice with a due day yet.")
    if found.on_time == found.counted:
        many = "The only one" if found.counted == 1 else f"All {found.counted:,}"
        return Said(f"{many} on time", "good", "check-circle")
    late = f"late by {days(found.median_days_late)} in the middle"
    is_rare = 2 * found.on_time >= found.counted
    tone = "warn" if is_rare else "bad"
    return Said(f"{found.on_time:,} of {found.counted:,} on time, {late}", tone, "clock")


def owed(found: PaymentPractice) -> Said:
    """What is open, and how much of it is overdue."""
    if not found.owed:
        return Said("Nothing is open", "good", "check-circle")
    first, *others = found.owed
    more = "".join(f"; {money(one.open_cents, one.currency)} open" for one in others)
    total = money(first.open_cents, first.currency)
    if not first.overdue_cents:
        return Said(f"{total} open{more}, none of it overdue", "text", "clock")
    late = money(first.overdue_cents, first.currency)
    words = f"{total} open, {late} overdue by {days(first.overdue_days)}{more}"
    return Said(words, "bad", "warning")


# --- ways to pay ----------------------------------------------------------------------------

KIND_TITLES = {
    MethodKind.CARD: "Card",
    MethodKind.DIRECT_DEBIT: "Direct debit",
    MethodKind.TRANSFER: "Bank transfer",
    MethodKind.OTHER: "Other",
}


def method(one: PaymentMethod, today: date | None = None) -> Said:
    """A way to pay: "Visa •••• 1111 until 04/27"; never its token."""
    text = " ".join(_method_parts(one)) or KIND_TITLES[one.kind]
    if today is not None and is_expired(one, today):
        return Said(f"{text}, expired", "warn", "warning")
    return Said(text, "text", "star" if one.is_preferred else "payment")


def _method_parts(one: PaymentMethod) -> Iterator[str]:
    if one.kind is MethodKind.CARD:
        yield one.brand or KIND_TITLES[one.kind]
        if one.last_four:
            yield f"•••• {one.last_four}"
        if one.expiry:
            yield f"until {expiry(one.expiry)}"
        return
    if one.kind is MethodKind.DIRECT_DEBIT:
        yield one.bank or KIND_TITLES[one.kind]
        if one.mandate:
            yield f"mandate {one.mandate}"
        return
    yield " ".join(filter(None, (KIND_TITLES[one.kind], one.bank or one.brand)))


def expiry(kept: str) -> str:
    """A month as it stands on the card: "2027-04" is "04/27"."""
    year, _, month = kept.partition("-")
    return f"{month}/{year[-2:]}" if month else kept


def is_expired(one: PaymentMethod, today: date) -> bool:
    """Whether a card ran out: it holds until the end of its month."""
    return one.kind is MethodKind.CARD and bool(one.expiry) and one.expiry < f"{today:%Y-%m}"
