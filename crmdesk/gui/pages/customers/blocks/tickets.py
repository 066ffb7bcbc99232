"""What is open for the customer, with its clock."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import CustomerStory, TimelineKind
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.domain.tickets import Ticket
from crmdesk.gui.models import ticket_words
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.new_ticket import ask_for_ticket
from crmdesk.gui.tickets.reading import OpenTickets
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import set_tooltip

if TYPE_CHECKING:
    from crmdesk.store import Reader

_USUAL = "normal"


def read(reader: Reader, story: CustomerStory, _now: datetime) -> OpenTickets:
    """The open tickets, what is due first on top."""
    return OpenTickets(reader.open_tickets_of(story.customer.id), reader.picklists())


def new_ticket_of_shown(desk: CustomerDesk) -> None:
    """Asks for a ticket of the customer that is shown."""
    customer_id = desk.customer_id()
    if customer_id is not None:
        new_ticket(desk, customer_id)


def new_ticket(
    desk: CustomerDesk, customer_id: uuid.UUID, call_id: uuid.UUID | None = None
) -> None:
    """Asks for a ticket of a customer, and opens it; see `ask_for_ticket`."""

    def show(key: uuid.UUID, change: ChangeSet) -> None:
        desk.wrote(change)
        desk.open(RecordRef(TimelineKind.TICKET, key, customer_id))

    ask_for_ticket(desk.context, desk.window(), customer_id, show, desk.failed.emit, call_id)


class TicketsBlock(Block):
    """Open tickets; a click opens one in place of the timeline."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Tickets", "ticket")
        self.add_action("plus", keys.TICKET, partial(new_ticket_of_shown, desk))

    def show_value(self, value: OpenTickets, view: CustomerView) -> None:
        """Shows the open tickets of a customer."""
        if not value.tickets:
            self.fill_empty(f"No open ticket. {keys.TICKET.sequence} opens one.")
            return
        rows = (self._row(one, value.lists, view) for one in value.tickets)
        self.fill(*rows, count=len(value.tickets))

    def _row(self, ticket: Ticket, lists: Picklists, view: CustomerView) -> QWidget:
        made = QWidget()
        name = button(ticket_words.name(ticket, lists), "link")
        set_tooltip(name, ticket.subject)
        ref = RecordRef(TimelineKind.TICKET, ticket.id, view.customer.id)
        name.clicked.connect(partial(self.desk.open, ref))
        head = row(name, 1, spacing=Space.S)
        if ticket.escalation:
            head.addWidget(chip("Escalated", "warn"))
        if ticket.priority != _USUAL:
            priority = lists.choice(PicklistKey.TICKET_PRIORITY, ticket.priority)
            head.addWidget(chip(priority.title, priority.tone or "neutral"))
        clock = ticket_words.clock(ticket, view.now)
        quiet = wrapped(clock.text, "small", clock.tone)
        set_tooltip(quiet, clock.tip)
        made.setLayout(column(head, wrapped(ticket.subject), quiet, spacing=Space.HAIR))
        return made
