"""The small form of what a customer lacks after a call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from crmdesk.domain.audit import ConflictingEditsError, EditedCustomer
from crmdesk.domain.edits import CUSTOM
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.form_conflicts import ask_which_holds
from crmdesk.gui.pages.customers.form_fields import CustomerFields
from crmdesk.gui.pages.customers.form_saving import Typed, save_edit
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label

_FIELDS = {"company_id": "company", "customer_since": "since"}
"""How the form calls what the plan calls otherwise."""
_SETTLE = "Save again to choose for each field which value holds."
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


class MissingForm(SavingDialog):
    """Asks only for what is missing; what is known is saved, the rest is left out.

    Args:
        parent: The window.
        context: The desk.
        opened: The customer.
        names: The fields that are empty.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        opened: EditedCustomer,
        names: Sequence[str],
    ) -> None:
        name = opened.customer.name
        super().__init__(parent, context, f"After the call: {name}", "Save")
        self._opened, self._is_changed = opened, False
        self.editor = FewFields(context, opened, names)
        self.check()
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
        self._is_changed = True
        self.check()

    def is_complete(self) -> bool:
        """Something was filled in."""
        return self._is_changed

    def begin(self) -> None:
        """Saves, or goes to the first field that is wrong."""
        wrong = self.editor.first_wrong()
        if wrong is not None:
            wrong.setFocus()
            return
        self._write(Typed(self._opened, self.editor.value(), blank(self.context.now())))

    def _write(self, typed: Typed) -> None:
        who = self.context.agent()
        self.write(
            lambda writer: save_edit(writer, typed, who), refused=partial(self._failed, typed)
        )

    def _failed(self, typed: Typed, error: Exception) -> None:
        if not isinstance(error, ConflictingEditsError):
            self.refused(error)
            return
        self.refused(UserFacingError(error.what, error.meaning, _SETTLE))
        ask_which_holds(self, self.context, typed, error, self._write, self.refused)
