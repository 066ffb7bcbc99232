"""Writes calls as they happen; what cannot be written waits and is tried again."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from concurrent.futures import Future

    from crmdesk.desk.listeners import Listeners
    from crmdesk.domain.calls import Call
    from crmdesk.domain.matches import Match
    from crmdesk.store import Store, Writer

log = logging.getLogger(__name__)


class CallLog:
    """The store's calls, seen from the NET thread.

    Args:
        store: The open store.
        listeners: Told after a call is durable, and of trouble.
        post: Runs a function on the NET thread, from any thread.
    """

    def __init__(self, store: Store, listeners: Listeners, post: Callable[..., object]) -> None:
        self._store = store
        self._listeners = listeners
        self._post = post
        self._unsaved: dict[uuid.UUID, tuple[Call, str | None, Match | None]] = {}
        self._writing = 0
        self._trouble = ""

    @property
    def unsaved(self) -> int:
        """Number of calls that wait in memory because the store refused them."""
        return len(self._unsaved)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being written."""
        return self._writing == 0

    def save(self, call: Call, e164: str | None, match: Match | None) -> None:
        """Queues the present state of a call for writing."""
        self._unsaved.pop(call.id, None)
        self._writing += 1
        future = self._store.write(partial(_write, call=call, e164=e164, match=match))
        future.add_done_callback(lambda done: self._post(self._saved, done, call, e164, match))

    def retry(self) -> None:
        """Tries again what could not be written."""
        for call, e164, match in tuple(self._unsaved.values()):
            self.save(call, e164, match)

    def _saved(
        self, done: Future[None], call: Call, e164: str | None, match: Match | None
    ) -> None:
        self._writing -= 1
        error = done.exception()
        if error is None:
            self._set_trouble("")
            self._listeners.call_saved(call, match)
            return
        self._unsaved.setdefault(call.id, (call, e164, match))
        if not isinstance(error, UserFacingError):
            log.error("a call could not be saved", exc_info=error)
        self._set_trouble(str(error))

    def _set_trouble(self, message: str) -> None:
        if message == self._trouble or (not message and self._unsaved):
            return
        self._trouble = message
        self._listeners.store_trouble(message)


def _write(writer: Writer, call: Call, e164: str | None, match: Match | None) -> None:
    writer.save_call(call, e164)
    if match is not None:
        writer.link_call(call.id, match)
