"""Unsaved notes, kept with every keystroke: a kill -9 loses none.

A draft is customer data, so it is kept as secrets are: in the encrypted store, on this
desk only, and overwritten when it is done with.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from concurrent.futures import Future
    from datetime import datetime

    from crmdesk.store import Store, Writer

_TRY_AGAIN_MS = 5_000
"""A full disk or a lock of another program may be gone by then."""


class DraftKeeper(QObject):
    """Writes drafts one after the other; while one is written only the newest waits.

    Signals:
        kept: All that was typed is on the disk.
        failed: The error; what was typed is still in the field.
    """

    kept = Signal()
    failed = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._waiting: dict[uuid.UUID, str] = {}
        self._is_writing = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_TRY_AGAIN_MS)
        self._again.timeout.connect(self._write_next)

    def keep(self, customer_id: uuid.UUID, text: str) -> None:
        """Keeps what has been typed so far; an empty text forgets the draft."""
        self._waiting[customer_id] = text
        self._write_next()

    def drop(self, customer_id: uuid.UUID) -> None:
        """Keeps no more of a draft: it is being saved as a note."""
        self._waiting.pop(customer_id, None)

    def unkept(self, customer_id: uuid.UUID) -> str:
        """A draft that could not be kept yet and lives in memory only, else ""."""
        return self._waiting.get(customer_id, "")

    def read(self, customer_id: uuid.UUID) -> Future[str]:
        """The draft of a customer, "" where there is none.

        Asked of the writer, behind everything that is still being kept.
        """
        return self._store.write(partial(_read, customer_id=customer_id))

    def _write_next(self) -> None:
        if self._is_writing or not self._waiting:
            return
        customer_id, text = self._waiting.popitem()
        self._is_writing = True
        job = partial(_write, customer_id=customer_id, text=text)
        failed = partial(self._not_written, customer_id, text)
        await_future(self._store.write(job), self, self._written, failed)

    def _written(self, _result: None) -> None:
        self._is_writing = False
        if self._waiting:
            self._write_next()
        else:
            self.kept.emit()

    def _not_written(self, customer_id: uuid.UUID, text: str, error: Exception) -> None:
        self._is_writing = False
        self._waiting.setdefault(customer_id, text)  # something newer may wait already
        self._again.start()
        self.failed.emit(error)


def _name(customer_id: uuid.UUID) -> str:
    return f"draft.note.{customer_id}"


def _read(writer: Writer, customer_id: uuid.UUID) -> str:
    return writer.secret(_name(customer_id)) or ""


def _write(writer: Writer, customer_id: uuid.UUID, text: str) -> None:
    if text.strip():
        writer.set_secret(_name(customer_id), text)
    else:
        writer.delete_secret(_name(customer_id))


def save_note(writer: Writer, customer_id: uuid.UUID, text: str, who: str, at: datetime) -> None:
    """Turns a draft into a note, both or none."""
    writer.add_note(customer_id, text.strip(), who, at)
    writer.delete_secret(_name(customer_id))
