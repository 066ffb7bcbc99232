"""The clocks of tickets: kept right at every change, and looked at when they run out.

Due times follow from what happened and from the policy, so no change of a person journals them:
whatever writes tickets through a change, or takes one back, ends with `mend_clocks`. An edited
policy or calendar marks all open tickets as stale; they are mended part by part by the desk
that runs next. Warnings and breaches are rows with keys that follow from the ticket, so two
desks that see the same one write the same row.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from crmdesk.domain.business_time import BusinessClock, WorkCalendar
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.domain.ticket_clocks import (
    ClockFacts,
    Due,
    Promises,
    StatusMove,
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
from crmdesk.store.service.levels import LevelQueries
from crmdesk.store.tables import customer, meta, ticket, ticket_entry
from crmdesk.store.tables.history import is_unsolved, is_watched

MENDED_AT_ONCE = 100
"""Tickets of one part: a few hundredths of a second, for calls that are saved meanwhile."""

STALE = "ticket_clocks_after"
"""Name in `meta`: tickets with a larger key have clocks by an older policy. Gone when done."""

CLOCK_COLUMNS = tuple(one.name for one in fields(TicketClocks))
_ALWAYS_OPEN = BusinessClock(WorkCalendar(uuid.UUID(int=0), "Round the clock", is_always_open=True))
_READ_AT_ONCE = 500

_keys = bindparam("keys", expanding=True, type_=Key)
_facts = (
    select(
        ticket.c.id,
        ticket.c.customer_id,
        ticket.c.number,
        ticket.c.subject,
        ticket.c.kind,
        ticket.c.priority,
        ticket.c.status,
        ticket.c.owner,
        ticket.c.at,
        ticket.c.solved_at,
        ticket.c.first_answered_at,
        ticket.c.escalation,
        ticket.c.escalated_to,
        func.coalesce(customer.c.segment, "").label("segment"),
        *(ticket.c[name] for name in CLOCK_COLUMNS),
    )
    .select_from(ticket)
    .outerjoin(customer, customer.c.id == ticket.c.customer_id)
    .where(ticket.c.id.in_(_keys), ticket.c.deleted_at.is_(None))
)
_PLAIN_COLUMNS = len(_facts.selected_columns) - len(CLOCK_COLUMNS)
_moves = (
    select(ticket_entry.c.ticket_id, ticket_entry.c.at, ticket_entry.c.after)
    .where(
        ticket_entry.c.ticket_id.in_(_keys),
        ticket_entry.c.kind == TicketEntryKind.STATUS.value,
        ticket_entry.c.deleted_at.is_(None),
    )
    .order_by(ticket_entry.c.at, ticket_entry.c.id)
)
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
_set_clocks = _by_key.values({name: bindparam(name) for name in (*CLOCK_COLUMNS, "updated_at")})
_set_escalation = _by_key.values(
    escalation=ticket.c.escalation + 1,
    escalated_to=bindparam("to"),
    updated_at=bindparam("updated_at"),
)
_has_entry = select(ticket_entry.c.id).where(ticket_entry.c.id == bindparam("entry_id", type_=Key))
_add_entry = insert(ticket_entry)

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


@dataclass(frozen=True, slots=True)
class ClockRow:
    """What a ticket's clocks depend on, and how they stand."""

    id: uuid.UUID
    customer_id: uuid.UUID
    number: str
    subject: str
    kind: str
    priority: str
    status: str
    owner: str
    at: datetime
    solved_at: datetime | None
    first_answered_at: datetime | None
    escalation: int
    escalated_to: str
    segment: str
    clocks: TicketClocks

    def facts(self, moves: Sequence[StatusMove]) -> ClockFacts:
        """With what its entries say; a ticket from elsewhere may have none."""
        status = TicketStatus(self.status)
        last = moves[-1].status if moves else TicketStatus.OPEN
        if last is not status:
            moves = (*moves, StatusMove(self._since(moves), status))
        is_given = self.clocks.policy_id is None
        return ClockFacts(
            self.at,
            tuple(moves),
            self.first_answered_at,
            self.clocks.first_due_at if is_given else None,
            self.clocks.due_at if is_given else None,
        )

    def _since(self, moves: Sequence[StatusMove]) -> datetime:
        earliest = moves[-1].at if moves else self.at
        is_solved = self.status == TicketStatus.SOLVED and self.solved_at is not None
        return max(earliest, self.solved_at) if is_solved and self.solved_at else earliest


class Levels:
    """Service levels with the clocks of their calendars, for many tickets."""

    def __init__(self, levels: ServiceLevels) -> None:
        self._levels = levels
        self._clocks = {one.id: BusinessClock(one) for one in levels.calendars}

    def of(self, kind: str, priority: str, segment: str) -> tuple[SlaPolicy | None, BusinessClock]:
        """The policy that is meant for a ticket, and the clock it counts by."""
        policy = self._levels.policy_for(kind, priority, segment)
        calendar = policy.calendar_id if policy else None
        return policy, self._clocks.get(calendar, _ALWAYS_OPEN) if calendar else _ALWAYS_OPEN


class ClockQueries(LevelQueries):
    """Reads clocks."""

    def next_ticket_watch(self) -> datetime | None:
        """When a warning or breach has to be recorded next; None for never."""
        row = _next_watch.row(self._connection, {})
        return row[0] if row else None

    def has_stale_clocks(self) -> bool:
        """Whether due times follow an older policy and have to be mended."""
        return _stale_after.row(self._connection, {}) is not None

    def clock_rows(self, tickets: Sequence[uuid.UUID]) -> Iterator[tuple[ClockRow, ClockFacts]]:
        """What the clocks of some tickets depend on."""
        for start in range(0, len(tickets), _READ_AT_ONCE):
            keys = {"keys": tickets[start : start + _READ_AT_ONCE]}
            moves: dict[uuid.UUID, list[StatusMove]] = defaultdict(list)
            for key, at, status in self._connection.execute(_moves, keys):
                moves[key].append(StatusMove(at, TicketStatus(status)))
            for row in self._connection.execute(_facts, keys).all():
                at = TicketClocks(*row[_PLAIN_COLUMNS:])
                values: list[Any] = [*row[:_PLAIN_COLUMNS], at]
                found = ClockRow(*values)
                yield found, found.facts(moves[found.id])


class ClockWriting(ClockQueries):
    """Keeps clocks."""

    def mend_clocks(self, tickets: Collection[uuid.UUID]) -> None:
        """Gives some tickets the due times they should have; deleted ones get none."""
        if not tickets:
            return
        levels = Levels(self.service_levels())
        gone = set(tickets)
        mended: list[dict[str, Any]] = []
        for row, facts in self.clock_rows(list(tickets)):
            gone.discard(row.id)
            policy, clock = levels.of(row.kind, row.priority, row.segment)
            wanted = clocks(promises(facts, policy, clock), policy, row.clocks)
            if wanted != row.clocks:
                mended.append(self._clock_values(row, wanted))
        if mended:
            self._connection.execute(_set_clocks, mended)
        self._stop_watching(gone)

    def mend_clocks_of_customers(self, customers: Collection[uuid.UUID]) -> None:
        """The same of all open tickets of some customers: their segment is another now."""
        every = list(customers)
        for start in range(0, len(every), _READ_AT_ONCE):
            keys = {"keys": every[start : start + _READ_AT_ONCE]}
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
        if self._connection.execute(_has_entry, {"entry_id": key}).first() is not None:
            return False
        now = self._clock()
        stamps = {"id": key, "created_at": now, "updated_at": now, "origin": self._desk_id}
        whose = {"ticket_id": row.id, "customer_id": row.customer_id, "at": at}
        self._connection.execute(_add_entry, {**stamps, **whose, **values})
        return True

    def _clock_values(self, row: ClockRow, wanted: TicketClocks) -> dict[str, Any]:
        values = {name: getattr(wanted, name) for name in CLOCK_COLUMNS}
        return {**values, "row_key": row.id, "updated_at": self._clock()}

    def _stop_watching(self, gone: Collection[uuid.UUID]) -> None:
        """Deleted tickets are never due."""
        every = list(gone)
        for start in range(0, len(every), _READ_AT_ONCE):
            keys = {"keys": every[start : start + _READ_AT_ONCE]}
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
