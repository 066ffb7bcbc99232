"""The local door while the desk is not open yet: other programs' requests are not lost."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import asdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crmdesk.desk.handover.client import leave
from crmdesk.desk.handover.server import AlreadyRunningError, HandoverServer
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from crmdesk.desk.runtime import Runtime

log = logging.getLogger(__name__)

_CLOSING_DEADLINE_S = 5.0


class Door(QObject):
    """Listens like the desk does, and leaves what came for the desk that starts next.

    Signals:
        requested: A `DeskRequest`; emitted on the NET thread, so connect it queued.
        taken: Another desk of this user runs already.
    """

    requested = Signal(object)
    taken = Signal()

    def __init__(self, runtime: Runtime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runtime = runtime
        self._server = HandoverServer(self._take)
        self._waiting: list[DeskRequest] = []
        self._opening: Future[None] | None = None

    def open(self) -> None:
        """Starts listening, once; `taken` comes where that is not possible."""
        if self._opening is not None:
            return
        self._opening = self._runtime.submit(self._server.start())
        await_future(self._opening, self, lambda _: None, self._refused)

    def close(self) -> None:
        """Stops listening; what rang meanwhile is left for the desk."""
        if self._opening is None:
            return
        self._opening = None
        self._runtime.submit(self._stop()).result(_CLOSING_DEADLINE_S)
        for request in self._waiting:
            leave({name: str(value) for name, value in asdict(request).items()})
        self._waiting.clear()

    async def _stop(self) -> None:
        self._server.stop()

    def _take(self, request: DeskRequest) -> None:
        if request.verb is not RequestVerb.FRONT:
            self._waiting.append(request)
        self.requested.emit(request)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, AlreadyRunningError):
            self.taken.emit()
        elif isinstance(error, UserFacingError):
            log.info("not listening before the desk is open: %s", error.what)
        else:
            raise error
