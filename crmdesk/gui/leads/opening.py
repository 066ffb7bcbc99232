"""Opens the forms of leads for the customer that is shown on the page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.desk.planning.required import missing_of_lead
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.gui.leads import lead_dialog
from crmdesk.gui.leads.lead_dialog import LeadDialog
from crmdesk.gui.leads.won_dialog import WonDialog
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.opening import start
from crmdesk.gui.tasks import await_future
from crmdesk.gui.tickets.reading import people
from crmdesk.gui.widgets.open_dialogs import show_again

if TYPE_CHECKING:
    from crmdesk.gui.pages.customers.customer_desk import CustomerDesk
    from crmdesk.store import Reader


def new_lead(desk: CustomerDesk) -> None:
    """Asks for a lead of the customer that is shown, and opens it."""
    view, context = desk.view, desk.context
    if view is None:
        return
    lead = lead_dialog.new_lead(
        view.customer.id, context.now(), context.plan.lists, owner=context.agent()
    )
    _read_and_ask(desk, lead, TimelineKind.LEAD, f"New lead with {view.customer.name}")


def edit_lead(desk: CustomerDesk, lead: Lead) -> None:
    """Asks what is new of a lead."""
    _read_and_ask(desk, lead, None, "Edit lead")


def win_lead(desk: CustomerDesk, lead: Lead, stage: str) -> None:
    """A lead is won; asks for what the company wants said of one before."""
    missing = missing_of_lead(lead, desk.context.plan.value)
    if lead.state is LeadState.WON or not missing:
        desk.do(_winning(desk, lead, stage, {}))
        return
    ask = partial(_ask_missing, desk, lead, stage, missing)
    await_future(desk.context.store.read(_people), desk, ask, desk.failed.emit)


def _ask_missing(
    desk: CustomerDesk, lead: Lead, stage: str, missing: tuple[str, ...], known: tuple[str, ...]
) -> None:
    window = desk.window()
    if show_again(window, WonDialog):
        return
    offered = people(known, desk.context.settings())
    winning = partial(_winning, desk, lead, stage)
    dialog = WonDialog(window, desk.context, lead, missing, winning, offered)
    dialog.wrote.connect(desk.wrote)
    dialog.open()


def _winning(desk: CustomerDesk, lead: Lead, stage: str, filled: Mapping[str, Any]) -> steps.Job:
    return steps.win_lead(lead.id, stage, desk.context.agent(), filled)


def _read_and_ask(
    desk: CustomerDesk, lead: Lead, opened: TimelineKind | None, heading: str
) -> None:
    ask = partial(_ask, desk, lead, opened, heading)
    await_future(desk.context.store.read(_people), desk, ask, desk.failed.emit)


def _people(reader: Reader) -> tuple[str, ...]:
    return reader.ticket_people()


def _ask(
    desk: CustomerDesk,
    lead: Lead,
    opened: TimelineKind | None,
    heading: str,
    known: tuple[str, ...],
) -> None:
    window, customer_id = desk.window(), lead.customer_id
    if desk.customer_id() != customer_id or show_again(window, LeadDialog):
        return
    offered = people(known, desk.context.settings())
    is_new = opened is not None
    dialog = LeadDialog(window, desk.context, lead, offered, is_new=is_new, heading=heading)
    start(desk, dialog, opened, customer_id)
