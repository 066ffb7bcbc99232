"""The form of a new ticket."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import PicklistKey, Situation
from crmdesk.domain.tickets import NewTicket, TicketLink, TicketLinkKind
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.due_preview import preview
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.tickets.reading import TicketForm, people, read_form
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_field, guard_text
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.open_dialogs import show_again
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import joined, label, set_tone, set_window_title

_CALLS_OFFERED = 5
_JUST_NOW = timedelta(hours=1)
"""A call that began within it is what the ticket is about, unless one says otherwise."""
_WIDTH = 560
_MOST_SUBJECT = 200


class NewTicketDialog(FittedDialog):
    """Asks what a ticket is about.

    Args:
        parent: The window.
        context: The desk.
        form: What there is to choose from; see `ask_for_ticket`.
        call_id: The call to link, where it is known.

    Signals:
        opened: The key of the ticket and the `ChangeSet`; it is in the store.
    """

    opened = Signal(object, object)

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        form: TicketForm,
        call_id: uuid.UUID | None = None,
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "New ticket")
        self._context, self._form = context, form
        self._make_fields(call_id)
        self._lay_out()
        self._connect()
        self._show_preview()
        self._check()
        self.subject.setFocus()

    def _make_fields(self, call_id: uuid.UUID | None) -> None:
        lists, form = self._form.lists, self._form
        self.kind = _choice(form, PicklistKey.TICKET_KIND, "Kind")
        self.priority = _choice(form, PicklistKey.TICKET_PRIORITY, "Priority")
        known = [one.key for one in lists.offered(PicklistKey.TICKET_PRIORITY)]
        self.priority.setCurrentIndex(known.index("normal") if "normal" in known else 0)
        self.subject = line_edit("e.g. charged twice for order 88-21", name="Subject")
        self.subject.setMaxLength(_MOST_SUBJECT)
        self.detail = text_edit("What happened, what the customer expects", name="Description")
        self.detail.setFixedHeight(3 * Size.ROW)
        self._masked = guard_text(self.detail)
        offered = people(form.people, self._context.settings())
        self.owner = person_field(offered, "Owner", self._context.agent())
        calls = [one for one in form.linkable if one.kind is TicketLinkKind.CALL]
        offered_calls = self._calls(calls[:_CALLS_OFFERED], call_id)
        self.call = combo_box(offered_calls, name="Call")
        self.call.setCurrentIndex(self._about(calls, call_id))
        self._call_field = Field("Opened in the call", self.call)
        set_shown(self._call_field, len(offered_calls) > 1)
        self._due = label("", "small", "muted", wrap=True)
        self.trouble = Banner("bad")
        self.trouble.hide()

    def _calls(
        self, calls: list[TicketLink], call_id: uuid.UUID | None
    ) -> list[tuple[str, object]]:
        now = self._context.now()
        found: list[tuple[str, object]] = [("No call", None)]
        if call_id is not None and all(one.target_id != call_id for one in calls):
            found.append(("This call", call_id))  # it goes on, and is not the customer's yet
        found += [
            (joined((one.title, times.short(one.at or now, now))), one.target_id) for one in calls
        ]
        return found

    def _about(self, calls: list[TicketLink], call_id: uuid.UUID | None) -> int:
        """Which call is chosen at first."""
        if call_id is not None:
            return next((1 + i for i, one in enumerate(calls) if one.target_id == call_id), 1)
        newest = calls[0].at if calls else None
        return int(newest is not None and self._context.now() - newest < _JUST_NOW)

    def _lay_out(self) -> None:
        head = label(f"New ticket for {self._form.customer_name}", "lead-strong", wrap=True)
        self._subject_field = Field("What is it about?", self.subject)
        guard_field(self._subject_field, self.subject)
        self._detail_field = Field("Description", self.detail)
        kinds = row(Field("Kind", self.kind), Field("Priority", self.priority), spacing=Space.L)
        self._open = saving_button(self, "Open ticket", self.save)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        who = Field("Owner", self.owner, "Nobody yet: leave it empty.")
        parts = (
            head,
            self.trouble,
            self._subject_field,
            kinds,
            self._due,
            self._detail_field,
            self._masked,
            who,
            self._call_field,
            row(1, cancel, self._open),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def _connect(self) -> None:
        self.subject.textChanged.connect(self._check)
        self.detail.textChanged.connect(self._check)
        self.owner.editTextChanged.connect(self._check)
        for choice in (self.kind, self.priority):
            choice.currentIndexChanged.connect(self._show_preview)

    @Slot()
    def _show_preview(self) -> None:
        text, tone = preview(
            self._form.levels,
            self.kind.currentData(),
            self.priority.currentData(),
            self._form.segment,
            self._context.now(),
        )
        self._due.setText(text)
        set_tone(self._due, tone)

    @Slot()
    def _check(self) -> None:
        missing = self._missing()
        self._detail_field.set_error("Your company wants it said." if "detail" in missing else "")
        self._open.setEnabled(bool(self.subject.text().strip()) and not missing)

    def _missing(self) -> set[str]:
        """What the company wants filled in, and is empty."""
        plan = self._context.plan.value
        typed = {"detail": self.detail.toPlainText(), "owner": self.owner.currentText()}
        return {
            name
            for name, text in typed.items()
            if plan.is_required(Situation.NEW_TICKET, name) and not text.strip()
        }

    def new_ticket(self) -> NewTicket:
        """The ticket as it is typed."""
        return NewTicket(
            self._form.customer_id,
            self.kind.currentData(),
            self.subject.text(),
            self.priority.currentData(),
            self.detail.toPlainText(),
            self.owner.currentText(),
            call_id=self.call.currentData(),
        )

    def save(self) -> None:
        """Opens the ticket."""
        if not self._open.isEnabled():
            return
        self._open.setEnabled(False)
        new, who, key = self.new_ticket(), self._context.agent(), uuid.uuid4()
        job = self._context.store.write(lambda writer: writer.open_ticket(new, who, key))
        await_future(job, self, partial(self._saved, key), self._failed)

    def _saved(self, key: uuid.UUID, change: ChangeSet) -> None:
        self.opened.emit(key, change)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._check()
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()


def _choice(form: TicketForm, key: PicklistKey, name: str) -> QComboBox:
    return combo_box(((one.title, one.key) for one in form.lists.offered(key)), name=name)


def ask_for_ticket(
    context: PageContext,
    window: QWidget,
    customer_id: uuid.UUID,
    then: Callable[[uuid.UUID, ChangeSet], object],
    failed: Callable[[Exception], None],
    call_id: uuid.UUID | None = None,
) -> None:
    """Reads what the form needs and opens it.

    Args:
        context: The desk.
        window: What the form belongs to.
        customer_id: Whose ticket.
        then: Gets the key of the ticket and its change, once it is in the store.
        failed: Gets the error where the store could not be read.
        call_id: The call to link; None for the one that began just now.
    """

    def show(form: TicketForm | None) -> None:
        if form is None or show_again(window, NewTicketDialog):
            return
        dialog = NewTicketDialog(window, context, form, call_id)
        dialog.opened.connect(then)
        dialog.open()

    await_future(
        context.store.read(partial(read_form, customer_id=customer_id)), window, show, failed
    )
