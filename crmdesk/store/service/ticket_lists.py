"""Lists of tickets, what is due first on top, paged by key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    func,
    or_,
    select,
    true,
    tuple_,
)

from crmdesk.domain.tickets import (
    TicketCounts,
    TicketFilter,
    TicketPage,
    TicketPlace,
    TicketRow,
    TicketScope,
)
from crmdesk.store.customers.search import SearchQueries
from crmdesk.store.queries import LIST_LIMIT_S
from crmdesk.store.segments.members import MemberConditions
from crmdesk.store.service.tickets import TicketQueries, named_tickets, ticket_of
from crmdesk.store.tables import ticket
from crmdesk.store.tables.history import is_escalated, is_solved, is_unsolved

_MOST_CUSTOMERS = 50

_due_first = named_tickets.where(is_unsolved, ticket.c.next_due_at.is_not(None)).order_by(
    ticket.c.next_due_at, ticket.c.id
)
_without_due = named_tickets.where(is_unsolved, ticket.c.next_due_at.is_(None)).order_by(
    ticket.c.id
)
# Newest first by key, which begins with when they were made: no index for when they were solved.
_solved = named_tickets.where(is_solved).order_by(ticket.c.id.desc())
_place = tuple_(ticket.c.next_due_at, ticket.c.id)
_due_place, _newest = attrgetter("next_due_at", "id"), attrgetter("id")


class TicketListQueries(TicketQueries, SearchQueries):
    """Reads lists of tickets."""

    def tickets(
        self,
        chosen: TicketFilter,
        now: datetime,
        after: TicketPlace | None = None,
        limit: int = 100,
    ) -> TicketPage:
        """A page of tickets: what is due first on top, then what nothing presses.

        Solved ones come newest first instead.

        Args:
            chosen: Which.
            now: What "overdue" is measured against, aware UTC.
            after: `next` of the page before, None for the first.
            limit: Length of the page.

        Raises:
            TookTooLong: Too few match for the time a list may take.
        """
        conditions = list(self._ticket_conditions(chosen, now))
        found: list[Row[Any]] = []
        for part in _parts(chosen, after):
            if len(found) <= limit:
                wanted = part.where(*conditions).limit(limit + 1 - len(found))
                found += self._first_of(wanted, chosen)
        rows = tuple(TicketRow(ticket_of(row), row[-1]) for row in found[:limit])
        if len(found) <= limit:
            return TicketPage(rows)
        last = rows[-1].ticket
        return TicketPage(rows, TicketPlace(last.clocks.next_due_at, last.id))

    def ticket_counts(self, agent: str, now: datetime, most: int = 1_000) -> TicketCounts:
        """How many open tickets there are, whose they are, and how many broke a promise.

        Counting stops at `most`: it reads so many entries of an index and no more.
        """
        return TicketCounts(
            self._count(TicketFilter(), most),
            self._count(TicketFilter(TicketScope.MINE, agent), most),
            self._count(TicketFilter(TicketScope.UNASSIGNED), most),
            self._count(TicketFilter(), most, _is_breached(now)),
        )

    def _count(self, chosen: TicketFilter, most: int, *conditions: ColumnElement[bool]) -> int:
        count = 0
        for theirs in _whose(chosen):
            some = select(ticket.c.id).where(is_unsolved, theirs, *conditions).limit(most - count)
            counted = select(func.count()).select_from(some.subquery())
            count += int(self._connection.execute(counted).scalar_one())
        return count

    def _first_of(self, part: Select[Any], chosen: TicketFilter) -> list[Row[Any]]:
        """The rows of a part, whosever they may be; each branch comes in its order already."""
        branches = [part.where(theirs) for theirs in _whose(chosen)]
        rows = self.within_time_limit(
            lambda: [row for one in branches for row in self._connection.execute(one)],
            LIST_LIMIT_S,
        )
        if len(branches) > 1:
            rows.sort(key=_newest if chosen.is_solved else _due_place, reverse=chosen.is_solved)
        return rows

    def _ticket_conditions(
        self, chosen: TicketFilter, now: datetime
    ) -> Iterator[ColumnElement[bool]]:
        if chosen.is_breached:
            yield _is_breached(now)
        if chosen.kinds:
            yield func.lower(ticket.c.kind).in_(sorted(kind.lower() for kind in chosen.kinds))
        if chosen.priorities:
            yield ticket.c.priority.in_(sorted(chosen.priorities))
        if chosen.customer_id is not None:
            yield ticket.c.customer_id == chosen.customer_id
        if text := chosen.text.strip():
            yield self._tickets_about(text)
        if chosen.members is not None:
            segments = MemberConditions(self._connection, self._desk_id, self._clock)
            yield segments.belongs(ticket.c.customer_id, chosen.members)

    def _tickets_about(self, text: str) -> ColumnElement[bool]:
        """Tickets with the text in number or subject, or of customers that are found by it."""
        customers = [hit.id for hit in self.search(text, _MOST_CUSTOMERS)]
        return or_(
            ticket.c.number.startswith(text.lstrip("#"), autoescape=True),
            ticket.c.subject.icontains(text, autoescape=True),
            ticket.c.customer_id.in_(customers),
        )


def _parts(chosen: TicketFilter, after: TicketPlace | None) -> Iterator[Select[Any]]:
    """What a page is read from, one part after the other."""
    if chosen.is_solved:
        yield _solved.where(ticket.c.id < after.id) if after else _solved
    elif after is None:
        yield from (_due_first, _without_due)
    elif after.at is not None:
        yield from (_due_first.where(_place > (after.at, after.id)), _without_due)
    else:
        yield _without_due.where(ticket.c.id > after.id)


def _whose(chosen: TicketFilter) -> tuple[ColumnElement[bool], ...]:
    """In branches that have an index each: what somebody has, and what was escalated to them."""
    if chosen.scope is TicketScope.UNASSIGNED:
        return (ticket.c.owner == "",)
    if chosen.scope is not TicketScope.MINE:
        return (true(),)
    owns = ticket.c.owner == chosen.agent
    if not chosen.agent:
        return ()
    return owns, is_escalated & (ticket.c.escalated_to == chosen.agent) & ~owns


def _is_breached(now: datetime) -> ColumnElement[bool]:
    return (
        ticket.c.first_breached_at.is_not(None)
        | ticket.c.breached_at.is_not(None)
        | (ticket.c.next_due_at < now)
    )
