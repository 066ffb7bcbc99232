"""All windows of a running desk together."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from crmdesk.bootstrap.core import Core
from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.pops import PopState
from crmdesk.gui.app import DeskWindows
from crmdesk.gui.demo_tour import DemoTour
from crmdesk.gui.settings import show_settings
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.choices import PopSection, with_pop
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.widgets.times import utc_now
from crmdesk.settings import file, paths
from crmdesk.settings.model import Settings
from crmdesk.store import Store, keys, open_store
from tests.fakes.memory_vault import MemoryVault
from tests.gui.cards import card
from tests.gui.desk_windows import SETTINGS, end, write_call
from tests.gui.first_start import Wait, home, themed, wait

__all__ = ["home", "themed", "wait"]


async def _nothing() -> None:
    """A core that follows no line."""


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home / "test.db", keys.DEMO_KEY) as opened:
        yield opened


@pytest.fixture
def desk(qapp: QApplication, themed: None, home: Path, store: Store) -> Iterator[DeskWindows]:
    made = started(qapp, store, SETTINGS)
    yield made
    stopped(made)


def started(app: QApplication, store: Store, settings: Settings) -> DeskWindows:
    """A desk whose settings are kept."""
    file.save(paths.settings_file(), settings)
    desk = DeskWindows(app, Core(settings, store, MemoryVault()), _nothing)
    desk.start()
    return desk


def stopped(desk: DeskWindows) -> None:
    """Ends it as the program does, and lets Qt forget its windows."""
    desk.stop()
    for widget in QApplication.topLevelWidgets():
        if isValid(widget):
            end(widget)
    desk.deleteLater()


def test_pop_is_made_ready_before_the_first_call(desk: DeskWindows) -> None:
    assert desk.pop.windowHandle() is not None
    assert not desk.pop.isVisible()


def test_place_of_the_card_has_one_truth(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.dragged.emit(240, 180)
    wait(lambda: file.load(paths.settings_file()).pop.position == (240, 180))
    show_settings(desk)
    window = desk.window.findChild(SettingsWindow)
    section = next(s for s in window.sections if isinstance(s, PopSection))
    assert "240 px" in section._place.text()
    desk.pop.show_card(card())
    assert (desk.pop.x(), desk.pop.y()) == (240, 180)
    desk.pop.put_away(card())
    section.corner.click()
    wait(lambda: file.load(paths.settings_file()).pop.position is None)
    desk.pop.show_card(card(2))
    assert (desk.pop.x(), desk.pop.y()) != (240, 180)


def test_settings_open_where_they_were_left(desk: DeskWindows, wait: Wait) -> None:
    left = show_settings(desk)
    left.list.setFocus()
    QTest.keyClicks(left.list, "Surv")
    assert left.list.currentIndex().data() == "Surveys"
    QTest.keyClick(left.list, Qt.Key.Key_Escape)
    wait(lambda: desk.window.findChild(SettingsWindow) is None)
    assert show_settings(desk).list.currentIndex().data() == "Surveys"


def test_settings_of_the_card_hold_at_once(desk: DeskWindows, wait: Wait) -> None:
    desk.book.change(lambda settings: with_pop(settings, screen="primary", leave_after_s=60.0))
    assert desk.pop.wanted_screen == "primary"
    desk.pop.show_card(card())
    desk.pop.show_card(card(state=PopState.ENDED))
    change = desk.pop.deck.next_change
    assert change is not None
    assert (change - utc_now()).total_seconds() > 30
    wait(lambda: not desk.book.is_saving)


def test_text_for_a_place_in_the_state_file_stops_no_pop(
    qapp: QApplication, themed: None, store: Store
) -> None:
    paths.state_file().write_text('{"pop.place": ["left", "top"]}')
    desk = started(qapp, store, SETTINGS)
    desk.pop.show_card(card())
    assert desk.pop.isVisible()
    stopped(desk)


def test_click_on_the_health_of_a_line_opens_the_phone_lines(desk: DeskWindows) -> None:
    desk.window.news.line_health(LineHealth("support", "Support", LineState.DEGRADED, utc_now()))
    QTest.mouseClick(desk.window.top.lines._marks["support"], Qt.MouseButton.LeftButton)
    opened = desk.window.findChild(SettingsWindow)
    assert opened is not None
    assert opened._stack.currentIndex() == opened.sections.index(opened.lines)


def test_theme_is_kept_in_the_one_book(desk: DeskWindows, wait: Wait) -> None:
    desk.window.toggle_theme()
    desk.window.toggle_theme()
    desk.window.toggle_theme()
    wait(lambda: file.load(paths.settings_file()).look.theme == "dark")
    assert [desk.book] == desk.findChildren(SettingsBook) + desk.window.findChildren(SettingsBook)


def test_pictures_of_the_tour_show_one_call_and_a_filled_window(
    qapp: QApplication, desk: DeskWindows, wait: Wait, tmp_path: Path
) -> None:
    calls = [call_of(number) for number in (1, 2)]
    for call in calls:
        desk.core.store.write(lambda writer, call=call: write_call(writer, call)).result()
    tour = DemoTour(qapp, desk, tmp_path, calls=2)
    for number, state in ((1, PopState.RINGING), (1, PopState.ENDED), (2, PopState.RINGING)):
        shown = card(number, state=state, call_id=calls[number - 1].id)
        desk.bridge.pop_changed(shown)
        wait(lambda shown=shown: shown in desk.pop.deck.shown)
    assert [one.call_id for one in desk.pop.deck.shown] == [calls[1].id]
    page = desk.window.pages["calls"]
    assert desk.window.stack.currentWidget() is page
    assert page.opened() == calls[1].id
    wait((tmp_path / "window.png").exists)
    wait(lambda: page.table.model.rowCount() == 2)
    assert page.detail_stack.currentIndex() == 1
    tour.deleteLater()


def call_of(number: int) -> Call:
    """A call of long ago, so that only "All" has it."""
    at = utc_now() - timedelta(days=30)
    return Call(uuid.uuid4(), "support", Direction.INBOUND, at, f"+4930231257{number:02d}")


def test_change_that_is_not_saved_is_told_without_the_settings_window(
    desk: DeskWindows, wait: Wait
) -> None:
    paths.settings_file().write_text("this is not TOML")
    desk.pop.dragged.emit(240, 180)
    wait(lambda: bool(desk.window.findChildren(Question)))
    assert desk.pop.remembered is None
