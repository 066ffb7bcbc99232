"""Work that takes a while, shown as it grows; nobody waits for it, and it can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.background import in_background
from crmdesk.gui.tasks import await_future, told_in_gui_thread

Told = Callable[[int], object]


class StoppedError(Exception):
    """Nobody wants the answer any more."""


class LongWork(QObject):
    """Work on a thread of its own that tells how many it has met, and can be stopped.

    Signals:
        grew: How many so far.
        finished: What the work returned.
        failed: A `UserFacingError`.
        stopped: `stop` was asked for, and what was begun is taken back.
    """

    grew = Signal(int)
    finished = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, work: Callable[[Told], object], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._wish = threading.Event()

    def start(self) -> None:
        """Begins."""
        tell, wish, work = told_in_gui_thread(self, self.grew.emit), self._wish, self._work

        def told(count: int) -> None:
            if wish.is_set():
                raise StoppedError
            tell(count)

        future = in_background(lambda: work(told), "crmdesk-work")
        await_future(future, self, self.finished.emit, self._failed)

    def stop(self) -> None:
        """Ends it after the stretch it is at."""
        self._wish.set()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, StoppedError):
            self.stopped.emit()
        elif isinstance(error, UserFacingError):
            self.failed.emit(error)
        else:
            raise error
