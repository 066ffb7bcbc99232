"""Writes calls as they happen; what cannot be written waits and is tried again."""

from __future__ import annotations

import logging
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
        self._unsaved: dict[uuid.UUID, tuple[CallRow, Match | None]] = {}
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
        self._save(call_row(call, e164, match), match)

    def retry(self) -> None:
        """Tries again what could not be written."""
        for row, match in tuple(self._unsaved.values()):
            self._save(row, match)

    def _save(self, row: CallRow, match: Match | None) -> None:
        self._unsaved.pop(row.call.id, None)
        self._writing += 1
        future = self._store.write(partial(_write, row=row, match=match))
        future.add_done_callback(lambda done: self._post(self._saved, done, row, match))

    def _saved(self, done: Future[None], row: CallRow, match: Match | None) -> None:
        self._writing -= 1
        error = done.exception()
        if error is None:
            self._listeners.call_changed(row)
        else:
            # A newer state of the same call may already be on its way; it stands.
            self._unsaved.setdefault(row.call.id, (row, match))
            if not isinstance(error, UserFacingError):
                log.error("a call could not be saved", exc_info=error)
        self._tell_trouble()

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


def _write(writer: Writer, row: CallRow, match: Match | None) -> None:
    writer.save_call(row.call, row.caller_e164)
    if match is not None:
        writer.link_call(row.call.id, match)
