"""The list of changes in the settings: everything of earlier can be taken back from it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.desk.taking_back import KIND_WORDS
from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.customers import Customer, PhoneNumber
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.gui.settings import changes
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.changes import ChangesSection
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.widgets.selection import select_row
from crmdesk.store import Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, end
from tests.gui.opened_customer import jane

NUMBER, OTHER = "+493023125100", "+442079460123"


@pytest.fixture
def owner(windows: Windows) -> Customer:  # noqa: F811
    """Jane, who was chosen for a number of others, and a caller who is ignored."""
    made = jane(numbers=(PhoneNumber(NUMBER, NUMBER, "work"),))

    def fill(writer: Writer) -> None:
        writer.save_customer(made)
        writer.choose_owner(OTHER, made.id, None, "Ben", remember=True)
        writer.ignore(IgnoreRule(uuid.uuid4(), IgnoreKind.EXACT, NUMBER), "Alice Adler")

    windows.store.write(fill).result()
    return made


@pytest.fixture
def section(windows: Windows) -> Iterator[ChangesSection]:  # noqa: F811
    book = SettingsBook(windows.core, windows.window._runtime)
    made = ChangesSection(book)
    made.resize(600, 500)
    made.show()
    yield made
    end(made)
    book.deleteLater()


@pytest.fixture
def listed(section: ChangesSection, windows: Windows) -> Callable[[int], None]:  # noqa: F811
    """Reads the list, which then has so many rows."""

    def read(count: int) -> None:
        section.enter()
        windows.wait(lambda: len(section.changes()) == count)

    return read


def test_nothing_yet_is_said(section: ChangesSection, listed: Callable[[int], None]) -> None:
    listed(0)
    assert section.empty.isVisible()
    assert not section.undo.isEnabled()


def test_an_older_step_is_taken_back_with_the_keyboard(
    owner: Customer,
    section: ChangesSection,
    listed: Callable[[int], None],
    windows: Windows,  # noqa: F811
) -> None:
    listed(2)
    told: list[bool] = []
    section.taken_back.connect(lambda: told.append(True))
    assert not section.undo.isEnabled()
    section.activateWindow()
    section.list.setFocus()
    select_row(section.list, 0)
    QTest.keyClick(section.list, Qt.Key.Key_Down)
    assert section.changes()[1].title == f"+44 20 7946 0123 is {owner.name} from now on"
    assert section.undo.isEnabled()
    QTest.keyClick(section.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    windows.wait(lambda: section.changes()[1].state is ChangeState.UNDONE)
    assert told == [True]
    assert "1 row is as before." in section.told.accessibleName()
    assert windows.store.read(lambda reader: reader.claims(OTHER)).result() == ()
    assert len(windows.store.read(lambda reader: reader.ignored()).result()) == 1
    assert not section.undo.isEnabled()
    shown = section.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert "taken back by Alice Adler" in shown


def test_what_was_taken_back_elsewhere_is_said(
    owner: Customer,
    section: ChangesSection,
    listed: Callable[[int], None],
    windows: Windows,  # noqa: F811
) -> None:
    listed(2)
    select_row(section.list, 1)
    gone = section.changes()[1].id
    windows.store.write(lambda writer: writer.undo_change(gone, "Ben")).result()
    section.undo.click()
    windows.wait(lambda: "taken back already" in section.told.accessibleName())
    windows.wait(lambda: section.changes()[1].state is ChangeState.UNDONE)
    assert not section.undo.isEnabled()


def test_what_changed_since_is_told_as_kept(
    owner: Customer,
    section: ChangesSection,
    listed: Callable[[int], None],
    windows: Windows,  # noqa: F811
) -> None:
    windows.store.write(lambda writer: writer.forget_choice(OTHER, "Ben")).result()
    listed(3)
    select_row(section.list, 2)
    section.undo.click()
    windows.wait(lambda: section.changes()[2].state is ChangeState.UNDONE)
    assert "1 row changed since then and stays as it is now." in section.told.accessibleName()
    shown = section.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert "1 kept" in shown


def test_pages_follow_one_another(
    owner: Customer,
    section: ChangesSection,
    listed: Callable[[int], None],
    windows: Windows,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes, "PAGE", 1)
    listed(1)
    assert section.older.isVisible()
    section.older.click()
    windows.wait(lambda: len(section.changes()) == 2)
    assert not section.older.isVisible()
    assert section.changes() == windows.store.read(lambda r: r.changes()).result().changes


def test_the_palette_and_the_window_lead_here(windows: Windows) -> None:  # noqa: F811
    asked: list[bool] = []
    windows.window.changes_wanted.connect(lambda: asked.append(True))
    (command,) = [one for one in windows.window.commands() if one.title.startswith("Changes")]
    command.run()
    assert asked == [True]
    book = SettingsBook(windows.core, windows.window._runtime)
    window = SettingsWindow(book)
    window.show()
    window.show_changes()
    assert window.changes.isVisible()
    end(window)
    book.deleteLater()


def test_every_kind_of_change_has_words_and_an_icon() -> None:
    assert set(KIND_WORDS) == set(changes._ICONS) == set(ChangeKind)
