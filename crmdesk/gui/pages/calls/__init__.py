"""The call log and one opened call."""

from crmdesk.gui.pages.calls.page import CallsPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("calls", "Calls", "phone", 10, CallsPage, "the-pop")
