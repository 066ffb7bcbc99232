"""How money came in, in words."""

from __future__ import annotations

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models import sales_words
from crmdesk.gui.sales.reading import OpenedReceipt
from crmdesk.gui.widgets.text import joined


def how(opened: OpenedReceipt, lists: Picklists) -> str:
    """By what it came: the card or mandate where it is known, else what the picklist says."""
    if opened.method is not None:
        return sales_words.method(opened.method).text
    return lists.title(PicklistKey.PAYMENT_METHOD, opened.receipt.method)


def about(opened: OpenedReceipt, lists: Picklists) -> str:
    """How it came, and what was said with it."""
    return joined((how(opened, lists), opened.receipt.reference), ", ")
