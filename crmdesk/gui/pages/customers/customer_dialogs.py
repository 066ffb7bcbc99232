"""The dialogs of the customers page: the form, who a number belongs to, who is the same."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import CustomerStamp, EditedCustomer
from crmdesk.domain.customers import Customer
from crmdesk.gui.merge.dialog import MergeDialog
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.why.assign import AssignDialog, CallerNumber
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.widgets.open_dialogs import show_again


class CustomerDialogs(QObject):
    """Opens them; what they write can be taken back from the bar of the page.

    Args:
        context: The desk.
        steps: Is told of each step.
        window: What dialogs belong to.

    Signals:
        saved: A customer was made or changed; carries its key.
        merged: Two customers are one now.
    """

    saved = Signal(object)
    merged = Signal()

    def __init__(
        self,
        context: PageContext,
        steps: NumberSteps,
        window: Callable[[], QWidget],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._steps, self._window = context, steps, window

    def edit(self, opened: EditedCustomer, stamp: CustomerStamp) -> None:
        """The form of a customer, as it was read when the store was as new as `stamp`."""
        self._open_form(opened, stamp)

    def new(self, number: str = "", name: str = "") -> None:
        """The form of a new customer, with number and name where they are known."""
        self._open_form(EditedCustomer(blank(self._context.now(), number, name), {}))

    def merge(self, customer: Customer) -> None:
        """Asks who is the same as a customer."""
        dialog = MergeDialog(self._window(), self._context, customer)
        dialog.merged.connect(self._steps.tell)
        dialog.merged.connect(self._was_merged)
        dialog.open()

    def assign(self, number: str) -> None:
        """Asks to whom a number belongs."""
        dialog = AssignDialog(self._window(), self._context, CallerNumber(number))
        dialog.done_step.connect(self._steps.tell)
        dialog.saved.connect(self.saved)
        dialog.open()

    def _open_form(self, opened: EditedCustomer, stamp: CustomerStamp | None = None) -> None:
        window = self._window()
        if show_again(window, CustomerForm):
            return
        form = CustomerForm(window, self._context, opened, is_new=stamp is None, stamp=stamp)
        form.written.connect(self._steps.tell)
        form.saved.connect(self.saved)
        form.open()

    def _was_merged(self) -> None:
        self.merged.emit()
