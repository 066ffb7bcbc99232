"""Changes subject, kind and description of a ticket; and what it hangs on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.tickets import Ticket, TicketLink
from crmdesk.gui.conflicts.edit import Edit
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.sales.store_dialog import StoreDialog
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_text
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import joined, label, set_window_title

_WIDTH = 560


class EditTicketDialog(StoreDialog):
    """Asks for other words.

    Args:
        parent: The window.
        context: The desk.
        ticket: As it is shown.
    """

    def __init__(self, parent: QWidget | None, context: PageContext, ticket: Ticket) -> None:
        super().__init__(parent, context, "Edit ticket", "Save")
        self._ticket = ticket
        offered = context.plan.lists.offered(PicklistKey.TICKET_KIND, ticket.kind)
        self.kind = combo_box(((one.title, one.key) for one in offered), name="Kind")
        self.kind.setCurrentIndex([one.key for one in offered].index(ticket.kind))
        self.subject = line_edit(name="Subject")
        self.subject.setText(ticket.subject)
        self.detail = text_edit("What happened, what the customer expects", name="Description")
        self.detail.setPlainText(ticket.detail)
        self.detail.setFixedHeight(5 * Size.ROW)
        masked, subject = guard_text(self.detail), self.free_text("Subject", self.subject)
        kind, detail = Field("Kind", self.kind), Field("Description", self.detail)
        self.lay_out(f"Edit ticket {ticket.number}", subject, kind, detail, masked)
        self.subject.textChanged.connect(self.check)
        self.subject.setFocus()

    def is_complete(self) -> bool:
        """It says what it is about."""
        return bool(self.subject.text().strip())

    def job(self) -> tuple[uuid.UUID, Edit]:
        """Writes what was changed."""
        who = self.context.agent()
        edited = replace(
            self._ticket,
            subject=self.subject.text(),
            kind=self.kind.currentData(),
            detail=self.detail.toPlainText(),
        )
        step = Edit(self._ticket, edited, lambda writer, *both: writer.edit_ticket(*both, who))
        return self._ticket.id, step


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
