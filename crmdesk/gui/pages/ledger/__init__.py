"""The log: what became of every event of the phone lines, and why no card."""

from crmdesk.gui.pages.ledger.page import LedgerPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("ledger", "Log", "log", 40, LedgerPage, "the-log")
