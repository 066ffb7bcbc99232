"""The page of everything that is to be done, of all customers."""

from crmdesk.gui.pages.due.page import DuePage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("due", "Due", "calendar", 25, DuePage, "follow-ups")
