"""Settings, "Segments": a rule made by keyboard, counted while one looks, changed, taken back."""

from __future__ import annotations

import uuid

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
