"""What rows hold is told by the titles of the company's plan, also after they were renamed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.planning import Choice, PicklistKey, Picklists
from crmdesk.domain.tickets import TicketLinkKind, TicketStatus
from crmdesk.store.planning.picklists import Telling
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import consent, opportunity, payment, receipt, sales_order
from tests.store.ticket_desk import HOUR, MONDAY, TicketDesk, desk

__all__ = ["desk"]

P = PicklistKey
RENAMED = {
    P.TICKET_KIND: {"complaint": "Beanstandung"},
    P.TICKET_PRIORITY: {"high": "Sofort"},
    P.TICKET_STAGE: {"waiting": "Customer's turn", "solved": "Put right"},
    P.ORDER_STATUS: {"placed": "Ordered", "cancelled": "Called off"},
    P.PAYMENT_METHOD: {"transfer": "Wire"},
    P.LEAD_STAGE: {"offer": "Quoted", "won": "Signed"},
    P.CONSENT_PURPOSE: {"updates": "News letter"},
}


def rename(desk: TicketDesk) -> None:
    lists = desk.read(lambda r: r.picklists())
    for key, titles in RENAMED.items():
        wanted = [replace(one, title=titles.get(one.key, one.title)) for one in lists.lists[key]]
        desk.write(
            lambda w, key=key, wanted=wanted: PlanWriting(w, "Ann").save_picklist(key, wanted)
        )


@pytest.fixture
def told(desk: TicketDesk) -> Callable[[], list[str]]:
    """Everything the timeline and "since you last spoke" say."""

    def _told() -> list[str]:
        now = MONDAY + 2 * HOUR
        entries = desk.read(lambda r: r.timeline(desk.customer.id)).entries
        story = desk.read(lambda r: r.story(desk.customer.id, now))
        parts = [part for one in entries for part in (one.title, one.detail)]
        return [*parts, *(line.text for line in story.since)]

    return _told


def fill(desk: TicketDesk) -> tuple[uuid.UUID, uuid.UUID]:
    owner = {"customer_id": desk.customer.id, "at": MONDAY}
    order = {**owner, "title": "Chairs", "total_cents": 5_000, "currency": "EUR"}
    lead = {**owner, "title": "Desks", "value_cents": 900, "currency": "EUR", "owner": "Ben"}
    bill = {**owner, "number": "R-1", "amount_cents": 900, "currency": "EUR", "method": "transfer"}

    def work(w: object) -> None:
        with w.change(ChangeKind.EDIT, "Rows", "Ann") as change:
            change.insert(sales_order, {**order, "number": "A-1", "status": "placed"})
            change.insert(sales_order, {**order, "number": "A-2", "status": "cancelled"})
            change.insert(opportunity, {**lead, "state": "open", "stage": "offer"})
            won = {"state": "won", "stage": "won", "closed_at": MONDAY}
            change.insert(opportunity, {**lead, "title": "Lamps", **won})
            change.insert(payment, {**bill, "status": "paid", "paid_at": MONDAY})
            money = {"amount_cents": 900, "currency": "EUR", "method": "transfer"}
            change.insert(receipt, {**owner, **money, "invoice_id": uuid.uuid4()})
            given = {"channel": "email", "purpose": "updates", "is_given": True, "who": "Ben"}
            change.insert(consent, {**owner, **given, "wording": "Yes", "source": "call"})

    desk.write(work)
    late, waiting = desk.open("Wrong invoice"), desk.open("Broken chair")
    desk.write(lambda w: w.change_ticket(late, {"priority": "high"}, "Ben"))
    desk.write(lambda w: w.set_ticket_status(waiting, TicketStatus.WAITING, "Ben"))
    desk.write(lambda w: w.link_ticket(late, TicketLinkKind.TICKET, waiting, "Ben"))
    return late, waiting


BEFORE = (
    "Complaint 1001: Wrong invoice", "Waiting for the customer", "Order A-1: Chairs",
    "Placed, ", "Cancelled, ", "Offer made, ", "Won, ",
    "Paid, Bank transfer", "Bank transfer", "Consent given: Email, product updates",
)  # fmt: skip
AFTER = (
    "Beanstandung 1001: Wrong invoice", "Customer's turn", "Order A-1: Chairs",
    "Ordered", "Called off, ", "Quoted", "Signed",
    "Paid, Wire", "Wire", "Consent given: Email, news letter",
)  # fmt: skip
SINCE = (
    "Beanstandung 1001 has another priority by Ben, 1 hour ago: Sofort",
    "Beanstandung 1002 waits for the customer: Broken chair",
    "Order A-2 called off: Chairs",
    "Order A-1 ordered 2 hours ago: Chairs",
    "Lead signed by Ben, 2 hours ago: Lamps",
    "Consent given by Ben, 2 hours ago: Email, news letter",
)


def test_values_of_picklists_are_told_by_their_titles_before_and_after_a_rename(
    desk: TicketDesk, told: Callable[[], list[str]]
) -> None:
    late, _ = fill(desk)
    desk.clock.at = MONDAY + 2 * HOUR
    first = told()
    assert [text for text in BEFORE if not any(one.startswith(text) for one in first)] == []
    rename(desk)
    then = told()
    wanted = (*AFTER, *SINCE)
    assert [text for text in wanted if not any(one.startswith(text) for one in then)] == []
    (link,) = desk.read(lambda r: r.ticket_links(late))
    assert link.title == "Beanstandung 1002: Broken chair"
    orders = [one.title for one in desk.read(lambda r: r.linkable(desk.customer.id))]
    assert "Order A-2: Chairs, called off" in orders


def test_what_is_in_no_list_is_told_as_a_word() -> None:
    by = Telling(MONDAY + timedelta(), Picklists())
    assert by.title(P.TICKET_KIND, "from_the_old_system") == "From the old system"
    assert by.title(P.TICKET_KIND, "") == ""
    assert by.inside(P.ORDER_STATUS, "shipped") == "shipped"
    named = Picklists({**Picklists().lists, P.ORDER_STATUS: (Choice("returned", "RMA opened"),)})
    assert replace(by, lists=named).inside(P.ORDER_STATUS, "returned") == "RMA opened"
    assert by.numbered(P.TICKET_KIND, "complaint\nA 7") == "Complaint A 7"
