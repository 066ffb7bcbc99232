"""What the views of orders, invoices, payments and leads share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Invoice, Order
from crmdesk.domain.tickets import Ticket
from crmdesk.gui.models import sales_words, ticket_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import Said
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.sales import pieces
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.shortcuts.keys import Key, bind
from crmdesk.gui.widgets.pieces import SectionHeader


class SaleView(RecordView):
    """A record that is shown afresh each time; nothing is typed into it.

    Args:
        desk: The page.
        actions: What each key does.
    """

    def __init__(self, desk: CustomerDesk, actions: Mapping[Key, Callable[[], object]]) -> None:
        super().__init__(desk)
        for key, act in actions.items():
            bind(self, key, act)

    def fill(self, widgets: Iterable[QWidget]) -> None:
        """Shows other widgets; the keyboard stays in the view."""
        present = QApplication.focusWidget()
        is_here = present is not None and self.isAncestorOf(present)
        super().fill(widgets)
        if is_here:
            self.setFocus()

    def do(self, job: Job) -> None:
        """Writes a step that the page offers to take back."""
        self.desk.do(job)

    def who(self) -> str:
        """Who writes."""
        return self.desk.context.agent()

    def opener(self, kind: TimelineKind, record: Order | Invoice | Ticket) -> Callable[[], None]:
        """Opens another record of the customer."""
        return partial(self.desk.open, RecordRef(kind, record.id, record.customer_id))

    def tickets(self, found: tuple[Ticket, ...], view: CustomerView) -> Iterator[QWidget]:
        """The tickets that hang on it, nothing where there are none."""
        if found:
            yield SectionHeader("Tickets", "ticket")
        for one in found:
            clock = ticket_words.clock(one, view.now)
            name = f"{ticket_words.name(one, view.names.lists)}: {one.subject}"
            note = Said(clock.text, clock.tone, clock.icon)
            yield pieces.link(name, note, self.opener(TimelineKind.TICKET, one), one.subject)

    def invoice_link(self, invoice: Invoice, view: CustomerView) -> QWidget:
        """An invoice, and how it stands."""
        total = money(invoice.amount_cents, invoice.currency)
        text = f"{sales_words.invoice_name(invoice)}, {total}"
        status = sales_words.invoice_status(invoice, view.now)
        return pieces.link(text, status, self.opener(TimelineKind.PAYMENT, invoice))
