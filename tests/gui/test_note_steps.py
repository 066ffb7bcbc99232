"""Notes are steps of somebody: written, changed, removed and taken back, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.changes import ChangeKind
from crmdesk.gui.conflicts.dialog import ConflictDialog
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.interaction_view import InteractionView
from crmdesk.store.audit.notes import NoteWriting
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.opened_customer import entries, jane, opened
from tests.gui.taking_back import take_back

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(windows: Windows, qtbot: QtBot) -> CustomersPage:  # noqa: F811
    """A customer with one note, written by keyboard."""
    made = opened(windows, jane())
    made.card.timeline.list.setFocus()
    qtbot.keyClick(made.card.timeline.list, Qt.Key.Key_N)
    windows.wait(made.card.note.edit.hasFocus)
    qtbot.keyClicks(made.card.note.edit, "wants a lamp")
    qtbot.keyClick(made.card.note.edit, Qt.Key.Key_Return, CTRL)
    windows.wait(lambda: entries(made) == ["wants a lamp"])
    return made


def _press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClick(widget, key, modifier)


def _open(page: CustomersPage, windows: Windows, qtbot: QtBot) -> InteractionView:  # noqa: F811
    page.card.timeline.list.setFocus()
    page.card.timeline.move_cursor(1)
    _press(qtbot, Qt.Key.Key_Return, SHIFT)
    windows.wait(lambda: page.card.shows_record)
    view = page.card.record.view
    assert isinstance(view, InteractionView)
    windows.wait(view.hasFocus)
    return view


def test_a_note_is_a_step_that_can_be_taken_back(page: CustomersPage, windows: Windows) -> None:  # noqa: F811
    windows.wait(lambda: page.undo_bar.text() == "Done. Note: wants a lamp")
    (step,) = windows.store.read(lambda r: r.changes()).result().changes
    assert (step.kind, step.who) == (ChangeKind.NOTE, "Alice Adler")
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: entries(page) == [])


def test_a_note_is_changed_in_its_place(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    _press(qtbot, Qt.Key.Key_E, SHIFT)
    windows.wait(view.editor.edit.hasFocus)
    qtbot.keyClicks(view.editor.edit, ", card 4111111111111111")
    assert view.editor.edit.toPlainText() == "wants a lamp, card •••• 1111"
    assert not view.editor.card_note.isHidden()
    page._read()  # a call ended, somebody else wrote: what is typed stays
    windows.wait(lambda: view.editor._state.text() == "Draft kept")
    assert view.editor.edit.toPlainText() == "wants a lamp, card •••• 1111"
    _press(qtbot, Qt.Key.Key_Return, CTRL)
    windows.wait(lambda: "Note changed" in page.undo_bar.text())
    windows.wait(lambda: view._shown is not None and view._shown.detail.endswith("1111"))
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: view._shown is not None and view._shown.detail == "wants a lamp")


def test_a_half_changed_note_comes_back(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    view.edit()
    windows.wait(view.editor.edit.hasFocus)
    qtbot.keyClicks(view.editor.edit, " by Friday")
    page._close_record()
    assert view.editor.note is None
    _open(page, windows, qtbot)
    windows.wait(lambda: view.editor.note is not None)
    assert view.editor.edit.toPlainText() == "wants a lamp by Friday"
    view.editor.give_up()
    assert view.editor.isHidden()


def test_what_somebody_else_changed_is_not_written_over(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    view = _open(page, windows, qtbot)
    view.edit()
    seen = view.editor.note
    assert seen is not None
    windows.store.write(lambda w: NoteWriting(w, "Ben").edit(seen, "wants two lamps")).result()
    view.editor.edit.setPlainText("wants three lamps")
    view.editor.save()
    windows.wait(page.trouble.isVisible)
    assert "Ben changed this note while you did" in page.trouble._what.text()
    assert view.editor.edit.toPlainText() == "wants three lamps"
    windows.wait(lambda: bool(windows.window.findChildren(ConflictDialog)))
    question = windows.dialog(ConflictDialog)
    assert isinstance(question, ConflictDialog)
    question.take("mine")
    question.save()
    windows.wait(lambda: entries(page) == ["wants three lamps"])


def test_a_note_is_removed_and_taken_back(
    page: CustomersPage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    _open(page, windows, qtbot)
    _press(qtbot, Qt.Key.Key_Delete)
    windows.wait(lambda: entries(page) == [])
    assert not page.card.shows_record
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: entries(page) == ["wants a lamp"])
