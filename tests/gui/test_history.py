"""Who changed what: read, narrowed down, set back and undone in the window."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.audit import EditedCustomer, RowFate, RowHistory
from crmdesk.domain.customers import CustomerKind, PhoneNumber
from crmdesk.domain.importing import CustomField
from crmdesk.gui.conflicts.words import EditWords
from crmdesk.gui.history.step_widget import StepWidget
from crmdesk.gui.models.history_words import HIDDEN, TABLES, HistoryWords
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.history_view import HistoryView
from crmdesk.settings.model import Settings
from crmdesk.store.audit.editing import CustomerEdits, opened_customer
from crmdesk.store.changes.row_batches import PARTS
from crmdesk.store.changes.values import journaled
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import metadata
from crmdesk.store.tables.of_customers import history_tables
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import jane, opened

SHIFT = Qt.KeyboardModifier.ShiftModifier
NUMBER = PhoneNumber("030 23125 777", "+493023125777", "mobile")


def _edit(desk: Windows, who: str, custom: dict[str, str] | None = None, **fields: object) -> None:
    key = desk.window.customers().desk.customer_id()
    assert key is not None
    base = desk.store.read(lambda r: opened_customer(r, key)).result()
    assert base is not None
    new = EditedCustomer(replace(base.customer, **fields), {**base.custom, **(custom or {})})
    firm = replace(blank(now()), kind=CustomerKind.COMPANY, name="Hansen Logistics")
    if fields.get("company_name"):
        new = EditedCustomer(replace(new.customer, company_id=firm.id), new.custom)
    desk.store.write(lambda w: CustomerEdits(w).edit(base, new, who, firm)).result()


def _texts(step: StepWidget) -> list[str]:
    return [one.accessibleName() or one.text() for one in step.findChildren(QLabel)]


def _button(view: HistoryView, name: str) -> QPushButton:
    found = [one for one in view.findChildren(QPushButton) if one.accessibleName() == name]
    assert found, [one.accessibleName() for one in view.findChildren(QPushButton)]
    return found[0]


@pytest.fixture
def page(windows: Windows) -> CustomersPage:  # noqa: F811
    made = opened(windows, jane())
    windows.store.write(
        lambda w: PlanWriting(w, "Ann").save_fields((CustomField("plan", "Plan"),))
    ).result()
    windows.window.plan.read()
    windows.wait(lambda: bool(windows.window.plan.value.fields))
    _edit(windows, "Ben", segment="Silver", role="buyer", custom={"plan": "Pro"})
    _edit(windows, "Cleo", company_name="Hansen Logistics", numbers=(NUMBER,))
    return made


def _open(page: CustomersPage, windows: Windows, qtbot: QtBot) -> HistoryView:  # noqa: F811
    page.card.timeline.list.setFocus()
    qtbot.keyClick(page.card.timeline.list, Qt.Key.Key_H, SHIFT)
    windows.wait(lambda: page.card.shows_record)
    view = page.card.record.view
    assert isinstance(view, HistoryView)
    windows.wait(lambda: bool(view.shown()))
    return view


def test_history_speaks_the_words_of_the_screen(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    newest, older = view.shown()
    assert {"Cleo", "Jane Doe changed", "Company", "nothing → Hansen Logistics"} <= set(
        _texts(newest)
    )
    assert "Number removed · 030 23125 100" in _texts(newest)
    assert {"Ben", "Segment", "Gold → Silver", "Plan", "Pro"} <= set(_texts(older))
    qtbot.keyClick(view.field, Qt.Key.Key_Escape)
    windows.wait(lambda: not page.card.shows_record)


def test_history_of_one_field_and_of_one_person(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    view.person.setCurrentIndex(view.person.findData("Ben"))
    windows.wait(lambda: len(view.shown()) == 1)
    view.person.setCurrentIndex(0)
    windows.wait(lambda: len(view.shown()) == 2)
    view.field.setCurrentIndex(view.field.findData("customer.company_id"))
    windows.wait(lambda: len(view.shown()) == 1 and "Cleo" in _texts(view.shown()[0]))
    view.field.setCurrentIndex(view.field.findData("custom:plan"))
    windows.wait(lambda: len(view.shown()) == 1 and "Ben" in _texts(view.shown()[0]))
    view.field.setCurrentIndex(view.field.findData("customer.owner"))
    windows.wait(lambda: not view.shown())
    assert view._empty.isVisible()
    page._close_record()
    facts = [one for one in page.card.side.blocks["details"].findChildren(QWidget) if one.actions()]
    named = {str(one.findChildren(QLabel)[0].text()): one.actions()[0] for one in facts}
    assert named["Plan"].text() == "History of this field"
    named["Plan"].trigger()
    windows.wait(lambda: view.isVisible() and len(view.shown()) == 1)
    assert view.field.currentText() == "Plan"


def test_a_field_is_set_back_and_a_step_undone_from_the_history(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    button = _button(view, "Set Segment back to Gold")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    windows.wait(lambda: len(view.shown()) == 3)
    key = page.desk.customer_id()
    assert key is not None

    def stored() -> EditedCustomer:
        found = windows.store.read(lambda r: opened_customer(r, key)).result()
        assert found is not None
        return found

    assert (stored().customer.segment, stored().customer.role) == ("Gold", "buyer")
    assert page.undo_bar.text() == "Done. Jane Doe changed: set back"
    _button(view, "Bring back: Number removed · 030 23125 100").click()
    windows.wait(lambda: len(stored().customer.numbers) == 2)
    windows.wait(lambda: len(view.shown()) == 4)
    undo = [one for one in view.shown()[2].findChildren(QPushButton) if "Undo" in one.text()]
    undo[0].click()
    windows.wait(lambda: stored().customer.company_id is None)
    windows.wait(lambda: page.undo_bar.text().startswith("Taken back: Jane Doe changed"))
    windows.wait(lambda: "Taken back" in _texts(view.shown()[2]))


def test_a_merge_says_why_it_is_not_taken_back_here_and_leads_to_where_it_is(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    key = page.desk.customer_id()
    assert key is not None
    twin = replace(
        jane(),
        id=uuid.uuid4(),
        name="J. Doe",
        emails=(),
        numbers=(PhoneNumber("030 23125 778", "+493023125778"),),
    )
    windows.store.write(lambda w: w.save_customer(twin)).result()
    windows.store.write(lambda w: w.merge_customers(key, twin.id, "Dana")).result()
    view = _open(page, windows, qtbot)
    merged = view.shown()[0]
    assert any("a merge is taken apart in the list of changes" in one for one in _texts(merged))
    buttons = [one for one in merged.findChildren(QPushButton) if "Undo" in one.text()]
    assert not buttons
    asked: list[int] = []
    windows.window.changes_wanted.connect(lambda: asked.append(1))
    shown = _button(view, f"Show in the list of changes: {merged._step.title}")
    shown.setFocus()
    qtbot.keyClick(shown, Qt.Key.Key_Space)
    windows.wait(lambda: asked == [1])


def test_lines_replies_and_entries_are_told_in_words() -> None:
    words = HistoryWords(Names(Settings()))

    def told(table: str, fate: RowFate, after: dict[str, object]) -> dict[str, str]:
        row = RowHistory(uuid.uuid4(), table, uuid.uuid4(), fate, {}, after)
        return {one.title: one.after for one in words.changes(row)}

    line = {"order_id": uuid.uuid4(), "position": 0, "title": "Chair", "quantity_milli": 2_500}
    assert told("order_line", RowFate.ADDED, {**line, "unit_cents": 1_250}) == {
        "Title": "Chair", "Quantity": "2.5", "Price of one": "12.50"
    }  # fmt: skip
    entry = {"kind": "priority", "before": "normal", "after": "high", "text": "", "who": "Ben"}
    assert told("ticket_entry", RowFate.ADDED, entry) == {
        "Kind": "Priority", "Before": "Normal", "After": "High"
    }  # fmt: skip
    link = {"ticket_id": uuid.uuid4(), "kind": "order", "target_id": uuid.uuid4()}
    assert told("ticket_link", RowFate.ADDED, link) == {"Kind": "Order"}
    assert {TABLES[name] for name in ("order_line", "survey_reply", "ticket_link")} == {
        "Line of an order", "Reply in a survey", "Link of a ticket"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("follow_up", "kind", "follow_up", "Follow-up"),
        ("follow_up", "kind", "call_back", "Call-back"),
        ("message", "state", "handed_over", "Opened in the mail program"),
        ("message", "state", "queued", "Waits to be sent"),
        ("interaction", "kind", "web_form", "Web form"),
        ("consent", "channel", "sms", "By text message"),
        ("payment_method", "kind", "direct_debit", "Direct debit"),
        ("survey_answer", "scale", "nps", "Would recommend us"),
        ("payment", "status", "written_off", "Written off"),
        ("follow_up", "repeats", "FREQ=WEEKLY;INTERVAL=2", "Every 2 weeks"),
        ("follow_up", "title", "follow_up", "follow_up"),
    ],
)
def test_inner_words_are_not_shown(table: str, column: str, value: str, words: str) -> None:
    assert HistoryWords(Names(Settings())).value(table, column, value) == words


def test_a_long_history_comes_page_by_page(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    page = opened(windows, jane())
    for number in range(70):
        _edit(windows, "Ben", role=f"role {number}")
    view = _open(page, windows, qtbot)
    assert len(view.shown()) == 60
    view.older.click()
    windows.wait(lambda: len(view.shown()) == 70)
    assert not view.older.isVisible()


def test_every_column_people_see_has_a_title() -> None:
    words = HistoryWords(Names(Settings()))
    profile = ("customer", "customer_number", "email", "address", "custom_value", "external_ref")
    names = {table.name for table in history_tables()} | set(profile) | {"number_claim", "call"}
    names |= PARTS.keys()
    assert names <= TABLES.keys()
    from crmdesk.gui.models import history_words

    known = history_words._TITLES.keys() | {name for _, name in history_words._OWN_TITLES}
    for name in sorted(names):
        missing = journaled(metadata.tables[name]).columns - HIDDEN - known
        assert not missing, f"{name}: {sorted(missing)} has no title for people"
    assert words.title("customer", "segment") == "Segment"


def test_values_are_told_as_people_read_them() -> None:
    words = HistoryWords(Names(Settings()), (CustomField("plan", "Plan"),))
    start = now()
    row = RowHistory(
        start and jane().id, "ticket", jane().id, RowFate.CHANGED,
        {"status": "open", "solved_at": None, "watch_at": start},
        {"status": "solved", "solved_at": start, "watch_at": start + timedelta(hours=1)},
    )  # fmt: skip
    told = {one.title: (one.before, one.after) for one in words.changes(row)}
    assert told.keys() == {"Status", "Solved"}
    assert told["Status"] == ("Open", "Solved")
    assert words.value("customer", "do_not_call", True) == "Yes"
    assert words.value("sales_order", "total_cents", 123450) == "1,234.50"
    assert EditWords(words).title("custom:plan") == "Plan"
    assert words.value("payment_method", "token", "tok") == "tok"
    assert "token" in HIDDEN


def test_the_ways_back_come_right_after_the_filters_and_j_goes_through_them(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    windows.wait(lambda: len(view.shown()) >= 2)
    windows.wait(view.field.hasFocus)
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert view.shown()[0].isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_J)
    assert view.shown()[1].isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_K)
    assert view.shown()[0].isAncestorOf(QApplication.focusWidget())
