"""The matching page: rules are changed, tried in a program of their own, saved and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.desk.rule_lab.report import LabCount, LabKind, LabReport
from crmdesk.desk.runtime import Runtime
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.pages.matching.page import JOB, MatchingPage
from crmdesk.gui.pages.matching.words import COLUMNS, progress_line, shares, summary
from crmdesk.gui.pictures.scenes_rule_lab import report
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.widgets.messages import Question
from crmdesk.settings.model import MatchingSettings
from tests.gui.desk_fixtures import demo, themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows

USUAL = MatchingSettings()
NO_NUMBERS = MatchingSettings(ladder=("account",))


@pytest.fixture
def page(windows: Windows) -> MatchingPage:  # noqa: F811
    return opened(windows)


def opened(windows: Windows) -> MatchingPage:  # noqa: F811
    windows.window.show_page("matching")
    found = windows.window.pages["matching"]
    assert isinstance(found, MatchingPage)
    return found


@pytest.fixture
def saving(demo: Windows) -> Iterator[MatchingPage]:  # noqa: F811
    """The page of a desk that keeps what is saved until it ends."""
    runtime = Runtime()
    runtime.start()
    page = opened(demo)
    book = SettingsBook(demo.core, runtime)
    page.change_wanted.connect(lambda change, then: book.change(change, then=then))
    yield page
    runtime.stop()


def test_rules_in_force_are_shown(page: MatchingPage) -> None:
    assert page.form.rules() == USUAL
    assert page.state.text() == "These rules are in force."
    assert not page.save.isEnabled()
    assert not page.discard.isEnabled()
    assert page.form.rungs.rows["account"].switch.hasFocus()


def test_switch_turns_a_rung_off_and_discarding_brings_it_back(page: MatchingPage) -> None:
    row = page.form.rungs.rows["suffix"]
    row.switch.click()
    assert page.form.rules().ladder == ("account", "e164", "national", "block")
    assert row.figure is not None
    assert not row.figure.isEnabled()
    assert page.state.text() == "Changed, not tried."
    page.discard.click()
    assert page.form.rules() == USUAL
    assert row.figure.isEnabled()


def test_rungs_move_by_key_and_keep_the_focus(page: MatchingPage, qtbot: QtBot) -> None:
    switch = page.form.rungs.rows["account"].switch
    for _ in range(2):
        qtbot.keyClick(switch, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.form.rules().ladder == ("e164", "national", "account", "block", "suffix")
    assert QApplication.focusWidget() is switch
    assert switch.accessibleName() == "Account id, rung 3"
    qtbot.keyClick(switch, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert page.form.rules().ladder[1] == "account"


def test_rungs_move_by_button_and_stop_at_the_ends(page: MatchingPage) -> None:
    rows = page.form.rungs.rows
    assert not rows["account"].up.isEnabled()
    assert not rows["suffix"].down.isEnabled()
    rows["suffix"].up.click()
    assert page.form.rules().ladder[-2:] == ("suffix", "block")
    page.form.rungs.move_rung("block", 1)
    assert page.form.rules().ladder[-1] == "block"


def test_figures_keep_to_their_limits(page: MatchingPage) -> None:
    figure = page.form.rungs.rows["suffix"].figure
    assert figure is not None
    figure.setValue(2)
    assert page.form.rules().suffix_digits == 5
    page.form.link_from.setValue(9_999)
    assert page.form.rules().link_from == 2000


def test_wheel_over_a_figure_scrolls_the_page(page: MatchingPage) -> None:
    box = page.form.link_from
    turn = QWheelEvent(
        QPointF(4, 4), QPointF(4, 4), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turn)
    assert box.value() == USUAL.link_from


def test_phone_lines_are_one_click_away(page: MatchingPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.line_settings_wanted):
        page.form.lines.click()


# --- a try ------------------------------------------------------------------------------------


def test_a_try_saving_and_taking_back(saving: MatchingPage, demo: Windows) -> None:  # noqa: F811
    page = saving
    page.form.set_rules(NO_NUMBERS)
    page.form.changed.emit()
    page.try_rules()
    assert page.lab.stack.currentWidget() is page.lab.running
    assert demo.window.jobs.of_kind(JOB) is not None
    demo.wait(lambda: page.lab.stack.currentWidget() is page.lab.result)
    tile = page.lab.tiles.tiles[LabKind.LOST]
    assert tile.isEnabled()
    assert page.lab.table.model.rowCount() > 0
    assert page.lab.table.why.text()
    assert page.state.text() == "Tried, not saved."
    assert page.save.property("kind") == "primary"
    assert demo.core.settings.matching == USUAL

    page.save.click()  # tried: nobody is asked
    demo.wait(lambda: demo.core.settings.matching == NO_NUMBERS and page.saved.isVisible())
    assert page.state.text() == "These rules are in force."
    page.saved.action_clicked.emit()
    demo.wait(lambda: demo.core.settings.matching == USUAL and page.form.rules() == USUAL)


def test_rules_nobody_tried_are_saved_after_a_clear_word(
    saving: MatchingPage,
    demo: Windows,  # noqa: F811
) -> None:
    page = saving
    page.form.link_from.setValue(650)
    page.save.click()
    question = demo.dialog(Question)
    question.reject()
    assert demo.core.settings.matching == USUAL
    page.save.click()
    demo.dialog(Question).accept()
    demo.wait(lambda: demo.core.settings.matching.link_from == 650)
    demo.wait(page.saved.isVisible)
    page.form.link_from.setValue(600)
    assert page.back.isVisibleTo(page)
    page.back.click()
    assert page.form.rules() == USUAL


def test_a_try_can_be_cancelled(demo: Windows) -> None:  # noqa: F811
    page = opened(demo)
    page.try_rules()
    page.lab.cancel.click()
    demo.wait(lambda: demo.window.jobs.of_kind(JOB) is None)
    assert page.lab.start.isEnabled()


def test_a_try_that_fails_says_why(
    demo: Windows,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = opened(demo)
    words = ("rules", "try", "--rule", "suffix_digits=2")
    monkeypatch.setattr(page, "_command", lambda _rules: words)
    page.try_rules()
    demo.wait(page.trouble.isVisible)
    assert "from 5 to 12" in page.trouble.accessibleName()
    assert page.lab.start.isEnabled()


def test_changing_after_a_try_marks_its_figures(page: MatchingPage) -> None:
    page.show_report(report(), page.form.rules())
    assert not page.lab.stale.isVisible()
    page.form.lead.setValue(150)
    assert page.lab.stale.isVisible()


def test_a_tile_shows_its_examples_only(page: MatchingPage) -> None:
    page.show_report(report(), page.form.rules())
    every = page.lab.table.model.rowCount()
    page.lab.tiles.tiles[LabKind.AMBIGUOUS].click()
    assert 0 < page.lab.table.model.rowCount() < every
    page.lab.tiles.tiles[LabKind.AMBIGUOUS].click()
    assert page.lab.table.model.rowCount() == every
    assert not page.lab.tiles.tiles[LabKind.MOVED].isEnabled()


def test_names_are_shown_as_they_are(page: MatchingPage) -> None:
    first = report().examples[0]
    named = replace(first, after=replace(first.after, name="<b>Bobby</b>"), why="<i>why</i>")
    page.show_report(replace(report(), examples=(named,)), page.form.rules())
    model = page.lab.table.model
    assert model.data(model.index(0, COLUMNS.index("With these rules"))) == "<b>Bobby</b>"
    assert page.lab.table.why.textFormat() is Qt.TextFormat.PlainText


def test_no_calls_and_no_effect_are_different_words(page: MatchingPage) -> None:
    nothing = LabCount()
    same = dict.fromkeys(LabKind, nothing)
    none = LabReport(nothing, nothing, nothing, 0, 0, same)
    assert shares(none) == "There is no call with a number yet."
    page.show_report(none, page.form.rules())
    assert page.lab.below.currentWidget() is page.lab.nothing
    some = replace(none, looked_at=LabCount(3, 1), linked_before=LabCount(3, 1))
    assert "0.0 %" in shares(some)
    assert summary(some).startswith("3 calls of 1 number.")


def test_progress_has_rate_and_time_left() -> None:
    line = progress_line(JobProgress(4_310_000, 10_000_000, 92_100.0, 61.8))
    assert line == "4,310,000 of 10,000,000 · 92,100 a second · 1 min left"
    assert progress_line(JobProgress()) == ""
