"""Pictures of orders, invoices, payments and leads: opened, in their blocks, their forms."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerStatus, TimelineKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.planning import Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    Owed,
    PaymentMethod,
    PaymentPractice,
    Receipt,
)
from crmdesk.domain.tickets import Ticket
from crmdesk.gui.leads.lead_dialog import LeadDialog, LostDialog, new_lead
from crmdesk.gui.leads.won_dialog import WonDialog
from crmdesk.gui.models.lead_words import Until
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.blocks.leads import LeadsBlock
from crmdesk.gui.pages.customers.blocks.orders import OrdersBlock
from crmdesk.gui.pages.customers.blocks.payments import Payments, PaymentsBlock
from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pages.leads.page import LeadsPage
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_customers import busiest, card_of
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.invoice_dialog import InvoiceDialog, ReceiptDialog, new_invoice
from crmdesk.gui.sales.method_dialog import MethodDialog
from crmdesk.gui.sales.order_dialog import OrderDialog, new_order
from crmdesk.gui.sales.reading import OpenedInvoice, OpenedOrder, OpenedReceipt
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column

NOW = demo_values.NOW
_CARD = (900, 760)
_PAGE = (1120, 700)
_PAUSE_MS = 900
_BLOCKS = (Size.SIDE_PANEL, 720)
_WHO = demo_values.JANE.id


def _key(number: int) -> uuid.UUID:
    return uuid.UUID(int=7_000 + number)


def _days(count: float) -> timedelta:
    return timedelta(days=count)


def _order(key: int = 1, **facts: object) -> Order:
    lines = (
        OrderLine("Standing desk, oak", "SD-160", 2000, 48_900, 97_800, _key(11)),
        OrderLine("Cable tray", "CT-2", 2000, 2_450, 4_900, _key(12)),
        OrderLine("Felt, by the metre", "F-9", 1500, 1_800, 2_700, _key(13)),
    )
    made = Order(
        _key(key), _WHO, NOW - _days(12), "88-21", "Two standing desks", OrderStatus.SHIPPED,
        110_300, promised_at=NOW - _days(3), shipped_at=NOW - _days(4), carrier="Parcel service",
        tracking="00340434161094042557", detail="Deliver to the second floor.", lines=lines,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def _receipt(number: int, cents: int, ago: float, **facts: object) -> Receipt:
    made = Receipt(_key(number), _WHO, NOW - _days(ago), cents, invoice_id=_key(2))
    return replace(made, **facts)  # type: ignore[arg-type]


def _invoice(key: int = 2, **facts: object) -> Invoice:
    made = Invoice(
        _key(key), _WHO, NOW - _days(30), "R-2027-118", 110_300,
        due_on=(NOW - _days(16)).date(), order_id=_key(1),
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


_VISA = PaymentMethod(_key(21), _WHO, MethodKind.CARD, "Visa", "1111", "2027-04", is_preferred=True)
_BANK = PaymentMethod(
    _key(22), _WHO, MethodKind.DIRECT_DEBIT, bank="Hafenbank", mandate="M-2024-17"
)


def _lead(number: int = 31, **facts: object) -> Lead:
    made = Lead(
        _key(number), _WHO, NOW - _days(9), "20 desks for the new office", "offer",
        source="Trade fair", value_cents=978_000, expected_on=(NOW + _days(20)).date(),
        next_step="Send the offer with the discount", next_step_at=NOW + timedelta(hours=5),
        owner="Alice Adler", customer_name="Jane Doe",
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def _card(kind: TimelineKind, value: object, *, is_lead: bool = False) -> CustomerCard:
    made = card_of(busiest())
    view = demo_window().customers().desk.view
    if view is not None:
        status = CustomerStatus.LEAD if is_lead else view.customer.status
        story = replace(view.story, customer=replace(view.customer, status=status))
        shown = replace(view, now=NOW, story=story)
        made.show_record(RecordRef(kind, _key(1), view.customer.id), value, shown)
    return made


@picture("order", size=_CARD)
def order() -> QWidget:
    """An order that is late, with its invoice and a complaint."""
    ticket = Ticket(
        _key(5), _WHO, "1042", "complaint", "Where are my desks?", NOW - _days(2), "high"
    )
    return _card(TimelineKind.ORDER, OpenedOrder(_order(), (_invoice(),), (ticket,)))


@picture("order-delivered", size=_CARD)
def order_delivered() -> QWidget:
    """An order that came in time, with shipping beside its lines."""
    one = _order(
        status=OrderStatus.DELIVERED, delivered_at=NOW - _days(3.5), total_cents=106_290, detail="",
        tracking="https://parcels.example/follow/42",
    )  # fmt: skip
    paid = _invoice(status=InvoiceStatus.PAID, paid_cents=110_300, paid_at=NOW - _days(10))
    return _card(TimelineKind.ORDER, OpenedOrder(one, (paid,)))


@picture("order-bare", size=_CARD)
def order_bare() -> QWidget:
    """An order of which nothing but the sum is known."""
    bare = Order(_key(1), _WHO, NOW, "261122-1047", "Chair", total_cents=4_900)
    return _card(TimelineKind.ORDER, OpenedOrder(bare))


@picture("invoice", size=_CARD)
def invoice() -> QWidget:
    """An invoice that is overdue and was paid in part."""
    part = _receipt(3, 50_000, 8, method="transfer", reference="Statement 7")
    one = _invoice(paid_cents=50_000, receipts=(part,))
    return _card(TimelineKind.PAYMENT, OpenedInvoice(one, _order(), (), (_VISA, _BANK)))


@picture("invoice-paid", size=_CARD)
def invoice_paid() -> QWidget:
    """An invoice that was paid late by card, and part of it given back."""
    receipts = (
        _receipt(3, 110_300, 8, method="card", method_id=_VISA.id),
        _receipt(4, -4_900, 2, method="transfer", reference="Cable tray returned"),
    )
    status = InvoiceStatus.PAID
    one = _invoice(status=status, paid_cents=105_400, paid_at=NOW - _days(8), receipts=receipts)
    return _card(TimelineKind.PAYMENT, OpenedInvoice(one, None, (), (_VISA,)))


@picture("invoice-written-off", size=_CARD)
def invoice_written_off() -> QWidget:
    """An invoice nobody waits for any more."""
    one = _invoice(status=InvoiceStatus.WRITTEN_OFF)
    return _card(TimelineKind.PAYMENT, OpenedInvoice(one))


@picture("receipt", size=_CARD)
def receipt() -> QWidget:
    """Money that came in."""
    one = _receipt(3, 110_300, 8, method="card", method_id=_VISA.id, reference="Statement 7")
    paid = _invoice(status=InvoiceStatus.PAID, paid_cents=110_300, paid_at=NOW - _days(8))
    return _card(TimelineKind.RECEIPT, OpenedReceipt(one, paid, _VISA))


@picture("lead", size=_CARD)
def lead() -> QWidget:
    """A lead to whom an offer was made."""
    return _card(TimelineKind.LEAD, _lead(), is_lead=True)


@picture("lead-won", size=_CARD)
def lead_won() -> QWidget:
    """A lead that came off."""
    won = _lead(stage="won", state=LeadState.WON, closed_at=NOW - _days(1), next_step="")
    return _card(TimelineKind.LEAD, won)


@picture("lead-lost", size=_CARD)
def lead_lost() -> QWidget:
    """A lead that did not."""
    lost = _lead(stage="lost", state=LeadState.LOST, closed_at=NOW - _days(1), lost_reason="Price")
    return _card(TimelineKind.LEAD, lost)


# --- blocks ---------------------------------------------------------------------------------


def _blocks(values: tuple[object, object, object]) -> QWidget:
    card_of(busiest())
    desk = demo_window().customers().desk
    made = QWidget()
    made.setProperty("kind", "surface")
    items = column(spacing=Space.XL, margin=Space.L)
    kinds: tuple[type[Block], ...] = (OrdersBlock, PaymentsBlock, LeadsBlock)
    for kind, value in zip(kinds, values, strict=True):
        block = kind(desk)  # type: ignore[call-arg]
        if desk.view is not None:
            block.show_value(value, replace(desk.view, now=NOW))
        items.addWidget(block)
    items.addStretch(1)
    made.setLayout(items)
    return made


@picture("blocks-of-sales", size=_BLOCKS)
def blocks() -> QWidget:
    """All that can be said of orders, payments and leads."""
    orders = (
        _order(),
        _order(2, number="88-17", status=OrderStatus.DELIVERED, title="Desk lamp", promised_at=None,
               at=NOW - _days(90)),
    )  # fmt: skip
    practice = PaymentPractice(11, 9, 6, (Owed(165_200, "EUR", 110_300, 16),))
    later = _invoice(6, number="R-2027-140", amount_cents=54_900, due_on=(NOW + _days(8)).date())
    expired = replace(_VISA, id=_key(23), last_four="4242", expiry="2020-01", is_preferred=False)
    payments = Payments((_invoice(), later), practice, (_VISA, expired, _BANK), True)
    leads = (
        _lead(),
        _lead(32, title="Chairs", stage="new", value_cents=0, expected_on=None, next_step="",
              next_step_at=None),
        _lead(33, title="Lamps", stage="lost", state=LeadState.LOST, closed_at=NOW,
              lost_reason="Price"),
    )  # fmt: skip
    return _blocks((orders, payments, leads))


@picture("blocks-of-sales-empty", size=_BLOCKS)
def blocks_empty() -> QWidget:
    """Nothing was sold yet."""
    return _blocks(((), Payments((), PaymentPractice(), (), False), ()))


# --- forms ----------------------------------------------------------------------------------


@picture("order-form")
def order_form() -> QWidget:
    """An order with its lines."""
    window = demo_window()
    return OrderDialog(window, window.context, _order(), is_new=False)


@picture("order-form-empty")
def order_form_empty() -> QWidget:
    """Before anything is typed, and a price that cannot be read."""
    window = demo_window()
    made = OrderDialog(window, window.context, new_order(_WHO, NOW), is_new=True)
    made.lines.rows[0].title.setText("Chair")
    made.lines.rows[0].price.setText("twelve")
    return made


@picture("invoice-form")
def invoice_form() -> QWidget:
    """A new invoice for an order."""
    window = demo_window()
    invoice = new_invoice(_WHO, NOW, order=_order())
    return InvoiceDialog(window, window.context, invoice, is_new=True)


@picture("receipt-form")
def receipt_form() -> QWidget:
    """Less came in than was asked for."""
    window = demo_window()
    made = ReceiptDialog(window, window.context, _WHO, (_invoice(),), (_VISA, _BANK))
    made.amount.input.setText("500")
    return made


@picture("method-form")
def method_form() -> QWidget:
    """A card, with a number typed where only the brand belongs."""
    window = demo_window()
    made = MethodDialog(window, window.context, _VISA, is_new=False)
    made.brand.setEditText("4111 1111 1111 1111")
    return made


@picture("method-form-bank")
def method_form_bank() -> QWidget:
    """A mandate."""
    window = demo_window()
    return MethodDialog(window, window.context, _BANK, is_new=False)


@picture("lead-form")
def lead_form() -> QWidget:
    """A lead that is changed."""
    window = demo_window()
    people = ("Alice Adler", "Ben Brandt")
    made = LeadDialog(
        window, window.context, _lead(), people, is_new=False, heading="Lead with Jane Doe"
    )
    made.value.input.setText("9.780,50")
    return made


@picture("lead-form-empty")
def lead_form_empty() -> QWidget:
    """Before anything is typed, and after the store refused."""
    window = demo_window()
    lead = new_lead(_WHO, NOW, Picklists())
    made = LeadDialog(window, window.context, lead, is_new=True, heading="New lead with Jane Doe")
    error = UserFacingError(
        "The disk is full.", "Nothing was saved.", "Make room; what you typed stays here."
    )
    made.trouble.tell_error(error)
    made.trouble.show()
    return made


@picture("lead-lost-why")
def lead_lost_why() -> QWidget:
    """Why it was lost."""
    return LostDialog(demo_window(), "20 desks for the new office", Picklists())


@picture("lead-won-missing")
def lead_won_missing() -> QWidget:
    """What is missing before it is won."""
    lead = replace(new_lead(_WHO, NOW, Picklists()), title="20 desks for the new office")
    wanted = ("source", "value", "expected_on", "owner")
    winning = partial(steps.win_lead, lead.id, "won", "Ben Brandt")
    return WonDialog(demo_window(), demo_window().context, lead, wanted, winning)


# --- the list of leads ----------------------------------------------------------------------


@picture("leads", size=_PAGE, pause_ms=_PAUSE_MS)
def leads() -> QWidget:
    """The pipeline of the demo."""
    made = LeadsPage(demo_window().context)
    made.refresh()
    return made


@picture("leads-narrow", size=(880, 560), pause_ms=_PAUSE_MS)
def leads_narrow() -> QWidget:
    """One stage in a small window."""
    made = LeadsPage(demo_window().context)
    made.until.choose(Until.YEAR)
    made.choose_stage("offer")
    return made


@picture("leads-empty", size=_PAGE, pause_ms=_PAUSE_MS)
def leads_empty() -> QWidget:
    """Nobody's but others'."""
    made = LeadsPage(demo_window().context)
    made.whose.choose(True)
    return made
