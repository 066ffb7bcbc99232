"""Settings, "Service levels": calendars and policies, added, tried, ordered, taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.gui.settings.calendar_dialog import CalendarDialog
from crmdesk.gui.settings.policy_dialog import PolicyDialog
from crmdesk.gui.settings.service_levels import ServiceLevelsSection
from crmdesk.gui.settings.zone import own_zone
from tests.gui.settings_desk import Desk, desk, home, runtime, themed, wait
from tests.gui.taking_back import take_back

__all__ = ["desk", "home", "runtime", "themed", "wait"]


@pytest.fixture
def section(desk: Desk) -> ServiceLevelsSection:
    found = next(one for one in desk.window.sections if isinstance(one, ServiceLevelsSection))
    desk.window.show_section(desk.window.sections.index(found))
    return found


def names(desk: Desk) -> list[str]:
    levels = desk.core.store.read(lambda reader: reader.service_levels()).result()
    return [one.name for one in levels.policies]


def add_calendar(desk: Desk, section: ServiceLevelsSection) -> None:
    section.calendars.add.click()
    dialog = desk.dialog(CalendarDialog)
    dialog.name.setText("Office")
    dialog.zone.setEditText("Europe/Berlin")
    dialog.accept()
    desk.wait(lambda: section.calendars.model.rowCount() == 1)


def add_policy(desk: Desk, section: ServiceLevelsSection, name: str, within: str = "8 h") -> None:
    before = section.policies.model.rowCount()
    section.policies.add.click()
    dialog = desk.dialog(PolicyDialog)
    dialog.name.setText(name)
    dialog.resolution.setText(within)
    dialog.accept()
    desk.wait(lambda: section.policies.model.rowCount() == before + 1)


def test_an_empty_store_says_what_to_do(section: ServiceLevelsSection) -> None:
    assert section.policies.stack.currentWidget() is section.policies.empty
    assert "nothing would be due" in section.due.text()


def test_a_calendar_and_a_level_are_added_and_tried(
    desk: Desk, section: ServiceLevelsSection
) -> None:
    add_calendar(desk, section)
    section.policies.add.click()
    dialog = desk.dialog(PolicyDialog)
    assert not dialog._save.isEnabled()
    dialog.name.setText("Standard")
    dialog.first_answer.setText("soon")
    assert not dialog._save.isEnabled()
    assert "45 min" in dialog._first_field._note.text()
    dialog.first_answer.setText("1 h")
    dialog.calendar.setCurrentIndex(1)
    assert "answer due" in dialog._preview.text()
    dialog.accept()
    desk.wait(lambda: names(desk) == ["Standard"])
    desk.wait(lambda: "answer due" in section.due.text())
    assert "Office" in section.policies.model.item(0).accessibleText()


def test_levels_are_ordered_edited_removed_and_taken_back(
    desk: Desk, section: ServiceLevelsSection, qtbot: QtBot
) -> None:
    add_policy(desk, section, "First")
    add_policy(desk, section, "Second")
    section.policies.view.setCurrentIndex(section.policies.model.index(1, 0))
    section.up.click()
    desk.wait(lambda: names(desk) == ["Second", "First"])
    desk.wait(lambda: section.policies.model.item(0).text() == "Second")
    section.policies.view.setCurrentIndex(section.policies.model.index(0, 0))
    section.policies.edit.click()
    dialog = desk.dialog(PolicyDialog)
    dialog.name.setText("Renamed")
    dialog.accept()
    desk.wait(lambda: names(desk) == ["Renamed", "First"])
    desk.wait(lambda: section.policies.model.item(0).text() == "Renamed")
    section.policies.remove.click()
    desk.wait(lambda: names(desk) == ["First"])
    take_back(section.undo_bar, desk.core.store, desk.wait)
    desk.wait(lambda: names(desk) == ["Renamed", "First"])


def test_a_calendar_that_cannot_be_is_refused_as_one_types(
    desk: Desk, section: ServiceLevelsSection
) -> None:
    section.calendars.add.click()
    dialog = desk.dialog(CalendarDialog)
    assert dialog.zone.currentText() == own_zone()
    dialog.name.setText("Office")
    assert dialog._save.isEnabled()
    dialog.days[0].setText("nine to five")
    assert not dialog._save.isEnabled()
    assert "9:00–17:00" in dialog._trouble.text()
    for edit in dialog.days:
        edit.setText("")
    assert "no working hours" in dialog._trouble.text()
    assert dialog._save.isEnabled()  # one may want to say so for a while
    dialog.zone.setEditText("Mars/Olympus")
    assert not dialog._save.isEnabled()
    dialog.zone.setEditText("Europe/Berlin")
    dialog.holidays.setPlainText("Christmas")
    assert not dialog._save.isEnabled()
    dialog.reject()


def test_a_calendar_in_use_is_not_removed_and_it_is_said_why(
    desk: Desk, section: ServiceLevelsSection, qtbot: QtBot
) -> None:
    add_calendar(desk, section)
    section.policies.add.click()
    dialog = desk.dialog(PolicyDialog)
    dialog.name.setText("Standard")
    dialog.resolution.setText("8 h")
    dialog.calendar.setCurrentIndex(1)
    dialog.accept()
    desk.wait(lambda: section.policies.model.rowCount() == 1)
    section.calendars.view.setCurrentIndex(section.calendars.model.index(0, 0))
    assert section.calendars.remove.isEnabled()
    desk.window.activateWindow()
    section.calendars.view.setFocus()
    desk.wait(section.calendars.view.hasFocus)
    qtbot.keyClick(section.calendars.view, Qt.Key.Key_Delete)
    desk.wait(section.trouble.isVisible)
    assert section.calendars.model.rowCount() == 1


def test_enter_on_a_level_opens_it_and_saves_nothing(
    desk: Desk, section: ServiceLevelsSection, qtbot: QtBot
) -> None:
    add_policy(desk, section, "Standard")
    section.policies.view.setFocus()
    qtbot.keyClick(section.policies.view, Qt.Key.Key_Return)
    (dialog,) = desk.window.findChildren(PolicyDialog)[-1:]
    assert dialog.isVisible(), "the same Enter pressed the button of the dialog it opened"
    assert dialog.name.text() == "Standard"
    dialog.reject()
