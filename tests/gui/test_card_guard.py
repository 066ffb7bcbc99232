"""Fields that keep no card number: typed, pasted, across the end of the field, in long texts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from crmdesk.gui.widgets import text_mask
from crmdesk.gui.widgets.card_guard import MASKED, guard_line, guard_text

CARD = "4111 1111 1111 1111"


@pytest.fixture
def line(qtbot: QtBot) -> QLineEdit:
    made = QLineEdit()
    made.setMaxLength(200)
    qtbot.addWidget(made)
    guard_line(made)
    return made


@pytest.fixture
def text(qtbot: QtBot) -> QPlainTextEdit:
    made = QPlainTextEdit()
    qtbot.addWidget(made)
    guard_text(made, 20_000)
    return made


def paste(field: QLineEdit | QPlainTextEdit, text: str) -> None:
    QApplication.clipboard().setText(text)
    field.paste()


def digits(text: str) -> int:
    return sum(map(str.isdigit, text))


@pytest.mark.parametrize("before", ["paid by phone ", "Customer says ", "by phone: ", "VISA"])
def test_it_is_masked_as_it_is_typed(
    qtbot: QtBot, line: QLineEdit, text: QPlainTextEdit, before: str
) -> None:
    for field in (line, text):
        qtbot.keyClicks(field, before + CARD)
    assert line.text() == text.toPlainText() == before + "•••• 1111"


@pytest.mark.parametrize("missing", [0, 3, 7, 15])
def test_who_completes_a_number_in_its_middle_goes_on_behind_its_mask(
    qtbot: QtBot, line: QLineEdit, text: QPlainTextEdit, missing: int
) -> None:
    number = CARD.replace(" ", "")
    for field in (line, text):
        field.setFocus()
        paste(field, f"paid {number[:missing]}{number[missing + 1 :]} today")
        qtbot.keyClick(field, Qt.Key.Key_Home)
        for _ in range(len("paid ") + missing):
            qtbot.keyClick(field, Qt.Key.Key_Right)
        qtbot.keyClicks(field, f"{number[missing]} by Jane")
    assert line.text() == text.toPlainText() == "paid •••• 1111 by Jane today"


@pytest.mark.parametrize("place", [182, 185, 190, 195, 199])
def test_a_number_pasted_across_the_end_of_a_line_leaves_four_digits(
    line: QLineEdit, place: int
) -> None:
    line.insert("x" * place)
    paste(line, CARD.replace(" ", "") + " and more")
    assert digits(line.text()) <= 4
    assert len(line.text()) <= 200


def test_a_full_line_takes_no_more_and_loses_nothing(qtbot: QtBot, line: QLineEdit) -> None:
    line.setText("a" * 100 + "b" * 100)
    line.setCursorPosition(100)
    qtbot.keyClick(line, Qt.Key.Key_X)
    assert line.text() == "a" * 100 + "b" * 100
    assert line.cursorPosition() == 100
    line.setCursorPosition(200)
    line.backspace()
    line.setCursorPosition(100)
    paste(line, "xyz")
    assert line.text() == "a" * 100 + "x" + "b" * 99


def test_a_text_across_two_lines_and_behind_wide_characters(text: QPlainTextEdit) -> None:
    paste(text, f"😀😀 {CARD} 😀\n4111-1111-\n1111-1111 end")
    assert text.toPlainText() == "😀😀 •••• 1111 😀\n•••• 1111 end"
    text.undo()
    assert "4111" not in text.toPlainText()


def test_two_halves_become_a_number(qtbot: QtBot, text: QPlainTextEdit) -> None:
    paste(text, "4111 1111 x 1111 1111")
    cursor = text.textCursor()
    cursor.setPosition(len("4111 1111 "))
    cursor.setPosition(len("4111 1111 x "), QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    assert text.toPlainText() == "•••• 1111"
    text.undo()
    assert "4111" not in text.toPlainText()


def test_only_what_is_changed_is_looked_at(
    qtbot: QtBot, text: QPlainTextEdit, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    find = text_mask.masks_in

    def masks_in(part: str) -> list[text_mask.Mask]:
        looked.append(len(part))
        return find(part)

    monkeypatch.setattr(text_mask, "masks_in", masks_in)
    paste(text, "4 1 " * 5_000)
    assert sum(looked) <= 20_000
    looked.clear()
    for place in (0, 10_000, 19_990):
        cursor = text.textCursor()
        cursor.setPosition(place)
        cursor.deleteChar()
        text.setTextCursor(cursor)
        qtbot.keyClick(text, Qt.Key.Key_X)
    assert len(looked) == 6
    assert max(looked) <= 2_100


@pytest.mark.parametrize("place", [0, 3, 700, 5_000, 9_999, 11_250])  # 700 parts a character
def test_it_is_found_anywhere_in_a_long_text(text: QPlainTextEdit, place: int) -> None:
    paste(text, "words 😀 " * 1_250)
    cursor = text.textCursor()
    cursor.setPosition(place)
    cursor.insertText(f" {CARD} ")
    assert digits(text.toPlainText()) == 4
    assert "•••• 1111" in text.toPlainText()


def test_what_is_too_much_is_cut_and_said(qtbot: QtBot) -> None:
    edit = QPlainTextEdit()
    qtbot.addWidget(edit)
    note = guard_text(edit, 100)
    edit.setPlainText("a" * 95)
    cursor = edit.textCursor()
    cursor.setPosition(50)
    edit.setTextCursor(cursor)
    paste(edit, "bbbbbbbbb")
    assert edit.toPlainText() == "a" * 50 + "bbbbb" + "a" * 45
    assert note.text() == "Cut: no more than 100 characters are kept here."
    assert not note.isHidden()
    edit.clear()
    paste(edit, "a" * 90 + CARD)
    assert digits(edit.toPlainText()) <= 4
    paste(edit, CARD)
    assert digits(edit.toPlainText()) <= 4


def test_it_says_so(text: QPlainTextEdit) -> None:
    paste(text, CARD)
    assert text.accessibleDescription() == MASKED
