"""The pipeline of leads: what may come, by stage, of all customers."""

from crmdesk.gui.pages.leads.page import LeadsPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("leads", "Leads", "star", 35, LeadsPage, "leads")
"""The page of all open leads."""
