"""Solves a ticket, and asks before what the customer was told and what the company requires."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.desk.planning.required import missing_of_ticket
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.planning import CompanyPlan, PicklistKey
from crmdesk.domain.tickets import TicketFilled, TicketLink, TicketLinkKind, TicketStatus
from crmdesk.gui.models import ticket_words
from crmdesk.gui.tasks import await_future
from crmdesk.gui.tickets.reading import OpenedTicket, people
from crmdesk.gui.tickets.solve_dialog import Offered, SolveDialog
from crmdesk.gui.widgets.open_dialogs import show_again

if TYPE_CHECKING:
    from crmdesk.gui.pages.customers.customer_desk import CustomerDesk
    from crmdesk.store import Reader, Writer


def solving_stage(plan: CompanyPlan) -> str:
    """The first stage that means solved."""
    offered = plan.picklists.offered(PicklistKey.TICKET_STAGE)
    solved = TicketStatus.SOLVED.value
    return next((one.key for one in offered if one.meaning == solved), solved)


def move(desk: CustomerDesk, opened: OpenedTicket, stage: str) -> None:
    """Gives a ticket another stage; where that solves it, asks first.

    Asked is for what is missing, and for what the customer was told where nobody answered yet.
    """
    plan = desk.context.plan.value
    meaning = plan.picklists.choice(PicklistKey.TICKET_STAGE, stage).meaning or stage
    is_solving = meaning == TicketStatus.SOLVED.value and not opened.view.ticket.is_solved
    missing = missing_of_ticket(opened.view, plan) if is_solving else ()
    if not missing and not (is_solving and _is_unanswered(opened)):
        desk.do(_moving(desk, opened, stage))
        return
    ask = partial(_ask, desk, opened, stage, missing)
    reading = desk.context.store.read(partial(_orders, customer_id=opened.view.ticket.customer_id))
    await_future(reading, desk, ask, desk.failed.emit)


def _is_unanswered(opened: OpenedTicket) -> bool:
    return opened.view.ticket.first_answered_at is None


def _orders(reader: Reader, customer_id: uuid.UUID) -> tuple[TicketLink, ...]:
    every = reader.linkable(customer_id)
    return tuple(one for one in every if one.kind is TicketLinkKind.ORDER)


def _ask(
    desk: CustomerDesk,
    opened: OpenedTicket,
    stage: str,
    missing: tuple[str, ...],
    orders: tuple[TicketLink, ...],
) -> None:
    wanted = tuple(name for name in missing if name != "order" or orders)
    asks_answer = _is_unanswered(opened)
    if not wanted and not asks_answer:  # whoever has no order cannot be asked for one
        desk.do(_moving(desk, opened, stage))
        return
    window = desk.window()
    if show_again(window, SolveDialog):
        return
    lists, settings = desk.context.plan.lists, desk.context.settings()
    offered = Offered(lists, people(opened.people, settings), orders)
    title = ticket_words.name(opened.view.ticket, lists)
    solving = partial(_moving, desk, opened, stage)
    dialog = SolveDialog(
        window, desk.context, title, wanted, offered, solving, asks_answer=asks_answer
    )
    dialog.wrote.connect(desk.wrote)
    dialog.open()


def _moving(
    desk: CustomerDesk,
    opened: OpenedTicket,
    stage: str,
    filled: TicketFilled | None = None,
    comment: str = "",
) -> Callable[[Writer], ChangeSet]:
    key, who, given = opened.view.ticket.id, desk.context.agent(), filled or TicketFilled()
    return lambda writer: writer.move_ticket(key, stage, who, comment, given)
