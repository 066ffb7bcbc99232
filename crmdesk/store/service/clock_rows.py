"""What the clocks of tickets depend on: their rows, and what their entries say."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from crmdesk.domain.business_time import BusinessClock, WorkCalendar
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.domain.ticket_clocks import ClockFacts, StatusMove, first_answer
from crmdesk.domain.tickets import TicketClocks, TicketEntryKind, TicketStatus
from crmdesk.store.columns import Key
from crmdesk.store.service.levels import LevelQueries
from crmdesk.store.tables import customer, ticket, ticket_entry

CLOCK_COLUMNS = tuple(one.name for one in fields(TicketClocks))
_ALWAYS_OPEN = BusinessClock(WorkCalendar(uuid.UUID(int=0), "Round the clock", is_always_open=True))
READ_AT_ONCE = 500
"""Tickets of one statement."""

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
# Removed ones too: they tell whether the row's first answer is of a step that was taken back.
_entries = (
    select(
        ticket_entry.c.ticket_id,
        ticket_entry.c.kind,
        ticket_entry.c.at,
        ticket_entry.c.after,
        ticket_entry.c.deleted_at,
    )
    .where(
        ticket_entry.c.ticket_id.in_(_keys),
        ticket_entry.c.kind.in_([TicketEntryKind.STATUS.value, TicketEntryKind.ANSWER.value]),
    )
    .order_by(ticket_entry.c.at, ticket_entry.c.id)
)


@dataclass(slots=True)
class _Said:
    """What the entries of one ticket say.

    Attributes:
        moves: In order of time.
        told: When the customer was told something: answers and solutions.
        taken_back: The same of entries that do not hold any more.
    """

    moves: list[StatusMove] = field(default_factory=list)
    told: list[datetime] = field(default_factory=list)
    taken_back: list[datetime] = field(default_factory=list)

    def note(self, kind: str, at: datetime, after: str, *, holds: bool) -> None:
        """One entry."""
        is_move = kind == TicketEntryKind.STATUS
        if is_move and holds:
            self.moves.append(StatusMove(at, TicketStatus(after)))
        if not is_move or after == TicketStatus.SOLVED:
            (self.told if holds else self.taken_back).append(at)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """What a ticket's clocks depend on, and how they stand.

    Attributes:
        first_answered_at: As the row has it; `answered_at`: as it should have it.
    """

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
    answered_at: datetime | None = None

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
            self.answered_at,
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


class ClockRowQueries(LevelQueries):
    """Reads what clocks depend on."""

    def clock_rows(self, tickets: Sequence[uuid.UUID]) -> Iterator[tuple[ClockRow, ClockFacts]]:
        """What the clocks of some tickets depend on."""
        for start in range(0, len(tickets), READ_AT_ONCE):
            keys = {"keys": tickets[start : start + READ_AT_ONCE]}
            said: dict[uuid.UUID, _Said] = defaultdict(_Said)
            for key, kind, at, after, deleted_at in self._connection.execute(_entries, keys):
                said[key].note(kind, at, after, holds=deleted_at is None)
            for row in self._connection.execute(_facts, keys).all():
                yield _with_facts(row, said[row[0]])


def _with_facts(row: Sequence[Any], said: _Said) -> tuple[ClockRow, ClockFacts]:
    clocks = TicketClocks(*row[_PLAIN_COLUMNS:])
    values: list[Any] = [*row[:_PLAIN_COLUMNS], clocks]
    bare = ClockRow(*values)
    answered_at = first_answer(bare.first_answered_at, said.told, said.taken_back)
    found = replace(bare, answered_at=answered_at)
    return found, found.facts(said.moves)
