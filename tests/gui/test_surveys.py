"""Surveys are asked by key at the end of a call, answered by key, and made in the settings."""

from __future__ import annotations

import uuid

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from crmdesk.domain.surveys import Question, QuestionKind, Survey, SurveyScale
from crmdesk.gui.settings.survey_dialog import SurveyDialog
from crmdesk.gui.surveys.ask_dialog import AskDialog
from crmdesk.gui.surveys.score_row import ScoreRow
from crmdesk.store.surveys.writing import SurveyWriting
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.opened_customer import jane, opened

WHY = Question(uuid.uuid4(), QuestionKind.TEXT, "Why?", is_required=True)
HOW = Question(uuid.uuid4(), QuestionKind.CHOICE, "How did you order?", ("Phone", "Web"))
AFTER = Survey(
    uuid.uuid4(), "After a call", SurveyScale.CSAT, "How content were you?", (WHY, HOW), True
)


def shown(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def press(desk: Windows, key: Qt.Key) -> None:
    desk.window.customers().card.timeline.list.setFocus()
    desk.window.activateWindow()
    desk.wait(lambda: QApplication.activeWindow() is desk.window)
    QTest.keyClick(QApplication.focusWidget() or desk.window, key)


def test_a_survey_is_asked_and_answered_by_key(windows: Windows) -> None:  # noqa: F811
    desk = windows
    desk.store.write(lambda w: SurveyWriting(w, "Ann").save((AFTER,))).result()
    page = opened(desk, jane())
    assert "Never asked" in shown(page.card)
    press(desk, Qt.Key.Key_V)
    desk.wait(lambda: any(one.isVisible() for one in desk.window.findChildren(AskDialog)))
    asked = desk.dialog(AskDialog)
    assert "How content were you?" in shown(asked)
    asked.activateWindow()
    desk.wait(lambda: QApplication.activeWindow() is asked)
    QTest.keyClick(asked.scores, Qt.Key.Key_4)
    assert "Still to be answered: Why?" in shown(asked)
    why = asked._replies[WHY.id]
    QTest.keyClicks(why, "Quick and kind")
    QTest.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait(lambda: "4 of 5, happy" in shown(page.card))
    key = page.opened()
    (answer,) = desk.store.read(lambda r: r.survey_answers_of(key)).result()
    whole = desk.store.read(lambda r: r.survey_answer(answer.id)).result()
    assert (whole.score, whole.survey_name) == (4, "After a call")
    assert [(one.question, one.text) for one in whole.replies] == [("Why?", "Quick and kind")]


def test_without_a_survey_the_way_to_one_is_said(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane())
    press(windows, Qt.Key.Key_V)
    windows.wait(lambda: "There is no survey to ask" in shown(page))
    assert page.trouble._action.text() == "Open the settings"
    asked: list[str] = []
    windows.window.section_wanted.connect(asked.append)
    page.trouble._action.click()
    assert asked == ["Surveys"]
    assert page.trouble.isHidden()


@pytest.mark.parametrize(
    ("scores", "typed", "score"),
    [(range(1, 6), "4", 4), (range(11), "10", 10), (range(11), "01", 1), (range(1, 6), "97", None)],
)
def test_figures_are_typed(qtbot, themed, scores, typed, score) -> None:  # noqa: F811
    row = ScoreRow(scores, "Score")
    qtbot.addWidget(row)
    QTest.keyClicks(row, typed)
    assert row.score == score


def test_survey_is_made_with_questions_and_wrong_ones_are_said(qtbot, themed) -> None:  # noqa: F811
    dialog = SurveyDialog(None, Survey(uuid.uuid4(), "", SurveyScale.NPS))
    qtbot.addWidget(dialog)
    assert not dialog._save.isEnabled()
    dialog.name.setText("Yearly")
    dialog.add.click()
    row = dialog._rows[0]
    row.text.setText("How did you order?")
    row.kind.setCurrentIndex(row.kind.findData("choice"))
    assert "two things to choose from" in dialog._state.text()
    row.choices.setText("Phone; Web")
    assert dialog._save.isEnabled()
    made = dialog.survey()
    assert (made.name, made.scale, made.questions[0].choices) == (
        "Yearly", SurveyScale.NPS, ("Phone", "Web"),
    )  # fmt: skip
