"""The number clinic: what is wrong with the numbers of all customers, and putting it right."""

from crmdesk.gui.pages.numbers.page import NumbersPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("numbers", "Numbers", "check-circle", 60, NumbersPage, "number-clinic")
