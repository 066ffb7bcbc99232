"""Forgets what a clock that was ahead recorded of tickets: nothing runs out in the future.

A computer whose clock was wrong by days records warnings and breaches that did not come yet, and
escalates them. Recorded ones are never recorded again, so the real ones would be silent. Once
the clock is right they lie in the future, and are taken back: rows and entries both.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, case, func, or_, select, update

from crmdesk.domain.tickets import TicketClocks, TicketEntryKind
from crmdesk.store.columns import Key
from crmdesk.store.ids import part_id
from crmdesk.store.service.clock_rows import READ_AT_ONCE, ClockRowQueries
from crmdesk.store.tables import ticket, ticket_entry
from crmdesk.store.tables.history import is_unsolved

BELIEVED = timedelta(hours=1)
"""Clocks of desks differ: what lies so little ahead stays, or two desks would write and take
back the same breach in turn."""

_RECORDED = ("first_warned_at", "warned_at", "first_breached_at", "breached_at")

_latest = bindparam("latest", type_=ticket.c.watch_at.type)
_is_ahead = or_(*(ticket.c[name] > _latest for name in _RECORDED))
_ahead = select(ticket.c.id).where(is_unsolved, _is_ahead).limit(bindparam("limit"))
_entries = (
    select(
        ticket_entry.c.id,
        ticket_entry.c.ticket_id,
        ticket_entry.c.kind,
        ticket_entry.c.text,
        ticket_entry.c.before,
        ticket_entry.c.after,
    )
    .where(
        ticket_entry.c.ticket_id.in_(bindparam("keys", expanding=True, type_=Key)),
        ticket_entry.c.kind.in_(
            [
                TicketEntryKind.WARNING.value,
                TicketEntryKind.BREACH.value,
                TicketEntryKind.ESCALATION.value,
            ]
        ),
        ticket_entry.c.who == "",
        ticket_entry.c.at > _latest,
        ticket_entry.c.deleted_at.is_(None),
    )
    .order_by(ticket_entry.c.at.desc(), ticket_entry.c.id.desc())
)
_forget = (
    update(ticket_entry)
    .where(ticket_entry.c.id == bindparam("entry_id", type_=Key))
    .values(deleted_at=bindparam("now"), updated_at=bindparam("now"))
)
_calm_down = (
    update(ticket)
    .where(ticket.c.id == bindparam("row_key", type_=Key))
    .values(
        escalation=func.max(ticket.c.escalation - 1, 0),
        escalated_to=case(
            (ticket.c.escalated_to == bindparam("to"), bindparam("before")),
            else_=ticket.c.escalated_to,
        ),
        updated_at=bindparam("now"),
    )
)


def believed(recorded: TicketClocks, now: datetime) -> TicketClocks:
    """What was recorded, without what cannot have happened yet."""
    latest = now + BELIEVED
    moments = {name: getattr(recorded, name) for name in _RECORDED}
    ahead = {name: None for name, at in moments.items() if at is not None and at > latest}
    return replace(recorded, **ahead) if ahead else recorded


class ClockDoubts(ClockRowQueries):
    """Finds and forgets what lies ahead of the clock."""

    def clocks_ahead(self, now: datetime, limit: int = 1) -> list[uuid.UUID]:
        """Some open tickets of which something is recorded that lies in the future."""
        values = {"latest": now + BELIEVED, "limit": limit}
        return list(self._connection.execute(_ahead, values).scalars())

    def forget_entries_ahead(self, tickets: Sequence[uuid.UUID], now: datetime) -> None:
        """Takes back the clock's own entries that lie in the future, escalations with them."""
        for start in range(0, len(tickets), READ_AT_ONCE):
            values = {"keys": tickets[start : start + READ_AT_ONCE], "latest": now + BELIEVED}
            for entry in self._connection.execute(_entries, values).all():
                self._forget_entry(entry)

    def _forget_entry(self, entry: Row[uuid.UUID, uuid.UUID, str, str, str, str]) -> None:
        now = self._clock()
        if entry.kind == TicketEntryKind.ESCALATION:
            if entry.id != part_id(entry.ticket_id, entry.kind, entry.text):
                return  # somebody whose name is not known did it
            whose = {"row_key": entry.ticket_id, "to": entry.after, "before": entry.before}
            self._connection.execute(_calm_down, {**whose, "now": now})
        self._connection.execute(_forget, {"entry_id": entry.id, "now": now})
