"""A ticket by keyboard in the real window: opened, answered, escalated, solved, taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.business_time import WorkCalendar
from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sla import SlaPolicy
from crmdesk.domain.tickets import NewTicket, TicketEntryKind, TicketView
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.ticket_view import TicketRecordView
from crmdesk.gui.tickets.ask_person import EscalateDialog, HandOverDialog
from crmdesk.gui.tickets.edit_ticket import EditTicketDialog, LinkDialog
from crmdesk.gui.tickets.new_ticket import NewTicketDialog
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, Windows, now
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import offered

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
POLICY = SlaPolicy(uuid.UUID(int=3), "Standard", first_answer_minutes=60, resolution_minutes=480)


class TicketHands:
    """What a person does with tickets, key by key."""

    def __init__(self, desk: Windows, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.store.write(lambda writer: writer.save_policies((POLICY,), "Dana")).result()
        self.page: CustomersPage = opened(desk, jane())

    @property
    def view(self) -> TicketRecordView:
        found = self.page.card.record.view
        assert isinstance(found, TicketRecordView)
        return found

    def stored(self) -> TicketView:
        ticket = self.view.ticket
        assert ticket is not None
        return self.desk.store.read(lambda reader: reader.ticket(ticket.id)).result()

    def press(self, key: Qt.Key, mods: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self._focused(), key, mods)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self._focused(), text)

    def _focused(self) -> QWidget:
        """Where the keyboard is, once the window in front has it."""
        front = QApplication.activeModalWidget() or self.desk.window
        front.activateWindow()
        self.desk.wait(lambda: QApplication.activeWindow() is front)
        return QApplication.focusWidget() or front

    def open(self, subject: str = "Charged twice") -> None:
        self.page.card.timeline.list.setFocus()
        self.press(Qt.Key.Key_T)
        self.desk.wait(lambda: self.has(NewTicketDialog))
        self.desk.dialog(NewTicketDialog).subject.setFocus()
        self.type(subject)
        self.press(Qt.Key.Key_Return, CTRL)
        self.desk.wait(lambda: isinstance(self.page.card.record.view, TicketRecordView))
        self.desk.wait(lambda: self.view.ticket is not None)

    def has(self, kind: type[QWidget]) -> bool:
        return any(one.isVisible() for one in self.desk.window.findChildren(kind))

    def status(self) -> str:
        return self.view.ticket.status if self.view.ticket else ""


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> TicketHands:  # noqa: F811
    return TicketHands(windows, qtbot)


def test_a_ticket_is_opened_answered_escalated_and_solved_by_keyboard(hands: TicketHands) -> None:
    hands.open()
    assert hands.page.card.record.title.full_text() == "Complaint 1001"
    assert hands.stored().ticket.clocks.due_at is not None
    hands.press(Qt.Key.Key_R)
    hands.type("We pay it back today")
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.desk.wait(lambda: hands.stored().ticket.first_answered_at is not None)
    hands.desk.wait(lambda: hands.view.comment.text() == "")
    hands.press(Qt.Key.Key_X)
    dialog = hands.desk.dialog(EscalateDialog)
    dialog.who.setFocus()
    hands.type("Dana")
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.desk.wait(lambda: hands.view.ticket is not None and hands.view.ticket.escalation == 1)
    assert "Escalated, level 1, to Dana" in hands.view.head.chips["escalation"].text()
    hands.view.setFocus()
    hands.press(Qt.Key.Key_S)
    hands.desk.wait(lambda: hands.status() == "solved")
    kinds = [entry.kind for entry in hands.stored().entries]
    assert kinds == [
        TicketEntryKind.OPENED,
        TicketEntryKind.ANSWER,
        TicketEntryKind.ESCALATION,
        TicketEntryKind.STATUS,
    ]
    assert hands.view.head.solve.text() == "Open again"
    hands.press(Qt.Key.Key_S)
    hands.desk.wait(lambda: hands.status() == "open")


def test_a_step_on_a_ticket_is_taken_back_with_one_key(hands: TicketHands) -> None:
    hands.open()
    hands.view.setFocus()
    hands.press(Qt.Key.Key_W)
    hands.desk.wait(lambda: hands.status() == "waiting")
    assert hands.view.head.wait.text() == "Go on"
    offered(hands.page.undo_bar, hands.desk.store, hands.desk.wait)
    hands.press(Qt.Key.Key_Z, CTRL)
    hands.desk.wait(lambda: hands.status() == "open")
    assert hands.stored().ticket.clocks.next_due_at is not None


def test_priority_and_stage_are_chosen_from_a_menu(hands: TicketHands) -> None:
    hands.open()
    hands.view.setFocus()
    hands.press(Qt.Key.Key_P)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    hands.qtbot.keyClick(menu, Qt.Key.Key_Up)
    hands.qtbot.keyClick(menu, Qt.Key.Key_Return)
    hands.desk.wait(lambda: hands.stored().ticket.priority == "high")
    hands.desk.wait(lambda: hands.view.head.chips["priority"].text() == "High")
    hands.press(Qt.Key.Key_S, SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    hands.qtbot.keyClick(menu, Qt.Key.Key_Down)
    hands.qtbot.keyClick(menu, Qt.Key.Key_Return)
    hands.desk.wait(lambda: hands.status() == "waiting")


def test_taking_handing_over_and_editing(hands: TicketHands) -> None:
    hands.open()
    hands.view.setFocus()
    hands.press(Qt.Key.Key_H)
    dialog = hands.desk.dialog(HandOverDialog)
    dialog.who.setEditText("Carla")
    dialog.accept()
    hands.desk.wait(lambda: hands.view.head.chips["owner"].text() == "Carla")
    hands.view.setFocus()
    hands.press(Qt.Key.Key_Y)
    hands.desk.wait(lambda: hands.stored().ticket.owner == hands.page.context.agent())
    hands.press(Qt.Key.Key_E, SHIFT)
    edit = hands.desk.dialog(EditTicketDialog)
    edit.subject.setText("Charged three times")
    edit.detail.setPlainText("One\nTwo")
    edit.save()
    hands.desk.wait(lambda: hands.stored().ticket.detail == "One\nTwo")
    assert hands.stored().ticket.subject == "Charged three times"


def test_a_description_of_two_people_is_asked_about(hands: TicketHands) -> None:
    hands.open()
    hands.view.setFocus()
    hands.press(Qt.Key.Key_E, SHIFT)
    edit = hands.desk.dialog(EditTicketDialog)
    seen = hands.stored().ticket
    hers = replace(seen, detail="Hers", priority="high")
    hands.desk.store.write(lambda w: w.edit_ticket(seen, hers, "Anna")).result()
    edit.subject.setText("Charged three times")
    edit.detail.setPlainText("His")
    edit.save()
    hands.desk.wait(lambda: hands.has(ConflictDialog))
    question = hands.desk.dialog(ConflictDialog)
    said = [made.accessibleName() for made in question.choices[0].buttons.values()]
    assert said[0] == "Description: His, yours"
    assert said[1].startswith("Description: Hers, Anna")
    question.take("theirs")
    question.save()
    hands.desk.wait(lambda: not hands.has(EditTicketDialog))
    found = hands.stored().ticket
    assert (found.subject, found.detail) == ("Charged three times", "Hers")
    assert found.priority == "high"


def test_an_order_is_linked_opened_from_there_and_taken_away(hands: TicketHands) -> None:
    customer = hands.page.desk.customer_id()

    def add(writer: Any) -> None:
        writer.add_order(customer, now(), number="88-21", title="Chair", total_cents=9900)

    hands.desk.store.write(add).result()
    hands.open()
    hands.view.setFocus()
    hands.press(Qt.Key.Key_L)
    hands.desk.wait(lambda: hands.has(LinkDialog))
    hands.desk.dialog(LinkDialog).accept()
    hands.desk.wait(lambda: len(hands.stored().links) == 1)
    hands.desk.wait(lambda: hands.view.links.isVisible())
    (link,) = hands.stored().links
    assert link.title == "Order 88-21: Chair, placed"
    hands.view.links.unlink_wanted.emit(link)
    hands.desk.wait(lambda: not hands.stored().links)


def test_a_draft_of_a_comment_survives_leaving_and_an_inner_note_is_no_answer(
    hands: TicketHands,
) -> None:
    hands.open()
    hands.press(Qt.Key.Key_I)
    hands.type("Ask accounting")
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_Escape)
    hands.desk.wait(lambda: not hands.page.card.shows_record)
    ticket = hands.desk.store.read(lambda r: r.ticket_by_number("1001")).result()
    hands.page.show_record(RecordRef(TimelineKind.TICKET, ticket.id, ticket.customer_id))
    hands.desk.wait(lambda: hands.page.card.shows_record)
    hands.desk.wait(lambda: hands.view.comment.text() == "Ask accounting")
    hands.press(Qt.Key.Key_I)
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.desk.wait(lambda: len(hands.stored().entries) == 2)
    assert hands.stored().ticket.first_answered_at is None


def test_the_form_says_when_it_would_be_due_and_links_the_call_of_just_now(
    hands: TicketHands,
) -> None:
    began = now() - timedelta(minutes=4)
    facts = {"caller_raw": "030 23125100", "outcome": CallOutcome.ANSWERED}
    call = Call(uuid.uuid4(), LINE.id, Direction.INBOUND, began, **facts)
    hands.desk.save(call)
    hands.page.card.timeline.list.setFocus()
    hands.press(Qt.Key.Key_T)
    hands.desk.wait(lambda: hands.has(NewTicketDialog))
    dialog = hands.desk.dialog(NewTicketDialog)
    assert "answer due" in dialog._due.text()
    assert dialog.call.currentData() == call.id
    assert not dialog._open.isEnabled()
    dialog.reject()


def test_a_calendar_without_hours_is_told_in_the_form_and_on_the_ticket(
    hands: TicketHands,
) -> None:
    empty = WorkCalendar(uuid.UUID(int=5), "Office", "Europe/Berlin")
    policy = SlaPolicy(POLICY.id, "Standard", resolution_minutes=60, calendar_id=empty.id)
    hands.desk.store.write(lambda w: w.save_calendar(empty, "Dana")).result()
    hands.desk.store.write(lambda w: w.save_policies((policy,), "Dana")).result()
    hands.open()
    assert "no working hours" in hands.stored().trouble


def test_the_block_lists_what_is_open_and_opens_it(hands: TicketHands) -> None:
    customer = hands.page.desk.customer_id()
    assert customer is not None
    key = uuid.uuid4()
    new = NewTicket(customer, "question", "Where is my order?")
    hands.desk.store.write(lambda w: w.open_ticket(new, "Ben", key)).result()
    hands.page.refresh()
    from PySide6.QtWidgets import QPushButton

    def buttons() -> list[QPushButton]:
        found = hands.page.card.side.findChildren(QPushButton)
        return [one for one in found if one.text() == "Question 1001"]

    hands.desk.wait(lambda: bool(buttons()))
    buttons()[0].click()
    hands.desk.wait(lambda: isinstance(hands.page.card.record.view, TicketRecordView))


def test_a_ticket_from_the_card_of_a_caller_has_the_call_linked(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    hands = TicketHands(windows, qtbot)
    customer = hands.page.desk.customer_id()
    assert customer is not None
    call_id = uuid.uuid4()
    windows.window.open_ticket_form(customer, call_id)  # what the card asks for
    windows.wait(lambda: hands.has(NewTicketDialog))
    dialog = windows.dialog(NewTicketDialog)
    assert dialog.call.currentText() == "This call"
    dialog.subject.setText("Burnt")
    dialog.save()
    windows.wait(lambda: isinstance(hands.page.card.record.view, TicketRecordView))
    assert hands.stored().ticket.call_id == call_id


def test_a_card_number_is_masked_before_a_draft_is_kept(hands: TicketHands) -> None:
    hands.open()
    hands.press(Qt.Key.Key_R)
    QApplication.clipboard().setText("charged 4111 1111 1111 1111")
    hands.press(Qt.Key.Key_V, CTRL)
    assert hands.view.comment.text() == "charged •••• 1111"
    assert hands.view.comment._masked.isVisible()
    key = hands.stored().ticket.id
    name = f"draft.note.{key}"
    hands.desk.wait(lambda: hands.desk.store.read(lambda r: r.secret(name)).result() is not None)
    kept = hands.desk.store.read(lambda reader: reader.secret(name)).result()
    assert kept == "charged •••• 1111"


def test_what_the_company_requires_of_a_new_ticket_has_to_be_filled_in(hands: TicketHands) -> None:
    required = {Situation.NEW_TICKET: frozenset({"detail"})}
    hands.page.context.plan.take(CompanyPlan(required=required))
    hands.page.card.timeline.list.setFocus()
    hands.press(Qt.Key.Key_T)
    hands.desk.wait(lambda: hands.has(NewTicketDialog))
    dialog = hands.desk.dialog(NewTicketDialog)
    dialog.subject.setText("Burnt")
    assert not dialog._open.isEnabled()
    dialog.detail.setPlainText("On arrival")
    assert dialog._open.isEnabled()
    dialog.reject()
