"""Gives a number that called to a customer who is known already."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.domain.customers import CustomerHit, PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.models.customer_words import NUMBER_LABELS
from crmdesk.gui.models.hit_list import HitListModel
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form_values import read_number
from crmdesk.gui.pages.customers.reading import HITS
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import TallCellDelegate
from crmdesk.gui.widgets.fields import Field, SearchField, combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.text import label, set_window_title
from crmdesk.matching.number_kind import usual_label

if TYPE_CHECKING:
    from crmdesk.store import Writer


class AssignDialog(QDialog):
    """Searches a customer and adds the number; `saved` carries the customer's key."""

    saved = Signal(object)

    def __init__(self, parent: QWidget, context: PageContext, number: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._number, self._asked = context, number, 0
        shown = context.names().number(number)
        set_window_title(self, "Assign number")
        self.search = SearchField("Name, company, number, e-mail")
        self.search.search_requested.connect(self._find)
        self.model = HitListModel(context.names().number, self)
        self.list = list_view(self.model, name="Customers")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.setMinimumHeight(4 * Size.ROW_TALL)
        self.list.doubleClicked.connect(self.save)
        self.list.selectionModel().currentChanged.connect(self._show_state)
        self.kind = combo_box([(one, one) for one in NUMBER_LABELS], name="Kind of number")
        self.kind.setCurrentIndex(self.kind.findData(usual_label(number)))
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._save = button("Assign", "primary")
        self._save.setDefault(True)
        self._save.clicked.connect(self.save)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = column(
            label(f"Who has {shown}?", "lead-strong", wrap=True),
            label("The number is added to the customer you choose.", "body", "muted", wrap=True),
            spacing=Space.XS,
        )
        kind = Field("What kind of number is it?", self.kind)
        buttons = row(1, cancel, self._save)
        parts = (head, self.trouble, self.search, self.list, kind, buttons)
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))
        self.resize(Size.DIALOG, self.sizeHint().height())
        self._show_state()
        self.search.setFocus()

    def _find(self, text: str) -> None:
        self._asked += 1
        shown = partial(self._show_hits, self._asked)
        job = self._context.store.read(lambda reader: reader.search(text, HITS))
        await_future(job, self, shown, self._failed)

    def _show_hits(self, asked: int, hits: tuple[CustomerHit, ...]) -> None:
        if asked == self._asked:
            self.model.reset(hits)
            if hits:
                self.list.setCurrentIndex(self.model.index(0, 0))
            self._show_state()

    def _show_state(self) -> None:
        self._save.setEnabled(self._chosen() is not None)

    def _chosen(self) -> CustomerHit | None:
        return self.model.hit(self.list.currentIndex().row())

    def save(self) -> None:
        """Adds the number to the chosen customer."""
        hit = self._chosen()
        number = read_number(
            self._number, str(self.kind.currentData()), self._context.rules()
        ).number
        if hit is not None and number is not None:
            self._save.setEnabled(False)
            job = partial(assign_number, customer_id=hit.id, number=number)
            await_future(self._context.store.write(job), self, self._saved, self._failed)

    def _saved(self, customer_id: uuid.UUID) -> None:
        self.saved.emit(customer_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._show_state()
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()


def assign_number(writer: Writer, customer_id: uuid.UUID, number: PhoneNumber) -> uuid.UUID:
    """Adds a number to a customer, once.

    Raises:
        UserFacingError: The customer was deleted meanwhile.
    """
    customer = writer.customer(customer_id)
    if customer is None:
        raise UserFacingError(
            "This customer is no longer in the store.",
            "The number was not assigned.",
            "Choose another customer, or make a new one.",
        )
    if number.e164 is None or number.e164 not in {one.e164 for one in customer.numbers}:
        writer.save_customer(replace(customer, numbers=(*customer.numbers, number)))
    if number.e164 is not None:
        writer.link_number(number.e164, customer_id)
    return customer_id
