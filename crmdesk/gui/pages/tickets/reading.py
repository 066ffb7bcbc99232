"""What the page of tickets asks the store; runs on its reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from crmdesk.domain.planning import Picklists
from crmdesk.domain.tickets import (
    TicketCounts,
    TicketFilter,
    TicketPage,
    TicketPlace,
    TicketScope,
)

if TYPE_CHECKING:
    from crmdesk.store import Reader

PAGE_ROWS = 100
COUNT_LIMIT = 1_000
"""Counts beside the views stop here: however many there are, they are read at once."""


class View(Enum):
    """What is shown."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BREACHED = "breached"
    SOLVED = "solved"


_SCOPES = {View.MINE: TicketScope.MINE, View.UNASSIGNED: TicketScope.UNASSIGNED}


@dataclass(frozen=True, slots=True)
class Tickets:
    """What the page shows.

    Attributes:
        counts: Of the chips; None for a further page.
    """

    page: TicketPage
    lists: Picklists
    counts: TicketCounts | None = None


def wanted(view: View, agent: str, kind: str = "", text: str = "") -> TicketFilter:
    """The filter of the page."""
    return TicketFilter(
        scope=_SCOPES.get(view, TicketScope.ALL),
        agent=agent,
        is_breached=view is View.BREACHED,
        is_solved=view is View.SOLVED,
        kinds=frozenset({kind} if kind else ()),
        text=text,
    )


def read_first(reader: Reader, chosen: TicketFilter, now: datetime) -> Tickets:
    """The first page, with the counts of the chips."""
    counts = reader.ticket_counts(chosen.agent, now, COUNT_LIMIT)
    return Tickets(_page(reader, chosen, now, None), reader.picklists(), counts)


def read_next(
    reader: Reader, chosen: TicketFilter, now: datetime, after: TicketPlace | None
) -> Tickets:
    """A further page."""
    return Tickets(_page(reader, chosen, now, after), reader.picklists())


def _page(
    reader: Reader, chosen: TicketFilter, now: datetime, after: TicketPlace | None
) -> TicketPage:
    return reader.tickets(chosen, now, after, PAGE_ROWS)
