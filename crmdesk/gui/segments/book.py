"""The saved segments as the windows see them, and which of them a customer belongs to."""

from __future__ import annotations

import threading
import uuid
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.segments.belonging import (
    Belonging,
    Question,
    Questions,
    ask_patiently,
    ask_quickly,
    prepare,
)
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.bridge import connect_queued
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from crmdesk.store import Store

_LOOKS_EVERY_MS = 20_000
"""Another program writes too, and what was in time yesterday is overdue today."""

_AFTER_WRITING_MS = 1_000
"""A busy desk writes many times a second; asking once a second is soon enough."""


class SegmentBook(QObject):
    """Holds the questions, made beforehand, and says when answers may be other ones.

    Args:
        store: Whose segments; must be open.

    Attributes:
        questions: What to ask of a customer.

    Signals:
        changed: There are other segments or rules now.
        stale: Who was asked may belong to others now.
    """

    changed = Signal()
    stale = Signal()
    _wrote = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.questions = Questions()
        self._lock = threading.Lock()
        self._is_told = False
        self._look = _timer(self, _LOOKS_EVERY_MS, self.read)
        self._soon = _timer(self, _AFTER_WRITING_MS, self.read)
        self._soon.setSingleShot(True)
        connect_queued(self._wrote, self._somebody_wrote)

    def start(self) -> None:
        """Reads the segments now, and again whenever somebody wrote."""
        self.read()
        self._look.start()
        self.store.add_write_listener(self._written)

    def stop(self) -> None:
        """Looks no more; the store may be closed afterwards."""
        self.store.remove_write_listener(self._written)
        self._look.stop()
        self._soon.stop()

    def _written(self) -> None:
        """On the writer thread; many writes are told once."""
        with self._lock:
            is_first, self._is_told = not self._is_told, True
        if is_first:
            self._wrote.emit()

    @Slot()
    def _somebody_wrote(self) -> None:
        self._soon.start()

    @Slot()
    def read(self) -> None:
        """Reads the segments; the signals tell what may be other than before."""
        with self._lock:
            self._is_told = False
        job = partial(prepare, before=self.questions, zone=OWN_ZONE)
        await_future(self.store.read(job), self, self._take, ignore_users_errors)

    def _take(self, questions: Questions) -> None:
        is_other = questions.every.segments != self.questions.every.segments
        self.questions = questions
        if is_other:
            self.changed.emit()
        self.stale.emit()


class SegmentWatch(QObject):
    """Which segments one customer belongs to, now and later.

    Args:
        book: The segments.
        parent: Who shows it.
        is_for_pop: Asks on the pop's own thread, and only for what the pop shows.

    Signals:
        told: A `Belonging`, where it is another one than before.
    """

    told = Signal(object)

    def __init__(self, book: SegmentBook, parent: QObject, *, is_for_pop: bool = False) -> None:
        super().__init__(parent)
        self._book, self._is_for_pop = book, is_for_pop
        self._asked = 0
        self.customer_id: uuid.UUID | None = None
        self.belonging: Belonging | None = None
        book.stale.connect(self._ask)

    def follow(self, customer_id: uuid.UUID | None) -> None:
        """This customer from now on; nobody for None."""
        if customer_id != self.customer_id:
            self.customer_id, self.belonging = customer_id, None
        self._ask()

    @Slot()
    def _ask(self) -> None:
        self._asked += 1
        customer_id = self.customer_id
        if customer_id is None:
            return
        questions, store = self._book.questions, self._book.store
        question = questions.pop if self._is_for_pop else questions.every
        read = store.read_for_pop if self._is_for_pop else store.read
        job = partial(ask_quickly, customer_id=customer_id, question=question)
        answered = partial(self._answered, self._asked, question)
        await_future(read(job), self, answered, ignore_users_errors)

    def _answered(self, asked: int, question: Question, found: Belonging | None) -> None:
        """Where a rule takes long the lists wait for it, never the next ring."""
        if asked != self._asked or self.customer_id is None:
            return
        if found is not None:
            self._tell(asked, found)
            return
        job = partial(ask_patiently, customer_id=self.customer_id, question=question, zone=OWN_ZONE)
        told = partial(self._tell, asked)
        await_future(self._book.store.read(job), self, told, ignore_users_errors)

    def _tell(self, asked: int, found: Belonging) -> None:
        if asked == self._asked and found != self.belonging:
            self.belonging = found
            self.told.emit(found)


def ignore_users_errors(error: Exception) -> None:
    """What was told last holds: whatever ails the store is told where people see it."""
    if not isinstance(error, UserFacingError):
        raise error


def _timer(book: SegmentBook, every_ms: int, slot: object) -> QTimer:
    made = QTimer(book)
    made.setInterval(every_ms)
    made.timeout.connect(slot)
    return made
