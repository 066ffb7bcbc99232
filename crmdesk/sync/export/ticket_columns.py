"""Tickets as rows of a table and as objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crmdesk.domain.tickets import TicketRow
from crmdesk.sync.export.columns import Cell, local

TITLES = (
    "Ticket number", "Subject", "Kind", "Priority", "Status", "Stage", "Owner", "Opened by",
    "Description", "Opened", "First answer due", "First answered", "Due", "Solved",
    "Answer was late", "Solution was late", "Escalation", "Escalated to", "Customer",
    "Customer id", "Id",
)  # fmt: skip


def ticket_cells(row: TicketRow) -> list[Cell]:
    """The cells of one ticket, one for each of `TITLES`; times are local."""
    ticket, clocks = row.ticket, row.ticket.clocks
    return [
        ticket.number, ticket.subject, ticket.kind, ticket.priority, ticket.status.value,
        ticket.stage, ticket.owner, ticket.who, ticket.detail, local(ticket.opened_at),
        _time(clocks.first_due_at), _time(ticket.first_answered_at), _time(clocks.due_at),
        _time(ticket.solved_at), _time(clocks.first_breached_at), _time(clocks.breached_at),
        ticket.escalation, ticket.escalated_to, row.customer_name, str(ticket.customer_id),
        str(ticket.id),
    ]  # fmt: skip


def ticket_object(row: TicketRow) -> dict[str, Any]:
    """One ticket as a JSON object; times are UTC."""
    ticket, clocks = row.ticket, row.ticket.clocks
    moments = {
        "opened_at": ticket.opened_at,
        "first_answered_at": ticket.first_answered_at,
        "solved_at": ticket.solved_at,
        "first_due_at": clocks.first_due_at,
        "due_at": clocks.due_at,
        "next_due_at": clocks.next_due_at,
        "waiting_since": clocks.paused_at,
        "first_breached_at": clocks.first_breached_at,
        "breached_at": clocks.breached_at,
    }
    return {
        "id": str(ticket.id),
        "number": ticket.number,
        "kind": ticket.kind,
        "subject": ticket.subject,
        "priority": ticket.priority,
        "status": ticket.status,
        "stage": ticket.stage,
        "owner": ticket.owner,
        "opened_by": ticket.who,
        "detail": ticket.detail,
        "escalation": ticket.escalation,
        "escalated_to": ticket.escalated_to,
        "customer": {"id": str(ticket.customer_id), "name": row.customer_name},
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def _time(at: datetime | None) -> Cell:
    return local(at) if at else ""
