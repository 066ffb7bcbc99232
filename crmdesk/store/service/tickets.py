"""Reads tickets whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, func, select, union

from crmdesk.domain.business_time import why_never_open
from crmdesk.domain.ticket_clocks import promises
from crmdesk.domain.tickets import (
    Ticket,
    TicketClocks,
    TicketEntry,
    TicketEntryKind,
    TicketStatus,
    TicketView,
)
from crmdesk.store.columns import Key
from crmdesk.store.prepared import Prepared
from crmdesk.store.service.clock_rows import CLOCK_COLUMNS, Levels
from crmdesk.store.service.clocks import ClockQueries
from crmdesk.store.service.links import TicketLinkQueries
from crmdesk.store.service.ticket_numbers import (
    FIRST,
    all_with,
    count_of,
    desk_part,
    is_shared,
    written,
)
from crmdesk.store.tables import customer, sla_policy, ticket, ticket_entry
from crmdesk.store.tables.history import is_escalated, is_unsolved

ENTRIES_SHOWN = 300
"""The latest; a ticket with more is no ticket any more."""

_MOST_OF_CUSTOMER = 20
_MOST_PEOPLE = 200
_NUMBERS_LOOKED_AT = 50

COLUMNS = (
    ticket.c.id,
    ticket.c.customer_id,
    ticket.c.number,
    ticket.c.kind,
    ticket.c.subject,
    ticket.c.at,
    ticket.c.priority,
    ticket.c.status,
    ticket.c.stage,
    ticket.c.who,
    ticket.c.owner,
    ticket.c.detail,
    ticket.c.first_answered_at,
    ticket.c.solved_at,
    ticket.c.escalation,
    ticket.c.escalated_to,
    ticket.c.call_id,
    *(ticket.c[name] for name in CLOCK_COLUMNS),
)
_WIDTH = len(COLUMNS)
_PLAIN = _WIDTH - len(CLOCK_COLUMNS)
_STATUS = [column.name for column in COLUMNS].index("status")
named_tickets = (
    select(*COLUMNS, func.coalesce(customer.c.name, "").label("customer_name"))
    .select_from(ticket)
    .outerjoin(customer, customer.c.id == ticket.c.customer_id)
)
"""Tickets with the customer's name behind their columns."""

_one = Prepared(
    named_tickets.where(ticket.c.id == bindparam("id", type_=Key), ticket.c.deleted_at.is_(None))
)
_entries = Prepared(
    select(
        ticket_entry.c.id,
        ticket_entry.c.at,
        ticket_entry.c.kind,
        ticket_entry.c.who,
        ticket_entry.c.text,
        ticket_entry.c.before,
        ticket_entry.c.after,
    )
    .where(
        ticket_entry.c.ticket_id == bindparam("id", type_=Key), ticket_entry.c.deleted_at.is_(None)
    )
    .order_by(ticket_entry.c.at.desc(), ticket_entry.c.id.desc())
    .limit(ENTRIES_SHOWN)
)
_policy_name = Prepared(
    select(sla_policy.c.name).where(sla_policy.c.id == bindparam("id", type_=Key))
)
_of_customer = Prepared(
    select(*COLUMNS)
    .where(ticket.c.customer_id == bindparam("customer_id", type_=Key), is_unsolved)
    .order_by(ticket.c.next_due_at.is_(None), ticket.c.next_due_at, ticket.c.at.desc(), ticket.c.id)
    .limit(_MOST_OF_CUSTOMER)
)
_by_number, _by_count = (
    Prepared(select(*COLUMNS).where(which, ticket.c.deleted_at.is_(None)).limit(2))
    for which in (
        ticket.c.number == bindparam("number"),
        (ticket.c.number >= bindparam("start")) & (ticket.c.number < bindparam("end")),
    )
)


def _each(column: Column[str], where: ColumnElement[bool]) -> Select[Any]:
    """Each value of a column once: steps from one to the next in its index."""
    found = select(func.min(column).label("name")).where(where).cte(recursive=True)
    following = select(func.min(column)).where(where, column > found.c.name).scalar_subquery()
    found = found.union_all(select(following).where(found.c.name.is_not(None)))
    return select(found.c.name)


_people = union(
    _each(ticket.c.owner, is_unsolved),
    _each(ticket.c.escalated_to, is_unsolved & is_escalated),
    select(sla_policy.c.escalate_to).where(sla_policy.c.deleted_at.is_(None)),
).limit(_MOST_PEOPLE)
_latest_numbers = (
    select(ticket.c.number, ticket.c.origin).order_by(ticket.c.id.desc()).limit(_NUMBERS_LOOKED_AT)
)
_has_number = select(ticket.c.id).where(ticket.c.number == bindparam("number")).limit(1)


class TicketQueries(TicketLinkQueries, ClockQueries):
    """Reads tickets."""

    def ticket(self, ticket_id: uuid.UUID) -> TicketView | None:
        """One ticket whole; None where deleted or unknown."""
        row = _one.row(self._connection, {"id": ticket_id})
        if row is None:
            return None
        found = ticket_of(row)
        left, trouble = self._clock_words(found)
        return TicketView(
            found,
            row[_WIDTH],
            tuple(self._entries_of(ticket_id)),
            self.ticket_links(ticket_id),
            self._policy_name(found.clocks.policy_id),
            left,
            trouble,
        )

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket with a number, as people say it; None where none or several have it.

        Of a number that tells the desk ("1043-K7QX") people may leave that out.
        """
        said = number.strip().lstrip("#")
        rows = _by_number.rows(self._connection, {"number": said})
        if not rows and said:
            start, end = all_with(said)
            rows = _by_count.rows(self._connection, {"start": start, "end": end})
        return ticket_of(rows[0]) if len(rows) == 1 else None

    def open_tickets_of(self, customer_id: uuid.UUID) -> tuple[Ticket, ...]:
        """The open tickets of a customer, what is due first on top; the first few."""
        rows = _of_customer.rows(self._connection, {"customer_id": customer_id})
        return tuple(map(ticket_of, rows))

    def ticket_people(self) -> tuple[str, ...]:
        """Who has, or was told of, an open ticket, and whom the policies name; sorted."""
        rows = self._connection.execute(_people).scalars()
        return tuple(sorted({name for name in rows if name}, key=str.casefold))

    def next_ticket_number(self) -> str:
        """The number after the latest, which no other ticket has or gets.

        Desks that work on one store wait for each other: asked in the transaction that writes
        it. Desks that are apart cannot, and tell themselves apart: see `ticket_numbers`.
        """
        latest = self._connection.execute(_latest_numbers).all()
        part = desk_part(self._desk_id) if is_shared(latest, self._desk_id) else ""
        count = 1 + max((count_of(number) for number, _ in latest), default=FIRST - 1)
        while self._connection.execute(_has_number, {"number": written(count, part)}).first():
            count += 1
        return written(count, part)

    def _entries_of(self, ticket_id: uuid.UUID) -> Iterator[TicketEntry]:
        """Oldest first."""
        for key, at, kind, *texts in reversed(_entries.rows(self._connection, {"id": ticket_id})):
            yield TicketEntry(key, at, TicketEntryKind(kind), *texts)

    def _policy_name(self, policy_id: uuid.UUID | None) -> str:
        row = _policy_name.row(self._connection, {"id": policy_id}) if policy_id else None
        return row[0] if row else ""

    def _clock_words(self, found: Ticket) -> tuple[int | None, str]:
        """Working minutes left while its clock stands, and why it cannot run."""
        if found.clocks.policy_id is None or found.is_solved:
            return None, ""
        levels = self.service_levels()
        for row, facts in self.clock_rows([found.id]):
            policy, clock = Levels(levels).of(row.kind, row.priority, row.segment)
            promised = promises(facts, policy, clock).resolution
            left = promised.left if promised else None
            minutes = None if left is None else int(left.total_seconds() // 60)
            return minutes, why_never_open(clock.calendar)
        return None, ""


def ticket_of(row: Sequence[Any]) -> Ticket:
    """The value of a row that begins with `COLUMNS`."""
    values: list[Any] = [*row[:_PLAIN], TicketClocks(*row[_PLAIN:_WIDTH])]
    values[_STATUS] = TicketStatus(values[_STATUS])
    return Ticket(*values)
