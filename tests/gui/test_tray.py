"""The tray icon says how the lines are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.tray import Tray
from tests.gui.cards import NOW
from tests.gui.desk_windows import end, theme_of


@pytest.fixture
def tray(qapp: QApplication) -> Iterator[Tray]:
    with theme_of(qapp):
        owner = QWidget()
        yield Tray(owner)
        end(owner)


def line(state: LineState, name: str = "Main office") -> LineHealth:
    return LineHealth("office", name, state, NOW)


def test_each_line_has_its_state(tray: Tray) -> None:
    tray.line_changed(line(LineState.READY))
    assert tray.words() == "CRMDesk\nMain office: ready"
    tray.line_changed(line(LineState.RETRYING))
    assert tray.words() == "CRMDesk\nMain office: retrying"


def test_trouble_has_another_picture(tray: Tray) -> None:
    tray.line_changed(line(LineState.READY))
    well = tray._icon.icon().pixmap(32).toImage()
    tray.line_changed(line(LineState.REFUSED))
    assert tray._icon.icon().pixmap(32).toImage() != well


def test_markup_in_a_name_is_text(tray: Tray) -> None:
    tray.line_changed(line(LineState.READY, "<h1>Main</h1>"))
    assert "<" not in tray._icon.toolTip()
    assert "Main" in tray._icon.toolTip()


def test_cards_put_away_can_be_asked_for(tray: Tray, qtbot: QtBot) -> None:
    menu = tray._icon.contextMenu()
    assert isinstance(menu, QMenu)
    (entry,) = (a for a in menu.actions() if a.text() == "Show the call again")
    assert not entry.isEnabled()
    tray.set_waiting(2)
    assert "2 calls put away" in tray.words()
    with qtbot.waitSignal(tray.pop_wanted):
        entry.trigger()


def test_click_opens_the_window(tray: Tray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.show_wanted):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
