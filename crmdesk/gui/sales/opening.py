"""Opens the forms of sales for the customer that is shown on the page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Invoice, MethodKind, Order, PaymentMethod
from crmdesk.gui.sales import invoice_dialog, order_dialog
from crmdesk.gui.sales.invoice_dialog import InvoiceDialog, ReceiptDialog
from crmdesk.gui.sales.method_dialog import MethodDialog
from crmdesk.gui.sales.order_dialog import OrderDialog
from crmdesk.gui.sales.store_dialog import StoreDialog
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets.open_dialogs import show_again

if TYPE_CHECKING:
    from crmdesk.gui.pages.customers.customer_desk import CustomerDesk
    from crmdesk.store import Reader

_MOST_INVOICES = 20


def start(
    desk: CustomerDesk, dialog: StoreDialog, kind: TimelineKind | None, customer_id: uuid.UUID
) -> None:
    """Opens a form; what it saved is told to the page and, with a kind, opened."""

    def saved(key: uuid.UUID, change: ChangeSet) -> None:
        desk.wrote(change)
        if kind is not None:
            desk.open(RecordRef(kind, key, customer_id))

    dialog.saved.connect(saved)
    dialog.open()


def _currency(desk: CustomerDesk) -> str:
    return desk.view.story.currency if desk.view else "EUR"


def new_order(desk: CustomerDesk) -> None:
    """Asks for an order of the customer that is shown, and opens it."""
    customer_id, window = desk.customer_id(), desk.window()
    if customer_id is None or show_again(window, OrderDialog):
        return
    order = order_dialog.new_order(customer_id, desk.context.now(), _currency(desk))
    dialog = OrderDialog(window, desk.context, order, is_new=True)
    start(desk, dialog, TimelineKind.ORDER, customer_id)


def edit_order(desk: CustomerDesk, order: Order) -> None:
    """Asks what is new of an order."""
    dialog = OrderDialog(desk.window(), desk.context, order, is_new=False)
    start(desk, dialog, None, order.customer_id)


def new_invoice(desk: CustomerDesk, order: Order | None = None) -> None:
    """Asks for an invoice of the customer that is shown, and opens it."""
    customer_id, window = desk.customer_id(), desk.window()
    if customer_id is None or show_again(window, InvoiceDialog):
        return
    now = desk.context.now()
    invoice = invoice_dialog.new_invoice(customer_id, now, _currency(desk), order)
    dialog = InvoiceDialog(window, desk.context, invoice, is_new=True)
    start(desk, dialog, TimelineKind.PAYMENT, customer_id)


def edit_invoice(desk: CustomerDesk, invoice: Invoice) -> None:
    """Asks what is new of an invoice."""
    dialog = InvoiceDialog(desk.window(), desk.context, invoice, is_new=False)
    start(desk, dialog, None, invoice.customer_id)


def new_receipt(desk: CustomerDesk) -> None:
    """Asks what came in, and for which of the open invoices."""
    customer_id = desk.customer_id()
    if customer_id is not None:
        _read_and(desk, customer_id, partial(_ask_receipt, desk, customer_id, None))


def pay(desk: CustomerDesk, invoice: Invoice) -> None:
    """Asks what came in on an invoice."""
    ask = partial(_ask_receipt, desk, invoice.customer_id, invoice)
    _read_and(desk, invoice.customer_id, ask)


_Payable = tuple[tuple[Invoice, ...], tuple[PaymentMethod, ...]]


def _read_and(desk: CustomerDesk, customer_id: uuid.UUID, then: Callable[[_Payable], None]) -> None:
    reading = desk.context.store.read(partial(_read_payable, customer_id=customer_id))
    await_future(reading, desk, then, desk.failed.emit)


def _read_payable(reader: Reader, customer_id: uuid.UUID) -> _Payable:
    invoices = reader.open_invoices_of(customer_id, _MOST_INVOICES)
    return invoices, reader.payment_methods(customer_id)


def _ask_receipt(
    desk: CustomerDesk, customer_id: uuid.UUID, fixed: Invoice | None, found: _Payable
) -> None:
    window, (invoices, methods) = desk.window(), found
    if desk.customer_id() != customer_id or show_again(window, ReceiptDialog):
        return
    dialog = ReceiptDialog(
        window,
        desk.context,
        customer_id,
        (fixed,) if fixed else invoices,
        methods,
        _currency(desk),
        is_fixed=fixed is not None,
    )
    start(desk, dialog, None, customer_id)


def new_method(desk: CustomerDesk) -> None:
    """Asks for a way to pay of the customer that is shown."""
    customer_id, window = desk.customer_id(), desk.window()
    if customer_id is None or show_again(window, MethodDialog):
        return
    method = PaymentMethod(uuid.uuid4(), customer_id, MethodKind.CARD)
    start(desk, MethodDialog(window, desk.context, method, is_new=True), None, customer_id)


def edit_method(desk: CustomerDesk, method: PaymentMethod) -> None:
    """Asks what is new of a way to pay."""
    dialog = MethodDialog(desk.window(), desk.context, method, is_new=False)
    start(desk, dialog, None, method.customer_id)
