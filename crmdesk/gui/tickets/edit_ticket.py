"""Changes subject, kind and description of a ticket; and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.tickets import Ticket, TicketLink
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_field, guard_text
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import joined, label, set_window_title

_WIDTH = 560


class EditTicketDialog(FittedDialog):
    """Asks for other words.

    Signals:
        chosen: The fields as a mapping, those that are the same included.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None, ticket: Ticket, lists: Picklists) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Edit ticket")
        offered = lists.offered(PicklistKey.TICKET_KIND, ticket.kind)
        self.kind = combo_box(((one.title, one.key) for one in offered), name="Kind")
        self.kind.setCurrentIndex([one.key for one in offered].index(ticket.kind))
        self.subject = line_edit(name="Subject")
        self.subject.setText(ticket.subject)
        self.detail = text_edit("What happened, what the customer expects", name="Description")
        self.detail.setPlainText(ticket.detail)
        self.detail.setFixedHeight(5 * Size.ROW)
        masked, subject = guard_text(self.detail), Field("Subject", self.subject)
        guard_field(subject, self.subject)
        self._save = saving_button(self, "Save", self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        parts = (
            label(f"Edit ticket {ticket.number}", "lead-strong"),
            subject,
            Field("Kind", self.kind),
            Field("Description", self.detail),
            masked,
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))
        self.subject.textChanged.connect(self._check)
        self.subject.setFocus()

    @Slot()
    def _check(self) -> None:
        self._save.setEnabled(bool(self.subject.text().strip()))

    def accept(self) -> None:
        """Tells the fields."""
        if self._save.isEnabled():
            fields = {
                "subject": self.subject.text(),
                "kind": self.kind.currentData(),
                "detail": self.detail.toPlainText(),
            }
            self.chosen.emit(fields)
            super().accept()


class LinkDialog(FittedDialog):
    """Asks which call, order, invoice or ticket belongs to a ticket.

    Signals:
        chosen: The `TicketLink` of what was chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None, title: str, offered: Iterable[TicketLink]) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Link")
        choices = [(joined((one.title, _day(one)), ", "), one) for one in offered]
        self.what = combo_box(choices, name="What belongs to it")
        self._link = saving_button(self, "Link", self.accept)
        self._link.setEnabled(bool(choices))
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        hint = "" if choices else "This customer has no other calls, orders, invoices or tickets."
        head = label(f"What belongs to {title}?", "lead-strong", wrap=True)
        what = Field("Call, order, invoice or ticket", self.what, hint)
        buttons = row(1, cancel, self._link)
        self.setLayout(column(head, what, buttons, spacing=Space.L, margin=Space.XL))
        self.what.setFocus()

    def accept(self) -> None:
        """Tells what."""
        if self._link.isEnabled():
            self.chosen.emit(self.what.currentData())
            super().accept()


def _day(link: TicketLink) -> str:
    return f"{times.local(link.at):%d %b %Y}" if link.at else ""
