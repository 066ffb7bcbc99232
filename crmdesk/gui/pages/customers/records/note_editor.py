"""A note being changed: its text in a field, kept with every keystroke until it is saved."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.records import Interaction
from crmdesk.gui.conflicts.asking import ask_which_holds
from crmdesk.gui.conflicts.edit import Edit
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.card_guard import MOST_TYPED, guard_text
from crmdesk.gui.widgets.fields import text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tooltip

if TYPE_CHECKING:
    from crmdesk.store import Writer


class NoteEditor(QWidget):
    """Changes the text of one note.

    Args:
        desk: The page; keeps the draft by the key of the note.

    Attributes:
        note: As it was when the editing began; None while nothing is edited.

    Signals:
        closed: Saved, or given up.
        begun: A draft of an earlier time came back: the editor wants to be seen.
    """

    closed = Signal()
    begun = Signal()

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__()
        self._desk = desk
        self.note: Interaction | None = None
        self.edit = text_edit(name="Text of the note")
        self.edit.setFixedHeight(4 * Size.ROW)
        self.card_note = guard_text(self.edit, MOST_TYPED)
        self.edit.textChanged.connect(self._keep)
        self.edit.installEventFilter(self)
        self._state = label("", "small", "muted")
        self._save = button("Save note", "primary")
        set_tooltip(self._save, "Save note", shown_key(keys.SAVE.sequence))
        self._save.clicked.connect(self.save)
        give_up = button("Leave it as it was")
        give_up.clicked.connect(self.give_up)
        bar = row(self._state, 1, give_up, self._save)
        self.setLayout(column(self.edit, self.card_note, bar, spacing=Space.S))
        bind(self.edit, keys.SAVE, self.save, Qt.ShortcutContext.WidgetShortcut)
        desk.drafts.kept.connect(self._kept)

    def start(self, note: Interaction, text: str = "") -> None:
        """Edits a note, from a draft where there is one."""
        self.note = note
        with QSignalBlocker(self.edit):
            self.edit.setPlainText(mask_card_numbers(text or note.detail)[0])
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.card_note.hide()
        self._state.setText("Draft kept" if text else "")
        self._save.setEnabled(True)

    def look_for_draft(self, note: Interaction) -> None:
        """Goes on where somebody left off, e.g. when the program ended."""
        told = partial(self._found_draft, note)
        await_future(self._desk.drafts.read(note.id), self, told, self._desk.failed.emit)

    def _found_draft(self, note: Interaction, text: str) -> None:
        if text and self.note is None:
            self.start(note, text)
            self.begun.emit()

    def save(self) -> None:
        """Writes the text, unless there is none or it is as it was."""
        note, text = self.note, self.edit.toPlainText()
        if note is None or not text.strip() or not self._save.isEnabled():
            return
        if text.strip() == note.detail:
            self.give_up()
            return
        edited = replace(note, detail=text)
        self._write(Edit(note, edited, partial(_write_note, who=self._desk.context.agent())))

    def _write(self, edit: Edit) -> None:
        self._save.setEnabled(False)
        job = self._desk.context.store.write(edit)
        await_future(job, self, self._saved, partial(self._not_saved, edit))

    def give_up(self) -> None:
        """The note stays as it was; the draft is forgotten."""
        self._end()
        self.closed.emit()

    def leave(self) -> None:
        """Another record is shown; the draft waits."""
        self.note = None

    def _saved(self, change: ChangeSet) -> None:
        self._end()
        self.closed.emit()
        self._desk.wrote(change)

    def _not_saved(self, edit: Edit, error: Exception) -> None:
        self._save.setEnabled(True)
        self._desk.failed.emit(error)
        if isinstance(error, ConflictingEditsError):
            ask_which_holds(self.window(), self._desk.context, edit, error, self._write)

    def _end(self) -> None:
        note, self.note = self.note, None
        if note is not None:
            self._desk.drafts.keep(note.id, "")

    def _keep(self) -> None:
        if self.note is not None:
            self._state.setText("Keeping…")
            self._desk.drafts.keep(self.note.id, self.edit.toPlainText())

    def _kept(self, key: object) -> None:
        if self.note is not None and key == self.note.id:
            self._state.setText("Draft kept")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Esc leaves the field, the draft stays."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._save.setFocus()
            return True
        return super().eventFilter(watched, event)


def _write_note(writer: Writer, base: Interaction, edited: Interaction, who: str) -> ChangeSet:
    from crmdesk.store.audit.notes import NoteWriting

    return NoteWriting(writer, who).edit(base, edited.detail)
