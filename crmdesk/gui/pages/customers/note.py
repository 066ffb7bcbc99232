"""The field for a note: one line until it is needed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.kept_text import LONGEST_TEXT
from crmdesk.gui.follow_ups.written_hint import WrittenHint
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.card_guard import MOST_TYPED, guard_text
from crmdesk.gui.widgets.fields import text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tooltip

_CLOSED, _OPEN, _OPEN_WHERE_LOW = Size.CONTROL + Space.S, 4 * Size.ROW, 2 * Size.ROW
_LONGEST = LONGEST_TEXT
"""Characters of one note; longer texts belong into a file."""


class NoteField(QFrame):
    """Writes a note; every keystroke is told by `typed`.

    Attributes:
        written: Says what lines such as "!promise 10 % until Fri" will make.
    """

    typed = Signal(str)
    save_wanted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_saving = False
        self.edit = text_edit(f"Write a note  ({keys.NOTE.sequence})", name="Note")
        self._open_height = _OPEN
        self.edit.setFixedHeight(_CLOSED)
        self.card_note = guard_text(self.edit, MOST_TYPED)
        self.edit.textChanged.connect(self._changed)
        self.edit.installEventFilter(self)
        self._state = label("", "small", "muted")
        self._save = button("Save note", "primary")
        set_tooltip(self._save, "Save note", shown_key(keys.SAVE.sequence))
        self._save.clicked.connect(self.save)
        self._bar = QWidget()
        self._bar.setLayout(row(self._state, 1, self._save))
        self.written = WrittenHint()
        self.setLayout(column(self.edit, self.card_note, self.written, self._bar, spacing=Space.S))
        bind(self.edit, keys.SAVE, self.save, Qt.ShortcutContext.WidgetShortcut)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._show_size()

    def start(self) -> None:
        """Puts the cursor into the field."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_low(self, *, is_low: bool) -> None:
        """Where the page is low the field is too: else its button stands on it."""
        self._open_height = _OPEN_WHERE_LOW if is_low else _OPEN
        self._show_size()

    def set_draft(self, text: str) -> None:
        """Shows what was typed earlier; nothing is told by `typed`."""
        with QSignalBlocker(self.edit):
            self.edit.setPlainText(mask_card_numbers(text)[0])
        self.card_note.hide()
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.set_state("Draft kept" if text else "")
        self._enable()
        self._show_size()

    def text(self) -> str:
        """What stands in the field."""
        return self.edit.toPlainText()

    def set_state(self, text: str) -> None:
        """Says where the text is, e.g. "Draft kept"."""
        self._state.setText(text)

    def set_saving(self, is_saving: bool) -> None:
        """While a note is being saved it is not saved once more; typing goes on."""
        self._is_saving = is_saving
        self._enable()

    def save(self) -> None:
        """Asks to save what was written, unless there is nothing, or too much."""
        if self.text().strip() and self._save.isEnabled():
            self.save_wanted.emit(self.text())

    def _enable(self) -> None:
        self._save.setEnabled(not self._is_saving and len(self.text()) <= _LONGEST)

    def _changed(self) -> None:
        text = self.text()
        self._enable()
        if len(text) > _LONGEST:
            self.set_state(f"A note can have {_LONGEST:,} characters; this one has {len(text):,}.")
            return
        self.set_state("Keeping…" if text else "")
        self._show_size()
        self.typed.emit(text)

    def _show_size(self) -> None:
        is_open = bool(self.text()) or self.edit.hasFocus()
        self.edit.setFixedHeight(self._open_height if is_open else _CLOSED)
        self._bar.setVisible(is_open)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Opens with the focus, closes without; Esc leaves the field, the draft stays."""
        if watched is self.edit:
            if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
                self._show_size()
            elif isinstance(event, QKeyEvent) and _is_escape(event):
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


def _is_escape(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape
