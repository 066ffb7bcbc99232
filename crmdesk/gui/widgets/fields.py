"""Fields: one line, many lines, choices, search; labels above, errors beside."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
    QWidgetItem,
)

from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import label, set_property, unmarked

_TYPING_PAUSE_MS = 80


def line_edit(placeholder: str = "", *, name: str = "", password: bool = False) -> QLineEdit:
    """A field for one line.

    Args:
        placeholder: Shown while it is empty.
        name: Accessible name; the placeholder where "".
        password: Shows dots.
    """
    made = QLineEdit()
    made.setPlaceholderText(placeholder)
    made.setAccessibleName(name or placeholder)
    if password:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def text_edit(placeholder: str = "", *, name: str = "") -> QPlainTextEdit:
    """A field for many lines; plain text, Tab goes on to the next field."""
    made = QPlainTextEdit()
    made.setPlaceholderText(placeholder)
    made.setAccessibleName(name or placeholder)
    made.setTabChangesFocus(True)
    return made


def combo_box(choices: Iterable[tuple[str, object]], *, name: str = "") -> QComboBox:
    """A choice among (text, value); `currentData()` is the value."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.setView(QListView())
    for text, value in choices:
        made.addItem(text, value)
    return made


def check_box(text: str, *, checked: bool = False) -> QCheckBox:
    """A yes or no."""
    made = QCheckBox(unmarked(text))
    made.setChecked(checked)
    return made


def radio_button(text: str, *, checked: bool = False) -> QRadioButton:
    """One of several."""
    made = QRadioButton(unmarked(text))
    made.setChecked(checked)
    return made


class Field(QWidget):
    """A field with its label above, a hint, and its error as one types."""

    def __init__(self, title: str, editor: QWidget, hint: str = "") -> None:
        super().__init__()
        self.editor = editor
        self._hint = hint
        self._note = label(hint, "small", "muted", wrap=True)
        set_shown(self._note, bool(hint))
        heading = label(title, "small-strong", "muted")
        heading.setBuddy(editor)
        if not title:
            heading.hide()
        if not editor.accessibleName():
            editor.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        column.setSpacing(Space.XS)
        for widget in (heading, editor, self._note):
            column.addWidget(widget)
        if not QWidgetItem(editor).expandingDirections() & Qt.Orientation.Vertical:
            column.addStretch(1)  # beside a field with an error all stand at one height

    def set_hint(self, hint: str) -> None:
        """Changes what stands under the field while nothing is wrong."""
        self._hint = hint
        self._say("", "")

    def set_error(self, message: str) -> None:
        """Shows what is wrong with the value; "" says it is right."""
        self._say(message, "bad")
        set_property(self.editor, "invalid", "true" if message else "false")

    def ask(self, message: str) -> None:
        """Says what is needed while nothing is typed: no error yet, so nothing is red."""
        self.set_error("")
        self._say(message, "muted")

    @Slot(str)
    def set_warning(self, message: str) -> None:
        """Says something of a value that is right; "" nothing any more."""
        self._say(message, "warn")

    def _say(self, message: str, tone: str) -> None:
        self._note.setText(message or self._hint)
        set_shown(self._note, bool(message or self._hint))
        set_property(self._note, "tone", tone if message else "muted")
        self.editor.setAccessibleDescription(message)


class SearchField(QLineEdit):
    """A field that searches as one types, after a short pause.

    `search_requested` carries the stripped text; it comes at once with Enter.
    """

    search_requested = Signal(str)

    def __init__(self, placeholder: str = "Search") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self._icon = QAction(self)
        self.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._send, Qt.ConnectionType.DirectConnection)
        self.textEdited.connect(self._typed)
        self.returnPressed.connect(self._send)
        theme().changed.connect(self._tint)
        self._tint()

    @Slot()
    def _tint(self) -> None:
        self._icon.setIcon(theme().icon("search", "muted"))

    @Slot(str)
    def _typed(self, _text: str) -> None:
        self._pause.start()

    @Slot()
    def _send(self) -> None:
        self._pause.stop()
        self.search_requested.emit(self.text().strip())
