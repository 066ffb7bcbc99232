"""The small form of what a customer lacks after a call."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.edits import CUSTOM
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form_fields import CustomerFields
from crmdesk.gui.pages.customers.form_saving import Typed, save_edit
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.text import label, set_window_title

_WIDTH = 560
_FIELDS = {"company_id": "company", "customer_since": "since"}
"""How the form calls what the plan calls otherwise."""
_ROWS = {"numbers": "Numbers", "emails": "E-mails"}


class FewFields(CustomerFields):
    """Some of the fields of a customer; nothing is needed, what is wrong is said.

    Args:
        context: The desk.
        opened: The customer.
        names: Which fields, as the company's plan calls them.
    """

    def __init__(self, context: PageContext, opened: EditedCustomer, names: Sequence[str]) -> None:
        self._names = tuple(names)
        super().__init__(context, opened)

    def _is_required(self, _name: str) -> bool:
        return False

    def _lay_out(self) -> None:
        self._box.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._box.setSpacing(Space.L)
        self._put_away()
        for name in self._names:
            if name in _ROWS:
                self._box.addWidget(label(_ROWS[name], "small-strong", "muted"))
            self._box.addWidget(self._part_of(name))

    def _put_away(self) -> None:
        """The others keep what they hold, out of sight."""
        rest = QWidget(self)
        rest.hide()
        own = (one.field for one in self.own.values())
        plain = (self.kind, self.status, self.do_not_call, self.numbers, self.emails)
        for part in (*plain, *self.fields.values(), *own, *self.addresses.values()):
            part.setParent(rest)

    def _part_of(self, name: str) -> QWidget:
        if name in _ROWS:
            return self.numbers if name == "numbers" else self.emails
        if name.startswith(CUSTOM):
            return self.own[name.removeprefix(CUSTOM)].field
        return self.fields[_FIELDS.get(name, name)]

    def _show_kind(self) -> None:
        """Fields of persons are here for persons only."""

    def focus_first(self) -> None:
        """Gives the keyboard to the first field."""
        first = self._part_of(self._names[0])
        if self._names[0] == "emails" and not self.emails.rows():
            self.emails.add()
        editable = (one for one in first.findChildren(QWidget) if _takes_keys(one))
        next(editable, first).setFocus()


def _takes_keys(one: QWidget) -> bool:
    is_field = one.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(is_field) and one.isEnabled() and not isinstance(one, QLabel)


class MissingForm(FittedDialog):
    """Asks only for what is missing; what is known is saved, the rest is left out.

    Args:
        parent: The window.
        context: The desk.
        opened: The customer.
        names: The fields that are empty.

    Signals:
        written: The `ChangeSet` of what was filled in; it is in the store.
    """

    written = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        opened: EditedCustomer,
        names: Sequence[str],
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = opened.customer.name
        set_window_title(self, f"After the call: {name}")
        self._context, self._opened = context, opened
        self.customer_id = opened.customer.id
        self.editor = FewFields(context, opened, names)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.save_button = saving_button(self, "Save", self.save)
        self.save_button.setEnabled(False)
        self.editor.changed.connect(self._changed)
        later = button("Not now")
        later.clicked.connect(self.reject)
        head = label(f"What do you know of {name}?", "lead-strong", wrap=True)
        hint = label("Leave out what was not said.", "small", "muted")
        top, buttons = column(head, hint, spacing=Space.XS), row(1, later, self.save_button)
        parts = (top, self.trouble, self.editor, buttons)
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))
        self.editor.focus_first()

    def _changed(self) -> None:
        self.save_button.setEnabled(True)

    def save(self) -> None:
        """Saves, or goes to the first field that is wrong."""
        wrong = self.editor.first_wrong()
        if wrong is not None:
            wrong.setFocus()
        elif self.save_button.isEnabled():
            self.save_button.setEnabled(False)
            typed = Typed(self._opened, self.editor.value(), blank(self._context.now()))
            who = self._context.agent()
            job = self._context.store.write(lambda writer: save_edit(writer, typed, who))
            await_future(job, self, self._saved, self._failed)

    def _saved(self, change: ChangeSet) -> None:
        self.written.emit(change)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()
