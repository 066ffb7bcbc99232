"""Keeps what is typed into the note of a customer, and saves it."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import QObject, Signal

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.promises import written_in
from crmdesk.domain.changes import ChangeSet
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.drafts import DraftKeeper
from crmdesk.gui.pages.customers.note import NoteField
from crmdesk.gui.tasks import await_future


class NoteKeeping(QObject):
    """Stands between the field for a note and the store.

    Args:
        context: The desk.
        field: Where notes are typed.
        drafts: Keeps every keystroke.

    Signals:
        saved: The note of the customer that is shown is in the store, with what it promised;
            carries the `ChangeSet`.
        failed: Something could not be kept; carries the error.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self, context: PageContext, field: NoteField, drafts: DraftKeeper, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._field, self._drafts = context, field, drafts
        self._shown: uuid.UUID | None = None
        self._saving: set[uuid.UUID] = set()
        field.typed.connect(self._keep)
        field.save_wanted.connect(self._save)
        drafts.kept.connect(self._kept)
        drafts.failed.connect(self._not_kept)

    def show_customer(self, customer_id: uuid.UUID) -> None:
        """Another customer is shown: the draft of a note of theirs comes back."""
        self._shown = customer_id
        self._field.set_draft(self._drafts.unkept(customer_id))
        self._field.set_saving(customer_id in self._saving)
        self._show_written()
        shown = partial(self._show_draft, customer_id)
        failed = partial(self._not_kept, customer_id)
        await_future(self._drafts.read(customer_id), self, shown, failed)

    def _show_draft(self, customer_id: uuid.UUID, text: str) -> None:
        # What somebody has begun to type since is newer than any draft.
        if self._shown == customer_id and text and not self._field.text():
            self._field.set_draft(text)
            self._show_written()

    def _show_written(self) -> None:
        """What the note will make, besides itself."""
        now = self._context.now()
        self._field.written.show_written(written_in(self._field.text(), now, OWN_ZONE), now)

    def _keep(self, text: str) -> None:
        self._show_written()
        if self._shown is not None:
            self._drafts.keep(self._shown, text)

    def _kept(self, customer_id: uuid.UUID) -> None:
        if self._shown == customer_id:
            self._field.set_state("Draft kept" if self._field.text() else "")

    def _not_kept(self, customer_id: uuid.UUID, error: Exception) -> None:
        if self._shown == customer_id:
            self._field.set_state("Not kept yet. It stays in this field.")
        self.failed.emit(error)

    def _save(self, text: str) -> None:
        customer_id = self._shown
        if customer_id is None or customer_id in self._saving:
            return
        self._set_saving(customer_id, is_saving=True)
        note = self._drafts.save(customer_id, text, self._context.agent(), self._context.now())
        saved = partial(self._was_saved, customer_id, text)
        failed = partial(self._was_not_saved, customer_id, text)
        await_future(note, self, saved, failed)

    def _set_saving(self, customer_id: uuid.UUID, *, is_saving: bool) -> None:
        (self._saving.add if is_saving else self._saving.discard)(customer_id)
        if self._shown == customer_id:
            self._field.set_saving(is_saving)

    def _was_saved(self, customer_id: uuid.UUID, text: str, made: ChangeSet) -> None:
        self._set_saving(customer_id, is_saving=False)
        if self._shown != customer_id:
            return
        if self._field.text() == text:  # what was typed on since is a draft of its own
            self._field.set_draft("")
            self._show_written()
            self._field.left.emit()
        self.saved.emit(made)

    def _was_not_saved(self, customer_id: uuid.UUID, text: str, error: Exception) -> None:
        self._set_saving(customer_id, is_saving=False)
        is_shown = self._shown == customer_id
        if is_shown and not self._field.text():
            self._field.set_draft(text)
            self._show_written()
        newer = self._field.text() if is_shown else self._drafts.unkept(customer_id)
        self._drafts.keep(customer_id, newer or text)
        self._not_kept(customer_id, error)
