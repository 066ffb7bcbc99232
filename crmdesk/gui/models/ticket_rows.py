"""Rows of the list of tickets. Pure: now, names and picklists are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.tickets import TicketRow
from crmdesk.gui.models import ticket_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.placed_line import PlacedLine
from crmdesk.gui.models.row_table import Column
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined

COLUMNS = (
    Column("Clock", 210),
    Column("Ticket", 150),
    Column("Subject", 0),
    Column("Customer", 170),
    Column("Priority", 90),
    Column("Owner", 120),
    Column("Opened", 90),
)
_TEXT_TONES = {"neutral": "text", "": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine(PlacedLine):
    """The row of a ticket."""

    row: TicketRow


def line(row: TicketRow, place: int, lists: Picklists, names: Names, now: datetime) -> TicketLine:
    """The row of a ticket; `place` counts from the top."""
    ticket = row.ticket
    clock = ticket_words.clock(ticket, now)
    priority = lists.choice(PicklistKey.TICKET_PRIORITY, ticket.priority)
    owner = names.anybody(ticket.owner)
    name = ticket_words.name(ticket, lists)
    opened = times.short(ticket.opened_at, now)
    cells = (
        Cell(clock.text, tone=clock.tone, icon=clock.icon, icon_tone=clock.tone, tip=clock.tip),
        Cell(name, icon="up" if ticket.escalation else "", icon_tone="warn", tip=_level(row)),
        Cell(ticket.subject, strong=clock.tone == "bad", tip=_tip(row)),
        Cell(row.customer_name, tone="muted", tip=row.customer_name),
        Cell(priority.title, tone=_TEXT_TONES.get(priority.tone, priority.tone)),
        Cell(owner or "–", tone="text" if owner else "warn", tip=owner or "Nobody's yet"),
        Cell(opened, tone="muted", tip=times.full(ticket.opened_at)),
    )
    spoken = joined((name, ticket.subject, row.customer_name, clock.text, owner), ", ")
    return TicketLine(row=row, key=ticket.id, place=place, cells=cells, spoken=spoken)


def _level(row: TicketRow) -> str:
    ticket = row.ticket
    return f"Escalated to {ticket.escalated_to}" if ticket.escalation else ""


def _tip(row: TicketRow) -> str:
    return "\n".join(filter(None, (row.ticket.subject, row.ticket.detail)))
