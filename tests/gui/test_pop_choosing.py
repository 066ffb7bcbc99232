"""Who is calling, said by the agent: chosen, remembered, denied, assigned, ignored, undone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pop.chooser import Chooser
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.why.assign import AssignDialog
from crmdesk.gui.why.ignore_dialog import IgnoreDialog
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from tests.gui.first_start import Wait, home, themed, wait
from tests.gui.ringing_desk import (
    FAILED,
    JANE_ID,
    JANES,
    SHARED,
    STRANGER,
    RingingDesk,
    key_of,
    ringing_desk,
)
from tests.gui.taking_back import take_back

__all__ = ["home", "themed", "wait"]


@pytest.fixture
def desk(qapp: QApplication, themed: None, home: Path, wait: Wait) -> Iterator[RingingDesk]:
    with ringing_desk(qapp, home, wait) as made:
        yield made


def test_a_click_chooses_and_nothing_else_moves(desk: RingingDesk, qtbot: QtBot) -> None:
    desk.ring(SHARED)
    card = desk.full
    assert card is not None
    assert card.match.state is MatchState.SEVERAL
    assert desk.texts().index("Hansen Logistics") < desk.texts().index("Anna Hansen")
    assert "3 people share this number" in desk.texts()
    page = desk.windows.window.stack.currentWidget()
    people = desk.windows.pop._full.people.people
    qtbot.mouseClick(people[2], Qt.MouseButton.LeftButton)
    desk.wait(desk.linked(key_of("Ben Brandt")))
    assert desk.row().match_rule is MatchRule.CHOSEN
    desk.wait(lambda: "Ben Brandt" in desk.texts() and "share this number" not in desk.texts())
    assert desk.windows.window.stack.currentWidget() is page
    assert desk.windows.window.customers().opened() is None
    desk.press("Undo")
    desk.wait(desk.linked(None))
    desk.wait(lambda: "3 people share this number" in desk.texts())


def chooser_of(desk: RingingDesk) -> Chooser:
    desk.windows._chord(keys.POP_OPEN.sequence)
    found = desk.dialog(Chooser)
    assert isinstance(found, Chooser)
    desk.wait(found.filter.hasFocus)
    return found


def test_a_figure_chooses_and_the_choice_is_remembered(desk: RingingDesk, qtbot: QtBot) -> None:
    desk.ring(SHARED)
    chooser = chooser_of(desk)
    qtbot.keyClick(chooser.filter, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert chooser.remember.isChecked()
    qtbot.keyClick(chooser.filter, Qt.Key.Key_2)
    anna = key_of("Anna Hansen")
    desk.wait(desk.linked(anna))
    desk.wait(lambda: desk.windows.window.customers().opened() == anna)
    desk.wait(lambda: "from now on" in desk.texts())
    links = [one.text() for one in desk.windows.pop.findChildren(QPushButton) if one.isVisible()]
    assert "Remember" not in links  # it is remembered already
    desk.windows.pop.put_away(desk.full)
    desk.ring(SHARED)
    desk.wait(desk.linked(anna))
    assert desk.row().match_rule is MatchRule.REMEMBERED
    assert "Remembered choice by Alice Adler" in desk.texts()
    desk.press("Forget")
    desk.wait(lambda: desk.full is not None and desk.full.match.state is MatchState.SEVERAL)


def test_a_choice_by_key_is_taken_back_in_the_window_when_its_card_is_gone(
    desk: RingingDesk, qtbot: QtBot
) -> None:
    desk.ring(SHARED)
    qtbot.keyClick(chooser_of(desk).filter, Qt.Key.Key_2)
    desk.wait(desk.linked(key_of("Anna Hansen")))
    bar = desk.windows.window.customers().undo_bar
    desk.wait(lambda: "Anna Hansen" in bar.text())
    desk.windows.pop.put_away(desk.full)
    take_back(bar, desk.store, desk.wait)
    desk.wait(lambda: bar.text().startswith("Taken back"))
    desk.windows.pop.bring_back()
    desk.wait(desk.linked(None))


def test_letters_look_for_a_name(desk: RingingDesk, qtbot: QtBot) -> None:
    desk.ring(SHARED)
    chooser = chooser_of(desk)
    qtbot.keyClicks(chooser.filter, "angst")
    shown = [row for row in chooser._rows if not row.isHidden()]
    assert len(shown) == 1
    qtbot.keyClicks(chooser.filter, "x")
    assert "Nobody of them has this name." in chooser._left.text()
    chooser.filter.setText("zoe")
    qtbot.keyClick(chooser.filter, Qt.Key.Key_1)
    desk.wait(desk.linked(key_of("Zoë Ångström")))


def denial_of(desk: RingingDesk) -> NotThisPersonDialog:
    desk.windows._chord(keys.POP_WHY.sequence)
    desk.press("Not this person")
    found = desk.dialog(NotThisPersonDialog)
    assert isinstance(found, NotThisPersonDialog)
    return found


def test_not_this_person_never_was_and_undo(desk: RingingDesk) -> None:
    desk.ring(JANES)
    desk.wait(desk.linked(JANE_ID))
    dialog = denial_of(desk)
    dialog.never.setChecked(True)
    dialog.reason.setText("a wrong digit")
    dialog.accept()
    desk.wait(desk.linked(None))
    desk.wait(lambda: "Not Jane Doe: Alice Adler said so" in desk.texts())
    claims = desk.store.read(lambda reader: reader.claims(JANES)).result()
    assert [claim.reason for claim in claims] == ["a wrong digit"]
    desk.press("Undo")
    desk.wait(desk.linked(JANE_ID))
    assert desk.store.read(lambda reader: reader.claims(JANES)).result() == ()


def test_a_number_that_is_no_longer_theirs(desk: RingingDesk) -> None:
    desk.ring(JANES)
    desk.wait(desk.linked(JANE_ID))
    denial_of(desk).accept()
    desk.wait(lambda: "Belonged to Jane Doe until" in desk.texts())
    assert desk.row().customer_id is None
    jane = desk.store.read(lambda reader: reader.customer(JANE_ID)).result()
    assert jane is not None
    assert jane.numbers[0].until is not None


def test_only_this_call_was_somebody_else_s(desk: RingingDesk) -> None:
    desk.ring(JANES)
    desk.wait(desk.linked(JANE_ID))
    dialog = denial_of(desk)
    dialog.only_call.setChecked(True)
    dialog.accept()
    desk.wait(desk.linked(None))
    desk.wait(lambda: "no match" in buttons(desk))
    desk.windows.pop.put_away(desk.full)
    desk.ring(JANES)
    desk.wait(desk.linked(JANE_ID))


def test_a_stranger_is_assigned_and_it_can_be_undone(desk: RingingDesk, qtbot: QtBot) -> None:
    desk.ring(STRANGER, "Jane D.")
    assert "United Kingdom" in desk.texts()
    assert "Calls itself Jane D." in desk.texts()
    desk.press("Assign")
    dialog = desk.dialog(AssignDialog)
    assert isinstance(dialog, AssignDialog)
    qtbot.keyClicks(dialog.search, "jane doe")
    desk.wait(lambda: dialog.model.rowCount() == 1)
    dialog.save()
    desk.wait(desk.linked(JANE_ID))
    desk.wait(lambda: "Jane Doe" in desk.texts() and "Undo" in buttons(desk))
    desk.press("Undo")
    desk.wait(desk.linked(None))
    jane = desk.store.read(lambda reader: reader.customer(JANE_ID)).result()
    assert jane is not None
    assert [number.e164 for number in jane.numbers] == [JANES]


def buttons(desk: RingingDesk) -> list[str]:
    found = desk.windows.pop.findChildren(QWidget)
    return [one.text() for one in found if one.isVisible() and hasattr(one, "text")]


def test_a_stranger_becomes_a_customer(desk: RingingDesk) -> None:
    desk.ring(STRANGER, "Nia New")
    desk.press("Create")
    form = desk.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    assert form.editor.texts["name"].text() == "Nia New"
    form.save()
    desk.wait(lambda: desk.full is not None and desk.full.title == "Nia New")
    page = desk.windows.window.customers()
    desk.wait(page.undo_bar.isVisible)
    take_back(page.undo_bar, desk.store, desk.wait)
    desk.wait(desk.linked(None))
    assert desk.store.read(lambda reader: reader.search("Nia")).result() == ()


def test_a_stranger_is_ignored_with_a_reason(desk: RingingDesk) -> None:
    desk.ring(STRANGER)
    desk.press("Ignore")
    dialog = desk.dialog(IgnoreDialog)
    assert isinstance(dialog, IgnoreDialog)
    assert dialog.text.text() == STRANGER
    dialog.reason.setText("sells solar roofs")
    dialog.accept()
    desk.wait(lambda: bool(desk.store.read(lambda reader: reader.ignored()).result()))
    (rule,) = desk.store.read(lambda reader: reader.ignored()).result()
    assert (rule.text, rule.reason, rule.who) == (STRANGER, "sells solar roofs", "Alice Adler")


def test_a_wrong_signature_links_nobody_until_the_agent_chooses(desk: RingingDesk) -> None:
    desk.ring(JANES, **FAILED)
    card = desk.full
    assert card is not None
    assert card.match.state is MatchState.SUGGESTED
    assert desk.row().customer_id is None
    assert "Ask before you tell." in desk.texts()
    assert "May be this customer" in desk.texts()
    desk.windows.pop._full.people.choose(0)
    desk.wait(desk.linked(JANE_ID))


def test_a_choice_of_somebody_who_is_gone_is_told(desk: RingingDesk) -> None:
    from crmdesk.gui.widgets.messages import Question

    desk.ring(SHARED)
    desk.windows.actions._choose(desk.full, uuid.uuid4())
    desk.wait(lambda: any(isinstance(w, Question) for w in QApplication.topLevelWidgets()))
    assert desk.row().customer_id is None
