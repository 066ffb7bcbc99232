"""The settings window on a real desk: what is typed reaches the file and the running core."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crmdesk.gui.settings.about import AboutSection
from crmdesk.gui.settings.choices import LookSection, PopSection
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.widgets.messages import Question
from crmdesk.settings import paths
from crmdesk.settings.model import AgentSettings
from tests.gui.desk_windows import end
from tests.gui.settings_desk import SETTINGS, Desk, desk, home, runtime, themed, wait

__all__ = ["desk", "home", "runtime", "themed", "wait"]

# --- what is typed --------------------------------------------------------------------------------


def test_name_and_extension_are_saved_as_one_types(desk: Desk, qtbot: QtBot) -> None:
    me = desk.window.me
    me.name.clear()
    qtbot.keyClicks(me.name, "Bob Brandt")
    me.extension.clear()
    qtbot.keyClicks(me.extension, "1002")
    desk.saved(lambda s: s.agent == AgentSettings(name="Bob Brandt", extension="1002"))


def test_wrong_extension_is_told_and_not_saved(desk: Desk, qtbot: QtBot) -> None:
    me = desk.window.me
    me.extension.clear()
    qtbot.keyClicks(me.extension, "10 01")
    assert "without blanks" in me.extension.accessibleDescription()
    desk.window.close()
    assert desk.window.isVisible()  # it asks before what was typed is lost
    desk.dialog(Question).reject()
    me.extension.setText("1003")
    me.extension.textEdited.emit("1003")
    desk.window.close()
    desk.saved(lambda s: s.agent.extension == "1003")


def test_what_waits_is_saved_when_the_window_closes(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.window.me.name, " junior")
    desk.window.close()
    desk.saved(lambda s: s.agent.name == "Alice Adler junior")


def test_look_changes_at_once_and_is_kept(desk: Desk) -> None:
    look = next(s for s in desk.window.sections if isinstance(s, LookSection))
    look.looks.cards[2].radio.click()
    assert theme().palette.is_dark
    desk.saved(lambda s: s.look.theme == "dark")


def test_card_choices(desk: Desk) -> None:
    pop = next(s for s in desk.window.sections if isinstance(s, PopSection))
    for box, value in ((pop.when, "asked"), (pop.where, "primary"), (pop.stay, 30.0)):
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())
    made = desk.saved(lambda s: s.pop.leave_after_s == 30)
    assert made.pop.screen == "primary"
    assert made.lines[0].pop_when == "asked"


def test_settings_that_cannot_be_written_come_back(desk: Desk, qtbot: QtBot) -> None:
    paths.settings_file().write_text("this is not TOML")
    qtbot.keyClicks(desk.window.me.name, "x")
    desk.window.me.flush()
    desk.wait(desk.window.trouble.isVisible)
    assert "not valid TOML" in desk.window.trouble.accessibleName()
    assert desk.window.book.settings == SETTINGS
    assert desk.core.settings == SETTINGS
    assert paths.settings_file().read_text() == "this is not TOML"


def test_about_names_no_folder_that_is_not_there(desk: Desk) -> None:
    def said() -> set[str]:
        section = AboutSection(desk.window.book)
        found = {text.text() for text in section.findChildren(QLabel)}
        end(section)
        return found

    assert str(paths.settings_file()) in said()
    assert str(paths.log_folder()) not in said()
    paths.log_folder().mkdir()
    assert str(paths.log_folder()) in said()


# --- closing --------------------------------------------------------------------------------------


def _esc(window: SettingsWindow) -> None:
    QTest.keyClick(window.me.name, Qt.Key.Key_Escape)


def _click(window: SettingsWindow) -> None:
    QTest.mouseClick(window.close_button, Qt.MouseButton.LeftButton)


def _return(window: SettingsWindow) -> None:
    window.close_button.setFocus()
    QTest.keyClick(window.close_button, Qt.Key.Key_Return)


def _space(window: SettingsWindow) -> None:
    window.close_button.setFocus()
    QTest.keyClick(window.close_button, Qt.Key.Key_Space)


def _ctrl_w(window: SettingsWindow) -> None:
    QTest.keyClick(window.me.name, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("way", [_esc, _click, _return, _space, _ctrl_w, SettingsWindow.close])
def test_every_way_closes_the_window_and_saves(
    desk: Desk, qtbot: QtBot, way: Callable[[SettingsWindow], object]
) -> None:
    window = desk.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClicks(window.me.name, " junior")
    way(window)
    assert not window.isVisible()
    desk.saved(lambda s: s.agent.name == "Alice Adler junior")


def test_return_in_a_field_does_not_close(desk: Desk) -> None:
    QTest.keyClick(desk.window.me.name, Qt.Key.Key_Return)
    assert desk.window.isVisible()


@pytest.mark.parametrize("way", [_esc, _click, SettingsWindow.close])
def test_every_way_asks_before_something_typed_is_lost(
    desk: Desk, qtbot: QtBot, way: Callable[[SettingsWindow], object]
) -> None:
    desk.window.me.extension.clear()
    qtbot.keyClicks(desk.window.me.extension, "10 01")
    way(desk.window)
    assert desk.window.isVisible()
    desk.dialog(Question).accept()
    assert not desk.window.isVisible()
