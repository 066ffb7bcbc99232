"""Texts on the screen are shown as they are (threat model, rows 1 and 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QMargins, QPoint, QSize, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, check_box, line_edit, text_edit
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import (
    ElidedLabel,
    elided,
    isolate,
    joined,
    label,
    set_tooltip,
    set_window_title,
    tooltip_html,
    unmarked,
)
from tests.end2end.hostile import NAMES
from tests.gui.desk_windows import end, theme_of

WHOLE = sorted(name for name in NAMES.values() if name.isprintable() and len(name) < 300)


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> Iterator[None]:
    with theme_of(qapp):
        yield


def plain_size(text: str) -> QSize:
    """How large a text is that nobody can take for markup."""
    made = label("")
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    size = made.sizeHint()
    end(made)
    return size


@pytest.mark.parametrize("name", WHOLE)
def test_label_is_as_large_as_its_text(name: str) -> None:
    made = label(name)
    assert made.textFormat() is Qt.TextFormat.PlainText
    assert made.sizeHint() == plain_size(name)
    end(made)


def test_bare_label_of_qt_is_fooled() -> None:
    """The failing sample: why the factory exists."""
    fooled = QLabel(NAMES["table"])
    assert fooled.sizeHint().width() > 50_000
    end(fooled)


@pytest.mark.parametrize("name", WHOLE)
def test_tooltip_says_exactly_the_text(name: str) -> None:
    document = QTextDocument()
    document.setHtml(tooltip_html(name))
    assert document.toPlainText() == name


def test_tooltip_names_the_key_and_is_empty_for_nothing() -> None:
    widget = QWidget()
    set_tooltip(widget, "Open", "Ctrl+O")
    assert widget.toolTip() == "<qt>Open  (Ctrl+O)</qt>"
    set_tooltip(widget, "", "Ctrl+O")
    assert widget.toolTip() == ""
    end(widget)


def test_title_has_no_placeholder() -> None:
    widget = QWidget()
    set_window_title(widget, "a [*] b")
    widget.setWindowModified(True)
    assert widget.windowTitle() == "a [*][*] b"
    end(widget)


@pytest.mark.parametrize(
    ("made", "inside"),
    [
        (lambda: button("Copy the key"), QMargins(4, 4, 4, 4)),
        (lambda: check_box("I have written it down"), QMargins(20, 0, 0, 0)),
    ],
)
def test_focus_is_shown_by_one_ring(
    qtbot: QtBot, made: Callable[[], QAbstractButton], inside: QMargins
) -> None:
    """The style's own rectangle would be a second box behind the text."""
    window, widget = QWidget(), made()
    widget.setCheckable(True)
    widget.setChecked(True)
    other = button("Other")
    window.setLayout(row(other, widget))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    before = widget.grab()
    qtbot.keyClick(other, Qt.Key.Key_Tab)
    assert widget.hasFocus()
    after, text = widget.grab(), widget.rect().marginsRemoved(inside)
    assert before.toImage() != after.toImage()
    assert before.copy(text).toImage() == after.copy(text).toImage()


@pytest.mark.parametrize("kind", ["plain", "primary", "quiet", "danger", "link"])
def test_enter_presses_a_button_like_space(kind: str, qtbot: QtBot) -> None:
    made, pressed = button("Import more", kind), []
    qtbot.addWidget(made)
    made.clicked.connect(lambda: pressed.append(kind))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        qtbot.keyClick(made, key)
    assert len(pressed) == 3
    qtbot.keyClick(made, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(pressed) == 3, "Ctrl+Enter belongs to the page"


def test_long_text_is_cut_and_whole_for_screen_readers() -> None:
    made = label("")
    elided(made, "Anna " * 50, 100)
    assert made.text().endswith("…")
    assert made.accessibleName() == "Anna " * 50
    assert "Anna" in made.toolTip()
    elided(made, "Anna", 100)
    assert (made.text(), made.toolTip()) == ("Anna", "")
    end(made)


def test_elided_label_may_shrink_to_nothing() -> None:
    made = ElidedLabel("A" * 300)
    assert made.minimumSizeHint().width() == 0
    made.resize(50, 20)
    assert made.text() != made.full_text() == "A" * 300
    end(made)


def test_foreign_direction_is_isolated_and_ascii_left_alone() -> None:
    assert isolate("Anna") == "Anna"
    assert isolate("דוד") == "\u2068דוד\u2069"
    assert joined(("Anna", "", "דוד")) == "Anna · \u2068דוד\u2069"
    assert unmarked("Pay & go") == "Pay && go"


def test_fields_of_one_row_stand_at_one_height_when_one_has_an_error(qtbot: QtBot) -> None:
    name, address = Field("Name", line_edit()), Field("Address", line_edit())
    body = Field("Text", text_edit())
    page = QWidget()
    page.setLayout(row(name, address, body))
    qtbot.addWidget(page)
    page.resize(600, 300)
    page.show()
    name.set_error("This is no name, and it takes several lines to say so in a row as narrow.")
    qtbot.waitUntil(lambda: name.findChildren(QLabel)[1].isVisible())
    tops = {one.editor.mapTo(page, QPoint()).y() for one in (name, address, body)}
    assert len(tops) == 1
    assert body.editor.height() > 2 * name.editor.height(), "long texts take the room there is"


def test_what_is_asked_for_is_not_red_before_anything_is_typed(qtbot: QtBot) -> None:
    field = Field("Address", line_edit())
    qtbot.addWidget(field)
    note = field.findChildren(QLabel)[1]
    field.set_error("This is no address.")
    assert (note.property("tone"), field.editor.property("invalid")) == ("bad", "true")
    field.ask("Who the messages are from.")
    assert (note.text(), note.property("tone")) == ("Who the messages are from.", "muted")
    assert field.editor.property("invalid") == "false"
    field.set_error("")
    assert note.text() == ""
