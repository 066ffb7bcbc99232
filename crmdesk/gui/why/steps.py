"""What an agent says of a number, written to the store, and taken back where it was wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from crmdesk.domain.changes import ChangeSet, UndoResult
from crmdesk.domain.ignoring import IgnoreRule
from crmdesk.gui.background import in_background
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from crmdesk.store import Store, Writer

Job = Callable[["Writer"], ChangeSet]


_AT_ONCE = 500
"""Rows that are taken back in a tenth of a second."""


def is_large(change: ChangeSet) -> bool:
    """Whether taking a step back takes longer than anybody wants to wait for."""
    return change.rows > _AT_ONCE or bool(change.created)


class StepDesk(Protocol):
    """Where steps are written, and by whom; a `PageContext` is one."""

    @property
    def store(self) -> Store:
        """The open store."""
        ...

    def agent(self) -> str:
        """Who sits here."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """A number, a customer it may belong to, and the call it is about.

    Attributes:
        e164: None where the number could not be read; then only the call can be changed.
        shown: The number as the screen shows it.
        name: The customer's.
        call_id: None where it is about no call, e.g. on the customer's page.
    """

    e164: str | None
    shown: str
    customer_id: uuid.UUID
    name: str
    call_id: uuid.UUID | None = None


class NumberSteps(QObject):
    """Does one step after the other; each can be undone.

    Signals:
        done: A step is in the store; carries its `ChangeSet` and the key of its call or None.
        undone: It was taken back; carries the `ChangeSet` and the `UndoResult`.
        failed: It could not be written; carries the error.
    """

    done = Signal(object, object)
    undone = Signal(object, object)
    failed = Signal(object)

    def __init__(self, desk: StepDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.last: ChangeSet | None = None

    def choose(self, about: Subject, *, remember: bool = False) -> None:
        """This customer is calling; remembered also next time, where wanted."""
        who = self._desk.agent()
        self._do(
            lambda writer: writer.choose_owner(
                about.e164, about.customer_id, about.call_id, who, remember=remember
            ),
            about.call_id,
        )

    def forget(self, e164: str, call_id: uuid.UUID | None = None) -> None:
        """Nobody is taken for this number without asking any more."""
        who = self._desk.agent()
        self._do(lambda writer: writer.forget_choice(e164, who), call_id)

    def end(self, about: Subject, last_day: date) -> None:
        """The number was the customer's until a day."""
        e164, who = about.e164 or "", self._desk.agent()
        self._do(
            lambda writer: writer.end_ownership(e164, about.customer_id, last_day, who),
            about.call_id,
        )

    def deny(self, about: Subject, reason: str = "", since: date | None = None) -> None:
        """It never was this customer's number; from `since` on calls are taken away too."""
        who = self._desk.agent()
        self._do(
            lambda writer: writer.deny_number(
                about.e164, about.customer_id, who, reason, about.call_id, since
            ),
            about.call_id,
        )

    def unlink(self, about: Subject) -> None:
        """This one call was somebody else's."""
        who = self._desk.agent()
        self._do(
            lambda writer: writer.deny_number(None, about.customer_id, who, call_id=about.call_id),
            about.call_id,
        )

    def ignore(self, rule: IgnoreRule, call_id: uuid.UUID | None = None) -> None:
        """No card for these numbers any more; `call_id` is the call it was said of."""
        who = self._desk.agent()
        self._do(lambda writer: writer.ignore(rule, who), call_id)

    def stop_ignoring(self, rule_id: uuid.UUID) -> None:
        """Cards again."""
        who = self._desk.agent()
        self._do(lambda writer: writer.stop_ignoring(rule_id, who), None)

    def do(self, job: Job) -> None:
        """Any other step."""
        self._do(job, None)

    def tell(self, change: ChangeSet, call_id: uuid.UUID | None = None) -> None:
        """A step somebody else wrote, e.g. a dialog, is in the store.

        One that found everything as it should be wrote nothing: there is nothing to take back.
        """
        self.last = change if change.rows else None
        self.done.emit(change, call_id)

    def undo(self, step: ChangeSet | None = None) -> None:
        """Takes the last step back, once; or another one, e.g. from a history."""
        change = step or self.last
        if step is None or self.last == step:
            self.last = None
        if change is None:
            return
        undoing = self._undo_in_parts if is_large(change) else self._undo_at_once
        await_future(undoing(change), self, partial(self._was_undone, change), self.failed.emit)

    def _undo_at_once(self, change: ChangeSet) -> Future[UndoResult]:
        who = self._desk.agent()
        return self._desk.store.write(lambda writer: writer.undo_change(change.id, who))

    def _undo_in_parts(self, change: ChangeSet) -> Future[UndoResult]:
        """On a thread of its own; calls are saved meanwhile."""
        store, who = self._desk.store, self._desk.agent()

        def work() -> UndoResult:
            from crmdesk.desk.taking_back import take_back

            return take_back(store, change, who)

        return in_background(work, "crmdesk-undo")

    def _do(self, job: Job, call_id: uuid.UUID | None) -> None:
        done = partial(self._was_done, call_id)
        await_future(self._desk.store.write(job), self, done, self.failed.emit)

    def _was_done(self, call_id: uuid.UUID | None, change: ChangeSet) -> None:
        self.tell(change, call_id)

    def _was_undone(self, change: ChangeSet, result: UndoResult) -> None:
        self.undone.emit(change, result)
