"""Fields that keep no card number: what is typed or pasted is masked before anything sees it.

A field tells its form, its form a draft, a draft the disk. So the guard sits in the field
itself: a one-line field hands its text to a validator before it tells anybody, a field of
several lines is masked by the first who hears of a change. There is no way back to the number:
not by undo in the field, not from the clipboard, for it is not there any more.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from crmdesk.domain.cards.masking import mask_around
from crmdesk.domain.kept_text import LONGEST_TEXT, cut
from crmdesk.domain.text import EXTERNAL_TEXT_LIMIT
from crmdesk.gui.widgets.fields import Field
from crmdesk.gui.widgets.text import label
from crmdesk.gui.widgets.text_mask import MASKED, TextMask

MOST_TYPED = 100_000
"""Characters of any field of several lines."""

_QT_LONGEST = 32_767
"""Characters of a field of one line where nobody said less; then no more is kept than of a name."""


class CardValidator(QValidator):
    """Masks card numbers in a field of one line, and keeps it as short as it was to be.

    The field itself would cut first: of a number that is pasted across its end fifteen digits
    would stay.

    Signals:
        masked: It masked one, just now; carries the words for it.
    """

    masked = Signal(str)

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        is_limited = edit.maxLength() < _QT_LONGEST
        self._longest = edit.maxLength() if is_limited else EXTERNAL_TEXT_LIMIT
        edit.setMaxLength(_QT_LONGEST)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Everything may stand in the field, but for card numbers and what is too much."""
        kept, count, place = mask_around(text, place)
        if count:
            self.masked.emit(MASKED)
        if len(kept) > self._longest:
            kept, place = self._shortened(kept, place)
        return QValidator.State.Acceptable, kept, place

    def _shortened(self, text: str, place: int) -> tuple[str, int]:
        """What was typed or pasted last goes, as a field does that is full."""
        over = len(text) - self._longest
        head = cut(text[:place], max(0, place - over))
        return (head + text[place:])[: self._longest], len(head)


def guard_line(edit: QLineEdit) -> CardValidator:
    """Keeps card numbers out of a field of one line; `masked` tells when to say so.

    To be called when its `maxLength` is set.
    """
    made = CardValidator(edit)
    edit.setValidator(made)
    return made


def guard_field(field: Field, edit: QLineEdit) -> None:
    """The same in a field with its label, which says so under it."""
    # Later than the checks of the same change, which clear what stands there.
    guard_line(edit).masked.connect(field.set_warning, Qt.ConnectionType.QueuedConnection)


def guarded(
    title: str,
    edit: QLineEdit | QPlainTextEdit,
    hint: str = "",
    longest: int = LONGEST_TEXT,
) -> Field:
    """A field with its label that keeps no card number, of one line or several.

    Args:
        title: Its label.
        edit: Where it is typed.
        hint: What helps to fill it in.
        longest: Characters that several lines may have; of one line its `maxLength` says it.
    """
    made = Field(title, edit, hint)
    if isinstance(edit, QLineEdit):
        guard_field(made, edit)
    else:
        masks = TextMask(edit, longest)
        masks.masked.connect(made.set_warning, Qt.ConnectionType.QueuedConnection)
    return made


def guard_text(edit: QPlainTextEdit, longest: int = LONGEST_TEXT) -> QLabel:
    """Keeps card numbers out of a field of several lines.

    To be called before anybody else listens to the field.

    Args:
        edit: The field.
        longest: Characters it takes.

    Returns:
        The words to be placed under it; hidden until something was masked, and again when the
        field is empty.
    """
    note = label(MASKED, "small", "warn", wrap=True)
    note.setParent(edit)  # never a window of its own, wherever it is put later
    note.hide()
    mask = TextMask(edit, longest)

    def show(words: str) -> None:
        note.setText(words)
        note.show()
        edit.setAccessibleDescription(words)

    def forget() -> None:
        if not edit.toPlainText():
            note.hide()
            edit.setAccessibleDescription("")

    mask.masked.connect(show)
    edit.textChanged.connect(forget)
    return note
