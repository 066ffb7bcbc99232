"""`crmdesk tickets`: the list of tickets on the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given, output
from crmdesk.cli.opening import add_store_options, open_store_of
from crmdesk.cli.segments import members_named
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.tickets import TicketFilter, TicketScope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crmdesk.domain.tickets import Ticket, TicketPage, TicketPlace, TicketRow
    from crmdesk.store import Reader, Store

PAGE = 200


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk tickets --help`."""
    options = _parser().parse_args(argv)
    chosen = chosen_of(options)
    with open_store_of(options) as store:
        chosen = replace(chosen, members=members_named(store, options.segment))
        now, lists = store.read(lambda reader: (reader.moment(), reader.picklists())).result()
        shown = 0
        for shown, row in enumerate(_rows(store, chosen, now, options.limit), 1):  # noqa: B007
            if options.json:
                output.print_json(_object(row))
            else:
                _print(row, now, lists)
    if not shown and not options.json:
        print("No ticket matches.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk tickets",
        description="List tickets, what is due first on top; solved ones newest first.",
    )
    add_filter_options(parser)
    parser.add_argument("--segment", default="", metavar="NAME",
                        help="only of customers of this saved segment")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--limit", type=given.count, default=50, help="at most so many (default 50)"
    )
    add_store_options(parser)
    return parser


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which tickets."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--open", action="store_true", help="those not solved yet (the default)")
    which.add_argument("--solved", action="store_true", help="the solved ones")
    parser.add_argument("--late", action="store_true", help="only with a promise not kept in time")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--owner", default="", help="of this agent, or escalated to them")
    whose.add_argument("--nobodys", action="store_true", help="without an owner")
    parser.add_argument("--kind", default="", help="complaint, request, question or your own")
    parser.add_argument("--text", default="", help="part of number, subject or customer")


def chosen_of(options: argparse.Namespace) -> TicketFilter:
    """What these options say."""
    scope = TicketScope.MINE if options.owner else TicketScope.ALL
    return TicketFilter(
        scope=TicketScope.UNASSIGNED if options.nobodys else scope,
        agent=options.owner,
        is_breached=options.late,
        is_solved=options.solved,
        kinds=frozenset({options.kind} if options.kind else ()),
        text=options.text,
    )


def _rows(store: Store, chosen: TicketFilter, now: datetime, limit: int) -> Iterator[TicketRow]:
    after: TicketPlace | None = None
    while limit > 0:
        page = store.read(partial(_page, chosen, now, after, min(limit, PAGE))).result()
        yield from page.rows
        limit -= len(page.rows)
        after = page.next
        if after is None:
            return


def _page(
    chosen: TicketFilter, now: datetime, after: TicketPlace | None, size: int, reader: Reader
) -> TicketPage:
    return reader.tickets(chosen, now, after, size)


def _print(row: TicketRow, now: datetime, lists: Picklists) -> None:
    ticket = row.ticket
    owner = ticket.owner or "nobody's"
    kind = lists.title(PicklistKey.TICKET_KIND, ticket.kind)
    priority = lists.title(PicklistKey.TICKET_PRIORITY, ticket.priority)
    words = (_clock(ticket, now, lists), kind, priority, owner)
    about = f"{ticket.number}  {ticket.subject}  ({row.customer_name})"
    output.print_lines([f"{about}  [{', '.join(words)}]"])


def _object(row: TicketRow) -> dict[str, Any]:
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


def _clock(ticket: Ticket, now: datetime, lists: Picklists) -> str:
    due_at = ticket.clocks.next_due_at
    if due_at is None:
        return lists.title(PicklistKey.TICKET_STAGE, ticket.stage or ticket.status)
    word = "overdue since" if due_at < now else "due"
    return f"{word} {due_at.astimezone():%Y-%m-%d %H:%M}"
