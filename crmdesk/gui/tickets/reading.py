"""What the windows of tickets read from the store; runs on the reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.planning import Picklists
from crmdesk.domain.sla import ServiceLevels
from crmdesk.domain.tickets import Ticket, TicketLink, TicketView

if TYPE_CHECKING:
    from crmdesk.settings.model import Settings
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """A ticket as its view needs it.

    Attributes:
        people: Names tickets were given to before.
    """

    view: TicketView
    lists: Picklists
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenTickets:
    """The open tickets of a customer, for the block."""

    tickets: tuple[Ticket, ...]
    lists: Picklists


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What the dialog of a new ticket needs.

    Attributes:
        segment: The customer's, which a policy may ask for.
        linkable: What it may hang on, the latest calls first.
    """

    customer_id: uuid.UUID
    customer_name: str
    segment: str
    lists: Picklists
    levels: ServiceLevels
    linkable: tuple[TicketLink, ...] = ()
    people: tuple[str, ...] = ()


def read_ticket(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedTicket | None:
    """A ticket with everything its view shows; None where it is gone."""
    view = reader.ticket(key)
    if view is None:
        return None
    return OpenedTicket(view, reader.picklists(), reader.ticket_people())


def read_form(reader: Reader, customer_id: uuid.UUID) -> TicketForm | None:
    """What is asked when a ticket is opened; None where the customer is gone."""
    customer = reader.customer(customer_id)
    if customer is None:
        return None
    return TicketForm(
        customer_id,
        customer.name,
        customer.segment,
        reader.picklists(),
        reader.service_levels(),
        reader.linkable(customer_id),
        reader.ticket_people(),
    )


def people(known: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """Who can be chosen: the people of the phone lines, and whoever had a ticket before."""
    here = (name for line in settings.lines for name in line.names.values())
    own = settings.agent.name or settings.agent.extension
    return tuple(dict.fromkeys(name for name in (own, *here, *known) if name))
