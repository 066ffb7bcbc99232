"""What tickets hang on: calls, orders, invoices and other tickets, in words."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.tickets import TicketLink, TicketLinkKind
from crmdesk.store.columns import Key
from crmdesk.store.planning.picklists import Telling, read_picklists
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.story.ages import money
from crmdesk.store.tables import call, payment, sales_order, ticket, ticket_link

_MOST_LINKS = 200
_OFFERED = 15
"""Of each kind: what a person links is of the last weeks."""

_links = Prepared(
    select(ticket_link.c.id, ticket_link.c.kind, ticket_link.c.target_id)
    .where(
        ticket_link.c.ticket_id == bindparam("ticket_id", type_=Key),
        ticket_link.c.deleted_at.is_(None),
    )
    .order_by(ticket_link.c.id)
    .limit(_MOST_LINKS)
)
_tickets_of = Prepared(
    select(ticket_link.c.ticket_id)
    .where(
        ticket_link.c.target_id == bindparam("target_id", type_=Key),
        ticket_link.c.deleted_at.is_(None),
    )
    .limit(_MOST_LINKS)
)
_keys = bindparam("keys", expanding=True, type_=Key)


def _call_title(_by: Telling, direction: str, outcome: str, who: str) -> str:
    way = "Call from the customer" if direction == "inbound" else "Call to the customer"
    end = "" if outcome == "answered" else f", {outcome.replace('_', ' ')}" if outcome else ""
    return f"{way}{end}" + (f", {who}" if who else "")


def _order_title(by: Telling, number: str, title: str, status: str) -> str:
    return f"Order {number}: {title}, {by.inside(PicklistKey.ORDER_STATUS, status)}"


def _invoice_title(_by: Telling, number: str, cents: int, currency: str) -> str:
    return f"Invoice {number}: {money(cents, currency)}"


def _ticket_title(by: Telling, kind: str, number: str, subject: str) -> str:
    return f"{by.title(PicklistKey.TICKET_KIND, kind)} {number}: {subject}"


_THINGS: dict[TicketLinkKind, tuple[Select[Any], Callable[..., str]]] = {
    TicketLinkKind.CALL: (
        select(
            call.c.id,
            call.c.started_at.label("at"),
            call.c.direction,
            func.coalesce(call.c.outcome, ""),
            func.coalesce(call.c.answered_by, call.c.agent, ""),
        ).where(call.c.deleted_at.is_(None)),
        _call_title,
    ),
    TicketLinkKind.ORDER: (
        select(
            sales_order.c.id,
            sales_order.c.at,
            sales_order.c.number,
            sales_order.c.title,
            sales_order.c.status,
        ).where(sales_order.c.deleted_at.is_(None)),
        _order_title,
    ),
    TicketLinkKind.INVOICE: (
        select(
            payment.c.id,
            payment.c.at,
            payment.c.number,
            payment.c.amount_cents,
            payment.c.currency,
        ).where(payment.c.deleted_at.is_(None)),
        _invoice_title,
    ),
    TicketLinkKind.TICKET: (
        select(ticket.c.id, ticket.c.at, ticket.c.kind, ticket.c.number, ticket.c.subject).where(
            ticket.c.deleted_at.is_(None)
        ),
        _ticket_title,
    ),
}
_TABLES = {
    TicketLinkKind.CALL: (call, call.c.started_at),
    TicketLinkKind.ORDER: (sales_order, sales_order.c.at),
    TicketLinkKind.INVOICE: (payment, payment.c.at),
    TicketLinkKind.TICKET: (ticket, ticket.c.at),
}
_by_key = {
    kind: things.where(_TABLES[kind][0].c.id.in_(_keys)) for kind, (things, _) in _THINGS.items()
}
_of_customer = {
    kind: Prepared(
        things.where(_TABLES[kind][0].c.customer_id == bindparam("customer_id", type_=Key))
        .order_by(_TABLES[kind][1].desc())
        .limit(_OFFERED)
    )
    for kind, (things, _) in _THINGS.items()
}


class TicketLinkQueries(Queries):
    """Reads links."""

    def ticket_links(self, ticket_id: uuid.UUID) -> tuple[TicketLink, ...]:
        """What a ticket hangs on, in the order it was linked; what is gone is left out."""
        rows, by = _links.rows(self._connection, {"ticket_id": ticket_id}), self._telling()
        wanted: dict[str, list[uuid.UUID]] = defaultdict(list)
        for _, kind, target in rows:
            wanted[kind].append(target)
        known = {
            (kind.value, row[0]): _link(kind, row, by)
            for kind in _THINGS
            if wanted[kind.value]
            for row in self._connection.execute(_by_key[kind], {"keys": wanted[kind.value]})
        }
        found = ((key, known.get((kind, target))) for key, kind, target in rows)
        return tuple(
            TicketLink(key, link.kind, link.target_id, link.title, link.at)
            for key, link in found
            if link is not None
        )

    def linkable(self, customer_id: uuid.UUID) -> tuple[TicketLink, ...]:
        """The latest calls, orders, invoices and tickets of a customer; newest first by kind.

        They have no key of a link yet: `id` is that of the thing itself.
        """
        values, by = {"customer_id": customer_id}, self._telling()
        return tuple(
            _link(kind, row, by)
            for kind, statement in _of_customer.items()
            for row in statement.rows(self._connection, values)
        )

    def tickets_linked_to(self, target_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
        """Keys of the tickets that hang on a call, order, invoice or ticket."""
        rows = _tickets_of.rows(self._connection, {"target_id": target_id})
        return tuple(row[0] for row in rows)

    def _telling(self) -> Telling:
        return Telling(self.moment(), read_picklists(self._connection))


def _link(kind: TicketLinkKind, row: Sequence[Any], by: Telling) -> TicketLink:
    key, at, *values = row
    return TicketLink(key, kind, key, _THINGS[kind][1](by, *values), at)
