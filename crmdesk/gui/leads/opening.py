"""Opens the forms of leads for the customer that is shown on the page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.leads import Lead
from crmdesk.gui.leads import lead_dialog
from crmdesk.gui.leads.lead_dialog import LeadDialog
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
        view.customer.id, context.now(), context.plan.lists, view.customer.source, context.agent()
    )
    _read_and_ask(desk, lead, TimelineKind.LEAD, f"New lead with {view.customer.name}")


def edit_lead(desk: CustomerDesk, lead: Lead) -> None:
    """Asks what is new of a lead."""
    _read_and_ask(desk, lead, None, "Edit lead")


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
