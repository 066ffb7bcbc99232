"""Customers from a file: look, say what the columns are, see what would happen, do it, undo it."""

from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("imports", "Import", "download", 70, ImportsPage, "importing")
