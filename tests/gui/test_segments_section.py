"""Settings, "Segments": a rule made by keyboard, counted while one looks, changed, taken back."""

from __future__ import annotations

import uuid

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.desk.segments import counting
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.planning import Picklists
from crmdesk.domain.segments import Condition, Group, Operator, Segment, catalogue
from crmdesk.gui.segments.dialog import SegmentDialog
from crmdesk.gui.segments.rule_edit import RuleEdit
from crmdesk.gui.settings.segments import SegmentsSection
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.messages import Question
from crmdesk.matching.numbers import LineRules
from crmdesk.settings.model import Settings
from tests.gui.settings_desk import Desk, desk, home, runtime, themed, wait
from tests.gui.taking_back import take_back

__all__ = ["desk", "home", "runtime", "themed", "wait"]

GOLD = Condition("segment", Operator.ANY_OF, ("Gold",))


@pytest.fixture
def section(desk: Desk) -> SegmentsSection:
    for name, segment in (("Anna", "Gold"), ("Bob", "Silver"), ("Cleo", "Gold")):
        one = Customer(uuid.uuid4(), CustomerKind.PERSON, name, segment=segment)
        desk.core.store.write(lambda w, one=one: w.save_customer(one)).result()
    found = next(one for one in desk.window.sections if isinstance(one, SegmentsSection))
    desk.window.show_section(desk.window.sections.index(found))
    desk.wait(lambda: found._known.now is not None)
    return found


def saved(desk: Desk) -> tuple[Segment, ...]:
    return desk.core.store.read(lambda r: r.segments()).result()


def test_a_segment_is_made_counted_changed_and_taken_back(desk, section) -> None:
    section.list.add.click()
    dialog = desk.dialog(SegmentDialog)
    assert not dialog._save.isEnabled()
    assert dialog.state.text() == "Segment needs a value."
    QTest.keyClicks(dialog.name, "Best ones")
    condition = dialog.rule.items[0]
    next(one for one in condition.choices.menu().actions() if one.text() == "Gold").trigger()
    assert dialog.words.text() == "Segment is Gold"
    desk.wait(lambda: dialog.state.text() == "2 customers")
    dialog.rule.add.click()
    dialog.rule.items[1].field.setCurrentIndex(dialog.rule.items[1].field.findData("name"))
    QTest.keyClicks(dialog.rule.items[1].text, "ann")
    desk.wait(lambda: dialog.state.text() == "1 customer")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    desk.wait(lambda: section.list.model.rowCount() == 1)
    desk.wait(lambda: [one.counted for one in saved(desk)] == [1])
    (made,) = saved(desk)
    assert made.name == "Best ones"
    assert made.rule == Group((GOLD, Condition("name", Operator.CONTAINS, ("ann",))))
    section.list.remove.click()
    desk.wait(lambda: not saved(desk))
    take_back(section.undo_bar, desk.core.store, desk.wait)
    desk.wait(lambda: len(saved(desk)) == 1)


def test_a_rule_comes_out_as_it_went_in(qtbot, themed) -> None:
    either = Group((GOLD, Condition("last_call", Operator.LONGER_AGO, ("90",))), is_any=True)
    rule = Group(
        (GOLD, either, Condition("do_not_call", Operator.NO), Condition("x", Operator.FILLED))
    )
    edit = RuleEdit(rule, catalogue(), Picklists())
    qtbot.addWidget(edit)
    assert edit.rule() == rule
    edit.items[1].removed.emit()
    assert edit.rule().items == (GOLD, *rule.items[2:])
    edit.add_group.click()
    assert isinstance(edit.rule().items[-1], Group)


@pytest.mark.parametrize(
    ("typed", "currency", "kept"),
    [
        ("600", "EUR", "600 EUR"),
        ("1.234,50", "JPY", "1.234,50 JPY"),
        ("600 USD", "EUR", "600 USD"),
        ("600", "", "600"),
        ("", "EUR", ""),
    ],
)
def test_a_sum_is_asked_in_a_currency(qtbot, themed, typed, currency, kept) -> None:
    rule = Group((Condition("order_total", Operator.AT_LEAST, ("5 CHF",)),))
    edit = RuleEdit(rule, catalogue(), Picklists())
    qtbot.addWidget(edit)
    assert edit.rule() == rule
    (one,) = edit.items
    assert not one.currency.isHidden()
    one.currency.setCurrentIndex(one.currency.findData(currency))
    one.text.setText(typed)
    assert edit.rule().items[0].values == (kept,)
    one.field.setCurrentIndex(one.field.findData("orders"))
    assert one.currency.isHidden()
    assert edit.rule().items[0].values == (typed,)


def test_a_currency_that_is_not_offered_stays(qtbot, themed) -> None:
    rule = Group((Condition("order_total", Operator.AT_LEAST, ("5 HUF",)),))
    edit = RuleEdit(rule, catalogue(), Picklists())
    qtbot.addWidget(edit)
    assert edit.rule() == rule


@pytest.mark.parametrize(
    ("operator", "typed", "kept"),
    [
        (Operator.BEGINS, "030", "+4930"),
        (Operator.BEGINS, "0049 30", "+4930"),
        (Operator.IS, "030 23125 101", "+493023125101"),
        (Operator.CONTAINS, "23 125", "23125"),
        (Operator.CONTAINS, "030", "+4930"),
        (Operator.BEGINS, "x", "x"),
    ],
)
def test_numbers_are_read_as_the_line_dials_them(qtbot, themed, operator, typed, kept) -> None:
    rule = Group((Condition("number", operator, ("+44",)),))
    edit = RuleEdit(rule, catalogue(), Picklists(), LineRules("DE"))
    qtbot.addWidget(edit)
    assert edit.rule() == rule
    edit.items[0].text.setText(typed)
    assert edit.rule().items[0].values == (kept,)


def _in_germany(settings: Settings) -> Settings:
    lines = (msgspec.structs.replace(one, region="DE") for one in settings.lines)
    return msgspec.structs.replace(settings, lines=tuple(lines))


def _is_in_germany(settings: Settings) -> bool:
    return settings.lines[0].region == "DE"


def test_the_first_line_says_how_numbers_of_a_segment_are_dialled(desk, section) -> None:
    desk.window.book.change(_in_germany)
    desk.saved(_is_in_germany)
    section.list.add.click()
    dialog = desk.dialog(SegmentDialog)
    (one,) = dialog.rule.items
    one.field.setCurrentIndex(one.field.findData("number"))
    one.operator.setCurrentIndex(one.operator.findData("begins"))
    QTest.keyClicks(one.text, "030")
    assert dialog.words.text() == "Phone number begins with +4930"


def test_a_count_can_be_stopped(desk, section) -> None:
    section._ask(Segment(uuid.uuid4(), "G", Group((GOLD,))))
    dialog = desk.dialog(SegmentDialog)
    dialog._pause.timeout.emit()
    dialog.stop.click()
    told: list[object] = []
    dialog.count.told.connect(told.append)
    desk.core.store.read(lambda r: r.segments()).result()
    assert dialog.state.text() == "Not counted to the end."
    assert not told


def test_a_rule_of_everybody_and_one_that_never_ends_say_so(desk, section, monkeypatch) -> None:
    anybody = Group((Condition("do_not_call", Operator.NO),))
    section._ask(Segment(uuid.uuid4(), "All", anybody))
    dialog = desk.dialog(SegmentDialog)
    desk.wait(lambda: "everybody" in dialog.state.text())
    assert dialog.state.text().startswith("3 customers: everybody.")
    assert dialog.stop.isHidden()

    def never(*_asked: object, **_named: object) -> None:
        raise counting.RuleTooSlowError

    monkeypatch.setattr("crmdesk.gui.segments.live_count.count_on", never)
    dialog._start_count()
    desk.wait(lambda: dialog.state.text().startswith("This rule takes too long."))
    assert "Take out conditions" in dialog.state.text()
    assert dialog._save.isEnabled()


def test_tab_goes_from_the_top_to_the_bottom_of_a_rule(qtbot, themed) -> None:
    edit = RuleEdit(Group((GOLD,)), catalogue(), Picklists())
    qtbot.addWidget(edit)
    edit.show()
    qtbot.waitUntil(edit.isActiveWindow)
    edit.add.click()
    qtbot.waitUntil(edit.items[1].field.isVisible)
    edit.match.setFocus()
    met = [edit.match]
    while met[-1] is not edit.add_group:
        QTest.keyClick(met[-1], Qt.Key.Key_Tab)
        met.append(edit.focusWidget())
    places = [one.mapTo(edit, one.rect().center()) for one in met]
    rows = [(place.y() // Size.ROW, place.x()) for place in places]
    assert rows == sorted(rows)
    assert edit.items[1].field in met


def test_escape_asks_before_a_segment_that_was_typed_is_lost(desk, section) -> None:
    section.list.add.click()
    dialog = desk.dialog(SegmentDialog)
    QTest.keyClicks(dialog.name, "Best ones")
    QTest.keyClick(dialog.name, Qt.Key.Key_Escape)
    question = desk.dialog(Question)
    assert dialog.isVisible()
    question.accept()
    desk.wait(lambda: not any(one.isVisible() for one in desk.window.findChildren(SegmentDialog)))


def test_space_chooses_values_and_the_menu_stays(desk, section) -> None:
    section.list.add.click()
    dialog = desk.dialog(SegmentDialog)
    menu = dialog.rule.items[0].choices.menu()
    menu.popup(dialog.pos())
    first, second = menu.actions()[:2]
    menu.setActiveAction(first)
    QTest.keyClick(menu, Qt.Key.Key_Space)
    menu.setActiveAction(second)
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert first.isChecked()
    assert second.isChecked()
    assert menu.isVisible()
    menu.close()


def test_a_rule_is_seen_whole_and_scrolls_only_where_it_is_long(desk, section) -> None:
    section.list.add.click()
    dialog = desk.dialog(SegmentDialog)
    bar = dialog._area.verticalScrollBar()
    for _ in range(4):
        dialog.rule.add.click()
    desk.wait(lambda: len(dialog.rule.items) == 5 and dialog.rule.items[-1].isVisible())
    desk.wait(lambda: bar.maximum() == 0)
    for _ in range(12):
        dialog.rule.add.click()
    desk.wait(lambda: bar.maximum() > 0)
    dialog._may_lose = True
    dialog.reject()
