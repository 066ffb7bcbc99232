"""Asks which of two people's values hold, for any record but a customer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.domain.follow_ups import FollowUp
from crmdesk.domain.leads import Lead
from crmdesk.domain.records import Interaction
from crmdesk.domain.sales import Invoice, Order, PaymentMethod
from crmdesk.domain.tickets import Ticket
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.conflicts.edit import Edit
from crmdesk.gui.conflicts.words import EditWords
from crmdesk.gui.models.history_words import HistoryWords
from crmdesk.gui.pages.context import PageContext

_TABLES: dict[type, str] = {
    Order: "sales_order",
    Invoice: "payment",
    PaymentMethod: "payment_method",
    Lead: "opportunity",
    FollowUp: "follow_up",
    Ticket: "ticket",
    Interaction: "interaction",
}
"""By whose words a record's fields are called."""


def ask_which_holds(
    form: QWidget,
    context: PageContext,
    edit: Edit,
    error: ConflictingEditsError,
    then: Callable[[Edit], None],
) -> ConflictDialog:
    """Shows both values of each field until somebody chose.

    Args:
        form: What the question belongs to; it stays open behind it.
        context: The desk.
        edit: What could not be written.
        error: Why.
        then: Gets the edit as it was decided, to write it again.
    """
    words = HistoryWords(context.names(), context.plan.value.fields)
    table = _TABLES[type(edit.base)]
    dialog = ConflictDialog(form, error.conflicts, EditWords(words, table), context.now())
    dialog.decided.connect(lambda chosen: then(edit.settled(error.conflicts, chosen)))
    dialog.open()
    return dialog
