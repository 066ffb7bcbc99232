"""Takes back, when a store is opened, large changes whose program died.

A change that is OPEN was never finished: nobody knows what was still to come, so it is
taken back. One that is UNDOING is taken back to its end. Both part by part between the
other jobs of the writer, so that calls are saved meanwhile.
"""

from __future__ import annotations

import logging
import threading
import uuid
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeSet, ChangeState
from crmdesk.domain.errors import UserFacingError
from crmdesk.store.changes.lock import ChangeLock
from crmdesk.store.errors import StoreError

if TYPE_CHECKING:
    from crmdesk.store.store import Store
    from crmdesk.store.writer import Writer

log = logging.getLogger(__name__)


class Recovery:
    """The unfinished changes of one open store.

    Args:
        store: Whose they are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = ChangeLock(store.file)
        self._left: list[uuid.UUID] = []
        self._is_over = threading.Event()
        self._is_over.set()

    def start(self) -> None:
        """Begins; leaves alone what another program is at."""
        self._is_over.clear()
        self._go_on(self._store.write(self._begin))

    def wait(self, timeout_s: float | None = None) -> bool:
        """Waits for the end; False where it did not come in time."""
        return self._is_over.wait(timeout_s)

    def stop(self) -> None:
        """The store was closed: what is left waits for the next start."""
        self._end()

    def _begin(self, writer: Writer) -> None:
        changes = writer.unfinished_changes()
        if not changes or not self._lock.acquire():
            return
        self._left.clear()
        for change in changes:
            if _is_begun(writer, change):
                self._left.append(change.id)
        log.info("large changes that were interrupted: %d", len(changes))

    def _next(self, writer: Writer) -> None:
        if writer.undo_part(self._left[0]):
            del self._left[0]

    def _go_on(self, step: Future[None]) -> None:
        step.add_done_callback(self._stepped)

    def _stepped(self, step: Future[None]) -> None:
        error = step.exception()
        if error is not None:
            log.error("an interrupted change was not taken back", exc_info=error)
            del self._left[:1]  # the others are taken back all the same
        if isinstance(error, StoreError | CancelledError) or not self._left:
            self._end()
        else:
            self._go_on(self._store.write(self._next))

    def _end(self) -> None:
        self._lock.release()
        self._is_over.set()


def _is_begun(writer: Writer, change: ChangeSet) -> bool:
    """Whether one can be taken back; a refusal is its own, and must not stop the others."""
    try:
        if change.state is ChangeState.OPEN:
            writer.begin_undo(change.id, "", is_interrupted=True)
    except StoreError:
        raise
    except UserFacingError as error:
        log.warning("an interrupted change is left as it is", exc_info=error)
        return False
    return True
