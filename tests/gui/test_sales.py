"""Orders, invoices, payments and ways to pay by keyboard in the real window, and taken back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    MethodKind,
    Order,
    OrderStatus,
    PaymentMethod,
    Receipt,
)
from crmdesk.gui.pages.customers.blocks.payments import PaymentsBlock
from crmdesk.gui.pages.customers.records.invoice_view import InvoiceView, ReceiptView
from crmdesk.gui.pages.customers.records.order_view import OrderView
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.invoice_dialog import InvoiceDialog, ReceiptDialog
from crmdesk.gui.sales.method_dialog import MethodDialog, read_month
from crmdesk.gui.sales.order_dialog import OrderDialog
from crmdesk.gui.widgets.messages import Question
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import entries
from tests.gui.sales_hands import SHIFT, SalesHands, words

DAY = timedelta(days=1)


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    return SalesHands(windows, qtbot)


def the_order(hands: SalesHands) -> Order:
    found = hands.read(lambda reader: reader.orders_of(hands.customer.id))
    order: Order = hands.read(lambda reader: reader.order(found[0].id))
    return order


def the_invoice(hands: SalesHands) -> Invoice:
    found = hands.read(lambda reader: reader.invoices_of(hands.customer.id))
    invoice: Invoice = hands.read(lambda reader: reader.invoice(found[0].id))
    return invoice


def overdue(hands: SalesHands) -> InvoiceView:
    """An invoice that is overdue, opened from the timeline."""
    one = Invoice(
        uuid.uuid4(), hands.customer.id, now() - 30 * DAY, "R-7", 124_050,
        due_on=(now() - 5 * DAY).date(),
    )  # fmt: skip
    hands.write(steps.add_invoice(one, "Ben"))
    hands.desk.wait(lambda: any("R-7" in text for text in entries(hands.page)))
    timeline = hands.page.card.timeline
    timeline.list.setFocus()
    timeline.move_cursor(1)
    hands.press(Qt.Key.Key_Return, SHIFT)
    return hands.view(InvoiceView)


def test_an_order_is_written_down_looked_up_shipped_and_invoiced(hands: SalesHands) -> None:
    dialog = hands.ask(OrderDialog, Qt.Key.Key_O)
    hands.type("Two desks")
    dialog.lines.rows[0].title.setFocus()
    hands.type("Desk")
    hands.press(Qt.Key.Key_Tab)
    hands.type("SD-1")
    hands.press(Qt.Key.Key_Tab)
    hands.type("2,5")
    hands.press(Qt.Key.Key_Tab)
    hands.type("489,90")
    assert len(dialog.lines.rows) == 2
    assert dialog.total.cents() == 122_475
    hands.save()
    view = hands.view(OrderView)
    order = the_order(hands)
    assert (order.total_cents, order.lines[0].quantity_milli) == (122_475, 2_500)
    assert "1,224.75 EUR" in words(view)
    hands.press(Qt.Key.Key_Escape)
    hands.desk.wait(lambda: not hands.page.card.shows_record)
    hands.page.card.timeline.move_cursor(1)
    hands.press(Qt.Key.Key_Return, SHIFT)
    hands.view(OrderView).setFocus()
    hands.press(Qt.Key.Key_S)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    hands.desk.wait(lambda: the_order(hands).status is OrderStatus.SHIPPED)
    assert the_order(hands).shipped_at is not None
    hands.undo()
    hands.desk.wait(lambda: the_order(hands).status is OrderStatus.PLACED)
    invoice = hands.ask(InvoiceDialog, Qt.Key.Key_I)
    assert invoice.amount.cents() == 122_475
    hands.save()
    hands.view(InvoiceView)
    assert the_invoice(hands).order_id == the_order(hands).id


def test_a_payment_is_written_down_and_taken_back(hands: SalesHands) -> None:
    view = overdue(hands)
    assert "Overdue by 5 days" in words(view)
    dialog = hands.ask(ReceiptDialog, Qt.Key.Key_P)
    assert dialog.amount.cents() == 124_050
    hands.type("1.000,00")
    assert dialog.amount.cents() == 100_000
    hands.save()
    hands.desk.wait(lambda: the_invoice(hands).paid_cents == 100_000)
    assert the_invoice(hands).status is InvoiceStatus.OPEN
    hands.desk.wait(lambda: "1,000.00 EUR of it paid" in words(view))
    hands.ask(ReceiptDialog, Qt.Key.Key_P)
    hands.save()
    hands.desk.wait(lambda: the_invoice(hands).status is InvoiceStatus.PAID)
    hands.desk.wait(lambda: "Paid on" in words(view))
    assert "Payment received on invoice R-7" in hands.page.undo_bar.text()
    hands.undo()
    hands.desk.wait(lambda: the_invoice(hands).status is InvoiceStatus.OPEN)
    assert the_invoice(hands).paid_cents == 100_000


def test_money_that_came_in_opens_with_how_and_what_for(hands: SalesHands) -> None:
    view = overdue(hands)
    hands.ask(ReceiptDialog, Qt.Key.Key_R, SHIFT)
    hands.save()
    hands.desk.wait(lambda: "Paid on" in words(view))
    receipt = the_invoice(hands).receipts[0]
    hands.page.show_record(_ref(receipt))
    shown = hands.view(ReceiptView)
    assert "Bank transfer" in words(shown)
    assert "Invoice R-7" in words(shown)


@pytest.mark.parametrize(
    ("key", "mods", "status", "said"),
    [
        (Qt.Key.Key_X, None, InvoiceStatus.CANCELLED, "Cancelled"),
        (Qt.Key.Key_X, SHIFT, InvoiceStatus.WRITTEN_OFF, "Written off"),
    ],
)
def test_an_invoice_that_is_closed_is_unpaid_nowhere(
    hands: SalesHands, key: Qt.Key, mods: object, status: InvoiceStatus, said: str
) -> None:
    view = overdue(hands)
    question = hands.ask(Question, key, mods)
    question.accept()
    hands.desk.wait(lambda: the_invoice(hands).status is status)
    hands.desk.wait(lambda: said in words(view))
    block = hands.page.findChild(PaymentsBlock)
    assert block is not None
    hands.desk.wait(lambda: "Nothing is open" in words(block))
    key = hands.customer.id
    story = hands.read(lambda reader: reader.story(key, now()))
    assert not any("npaid" in line.text for line in story.since)
    (entry,) = hands.read(lambda reader: reader.timeline(key, limit=1)).entries
    assert (entry.detail, entry.tone) == (said, "")
    hands.undo()
    hands.desk.wait(lambda: the_invoice(hands).status is InvoiceStatus.OPEN)


def test_a_card_is_kept_without_its_number(hands: SalesHands) -> None:
    dialog = hands.ask(MethodDialog, Qt.Key.Key_W, SHIFT)
    dialog.brand.setFocus()
    dialog.brand.setEditText("4111 1111 1111 1111")
    assert not dialog.save_button.isEnabled()
    assert "never kept here" in words(dialog)
    dialog.brand.setEditText("Visa")
    dialog.last_four.setText("4111111111111111")
    assert not dialog.save_button.isEnabled()
    dialog.last_four.setText("1111")
    dialog.month.setText("4/27")
    assert dialog.save_button.isEnabled()
    hands.save()
    block = hands.page.findChild(PaymentsBlock)
    assert block is not None
    hands.desk.wait(lambda: "Visa •••• 1111 until 04/27" in words(block))
    (kept,) = hands.read(lambda reader: reader.payment_methods(hands.customer.id))
    assert (kept.kind, kept.expiry) == (MethodKind.CARD, "2027-04")


def test_an_account_number_is_no_bank(hands: SalesHands) -> None:
    dialog = hands.ask(MethodDialog, Qt.Key.Key_W, SHIFT)
    dialog.kind.setCurrentIndex(dialog.kind.findData(MethodKind.DIRECT_DEBIT))
    for number in ("DE89 3704 0044 0532 0130 00", "0532013000"):
        dialog.bank.setText(number)
        assert not dialog.save_button.isEnabled()
    dialog.bank.setText("Hafenbank")
    dialog.mandate.setText("M-2024-17")
    assert dialog.save_button.isEnabled()


def test_the_token_of_a_card_is_shown_nowhere(hands: SalesHands) -> None:
    card = PaymentMethod(
        uuid.uuid4(), hands.customer.id, MethodKind.CARD, "Visa", "1111", token="tok_Secret"
    )
    hands.write(steps.add_method(card, "Ben"))
    block = hands.page.findChild(PaymentsBlock)
    assert block is not None
    hands.desk.wait(lambda: "1111" in words(block))
    assert "Secret" not in words(hands.desk.window)


def test_a_tracking_number_is_copied_and_only_an_address_can_be_opened(hands: SalesHands) -> None:
    order = Order(uuid.uuid4(), hands.customer.id, now(), "88", "Desk", tracking="PS1DE")
    hands.write(steps.add_order(order, "Ben"))
    hands.page.show_record(_ref(order))
    view = hands.view(OrderView)
    hands.desk.wait(lambda: "PS1DE" in words(view))
    assert "Open" not in words(view).split("\n")
    view.setFocus()
    hands.press(Qt.Key.Key_Y)
    assert QGuiApplication.clipboard().text() == "PS1DE"
    hands.desk.wait(lambda: "Copied." in words(view))


def test_lines_that_cannot_be_read_keep_the_order_from_being_saved(hands: SalesHands) -> None:
    dialog = hands.ask(OrderDialog, Qt.Key.Key_O)
    hands.type("Desk")
    assert dialog.save_button.isEnabled()
    dialog.lines.rows[0].title.setText("Desk")
    dialog.lines.rows[0].price.setText("twelve")
    assert not dialog.save_button.isEnabled()
    dialog.lines.rows[0].price.setText("1.200")
    assert dialog.total.cents() == 120_000
    dialog.total.input.setFocus()
    dialog.total.input.selectAll()
    hands.type("1.100")
    dialog.lines.rows[0].quantity.setText("2")
    assert dialog.total.cents() == 110_000  # somebody said what it comes to
    dialog.total.input.setText("1.100 USD")
    assert not dialog.save_button.isEnabled()
    assert dialog.lines.rows[0].line().total_cents == 240_000
    dialog.lines.rows[0].price.setText("9.999.999.999.999,00")
    assert dialog.lines.is_wrong()  # two of them are more than any store can hold
    assert not dialog.save_button.isEnabled()


def test_a_card_number_in_a_remark_is_masked_and_it_is_said(hands: SalesHands) -> None:
    dialog = hands.ask(OrderDialog, Qt.Key.Key_O)
    hands.type("Desk")
    dialog.detail.setFocus()
    hands.type("card 4111 1111 1111 1111")
    assert dialog.detail.toPlainText() == "card •••• 1111"
    assert "A card number was masked" in words(dialog)
    dialog.lines.rows[0].title.setFocus()
    hands.type("4111111111111111")
    assert dialog.lines.rows[0].title.text() == "•••• 1111"
    hands.save()
    hands.view(OrderView)
    assert the_order(hands).detail == "card •••• 1111"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("04/27", "2027-04"), ("4.2027", "2027-04"), ("12-30", "2030-12"), ("13/27", None),
     ("0427", None), ("", None)],
)  # fmt: skip
def test_a_month_is_read_as_it_stands_on_a_card(typed: str, kept: str | None) -> None:
    assert read_month(typed) == kept


def _ref(record: Order | Receipt) -> RecordRef:
    kind = TimelineKind.ORDER if isinstance(record, Order) else TimelineKind.RECEIPT
    return RecordRef(kind, record.id, record.customer_id)
