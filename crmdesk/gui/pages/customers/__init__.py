"""Customers: finding them, and one customer with everything that happened."""

from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("customers", "Customers", "users", 20, CustomersPage, "the-customer-page")
