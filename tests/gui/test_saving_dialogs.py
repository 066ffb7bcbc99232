"""Forms that are saved: closed only by the store's answer, and nothing that was typed is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from crmdesk.domain.edits import with_values
from crmdesk.domain.leads import LeadState
from crmdesk.domain.planning import Situation
from crmdesk.gui.after_call.form import MissingForm
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.leads.won_dialog import WonDialog
from crmdesk.gui.outreach.send_dialog import SendDialog
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_saving import latest
from crmdesk.gui.tickets.solve_dialog import SolveDialog
from crmdesk.store import StoreFull, Writer
from crmdesk.store.audit.editing import CustomerEdits
from tests.gui import test_after_call as after_call
from tests.gui import test_required_steps as steps
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.sales_hands import CTRL, SHIFT, SalesHands, words

JANE = after_call.JANE


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    return SalesHands(windows, qtbot, JANE)


@contextmanager
def busy_store(hands: SalesHands) -> Iterator[None]:
    """Nothing is written while the block runs."""
    gate = threading.Event()
    hands.desk.store.write(lambda _writer: gate.wait(20))
    try:
        yield
    finally:
        gate.set()


def save_on_full_disk(hands: SalesHands) -> None:
    """Saves what is open; the disk has no room for it."""

    def full(_writer: Writer) -> Any:
        raise StoreFull

    store = hands.desk.store
    write = store.write
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "write", lambda _job: write(full))
        hands.save()


def escape_while_it_saves(hands: SalesHands, form: QDialog) -> None:
    with busy_store(hands):
        hands.save()
        assert "Saving…" in words(form)
        hands.press(Qt.Key.Key_Escape)
        assert form.isVisible()
        form.close()
        assert form.isVisible()


def missing_form(hands: SalesHands) -> MissingForm:
    """After a call the segment is asked; the first one is chosen."""
    after_call.require(hands, "segment")
    hands.desk.save(after_call.talk())
    hands.desk.wait(lambda: bool(after_call.shown(hands)))
    form = hands.ask(MissingForm, Qt.Key.Key_M, CTRL | SHIFT)
    hands.press(Qt.Key.Key_Down)
    return form


def segment(hands: SalesHands) -> str:
    found: str = hands.read(lambda reader: reader.customer(JANE.id)).segment
    return found


def test_escape_does_not_close_a_form_that_is_being_saved_and_the_step_can_be_taken_back(
    hands: SalesHands,
) -> None:
    escape_while_it_saves(hands, missing_form(hands))
    hands.desk.wait(lambda: not after_call.shown(hands))
    hands.desk.wait(lambda: not hands.desk.window.findChildren(MissingForm))
    assert segment(hands) == "Gold"
    hands.page.card.timeline.list.setFocus()
    hands.undo()
    hands.desk.wait(lambda: segment(hands) == "")


def test_a_message_is_told_to_the_page_though_escape_was_pressed_while_it_was_queued(
    hands: SalesHands,
) -> None:
    form = hands.ask(SendDialog, Qt.Key.Key_U)
    form.what_for.setCurrentIndex(0)
    form.address.setEditText("jane@example.com")
    form.subject.setText("Offer")
    form._has_account = True
    written: list[object] = []
    form.written.connect(lambda key, _change: written.append(key))
    hands.desk.wait(form.save_button.isEnabled)
    escape_while_it_saves(hands, form)
    hands.desk.wait(lambda: bool(written))
    hands.desk.wait(lambda: not hands.desk.window.findChildren(SendDialog))


def test_escape_while_a_customer_is_saved_asks_nothing_and_loses_nothing(
    hands: SalesHands,
) -> None:
    form = hands.ask(CustomerForm, Qt.Key.Key_E)
    hands.press(Qt.Key.Key_End)
    hands.type(" Smith")
    escape_while_it_saves(hands, form)
    hands.desk.wait(lambda: not hands.desk.window.findChildren(CustomerForm))
    assert hands.read(lambda reader: reader.customer(JANE.id)).name == "Jane Doe Smith"


def test_the_answer_to_a_ticket_stays_where_the_store_refuses(hands: SalesHands) -> None:
    view = steps.ticket(hands, owner="Ben")
    dialog = hands.ask(SolveDialog, Qt.Key.Key_S)
    hands.type("A long answer")
    save_on_full_disk(hands)
    hands.desk.wait(dialog.trouble.isVisible)
    edit = dialog.editors["comment"]
    assert isinstance(edit, QPlainTextEdit)
    assert (edit.toPlainText(), steps.solved(view)) == ("A long answer", False)
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.desk.wait(lambda: steps.solved(view))
    assert "A long answer" in [one.text for one in steps.stored(hands, view).entries]
    hands.desk.wait(lambda: not hands.desk.window.findChildren(SolveDialog))


def test_what_a_won_lead_lacked_stays_where_the_store_refuses(hands: SalesHands) -> None:
    steps.require(hands, Situation.WON_LEAD, "next_step")
    view = steps.lead(hands)
    dialog = hands.ask(WonDialog, Qt.Key.Key_W)
    hands.type("Send the contract")
    save_on_full_disk(hands)
    hands.desk.wait(dialog.trouble.isVisible)
    assert dialog.filled() == {"next_step": "Send the contract"}
    assert dialog.save_button.text() == "Won"
    hands.save()
    hands.desk.wait(lambda: view.lead is not None and view.lead.state is LeadState.WON)
    assert view.lead is not None
    assert view.lead.next_step == "Send the contract"


@pytest.mark.parametrize(("key", "kept"), [(Qt.Key.Key_1, "Gold"), (Qt.Key.Key_2, "Silver")])
def test_who_filled_in_the_same_after_the_call_is_asked_which_holds(
    hands: SalesHands, key: Qt.Key, kept: str
) -> None:
    form = missing_form(hands)

    def elsewhere(writer: Writer) -> None:
        found = latest(writer, JANE.id)
        assert found is not None
        CustomerEdits(writer).edit(found[0], with_values(found[0], {"segment": "Silver"}), "Zoe")

    hands.desk.store.write(elsewhere).result()
    hands.save()
    hands.desk.wait(lambda: any(one.isVisible() for one in form.findChildren(ConflictDialog)))
    assert "F5" not in words(form)
    asked = hands.desk.dialog(ConflictDialog)
    hands.desk.wait(lambda: QApplication.activeWindow() is asked)
    hands.press(key)
    hands.save()
    hands.desk.wait(lambda: not hands.desk.window.findChildren(MissingForm))
    hands.desk.wait(lambda: not after_call.shown(hands))
    assert segment(hands) == kept
