"""What the windows write of sales and leads; each is a step that can be taken back.

The store is imported when the first step runs, on its own thread: SQLAlchemy is not to be waited
for before the window is there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.leads import Lead
from crmdesk.domain.sales import Invoice, InvoiceStatus, Order, PaymentMethod, Receipt
from crmdesk.gui.conflicts.edit import Edit

if TYPE_CHECKING:
    from crmdesk.store import Writer
    from crmdesk.store.sales.leads import LeadWriting
    from crmdesk.store.sales.writing import SalesWriting

Job = Callable[["Writer"], ChangeSet]


def _sales(writer: Writer, who: str) -> SalesWriting:
    from crmdesk.store.sales.writing import SalesWriting

    return SalesWriting(writer, who)


def _leads(writer: Writer, who: str) -> LeadWriting:
    from crmdesk.store.sales.leads import LeadWriting

    return LeadWriting(writer, who)


def add_order(order: Order, who: str) -> Job:
    """A new order with its lines."""
    return lambda writer: _sales(writer, who).add_order(order)


def edit_order(base: Order, edited: Order, who: str) -> Edit:
    """What was changed of an order."""
    return Edit(base, edited, lambda writer, *both: _sales(writer, who).edit_order(*both))


def add_invoice(invoice: Invoice, who: str) -> Job:
    """A new invoice."""
    return lambda writer: _sales(writer, who).add_invoice(invoice)


def edit_invoice(base: Invoice, edited: Invoice, who: str) -> Edit:
    """What was changed of an invoice."""
    return Edit(base, edited, lambda writer, *both: _sales(writer, who).edit_invoice(*both))


def close_invoice(invoice_id: uuid.UUID, status: InvoiceStatus, who: str) -> Job:
    """An invoice is cancelled or written off."""
    return lambda writer: _sales(writer, who).close_invoice(invoice_id, status)


def add_receipt(receipt: Receipt, who: str) -> Job:
    """Money came in, or went back."""
    return lambda writer: _sales(writer, who).add_receipt(receipt)


def add_method(method: PaymentMethod, who: str) -> Job:
    """A new way to pay."""
    return lambda writer: _sales(writer, who).add_method(method)


def edit_method(base: PaymentMethod, edited: PaymentMethod, who: str) -> Edit:
    """What was changed of a way to pay."""
    return Edit(base, edited, lambda writer, *both: _sales(writer, who).edit_method(*both))


def remove_method(method: PaymentMethod, who: str) -> Job:
    """A way to pay is no more."""
    return lambda writer: _sales(writer, who).remove_method(method)


def add_lead(lead: Lead, who: str) -> Job:
    """A new lead."""
    return lambda writer: _leads(writer, who).add(lead)


def edit_lead(base: Lead, edited: Lead, who: str) -> Edit:
    """What was changed of a lead."""
    return Edit(base, edited, lambda writer, *both: _leads(writer, who).edit(*both))


def move_lead(lead_id: uuid.UUID, stage: str, who: str, lost_reason: str = "") -> Job:
    """A lead comes to another stage; won and lost are stages too."""
    return lambda writer: _leads(writer, who).move(lead_id, stage, lost_reason)


def win_lead(lead_id: uuid.UUID, stage: str, who: str, filled: Mapping[str, Any]) -> Job:
    """A lead is won, and gets what it lacked for that."""
    return lambda writer: _leads(writer, who).move(lead_id, stage, filled=filled)
