"""Two people change one record: the second is asked, field by field, in the real window."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.domain.audit import Conflict
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.edits import AMOUNT, LINES
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind, Repeat, RepeatUnit
from crmdesk.domain.planning import Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.domain.sales import Order, OrderLine, OrderStatus
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.conflicts.words import EditWords
from crmdesk.gui.follow_ups.dialog import FollowUpDialog
from crmdesk.gui.models.history_words import HistoryWords
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.records.follow_up_view import FollowUpRecordView
from crmdesk.gui.pages.customers.records.order_view import OrderView
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.order_dialog import OrderDialog
from crmdesk.settings.model import Settings
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.sales_hands import SHIFT, SalesHands, words

DAY = timedelta(days=1)


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    return SalesHands(windows, qtbot)


def conflict(hands: SalesHands) -> ConflictDialog:
    """The question that is asked, in front."""
    hands.desk.wait(lambda: bool(hands.desk.window.findChildren(ConflictDialog)))
    dialog = hands.desk.dialog(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    hands.desk.wait(dialog.isActiveWindow)
    return dialog


def test_what_a_colleague_did_with_an_order_stays_and_what_both_did_is_asked(
    hands: SalesHands,
) -> None:
    lines = (OrderLine("Chair", "C-1", 1000, 10_000, 10_000, uuid.uuid4()),)
    key = uuid.uuid4()
    new = Order(key, hands.customer.id, now() - DAY, "88-21", "Chair", lines=lines)
    hands.write(steps.add_order(new, "Ben"))
    hands.page.show_record(RecordRef(TimelineKind.ORDER, key, hands.customer.id))
    view = hands.view(OrderView)
    view.setFocus()
    stored = lambda: hands.read(lambda reader: reader.order(key))  # noqa: E731
    base = stored()
    dialog = hands.ask(OrderDialog, Qt.Key.Key_E, SHIFT)
    shipped = {"status": OrderStatus.SHIPPED, "shipped_at": now(), "tracking": "XY 1"}
    hers = replace(base, title="Chair, blue", **shipped)
    hands.desk.store.write(steps.edit_order(base, hers, "Anna")).result()
    dialog.title.setFocus()
    dialog.title.selectAll()
    hands.type("Chair, red")
    hands.save()
    question = conflict(hands)
    assert [one.field for one in question.choices] == ["title"]
    said = [made.accessibleName() for made in question.choices[0].buttons.values()]
    assert said[0] == "Title: Chair, red, yours"
    assert said[1].startswith("Title: Chair, blue, Anna")
    assert "Anna changed this order while you did." in words(dialog.trouble)
    hands.press(Qt.Key.Key_1)
    hands.save()
    hands.desk.wait(lambda: "Chair, red" in words(view))
    found = stored()
    assert (found.title, found.status, found.tracking) == (
        "Chair, red",
        OrderStatus.SHIPPED,
        "XY 1",
    )


def test_what_a_colleague_did_with_a_follow_up_is_asked_too(hands: SalesHands) -> None:
    key, due = uuid.uuid4(), now() + 3 * DAY
    made = FollowUp(key, hands.customer.id, FollowUpKind.PROMISE, "10 %", now(), due, "Ben")
    hands.desk.store.write(lambda w: w.add_follow_ups((made,), "Ben")).result()
    hands.page.refresh()
    hands.page.show_record(RecordRef(TimelineKind.FOLLOW_UP, key, hands.customer.id))
    view = hands.view(FollowUpRecordView)
    view.setFocus()
    stored = lambda: hands.read(lambda reader: reader.follow_up(key))  # noqa: E731
    base = stored()
    dialog = hands.ask(FollowUpDialog, Qt.Key.Key_E, SHIFT)
    hers = replace(base, title="12 %", due_at=due + DAY, remind_at=due)
    hands.desk.store.write(lambda w: w.edit_follow_up(base, hers, "Anna")).result()
    dialog.what.setFocus()
    dialog.what.selectAll()
    hands.type("15 %")
    hands.save()
    question = conflict(hands)
    assert [one.field for one in question.choices] == ["title"]
    hands.press(Qt.Key.Key_Escape)  # back to the form: nothing is lost, nothing is written
    hands.desk.wait(lambda: not hands.desk.window.findChildren(ConflictDialog))
    assert (dialog.what.text(), stored().title) == ("15 %", "12 %")
    hands.save()
    conflict(hands)
    hands.press(Qt.Key.Key_2)
    hands.save()
    hands.desk.wait(lambda: not hands.desk.window.findChildren(FollowUpDialog))
    assert (stored().title, stored().due_at, stored().remind_at) == ("12 %", due + DAY, due)


def test_a_long_text_is_shown_whole_and_widens_nothing(windows: Windows) -> None:  # noqa: F811
    long = "It came broken.\n" + 30 * "The left leg is loose. "
    conflict_of = Conflict("detail", "", long, f"{long}By Friday!", "Anna")
    words_of = EditWords(HistoryWords(Names(Settings(), lists=Picklists())), "ticket")
    dialog = ConflictDialog(windows.window, (conflict_of,), words_of, now())
    (choice,) = dialog.choices
    assert [made.text()[-1] for made in choice.buttons.values()] == ["…", "…"]
    shown = words(choice)
    assert "By Friday!" in shown.replace("\u200b", "")
    assert choice.minimumSizeHint().width() <= dialog.width()
    dialog.close()


def test_fields_of_several_values_are_told_as_one() -> None:
    history = HistoryWords(Names(Settings(), lists=Picklists()))
    order, lead = EditWords(history, "sales_order"), EditWords(history, "opportunity")
    lines = (OrderLine("Chair", quantity_milli=2000), OrderLine("Rope", quantity_milli=1500))
    assert order.title(LINES) == "Lines and total"
    assert order.value(LINES, (lines, 10_300, "EUR")) == "2 × Chair, 1.5 × Rope, 103.00 EUR"
    assert order.value(LINES, ((), 0, "EUR")) == "0.00 EUR"
    status = "status+shipped_at+delivered_at"
    assert order.title(status) == "Status"
    assert order.value(status, (OrderStatus.SHIPPED, now(), None)) == "Shipped"
    assert EditWords(history, "payment").title(AMOUNT) == "Amount"
    assert EditWords(history, "payment").value(AMOUNT, (124_050, "EUR")) == "1,240.50 EUR"
    assert lead.value("expected_on", date(2026, 6, 5)) != ""
    assert lead.value("next_step+next_step_at", ("call", None)) == "call"
    weekly = Repeat(RepeatUnit.WEEK, 2)
    assert EditWords(history, "follow_up").value("repeat", weekly) == "Every 2 weeks"
    assert EditWords(history, "follow_up").value("repeat", None) == ""
