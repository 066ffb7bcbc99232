"""Reminds: tells at their time of what is to be done here, and how much of it waits.

Until when reminders were told is kept in the store of this desk. Where the clock went back since
then, what lies between is told once more: better twice than never.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.spans import Span, stretch
from crmdesk.desk.watching import NAP_S, StoreWatch
from crmdesk.domain.follow_ups import DueNews, FollowUp

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from crmdesk.domain.call_log import CallRow
    from crmdesk.settings.model import Settings
    from crmdesk.store import Reader, Store, Writer

REST_S = 0.5
"""After a write, for those that come with it."""

MOST = 100
"""Reminders told at once."""

_TOLD_UNTIL = "follow_ups.told_until"
_LOOK_BACK = timedelta(days=7)
"""Where nobody knows until when reminders were told: what is older stands on the page "Due"."""

_INSTANT = timedelta(microseconds=1)
_LATE = timedelta(minutes=2)
"""Older reminders were missed: the program was closed, or the computer slept."""


class _Look(NamedTuple):
    """What one look at the store found."""

    reminders: tuple[FollowUp, ...]
    waiting: int
    overdue: int
    next_at: datetime | None


class FollowUpWatch(StoreWatch):
    """Reminds who sits here, of one store; lives on the NET thread.

    Args:
        store: The open store.
        tell: Told what is new, on the loop that runs this.
        settings: What holds now; says who sits here.
        now: The clock, aware UTC.
        rest_s: See `REST_S`.
        nap_s: See `StoreWatch`.
    """

    def __init__(
        self,
        store: Store,
        tell: Callable[[DueNews], None],
        settings: Callable[[], Settings],
        now: Callable[[], datetime],
        rest_s: float = REST_S,
        nap_s: float = NAP_S,
    ) -> None:
        super().__init__(store, now, rest_s, nap_s)
        self._tell, self._settings = tell, settings
        self._since: datetime | None = None
        self._behind: uuid.UUID | None = None
        self._told: tuple[int, int] | None = None
        self._reached: set[uuid.UUID] = set()

    def call_changed(self, row: CallRow) -> None:
        """A call was saved; a talk that is over settles what promised it. On the loop."""
        if row.customer_id is not None and row.call.is_over and row.call.answered_at is not None:
            self._reached.add(row.customer_id)
            self._written.set()

    async def look(self) -> datetime | None:
        """Settles what talks have settled, and tells what is due."""
        if self._since is None:
            await self._begin()
        await self._settle_reached()
        return await self._tell_due()

    async def _begin(self) -> None:
        """Takes up where the last run ended; settles what calls of others have settled."""
        if await asyncio.wrap_future(self._store.read(_has_reached)):
            await asyncio.wrap_future(self._store.write(_settle))
        text = await asyncio.wrap_future(self._store.read(_remembered))
        self._since = _moment(text) or self._now() - _LOOK_BACK

    async def _settle_reached(self) -> None:
        while self._reached:
            customer_id = next(iter(self._reached))
            await asyncio.wrap_future(self._store.write(partial(_settle, customer_id=customer_id)))
            self._reached.discard(customer_id)

    async def _tell_due(self) -> datetime | None:
        now = self._now()
        before = self._since or now
        since = min(before, now)  # the clock may have been set back
        behind = self._behind if since == before else None
        look = partial(_read, since=since, now=now, people=self._people(), behind=behind)
        found = await asyncio.wrap_future(self._store.read(look))
        is_full = len(found.reminders) == MOST
        self._since = found.reminders[-1].reminds_at if is_full else now
        self._behind = found.reminders[-1].id if is_full else None
        if found.reminders or since < before:
            # A full page may end amid one moment: a new start tells that moment again.
            told_until = self._since - _INSTANT if is_full else now
            job = partial(_remember, until=told_until)
            await asyncio.wrap_future(self._store.write(job))
        self._tell_what_is_new(found, now)
        return now if is_full else found.next_at

    def _tell_what_is_new(self, found: _Look, now: datetime) -> None:
        counts = (found.waiting, found.overdue)
        if found.reminders or counts != self._told:
            self._told = counts
            missed = any(now - one.reminds_at > _LATE for one in found.reminders)
            self._tell(DueNews(found.reminders, missed, found.waiting, found.overdue))

    def _people(self) -> frozenset[str]:
        agent = self._settings().agent
        return frozenset({agent.name, agent.extension} - {""})


def _read(
    reader: Reader,
    since: datetime,
    now: datetime,
    people: frozenset[str],
    behind: uuid.UUID | None,
) -> _Look:
    most = DueNews().most
    _, tonight = stretch(Span.TODAY, now, OWN_ZONE)
    return _Look(
        reader.reminders(since, now, MOST, people or None, behind),
        reader.count_due(tonight or now, people or None, most + 1),
        reader.count_due(now, people or None, most + 1),
        reader.next_reminder(now),
    )


def _remembered(reader: Reader) -> str:
    return reader.secret(_TOLD_UNTIL) or ""


def _remember(writer: Writer, until: datetime) -> None:
    writer.set_secret(_TOLD_UNTIL, until.isoformat())


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _has_reached(reader: Reader) -> bool:
    return bool(reader.call_backs_of_reached())


def _settle(writer: Writer, customer_id: uuid.UUID | None = None) -> None:
    if writer.call_backs_of_reached(customer_id):
        writer.settle_call_backs(OWN_ZONE, customer_id)
