"""Changes of more rows than one transaction should hold, made and taken back in parts."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self, TypeVar

from crmdesk.domain.changes import ChangeKind, ChangeSet, UndoResult
from crmdesk.store.changes import refusals
from crmdesk.store.changes.lock import ChangeLock
from crmdesk.store.changes.recording import ChangeRecorder
from crmdesk.store.changes.undoing import UNDONE_AT_ONCE
from crmdesk.store.importing.taking_back import TAKEN_AT_ONCE
from crmdesk.store.store import Store
from crmdesk.store.writer import Writer

_PAUSE_S = 0.01
"""After each part of an undo, for the calls that other programs save meanwhile."""

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


class LargeChange:
    """A change of any size; each `write` is a transaction of its own.

    While it is being made it is OPEN. When the block ends it is DONE; when it ends with an
    error, or the program dies, what was written is taken back, by this program or by the
    next that opens the store.

    Args:
        store: What to change.
        kind: What a person did.
        title: The same in words.
        who: Name or extension of the agent.

    Raises:
        UserFacingError: On entering, where another large change is in progress.
    """

    def __init__(self, store: Store, kind: ChangeKind, title: str, who: str) -> None:
        self._store = store
        self._what = (kind, title, who)
        self._who = who
        self._lock = ChangeLock(store.file)
        self.change: ChangeSet | None = None
        """As it is known so far; None before the block."""

    def write(self, work: Callable[[Writer, ChangeRecorder], T]) -> T:
        """Runs a part on the writer thread and waits for it; all of it is kept, or nothing."""
        return self.submit(work).result()

    def submit(self, work: Callable[[Writer, ChangeRecorder], T]) -> Future[T]:
        """Runs a part on the writer thread; parts are made one after the other."""
        change_id = self._id

        def part(writer: Writer) -> T:
            with writer.go_on_with(change_id) as recorder:
                return work(writer, recorder)

        return self._store.write(part)

    @property
    def _id(self) -> uuid.UUID:
        if self.change is None:
            raise RuntimeError("a large change is written inside its block")
        return self.change.id

    def __enter__(self) -> Self:
        self._store.recovery.wait()
        if not self._lock.acquire():
            raise refusals.another_is_at_it()
        try:
            self.change = self._store.write(lambda w: w.begin_change(*self._what)).result()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.change = self._store.write(lambda w: w.end_change(self._id)).result()
            else:
                _undo(self._store, self._id, self._who, is_interrupted=True)
        finally:
            self._lock.release()


def _done(parts: int, rows: int, created: int) -> int:
    """What so many parts of an undo come to: rows first, then customers of an import."""
    of_created = max(parts - rows // UNDONE_AT_ONCE, 0) * TAKEN_AT_ONCE
    return min(parts * UNDONE_AT_ONCE, rows) + min(of_created, created)


def undo_in_parts(
    store: Store, change_id: uuid.UUID, who: str, progress: Progress | None = None
) -> UndoResult:
    """Takes a change of any size back; others can write meanwhile.

    Args:
        store: Whose change it is.
        change_id: Of the change.
        who: Name or extension of the agent.
        progress: Told after each part, on the calling thread.

    Raises:
        UserFacingError: As `Writer.undo_change`, or another large change is in progress.
    """
    store.recovery.wait()
    lock = ChangeLock(store.file)
    if not lock.acquire():
        raise refusals.another_is_at_it()
    try:
        # Who makes one holds the lock: one that is OPEN now was left by a program that died.
        return _undo(store, change_id, who, is_interrupted=True, progress=progress)
    finally:
        lock.release()


def _undo(
    store: Store,
    change_id: uuid.UUID,
    who: str,
    *,
    is_interrupted: bool = False,
    progress: Progress | None = None,
) -> UndoResult:
    def begin(writer: Writer) -> tuple[int, int]:
        writer.begin_undo(change_id, who, is_interrupted=is_interrupted)
        change = writer.change_set(change_id)
        return (change.rows, change.created) if change else (0, 0)

    rows, created = store.write(begin).result()
    parts = 0
    while not store.write(lambda w: w.undo_part(change_id)).result():
        parts += 1
        if progress:
            progress(_done(parts, rows, created), rows + created)
        time.sleep(_PAUSE_S)
        store.shorten_log()
    if progress:
        progress(rows + created, rows + created)
    return store.write(lambda w: w.undo_result(change_id)).result()
