"""What the company wants said before a ticket is solved or a lead won, in the real window."""

from __future__ import annotations

import uuid

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from crmdesk.domain.customers import CustomerStatus, TimelineKind
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.planning import Situation
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Order, OrderStatus
from crmdesk.domain.tickets import NewTicket, TicketEntryKind, TicketLinkKind, TicketView
from crmdesk.gui.leads.won_dialog import WonDialog
from crmdesk.gui.pages.customers.records.lead_view import LeadView
from crmdesk.gui.pages.customers.records.ticket_view import TicketRecordView
from crmdesk.gui.sales import steps
from crmdesk.gui.tickets.solve_dialog import SolveDialog
from crmdesk.store.planning.writing import PlanWriting
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import jane
from tests.gui.sales_hands import SalesHands, words


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    return SalesHands(windows, qtbot, jane(status=CustomerStatus.LEAD))


def require(hands: SalesHands, situation: Situation, *names: str) -> None:
    hands.write(lambda writer: PlanWriting(writer, "Ann").save_required(situation, names))
    book = hands.desk.window.context.plan
    book.read()
    hands.desk.wait(lambda: book.value.required.get(situation) == set(names))


def order(hands: SalesHands) -> uuid.UUID:
    one = Order(uuid.uuid4(), hands.customer.id, now(), "A-7", "Chairs", OrderStatus.PLACED, 5_000)
    hands.write(steps.add_order(one, "Ben"))
    return one.id


def ticket(hands: SalesHands, **facts: str) -> TicketRecordView:
    """A ticket, opened on the page."""
    key, new = uuid.uuid4(), NewTicket(hands.customer.id, "complaint", "Charged twice", **facts)
    hands.write(lambda writer: writer.open_ticket(new, "Ben", key))
    hands.desk.window.open_record(RecordRef(TimelineKind.TICKET, key, hands.customer.id))
    view = hands.view(TicketRecordView)
    hands.desk.wait(lambda: view.ticket is not None)
    view.setFocus()
    return view


def stored(hands: SalesHands, view: TicketRecordView) -> TicketView:
    assert view.ticket is not None
    key = view.ticket.id
    found: TicketView = hands.read(lambda reader: reader.ticket(key))
    return found


def solved(view: TicketRecordView) -> bool:
    return view.ticket is not None and view.ticket.is_solved


def test_a_ticket_is_not_solved_before_it_has_what_is_missing_and_comes_back_with_one_key(
    hands: SalesHands,
) -> None:
    order_id = order(hands)
    require(hands, Situation.SOLVED_TICKET, "owner", "order", "comment", "kind")
    view = ticket(hands)
    dialog = hands.ask(SolveDialog, Qt.Key.Key_S)
    assert list(dialog.editors) == ["owner", "order", "comment"]
    assert "Owner (needed)" in words(dialog)
    hands.type("Dana")
    hands.save()
    assert not dialog.save_button.isEnabled()
    assert dialog.isVisible()
    hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Tab)
    assert isinstance(dialog.focusWidget(), QPlainTextEdit)
    hands.type("Paid back today")
    hands.save()
    hands.desk.wait(lambda: solved(view))
    found = stored(hands, view)
    assert found.ticket.owner == "Dana"
    assert [(one.kind, one.target_id) for one in found.links] == [(TicketLinkKind.ORDER, order_id)]
    assert "Paid back today" in [entry.text for entry in found.entries]
    assert TicketEntryKind.OWNER in {entry.kind for entry in found.entries}
    hands.undo()
    hands.desk.wait(lambda: view.ticket is not None and not view.ticket.is_solved)
    before = stored(hands, view)
    assert (before.ticket.owner, before.links, len(before.entries)) == ("", (), 1)


def test_escape_leaves_the_ticket_open_and_the_menu_of_stages_asks_too(hands: SalesHands) -> None:
    require(hands, Situation.SOLVED_TICKET, "detail", "order")
    view = ticket(hands, owner="Ben")
    dialog = hands.ask(SolveDialog, Qt.Key.Key_S)
    # The customer has no order to link, and was told nothing yet.
    assert list(dialog.editors) == ["detail", "comment"]
    hands.press(Qt.Key.Key_Escape)
    hands.desk.wait(lambda: not hands.desk.window.findChildren(SolveDialog))
    assert not stored(hands, view).ticket.is_solved
    view._move("solved")  # what the entry of the menu does
    hands.desk.wait(lambda: any(one.isVisible() for one in _dialogs(hands)))
    (dialog,) = _dialogs(hands)
    hands.type("It was charged twice")
    dialog.save_button.click()
    hands.desk.wait(lambda: solved(view))
    assert stored(hands, view).ticket.detail == "It was charged twice"


def _dialogs(hands: SalesHands) -> list[SolveDialog]:
    return hands.desk.window.findChildren(SolveDialog)


def test_a_ticket_that_has_everything_is_solved_at_once(hands: SalesHands) -> None:
    require(hands, Situation.SOLVED_TICKET, "owner", "kind", "detail")
    view = ticket(hands, owner="Ben", detail="Charged twice in May")
    assert view.ticket is not None
    key = view.ticket.id
    hands.write(lambda writer: writer.comment_ticket(key, "Paid back", "Ben", is_answer=True))
    hands.desk.wait(lambda: view.ticket is not None and view.ticket.first_answered_at is not None)
    view.setFocus()
    hands.press(Qt.Key.Key_S)
    hands.desk.wait(lambda: solved(view))
    assert not _dialogs(hands)


@pytest.mark.parametrize("said", ["Paid back today", ""])
def test_who_solves_is_asked_what_the_customer_was_told_where_nobody_answered(
    hands: SalesHands, said: str
) -> None:
    view = ticket(hands)
    dialog = hands.ask(SolveDialog, Qt.Key.Key_S)
    assert list(dialog.editors) == ["comment"]
    hands.type(said)
    hands.save()
    hands.desk.wait(lambda: solved(view))
    found = stored(hands, view)
    told = [one.text for one in found.entries if one.kind is TicketEntryKind.ANSWER]
    assert told == ([said] if said else [])
    assert found.ticket.first_answered_at is not None
    hands.undo()
    hands.desk.wait(lambda: view.ticket is not None and not view.ticket.is_solved)
    assert stored(hands, view).ticket.first_answered_at is None


def lead(hands: SalesHands, **facts: object) -> LeadView:
    """A lead, opened on the page."""
    one = Lead(uuid.uuid4(), hands.customer.id, now(), "20 desks", "offer", **facts)
    hands.write(steps.add_lead(one, "Ben"))
    hands.desk.window.open_record(RecordRef(TimelineKind.LEAD, one.id, hands.customer.id))
    view = hands.view(LeadView)
    hands.desk.wait(lambda: view.lead is not None)
    view.setFocus()
    return view


def test_a_lead_is_not_won_before_it_has_what_is_missing(hands: SalesHands) -> None:
    require(hands, Situation.WON_LEAD, "value", "source", "expected_on", "owner", "next_step")
    view = lead(hands, owner="Ben")
    dialog = hands.ask(WonDialog, Qt.Key.Key_W)
    assert list(dialog.fields) == ["source", "value", "expected_on", "next_step"]
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Tab)
    hands.type("9.780,50 $")
    hands.save()
    assert dialog.isVisible()
    hands.press(Qt.Key.Key_Tab)
    hands.type("today")
    hands.press(Qt.Key.Key_Tab)
    hands.type("Send the contract")
    assert isinstance(dialog.focusWidget(), QLineEdit)
    hands.save()
    hands.desk.wait(lambda: view.lead is not None and view.lead.state is LeadState.WON)
    won = view.lead
    assert won is not None
    assert (won.value_cents, won.currency, won.source) == (978_050, "USD", "Recommendation")
    assert (won.next_step, won.owner) == ("Send the contract", "Ben")
    hands.desk.wait(lambda: not hands.desk.window.findChildren(WonDialog))
    hands.undo()
    hands.desk.wait(lambda: view.lead is not None and view.lead.state is LeadState.OPEN)
    assert view.lead is not None
    assert (view.lead.value_cents, view.lead.next_step) == (0, "")


def test_the_menu_of_stages_asks_for_what_a_won_lead_lacks(hands: SalesHands) -> None:
    require(hands, Situation.WON_LEAD, "owner")
    view = lead(hands)
    view._move("won")  # what the entry of the menu does
    hands.desk.wait(lambda: bool(hands.desk.window.findChildren(WonDialog)))
    hands.type("Dana")
    hands.save()
    hands.desk.wait(lambda: view.lead is not None and view.lead.state is LeadState.WON)
    assert view.lead is not None
    assert view.lead.owner == "Dana"
