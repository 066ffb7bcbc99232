"""Asks what the customer was told, and for what a ticket lacks, before it is solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QComboBox, QLayout, QPlainTextEdit, QWidget

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.tickets import TicketFilled, TicketLink
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.why.steps import Job
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_text
from crmdesk.gui.widgets.fields import Field, combo_box, text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label

Solving = Callable[[TicketFilled, str], Job]
"""What writes that a ticket is solved: with what is filled in, and what the customer was told."""

_TOLD = "comment"
_NOT_CHOSEN = ("Choose…", None)


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose from.

    Attributes:
        people: Who may have it.
        orders: Of the customer.
    """

    lists: Picklists
    people: Iterable[str] = ()
    orders: tuple[TicketLink, ...] = field(default_factory=tuple)


class SolveDialog(SavingDialog):
    """Only the fields that are missing; it ends with all of them, or leaves the ticket open.

    Whether the customer was told something is asked where nobody told them anything yet. It may
    stay empty: then the solution is the first answer.

    Args:
        parent: The window.
        context: The desk.
        title: What people call the ticket.
        missing: Names of fields; see `desk.planning.required.missing_of_ticket`.
        offered: What there is to choose from.
        solving: What is written.
        asks_answer: The customer was told nothing yet.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        title: str,
        missing: Iterable[str],
        offered: Offered,
        solving: Solving,
        *,
        asks_answer: bool = False,
    ) -> None:
        super().__init__(parent, context, "Solve ticket", "Solve")
        self._offered, self._solving = offered, solving
        self._masked: list[QWidget] = []
        self._needed = tuple(missing)
        told = (_TOLD,) if asks_answer and _TOLD not in self._needed else ()
        names = (*self._needed, *told)
        self.editors: dict[str, QWidget] = {name: _MAKERS[name](self) for name in names}
        cancel = button("Not yet")
        cancel.clicked.connect(self.reject)
        fields = [self._field(name, made) for name, made in self.editors.items()]
        buttons = row(1, cancel, self.save_button)
        top = self._head(title)
        items = column(top, self.trouble, *fields, *self._masked, spacing=Space.L, margin=Space.XL)
        items.addLayout(buttons)
        self.setLayout(items)
        self.check()
        next(iter(self.editors.values())).setFocus()

    def _head(self, title: str) -> QLayout:
        if not self._needed:
            return column(label(f"Solve {title}", "lead-strong", wrap=True))
        head = label(f"What is missing to solve {title}?", "lead-strong", wrap=True)
        hint = label("Your company wants it said before a ticket is solved.", "small", "muted")
        return column(head, hint, spacing=Space.XS)

    def _field(self, name: str, made: QWidget) -> Field:
        if name in self._needed:
            return Field(f"{_TITLES[name]} (needed)", made)
        return Field(_TITLES[name], made, "Left empty, the solution counts as the first answer.")

    # --- fields -----------------------------------------------------------------------------

    def owner(self) -> QComboBox:
        """Who works on it."""
        made = person_field(self._offered.people, "Owner")
        made.editTextChanged.connect(self.check)
        return made

    def kind(self) -> QComboBox:
        """What it is."""
        offered = self._offered.lists.offered(PicklistKey.TICKET_KIND)
        return self._choice("Kind", [(one.title, one.key) for one in offered])

    def order(self) -> QComboBox:
        """Which order it is about."""
        return self._choice("Order", [(one.title, one.target_id) for one in self._offered.orders])

    def detail(self) -> QPlainTextEdit:
        """What it was about."""
        return self._text("What happened, what the customer expected", "Description")

    def comment(self) -> QPlainTextEdit:
        """What was said."""
        return self._text("What was done, in words the customer was told", "Answer")

    def _choice(self, name: str, choices: list[tuple[str, Any]]) -> QComboBox:
        made = combo_box([_NOT_CHOSEN, *choices], name=name)
        made.currentIndexChanged.connect(self.check)
        return made

    def _text(self, hint: str, name: str) -> QPlainTextEdit:
        made = text_edit(hint, name=name)
        made.setFixedHeight(3 * Size.ROW)
        self._masked.append(guard_text(made))
        made.textChanged.connect(self.check)
        return made

    # --- the answer -------------------------------------------------------------------------

    def is_complete(self) -> bool:
        """Nothing that is needed is missing."""
        return all(_value(self.editors[name]) for name in self._needed)

    def filled(self) -> TicketFilled:
        """What is filled in, without the answer."""
        values = {name: _value(made) for name, made in self.editors.items()}
        values.pop(_TOLD, None)
        order = values.pop("order", None)
        link = next((one for one in self._offered.orders if one.target_id == order), None)
        links = ((link.kind, link.target_id),) if link else ()
        return TicketFilled(tuple((name, str(text)) for name, text in values.items()), links)

    def begin(self) -> None:
        """Solves it."""
        comment = self.editors.get(_TOLD)
        self.write(self._solving(self.filled(), str(_value(comment)) if comment else ""))


def _value(made: QWidget) -> Any:  # noqa: ANN401  a text, or what a choice stands for
    if isinstance(made, QPlainTextEdit):
        return made.toPlainText().strip()
    if isinstance(made, QComboBox):
        return made.currentText().strip() if made.isEditable() else made.currentData()
    return None


_MAKERS: Mapping[str, Callable[[SolveDialog], QWidget]] = {
    "kind": SolveDialog.kind,
    "owner": SolveDialog.owner,
    "order": SolveDialog.order,
    "detail": SolveDialog.detail,
    _TOLD: SolveDialog.comment,
}
_TITLES = {
    "kind": "Kind",
    "owner": "Owner",
    "order": "Order it is about",
    "detail": "Description",
    _TOLD: "What the customer was told",
}
