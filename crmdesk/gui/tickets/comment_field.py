"""The field for what is said on a ticket: to the customer, or among us."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.card_guard import guard_text
from crmdesk.gui.widgets.fields import text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tooltip

_CLOSED, _OPEN = Size.CONTROL + Space.S, 4 * Size.ROW
_LONGEST = 20_000


class CommentKind(StrEnum):
    """Who is to read it."""

    ANSWER = "answer"
    NOTE = "note"


_HINTS = {
    CommentKind.ANSWER: "What the customer was told",
    CommentKind.NOTE: "What colleagues need to know; the customer does not see it",
}


class CommentField(QFrame):
    """Writes a comment; every keystroke is told by `typed`.

    Signals:
        typed: What stands in the field.
        save_wanted: It shall be saved; `kind` says for whom.
        left: Esc: the keyboard belongs to the ticket again; the draft stays.
    """

    typed = Signal(str)
    save_wanted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        titles = {
            CommentKind.ANSWER: f"Answer to the customer  {keys.TICKET_ANSWER.sequence}",
            CommentKind.NOTE: f"Inner note  {keys.TICKET_NOTE.sequence}",
        }
        self.kind = CommentKind.ANSWER
        self._is_saving = False
        self.kinds: ChipBar[CommentKind] = ChipBar(titles)
        self.edit = text_edit(name="Comment")
        self._masked = guard_text(self.edit)
        self.edit.installEventFilter(self)
        self._state = label("", "small", "muted")
        self._save = button("Save answer", "primary")
        set_tooltip(self._save, keys.SAVE.text, shown_key(keys.SAVE.sequence))
        items = column(self.kinds, self.edit, self._masked, spacing=Space.S)
        items.addLayout(row(self._state, 1, self._save))
        self.setLayout(items)
        self.kinds.chosen.connect(self._choose)
        self.edit.textChanged.connect(self._changed)
        self._save.clicked.connect(self.save)
        bind(self.edit, keys.SAVE, self.save, Qt.ShortcutContext.WidgetShortcut)
        self._choose(self.kind)
        self._show_size()

    def start(self, kind: CommentKind) -> None:
        """Puts the cursor into the field."""
        self.kinds.choose(kind)
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def text(self) -> str:
        """What stands in the field."""
        return self.edit.toPlainText()

    def set_draft(self, text: str) -> None:
        """Shows what was typed earlier; nothing is told by `typed`."""
        with QSignalBlocker(self.edit):
            self.edit.setPlainText(text)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.set_state("Draft kept" if text else "")
        self._enable()
        self._show_size()

    def set_state(self, text: str) -> None:
        """Says where the text is, e.g. "Draft kept"."""
        self._state.setText(text)

    def set_saving(self, is_saving: bool) -> None:
        """While a comment is being saved it is not saved once more."""
        self._is_saving = is_saving
        self._enable()

    def save(self) -> None:
        """Asks to save what was written, unless there is nothing."""
        if self._save.isEnabled():
            self.save_wanted.emit(self.text())

    def _choose(self, kind: CommentKind) -> None:
        self.kind = kind
        self.edit.setPlaceholderText(_HINTS[kind])
        self._save.setText("Save answer" if kind is CommentKind.ANSWER else "Save note")

    def _enable(self) -> None:
        text = self.text()
        self._save.setEnabled(bool(text.strip()) and not self._is_saving and len(text) <= _LONGEST)

    def _changed(self) -> None:
        text = self.text()
        self._enable()
        if len(text) > _LONGEST:
            self.set_state(f"A comment can have {_LONGEST:,} characters; this has {len(text):,}.")
            return
        self.set_state("Keeping…" if text else "")
        self._show_size()
        self.typed.emit(text)

    def _show_size(self) -> None:
        is_open = bool(self.text()) or self.edit.hasFocus()
        self.edit.setFixedHeight(_OPEN if is_open else _CLOSED)
        self._save.setVisible(is_open)

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
