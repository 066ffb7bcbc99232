"""Writes calls as they happen; what cannot be written waits and is tried again."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from concurrent.futures import Future

    from crmdesk.desk.listeners import Listeners
    from crmdesk.domain.calls import Call
    from crmdesk.domain.matches import Match
    from crmdesk.store import Store, Writer

_Entry = tuple["CallRow", "Match | None"]

log = logging.getLogger(__name__)


class CallLog:
    """The store's calls, seen from the NET thread.

    What happens while the store writes is written together by the next job, and of each
    call only its newest state: a busy phone system then costs one commit and not hundreds.

    Args:
        store: The open store.
        listeners: Told after a call is durable, and of trouble.
        post: Runs a function on the NET thread, from any thread.
    """

    def __init__(self, store: Store, listeners: Listeners, post: Callable[..., object]) -> None:
        self._store = store
        self._listeners = listeners
        self._post = post
        self._lock = threading.Lock()
        self._waiting: dict[uuid.UUID, _Entry] = {}
        self._is_queued = False
        self._unsaved: dict[uuid.UUID, _Entry] = {}
        self._newest: dict[uuid.UUID, _Entry] = {}
        self._writing = 0
        self._in_trouble = False

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
        self._save((call_row(call, e164, match), match))

    def retry(self) -> None:
        """Tries again what could not be written."""
        for entry in tuple(self._unsaved.values()):
            self._save(entry)

    def _save(self, entry: _Entry) -> None:
        key = entry[0].call.id
        self._unsaved.pop(key, None)
        self._newest[key] = entry
        with self._lock:
            self._waiting[key] = entry
            if self._is_queued:
                return
            self._is_queued = True
        self._submit([])

    def _submit(self, batch: list[_Entry]) -> None:
        """Queues a job for some states; for all that wait by then where none are given."""
        self._writing += 1
        future = self._store.write(partial(self._write, batch))
        future.add_done_callback(lambda done: self._post(self._saved, done, batch))

    def _write(self, batch: list[_Entry], writer: Writer) -> None:
        """Runs on the writer thread, so that what waits is written even if the loop ends."""
        if not batch:
            self._take_waiting(batch)
        for row, match in batch:
            writer.save_call(row.call, row.caller_e164)
            if match is not None:
                writer.link_call(row.call.id, match)

    def _take_waiting(self, batch: list[_Entry]) -> None:
        with self._lock:
            self._is_queued = False
            batch += self._waiting.values()
            self._waiting.clear()

    def _saved(self, done: Future[None], batch: list[_Entry]) -> None:
        self._writing -= 1
        error = done.exception()
        if error is None:
            for entry in batch:
                self._listeners.call_changed(entry[0])
                if self._is_newest(entry):
                    del self._newest[entry[0].call.id]
        else:
            self._not_saved(error, batch)
        self._tell_trouble()

    def _not_saved(self, error: BaseException, batch: list[_Entry]) -> None:
        if not batch:  # the store refused before the job began
            self._take_waiting(batch)
        if isinstance(error, UserFacingError):
            for entry in batch:
                self._keep(entry)
        elif len(batch) > 1:  # one that cannot be written must not hold up the others
            for entry in filter(self._is_newest, batch):
                self._submit([entry])
        else:
            log.error("a call could not be saved", exc_info=error)
            for entry in batch:
                self._keep(entry)

    def _keep(self, entry: _Entry) -> None:
        """Keeps a state for later, unless a newer one of the same call is on its way."""
        if self._is_newest(entry):
            self._unsaved[entry[0].call.id] = entry

    def _is_newest(self, entry: _Entry) -> bool:
        """Whether no newer state of its call was queued: an older one must never follow it."""
        return self._newest.get(entry[0].call.id) is entry

    def _tell_trouble(self) -> None:
        if self._in_trouble != bool(self._unsaved):
            self._in_trouble = bool(self._unsaved)
            self._listeners.store_health_changed(self._store.health())


def call_row(call: Call, e164: str | None, match: Match | None) -> CallRow:
    """A call as lists show it, from what is known at the desk."""
    if match is None:
        return CallRow(call, e164)
    owner = match.candidates[0].owner if match.customer_id and match.candidates else None
    return CallRow(
        call,
        e164,
        customer_id=match.customer_id,
        customer_name=owner.name if owner else "",
        company_name=owner.company_name if owner else "",
        match_state=match.state,
        match_rule=match.rule,
        match_digits=match.digits,
    )
