"""Unsaved notes, kept with every keystroke: a kill -9 loses none that was told as kept.

A draft is customer data, so it is kept as secrets are: in the encrypted store, on this
desk only, and overwritten when it is done with.
"""

from __future__ import annotations

import concurrent.futures
import threading
import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from crmdesk.desk.follow_ups.notes import follow_ups_of
from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.domain.changes import ChangeSet
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from concurrent.futures import Future
    from datetime import datetime

    from crmdesk.store import Store, Writer

T = TypeVar("T")

_TRY_AGAIN_MS = 5_000
"""A full disk or a lock of another program may be gone by then."""
_FLUSH_S = 2.0
"""How long a window that closes waits for the disk; what is queued by then is written by the
store before it closes."""


class _Draft:
    """What stands in the queue of the store; newer text replaces it until its turn comes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.failed = False
        self._is_taken = False
        self._lock = threading.Lock()

    def replace(self, text: str) -> bool:
        """Puts newer text in its place; False where it is being written already."""
        with self._lock:
            if not self._is_taken:
                self.text = text
            return not self._is_taken

    def take(self) -> str:
        """The text to write, which stays as it is from now on."""
        with self._lock:
            self._is_taken = True
            return self.text


class DraftKeeper(QObject):
    """Hands drafts to the store's writer at once; only what it has not begun is replaced.

    Signals:
        kept: Customer of whom all that was typed is on the disk.
        failed: Customer and error; what was typed is still here, and is tried again.
    """

    kept = Signal(object)
    failed = Signal(object, object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._newest: dict[uuid.UUID, _Draft] = {}
        self._under_way: set[Future[Any]] = set()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_TRY_AGAIN_MS)
        self._again.timeout.connect(self._try_again)

    def keep(self, customer_id: uuid.UUID, text: str) -> None:
        """Keeps what has been typed so far; an empty text forgets the draft."""
        waiting = self._newest.get(customer_id)
        if waiting is None or not waiting.replace(text):
            self._submit(customer_id, _Draft(text))

    def save(self, customer_id: uuid.UUID, text: str, who: str, at: datetime) -> Future[ChangeSet]:
        """Turns a draft into a note. What is kept afterwards is a new draft."""
        self._newest.pop(customer_id, None)
        job = partial(save_note, customer_id=customer_id, text=text, who=who, at=at)
        return self._watched(self._store.write(job))

    def unkept(self, customer_id: uuid.UUID) -> str:
        """A draft that is not on the disk yet and lives in memory only, else ""."""
        draft = self._newest.get(customer_id)
        return draft.text if draft else ""

    def read(self, customer_id: uuid.UUID) -> Future[str]:
        """The draft of a customer, "" where there is none.

        Asked of the writer, behind everything that is still being kept.
        """
        return self._store.write(partial(_read, customer_id=customer_id))

    def flush(self) -> None:
        """Waits, not for long, until all that was typed and saved is on the disk."""
        self._again.stop()
        self._try_again()
        concurrent.futures.wait(self._under_way, timeout=_FLUSH_S)

    def _submit(self, customer_id: uuid.UUID, draft: _Draft) -> None:
        self._newest[customer_id] = draft
        job = partial(_write, customer_id=customer_id, draft=draft)
        written = partial(self._written, customer_id, draft)
        failed = partial(self._not_written, customer_id, draft)
        await_future(self._watched(self._store.write(job)), self, written, failed)

    def _watched(self, future: Future[T]) -> Future[T]:
        self._under_way = {one for one in self._under_way if not one.done()} | {future}
        return future

    def _written(self, customer_id: uuid.UUID, draft: _Draft, _result: None) -> None:
        if self._newest.get(customer_id) is draft:
            del self._newest[customer_id]
            self.kept.emit(customer_id)

    def _not_written(self, customer_id: uuid.UUID, draft: _Draft, error: Exception) -> None:
        if self._newest.get(customer_id) is draft:  # else something newer is on its way
            draft.failed = True
            self._again.start()
            self.failed.emit(customer_id, error)

    def _try_again(self) -> None:
        for customer_id, draft in list(self._newest.items()):
            if draft.failed:
                self._submit(customer_id, _Draft(draft.text))


def _name(customer_id: uuid.UUID) -> str:
    return f"draft.note.{customer_id}"


def _read(writer: Writer, customer_id: uuid.UUID) -> str:
    return writer.secret(_name(customer_id)) or ""


def _write(writer: Writer, customer_id: uuid.UUID, draft: _Draft) -> None:
    text = draft.take()
    if text.strip():
        writer.set_secret(_name(customer_id), text)
    else:
        writer.delete_secret(_name(customer_id))


def save_note(
    writer: Writer, customer_id: uuid.UUID, text: str, who: str, at: datetime
) -> ChangeSet:
    """Turns a draft into a note of the call it belongs to, and makes what it promises.

    All or nothing. The answer is what can be taken back next: the promises, where there are
    some, and the note stays; else the note.
    """
    from crmdesk.store.audit.notes import NoteWriting

    call_id = writer.call_of_note(customer_id, at)
    written = NoteWriting(writer, who).add(customer_id, text, at, call_id)
    writer.delete_secret(_name(customer_id))
    made = follow_ups_of(text, customer_id, who, at, OWN_ZONE)
    if not made:
        return written
    return writer.add_follow_ups(tuple(replace(one, call_id=call_id) for one in made), who)
