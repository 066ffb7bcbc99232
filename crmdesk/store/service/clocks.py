"""The clocks of tickets: kept right at every change, and looked at when they run out.

Due times follow from what happened and from the policy, and the first answer from the entries,
so no change of a person journals them: whatever writes tickets through a change, or takes one
back, ends with `mend_clocks`. An edited policy or calendar marks all open tickets as stale; they
are mended part by part by the desk that runs next. Warnings and breaches are rows with keys that
follow from the ticket, so two desks that see the same one write the same row.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from crmdesk.domain.sla import SlaPolicy
from crmdesk.domain.ticket_clocks import (
    Due,
    Promises,
    clocks,
    due_now,
    promises,
)
from crmdesk.domain.tickets import (
    TicketClocks,
    TicketEntryKind,
    TicketNews,
    TicketStatus,
    TicketTarget,
)
from crmdesk.store.columns import Key, to_micros
from crmdesk.store.ids import part_id
from crmdesk.store.prepared import Prepared
from crmdesk.store.service.clock_doubts import ClockDoubts, believed
from crmdesk.store.service.clock_rows import CLOCK_COLUMNS, READ_AT_ONCE, ClockRow, Levels
from crmdesk.store.tables import meta, ticket, ticket_entry
from crmdesk.store.tables.history import is_unsolved, is_watched

MENDED_AT_ONCE = 100
"""Tickets of one part: a few hundredths of a second, for calls that are saved meanwhile."""

STALE = "ticket_clocks_after"
"""Name in `meta`: tickets with a larger key have clocks by an older policy. Gone when done."""


_keys = bindparam("keys", expanding=True, type_=Key)
_next_watch = Prepared(
    select(ticket.c.watch_at).where(is_watched).order_by(ticket.c.watch_at, ticket.c.id).limit(1)
)
_watched = (
    select(ticket.c.id)
    .where(is_watched, ticket.c.watch_at <= bindparam("now", type_=ticket.c.watch_at.type))
    .order_by(ticket.c.watch_at, ticket.c.id)
    .limit(bindparam("limit"))
)
_stop_watching = (
    update(ticket).where(ticket.c.id.in_(_keys)).values(watch_at=None, next_due_at=None)
)
_by_key = update(ticket).where(ticket.c.id == bindparam("row_key", type_=Key))
_WRITTEN = (*CLOCK_COLUMNS, "first_answered_at", "updated_at")
_set_clocks = _by_key.values({name: bindparam(name) for name in _WRITTEN})
_set_escalation = _by_key.values(
    escalation=ticket.c.escalation + 1,
    escalated_to=bindparam("to"),
    updated_at=bindparam("updated_at"),
)
_entry = select(ticket_entry.c.deleted_at).where(
    ticket_entry.c.id == bindparam("entry_id", type_=Key)
)
_add_entry = insert(ticket_entry)
_entry_again = (
    update(ticket_entry)
    .where(ticket_entry.c.id == bindparam("entry_id", type_=Key))
    .values({name: bindparam(name) for name in ("at", "updated_at", "before", "after")})
    .values(deleted_at=None)
)

_stale_after = Prepared(select(meta.c.value).where(meta.c.name == STALE))
_drop_stale = delete(meta).where(meta.c.name == STALE)
_add_stale = insert(meta)
_next_open = (
    select(ticket.c.id)
    .where(is_unsolved, ticket.c.id > bindparam("after", type_=Key))
    .order_by(ticket.c.id)
    .limit(bindparam("limit"))
)
_open_of = select(ticket.c.id).where(is_unsolved, ticket.c.customer_id.in_(_keys))


class ClockQueries(ClockDoubts):
    """Reads clocks."""

    def next_ticket_watch(self) -> datetime | None:
        """When a warning or breach has to be recorded next; None for never."""
        row = _next_watch.row(self._connection, {})
        return row[0] if row else None

    def has_stale_clocks(self) -> bool:
        """Whether due times follow an older policy and have to be mended."""
        return _stale_after.row(self._connection, {}) is not None


class ClockWriting(ClockQueries):
    """Keeps clocks."""

    def mend_clocks(self, tickets: Collection[uuid.UUID], now: datetime | None = None) -> None:
        """Gives some tickets the due times they should have; deleted ones get none.

        What is recorded of them and lies in the future is forgotten (`clock_doubts`).

        Args:
            tickets: Their keys.
            now: The moment, aware UTC; None for the store's clock.
        """
        if not tickets:
            return
        moment = now or self._clock()
        levels = Levels(self.service_levels())
        gone = set(tickets)
        mended: list[dict[str, Any]] = []
        doubted: list[uuid.UUID] = []
        for row, facts in self.clock_rows(list(tickets)):
            gone.discard(row.id)
            policy, clock = levels.of(row.kind, row.priority, row.segment)
            recorded = believed(row.clocks, moment)
            if recorded is not row.clocks:
                doubted.append(row.id)
            wanted = clocks(promises(facts, policy, clock), policy, recorded)
            if wanted != row.clocks or row.answered_at != row.first_answered_at:
                mended.append(self._clock_values(row, wanted))
        if mended:
            self._connection.execute(_set_clocks, mended)
        self.forget_entries_ahead(doubted, moment)
        self._stop_watching(gone)

    def mend_clocks_ahead(self, now: datetime, limit: int = MENDED_AT_ONCE) -> None:
        """Mends some open tickets of which something is recorded that lies in the future."""
        self.mend_clocks(self.clocks_ahead(now, limit), now)

    def mend_clocks_of_customers(self, customers: Collection[uuid.UUID]) -> None:
        """The same of all open tickets of some customers: their segment is another now."""
        every = list(customers)
        for start in range(0, len(every), READ_AT_ONCE):
            keys = {"keys": every[start : start + READ_AT_ONCE]}
            self.mend_clocks(list(self._connection.execute(_open_of, keys).scalars()))

    def mark_clocks_stale(self) -> None:
        """A policy or calendar was changed: all open tickets are mended from the first on."""
        self._set_stale("")

    def mend_next_clocks(self, limit: int = MENDED_AT_ONCE) -> bool:
        """Mends the next open tickets whose clocks are stale.

        Returns:
            Whether some are left.
        """
        row = _stale_after.row(self._connection, {})
        if row is None:
            return False
        after = uuid.UUID(row[0]) if row[0] else uuid.UUID(int=0)
        values = {"after": after, "limit": limit}
        found = list(self._connection.execute(_next_open, values).scalars())
        self.mend_clocks(found)
        self._set_stale(str(found[-1]) if len(found) == limit else None)
        return len(found) == limit

    def record_due_tickets(
        self, now: datetime, limit: int = MENDED_AT_ONCE
    ) -> tuple[TicketNews, ...]:
        """Records the warnings and breaches that are due, each exactly once.

        Args:
            now: The moment, aware UTC.
            limit: Tickets looked at; call again while `next_ticket_watch` is not later.

        Returns:
            What was not recorded before, by this desk or another.
        """
        values = {"now": now, "limit": limit}
        found = list(self._connection.execute(_watched, values).scalars())
        levels = Levels(self.service_levels())
        news: list[TicketNews] = []
        gone = set(found)
        for row, facts in self.clock_rows(found):
            gone.discard(row.id)
            policy, clock = levels.of(row.kind, row.priority, row.segment)
            promised = promises(facts, policy, clock)
            news += self._record(row, policy, promised, now)
        self._stop_watching(gone)
        return tuple(news)

    def _record(
        self, row: ClockRow, policy: SlaPolicy | None, promised: Promises, now: datetime
    ) -> Iterator[TicketNews]:
        recorded = row.clocks
        for due in due_now(promised, recorded, now):
            is_new = self._add_clock_entry(row, due, now)
            recorded = _with(recorded, due, now)
            to = policy.escalate_to if policy and due.kind is TicketEntryKind.BREACH else ""
            if to and row.status != TicketStatus.SOLVED:
                self._escalate(row, due, to)
            if is_new:
                yield _news(row, due, to)
        values = self._clock_values(row, clocks(promised, policy, recorded))
        self._connection.execute(_set_clocks, values)

    def _add_clock_entry(self, row: ClockRow, due: Due, now: datetime) -> bool:
        """Writes a warning or breach; False where it is there already."""
        is_breach = due.kind is TicketEntryKind.BREACH
        name = due.target.value if is_breach else f"{due.target}\x00{to_micros(due.due_at)}"
        values = {"kind": due.kind.value, "text": due.target.value}
        # A breach stands where the promise ran out, however late somebody looked.
        return self._add_once(row, name, due.due_at if is_breach else now, values)

    def _escalate(self, row: ClockRow, due: Due, to: str) -> None:
        """Tells whom the policy names; once for each promise."""
        values = {
            "kind": TicketEntryKind.ESCALATION.value,
            "text": due.target.value,
            "before": row.escalated_to,
            "after": to,
        }
        if self._add_once(row, due.target.value, due.due_at, values):
            escalated = {"row_key": row.id, "to": to, "updated_at": self._clock()}
            self._connection.execute(_set_escalation, escalated)

    def _add_once(self, row: ClockRow, name: str, at: datetime, values: Mapping[str, str]) -> bool:
        key = part_id(row.id, values["kind"], name)
        there = self._connection.execute(_entry, {"entry_id": key}).first()
        if there is not None and there.deleted_at is None:
            return False
        now = self._clock()
        if there is not None:
            again = {"before": "", "after": "", **values, "entry_id": key}
            self._connection.execute(_entry_again, {**again, "at": at, "updated_at": now})
            return True
        stamps = {"id": key, "created_at": now, "updated_at": now, "origin": self._desk_id}
        whose = {"ticket_id": row.id, "customer_id": row.customer_id, "at": at}
        self._connection.execute(_add_entry, {**stamps, **whose, **values})
        return True

    def _clock_values(self, row: ClockRow, wanted: TicketClocks) -> dict[str, Any]:
        values = {name: getattr(wanted, name) for name in CLOCK_COLUMNS}
        answered = {"first_answered_at": row.answered_at}
        return {**values, **answered, "row_key": row.id, "updated_at": self._clock()}

    def _stop_watching(self, gone: Collection[uuid.UUID]) -> None:
        """Deleted tickets are never due."""
        every = list(gone)
        for start in range(0, len(every), READ_AT_ONCE):
            keys = {"keys": every[start : start + READ_AT_ONCE]}
            self._connection.execute(_stop_watching, keys)

    def _set_stale(self, after: str | None) -> None:
        self._connection.execute(_drop_stale)
        if after is not None:
            self._connection.execute(_add_stale, {"name": STALE, "value": after})


def _with(recorded: TicketClocks, due: Due, now: datetime) -> TicketClocks:
    is_first = due.target is TicketTarget.FIRST_ANSWER
    if due.kind is TicketEntryKind.WARNING and is_first:
        return replace(recorded, first_warned_at=now)
    if due.kind is TicketEntryKind.WARNING:
        return replace(recorded, warned_at=now)
    if is_first:
        return replace(recorded, first_breached_at=due.due_at)
    return replace(recorded, breached_at=due.due_at)


def _news(row: ClockRow, due: Due, escalated_to: str) -> TicketNews:
    return TicketNews(
        row.id,
        row.customer_id,
        row.number,
        row.subject,
        row.owner,
        due.kind,
        due.target,
        due.due_at,
        escalated_to,
    )
