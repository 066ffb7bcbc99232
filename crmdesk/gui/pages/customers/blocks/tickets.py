"""What is open for the customer, with its clock."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.domain.customers import OpenTicket
from crmdesk.gui.models.customer_words import ticket_clock
from crmdesk.gui.pages.customers.blocks.block import Block, item
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import joined

_NO_CHIP = {"", "normal"}
_PRIORITY_TONES = {"urgent": "bad", "high": "warn"}


class TicketsBlock(Block):
    """Open tickets, the most pressing first."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Tickets", "ticket")

    def show_value(self, _value: None, view: CustomerView) -> None:
        """Shows the open tickets of a customer."""
        found = view.story.open_tickets
        if not found:
            self.fill_empty("No open ticket.")
            return
        self.fill(*(_ticket(ticket, view.now) for ticket in found), count=len(found))


def _ticket(ticket: OpenTicket, now: datetime) -> QWidget:
    clock, tone = ticket_clock(ticket, now)
    made = item(
        joined((f"{ticket.kind.capitalize()} {ticket.number}", ticket.subject), ": "), clock, tone
    )
    if ticket.priority not in _NO_CHIP:
        layout = made.layout()
        mark = row(chip(ticket.priority, _PRIORITY_TONES.get(ticket.priority, "neutral")), 1)
        if isinstance(layout, QVBoxLayout):
            layout.addLayout(mark)
    return made
