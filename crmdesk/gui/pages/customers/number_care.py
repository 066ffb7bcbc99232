"""What can be said of a number on the customer's page: no longer theirs, not theirs, forget."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import Customer, PhoneNumber
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.side_panel import SidePanel
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from crmdesk.gui.why.steps import NumberSteps, Subject
from crmdesk.gui.widgets.times import local


class NumberCare(QObject):
    """Answers the menus of the numbers.

    Args:
        page: Where dialogs belong to.
        context: The desk.
        side: The numbers, with a menu each.
        steps: Writes what is said.
    """

    def __init__(
        self, page: QWidget, context: PageContext, side: SidePanel, steps: NumberSteps
    ) -> None:
        super().__init__(page)
        self._page, self._context, self._steps = page, context, steps
        self.customer: Customer | None = None
        side.denied.connect(self._deny)
        side.forgetting_wanted.connect(steps.forget)

    @Slot(object)
    def _deny(self, number: PhoneNumber) -> None:
        if self.customer is None or number.e164 is None:
            return
        shown = self._context.names().number(number.e164)
        about = Subject(number.e164, shown, self.customer.id, self.customer.name)
        today = local(self._context.now()).date()
        NotThisPersonDialog(self._page.window(), about, self._steps, today).open()
