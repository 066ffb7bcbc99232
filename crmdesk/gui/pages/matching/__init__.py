"""How callers are found: the ladder, and the lab that tries other rules on past calls."""

from crmdesk.gui.pages.matching.page import MatchingPage
from crmdesk.gui.pages.page import PageEntry

PAGE = PageEntry("matching", "Matching", "filter", 50, MatchingPage, "matching")
