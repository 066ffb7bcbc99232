"""The company's plan in the windows: changed while they are open, and followed at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.bootstrap.core import Core
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.matches import Candidate, Match, MatchRule, MatchState, NormalisedNumber, Owner
from crmdesk.domain.planning import BlockPlace, Choice, PicklistKey, Picklists, PlacedBlock
from crmdesk.domain.tickets import NewTicket
from crmdesk.gui.app import DeskWindows
from crmdesk.gui.models import why
from crmdesk.gui.models.custom_words import field_words, filled
from crmdesk.gui.models.names import language_name
from crmdesk.gui.models.timeline_items import EntryItem
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_custom import OwnField
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pop.people_words import candidate_words
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.settings.your_data.field_dialog import FieldDialog
from crmdesk.store import Writer, keys, open_store
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.tables import custom_value
from tests.gui.desk_windows import SETTINGS, theme_of
from tests.gui.opened_customer import jane
from tests.gui.test_app import NOW, Wait, idle, sweep

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    return lambda holds: qtbot.waitUntil(holds, timeout=20_000)


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[DeskWindows]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as store, theme_of(qapp):
        for one in (JANE, OTHER):
            store.write(lambda writer, one=one: writer.save_customer(one)).result()
        windows = DeskWindows(qapp, Core(SETTINGS, store, None), idle, lambda: NOW)
        windows.start()
        yield windows
        windows.stop()
        sweep(windows)


JANE, OTHER = jane(), jane(name="Max Mustermann", numbers=(), emails=())


def opened(desk: DeskWindows, wait: Wait, one: Customer = JANE) -> CustomersPage:
    page = desk.window.customers()
    desk.window.open_customer(one.id)
    wait(lambda: page.card.header._name.full_text() == one.name)
    return page


def elsewhere(desk: DeskWindows, work: Callable[[PlanWriting], object]) -> None:
    """Another program changes the plan; the window finds out when it looks."""
    desk.core.store.write(lambda writer: work(PlanWriting(writer, "Ben"))).result()
    desk.window.plan.read()


def give(desk: DeskWindows, key: str, value: str, customer_id: uuid.UUID = JANE.id) -> None:
    def work(writer: Writer) -> None:
        with writer.change(ChangeKind.EDIT, "Own field", "Ann") as change:
            row = {"customer_id": customer_id, "field_key": key, "value": value}
            change.insert(custom_value, row)

    desk.core.store.write(work).result()


def texts(part: QWidget) -> str:
    return " ".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def found(page: CustomersPage) -> list[tuple[str, str]]:
    hits = (page.finder.model.hit(row) for row in range(page.finder.model.rowCount()))
    return [(hit.name, hit.detail) for hit in hits if hit is not None]


def details(page: CustomersPage) -> str:
    return texts(page.card.side.blocks["details"])


# --- by keyboard ------------------------------------------------------------------------------


def test_a_field_is_added_filled_in_and_searched_by_keyboard_without_a_restart(
    desk: DeskWindows, wait: Wait, qtbot: QtBot
) -> None:
    page = opened(desk, wait)

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    def tab_to(name: str) -> None:
        for _ in range(60):
            focus = QApplication.focusWidget()
            if focus is not None and focus.accessibleName().startswith(name):
                return
            press(Qt.Key.Key_Tab)
        pytest.fail(f"Tab does not reach {name}")

    def back_to_page() -> None:
        desk.window.activateWindow()
        wait(desk.window.isActiveWindow)
        page.activate()
        wait(page.finder.list.hasFocus)

    back_to_page()
    press(Qt.Key.Key_Comma, CTRL)
    wait(lambda: bool(desk.window.findChildren(SettingsWindow)))
    (settings,) = desk.window.findChildren(SettingsWindow)
    wait(settings.list.hasFocus)
    for _ in range(settings.sections.index(settings.data)):
        press(Qt.Key.Key_Down)
    wait(settings.data.isVisible)
    tab_to("Add")
    press(Qt.Key.Key_Space)
    wait(lambda: bool(settings.findChildren(FieldDialog)))
    (dialog,) = settings.findChildren(FieldDialog)
    wait(dialog.name.hasFocus)
    qtbot.keyClicks(dialog.name, "Loyalty card")
    press(Qt.Key.Key_Return)
    wait(lambda: [one.title for one in desk.window.plan.value.fields] == ["Loyalty card"])
    wait(lambda: not settings.findChildren(FieldDialog))
    qtbot.keyClick(settings, Qt.Key.Key_Escape)
    wait(lambda: not desk.window.findChildren(SettingsWindow))

    back_to_page()
    press(Qt.Key.Key_E)
    wait(lambda: bool(desk.window.findChildren(CustomerForm)))
    (form,) = desk.window.findChildren(CustomerForm)
    wait(form.isActiveWindow)
    tab_to("Loyalty card")
    qtbot.keyClicks(QApplication.focusWidget(), "LC-7715")
    press(Qt.Key.Key_Return, CTRL)
    wait(lambda: "LC-7715" in details(page))

    back_to_page()
    press(Qt.Key.Key_Slash)
    wait(page.finder.search.hasFocus)
    qtbot.keyClicks(page.finder.search, "lc-77")
    wait(lambda: found(page) == [(JANE.name, "LC-7715")])


# --- while a page is open ---------------------------------------------------------------------


def test_a_field_is_renamed_and_deleted_while_the_page_is_open(
    desk: DeskWindows, wait: Wait
) -> None:
    page = opened(desk, wait)
    card = CustomField("card", "Loyalty card")
    give(desk, "card", "LC-7715")
    elsewhere(desk, lambda p: p.save_fields([card]))
    wait(lambda: "Loyalty card LC-7715" in details(page))
    elsewhere(desk, lambda p: p.save_fields([replace(card, title="Bonus", is_retired=True)]))
    wait(lambda: "Bonus LC-7715" in details(page))
    elsewhere(desk, lambda p: p.save_fields([]))
    wait(lambda: "LC-7715" not in details(page))


def test_a_choice_is_renamed_and_removed_while_the_page_is_open(
    desk: DeskWindows, wait: Wait
) -> None:
    page = opened(desk, wait)
    segment = page.card.header._chips["segment"]
    assert segment.text() == "Gold"
    gold, silver = Choice("Gold", "Premium", tone="good"), Choice("Silver", "Silver")
    elsewhere(desk, lambda p: p.save_picklist(PicklistKey.SEGMENT, (gold, silver)))
    wait(lambda: segment.text() == "Premium")
    assert segment.property("chip") == "good"
    elsewhere(desk, lambda p: p.save_picklist(PicklistKey.SEGMENT, (silver,)))
    wait(lambda: segment.text() == "Gold")  # what no list knows is shown as it is


def test_blocks_of_the_page_follow_the_plan(desk: DeskWindows, wait: Wait) -> None:
    page = opened(desk, wait)
    placed = (PlacedBlock("details"), PlacedBlock("gone"), PlacedBlock("reach", is_shown=False))
    elsewhere(desk, lambda p: p.save_blocks(BlockPlace.PAGE, placed))
    wait(lambda: page.card.side._order[0] == "details")
    assert "reach" not in page.card.side._order
    assert page.card.side.blocks["reach"].isHidden()


def test_windows_read_again_only_where_the_plan_is_another_one(
    desk: DeskWindows, wait: Wait, qtbot: QtBot
) -> None:
    elsewhere(desk, lambda p: p.save_fields([CustomField("card", "Loyalty card")]))
    wait(lambda: len(desk.window.plan.value.fields) == 1)
    with qtbot.assertNotEmitted(desk.window.plan.changed):
        desk.window.plan.take(desk.core.store.read(lambda r: r.company_plan()).result())
    with qtbot.waitSignal(desk.window.plan.changed):
        elsewhere(desk, lambda p: p.save_fields([]))


# --- in words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("text", "<b>x</b>", "<b>x</b>"),
        ("date", "2031-05-07", "7 May 2031"),
        ("date", "next year", "next year"),
        ("number", "12500.5", "12,500.5"),
        ("number", "many", "many"),
        ("flag", "1", "Yes"),
        ("flag", "", ""),
        ("choice", "Flat", "Flat"),
    ],
)
def test_values_of_own_fields_are_shown_by_their_kind(kind: str, value: str, shown: str) -> None:
    assert field_words(CustomFieldKind(kind), value) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("31.12.2026", "2026-12-31"),
        ("31 Dec 2031", "2031-12-31"),
        ("2026-12-31", "2026-12-31"),
        ("", ""),
        ("someday", "someday"),
    ],
)
def test_days_of_own_fields_are_typed_as_anywhere_else(
    qtbot: QtBot, typed: str, stored: str
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    own = CustomField("ends", "Contract ends", CustomFieldKind.DATE)
    field = OwnField(own, "2031-05-07", "Contract ends", parent, now=NOW, is_required=False)
    qtbot.addWidget(field.field)
    assert isinstance(field.editor, QLineEdit)
    assert (field.editor.text(), field.value()) == ("7 May 2031", "2031-05-07")
    field.editor.setText(typed)
    assert field.value() == stored
    assert bool(field.error()) == (typed == "someday")


def test_a_renamed_choice_is_told_by_its_new_title_in_the_timeline_and_since_you_last_spoke(
    desk: DeskWindows, wait: Wait
) -> None:
    new = NewTicket(JANE.id, "complaint", "Wrong invoice")
    desk.core.store.write(lambda writer: writer.open_ticket(new, "Ben")).result()
    page = opened(desk, wait)
    model = page.card.timeline.model

    def lines() -> list[str]:
        items = map(model.item, range(model.rowCount()))
        return [one.entry.title for one in items if isinstance(one, EntryItem)]

    wait(lambda: lines() == ["Complaint 1001: Wrong invoice"])
    elsewhere(desk, lambda plan: plan.save_picklist(PicklistKey.TICKET_KIND, KINDS))
    wait(lambda: lines() == ["Beanstandung 1001: Wrong invoice"])
    wait(lambda: "Beanstandung 1001" in texts(page.card.since))
    parts = page.card.header.glance.findChildren(QWidget)
    assert any("Beanstandung 1001" in one.accessibleName() + one.toolTip() for one in parts)


KINDS = (Choice("complaint", "Beanstandung", tone="bad"), Choice("question", "Question"))


def test_kinds_of_numbers_have_their_titles_wherever_people_are_offered() -> None:
    labels = (Choice("work", "Office"), Choice("other", "other"))
    lists = Picklists({**Picklists().lists, PicklistKey.NUMBER_LABEL: labels})
    ones = tuple(
        Candidate(Owner(uuid.uuid4(), name, CustomerKind.PERSON, None, "", label, ""), 300, ())
        for name, label in (("Anna Hansen", "work"), ("Ben Brandt", "other"))
    )
    number = NormalisedNumber("+493023125012", "+493023125012")
    match = Match(MatchState.SEVERAL, MatchRule.E164, number, candidates=ones)
    assert candidate_words(ones[0], match, lists) == ("Anna Hansen", "Office")
    assert candidate_words(ones[1], match, lists) == ("Ben Brandt", "")
    assert [row.detail for row in why.rows(match, lists)] == ["Office", "other"]


def test_only_fields_that_hold_something_are_shown_in_the_companys_order() -> None:
    fields = (CustomField("b", "B"), CustomField("a", "A"), CustomField("c", "C"))
    assert filled(fields, {"a": "1", "b": "2", "x": "3"}) == [("B", "2"), ("A", "1")]


def test_language_is_named_by_its_tag_or_the_first_part_of_it(desk: DeskWindows) -> None:
    lists = desk.window.plan.lists
    assert language_name("de-AT", lists) == "German"
    assert language_name("xx-YY", lists) == "xx-YY"
