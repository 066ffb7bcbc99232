"""Fields that keep no card number: what is typed or pasted is masked before anything sees it.

A field tells its form, its form a draft, a draft the disk. So the guard sits in the field
itself: a one-line field hands its text to a validator before it tells anybody, a field of
several lines is masked by the first who hears of a change. There is no way back to the number:
not by undo in the field, not from the clipboard, for it is not there any more.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.text import label

MASKED = "A card number was masked: no more than its last four digits are kept."
"""Said at the field, and nowhere else: an agent who reads it need not do anything."""


class CardValidator(QValidator):
    """Masks card numbers in a field of one line.

    Signals:
        masked: It did, just now; carries the words for it.
    """

    masked = Signal(str)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Everything may stand in the field, but for card numbers."""
        kept, count = mask_card_numbers(text)
        if not count:
            return QValidator.State.Acceptable, text, place
        self.masked.emit(MASKED)
        return QValidator.State.Acceptable, kept, _place_after(text, kept, place)


class _TextMask(QObject):
    """Masks card numbers in a field of several lines."""

    masked = Signal(str)

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._is_masking = False
        edit.textChanged.connect(self._mask)

    def _mask(self) -> None:
        if self._is_masking:
            return
        text = self._edit.toPlainText()
        kept, count = mask_card_numbers(text)
        if not count:
            return
        place = _place_after(text, kept, self._edit.textCursor().position())
        self._is_masking = True
        self._edit.setPlainText(kept)  # with it goes what undo would bring back
        self._is_masking = False
        cursor = self._edit.textCursor()
        cursor.setPosition(min(place, cursor.document().characterCount() - 1))
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()
        self.masked.emit(MASKED)


def guard_line(edit: QLineEdit) -> CardValidator:
    """Keeps card numbers out of a field of one line; `masked` tells when to say so."""
    made = CardValidator(edit)
    edit.setValidator(made)
    return made


def guard_field(field: Field, edit: QLineEdit) -> None:
    """The same in a field with its label, which says so under it."""
    # Later than the checks of the same change, which clear what stands there.
    guard_line(edit).masked.connect(field.set_warning, Qt.ConnectionType.QueuedConnection)


def guarded(title: str, edit: QLineEdit | QPlainTextEdit, hint: str = "") -> Field:
    """A field with its label that keeps no card number, of one line or several."""
    made = Field(title, edit, hint)
    if isinstance(edit, QLineEdit):
        guard_field(made, edit)
    else:
        masks = _TextMask(edit)
        masks.masked.connect(made.set_warning, Qt.ConnectionType.QueuedConnection)
    return made


def guard_text(edit: QPlainTextEdit) -> QLabel:
    """Keeps card numbers out of a field of several lines.

    To be called before anybody else listens to the field.

    Returns:
        The words to be placed under it; hidden until something was masked, and again when the
        field is empty.
    """
    note = label(MASKED, "small", "warn", wrap=True)
    note.setParent(edit)  # never a window of its own, wherever it is put later
    note.hide()
    mask = _TextMask(edit)

    def show(_words: str) -> None:
        note.show()
        edit.setAccessibleDescription(MASKED)

    def forget() -> None:
        if not edit.toPlainText():
            note.hide()
            edit.setAccessibleDescription("")

    mask.masked.connect(show)
    edit.textChanged.connect(forget)
    return note


def _place_after(text: str, kept: str, place: int) -> int:
    """Where the cursor goes: as far from the end as it was, at most up to the end."""
    return max(0, min(len(kept), len(kept) - (len(text) - place)))
