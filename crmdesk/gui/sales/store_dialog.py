"""A form whose answer goes into the store; what was typed stays where the store refuses."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.domain.changes import ChangeSet
from crmdesk.gui.conflicts.asking import ask_which_holds
from crmdesk.gui.conflicts.edit import Edit
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guard_field
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "CZK", "SEK", "DKK", "NOK", "TRY", "JPY")
"""Offered; others are kept and offered where a record has them."""


class StoreDialog(SavingDialog):
    """Asks, checks as one types, and writes.

    Args:
        parent: The window.
        context: The desk.
        title: Of the window.
        answer: On the button that saves.

    Signals:
        saved: The key of the record and the `ChangeSet`; it is in the store.
    """

    saved = Signal(object, object)

    def lay_out(self, heading: str, *parts: QWidget | QLayout) -> None:
        """Puts the fields between heading and buttons."""
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = label(heading, "lead-strong", wrap=True)
        buttons = row(1, cancel, self.save_button)
        items = column(head, self.trouble, *parts, buttons, spacing=Space.L, margin=Space.XL)
        self.setLayout(items)
        self.check()

    @staticmethod
    def beside(*fields: QWidget) -> QLayout:
        """Fields in a row, their labels at one height whatever stands under them."""
        made = row(spacing=Space.L)
        for field in fields:
            made.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        return made

    @staticmethod
    def free_text(title: str, edit: QLineEdit) -> Field:
        """A field for any words but a card number, which is masked as it is typed."""
        made = Field(title, edit)
        guard_field(made, edit)
        return made

    def job(self) -> tuple[uuid.UUID, Job]:
        """The key of the record, and what writes it."""
        raise NotImplementedError

    def begin(self) -> None:
        """Writes; the form closes when it is in the store."""
        self._write(*self.job())

    def _write(self, key: uuid.UUID, job: Job) -> None:
        self.write(job, partial(self._saved, key), partial(self._failed, key, job))

    def _saved(self, key: uuid.UUID, change: ChangeSet) -> None:
        self.saved.emit(key, change)
        self.accept()

    def _failed(self, key: uuid.UUID, job: Job, error: Exception) -> None:
        self.refused(error)
        if isinstance(error, ConflictingEditsError) and isinstance(job, Edit):
            ask_which_holds(self, self.context, job, error, partial(self._write, key))
