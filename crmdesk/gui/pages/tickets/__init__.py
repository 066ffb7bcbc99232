"""The list of tickets: what is due first, of all customers."""

from crmdesk.gui.pages.page import PageEntry
from crmdesk.gui.pages.tickets.page import TicketsPage

PAGE = PageEntry("tickets", "Tickets", "ticket", 30, TicketsPage, "tickets")
