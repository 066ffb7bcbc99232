"""Masks card numbers in a field of several lines, in what was changed and a little around it.

All of it would be gone through at every key, and a pasted megabyte would hold the window.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.cards.masking import Mask, masks_in
from crmdesk.domain.kept_text import cut

MASKED = "A card number was masked: no more than its last four digits are kept."
"""Said at the field, and nowhere else: an agent who reads it need not do anything."""

_AROUND = 1_024
"""Characters before and behind a change that are looked at: more than any card number takes."""

_EDGE = 512
"""What is found so near to the edge of them may be a part of something else."""

_END = "\u2029"
"""How a document ends a paragraph."""


class TextMask(QObject):
    """Masks what is typed, pasted and set; says so.

    Args:
        edit: A field that nobody else listens to yet.
        longest: Characters it takes; what a paste has more is left out.

    Signals:
        masked: Something was masked or left out, just now; carries the words for it.
    """

    masked = Signal(str)

    def __init__(self, edit: QPlainTextEdit, longest: int) -> None:
        super().__init__(edit)
        self._document: QTextDocument = edit.document()
        self._edit, self._longest = edit, longest
        self._changed: tuple[int, int] | None = None
        self._is_masking = False
        self._document.contentsChange.connect(self._note_change)
        edit.textChanged.connect(self._mask)

    def _note_change(self, place: int, removed: int, added: int) -> None:
        """Widens what is to be looked at, in units of UTF-16 as all places of a document are."""
        start, end = place, place + added
        if self._changed is not None:
            before, behind = self._changed
            start, end = min(start, before), max(end, behind + added - removed)
        self._changed = start, max(start, end)

    def _mask(self) -> None:
        if self._is_masking or self._changed is None:
            return
        start, end = self._changed
        self._is_masking = True
        try:
            words = self._leave_out(start, end)
            while self._mask_around(start, end):  # a code that is gone may part two numbers
                words = words or MASKED
            self._changed = None
        finally:
            self._is_masking = False
        if words:
            self._document.clearUndoRedoStacks()  # they would bring the number back
            self._edit.ensureCursorVisible()
            self.masked.emit(words)

    def _leave_out(self, start: int, end: int) -> str:
        """Takes away what is too much, from the end of what was added; "" where nothing is."""
        if self._document.characterCount() - 1 <= self._longest:
            return ""
        over = len(self._edit.toPlainText()) - self._longest
        end = min(end, self._document.characterCount() - 1)
        if over <= 0 or end <= start:
            return ""
        added = self._selected(start, end)
        inserted = added.selectedText().replace(_END, "\n")
        added.insertText(cut(inserted, max(0, len(inserted) - over)))
        return f"Cut: no more than {self._longest:,} characters are kept here."

    def _mask_around(self, start: int, end: int) -> bool:
        """Masks what is found around a change, False where nothing is."""
        last = self._document.characterCount() - 1
        first = self._whole(min(max(0, start - _AROUND), last))
        behind = self._whole(min(end + _AROUND, last))
        text = self._selected(first, behind).selectedText().replace(_END, "\n")
        if _units(text) != behind - first:
            return self._mask_all()
        low = _EDGE if first > 0 else 0
        high = len(text) - (_EDGE if behind < last else 0)
        found = [mask for mask in masks_in(text) if low <= mask.start and mask.end <= high]
        if found:
            self._put(first, text, found)
        return bool(found)

    def _mask_all(self) -> bool:
        """The same where somebody parted a character: its halves are passed over by Qt."""
        kept, count = mask_card_numbers(self._edit.toPlainText())
        if count:
            place = self._edit.textCursor().position()
            self._edit.setPlainText(kept)
            cursor = self._edit.textCursor()
            cursor.setPosition(min(place, self._document.characterCount() - 1))
            self._edit.setTextCursor(cursor)
        return count > 0

    def _put(self, first: int, text: str, masks: list[Mask]) -> None:
        whole = QTextCursor(self._document)
        whole.beginEditBlock()
        for mask in reversed(masks):
            start = first + _units(text[: mask.start])
            number = self._selected(start, start + _units(text[mask.start : mask.end]))
            number.insertText(mask.text)
        whole.endEditBlock()

    def _whole(self, place: int) -> int:
        """A place, or the one before where it parts a character that takes two units."""
        is_second_half = "\udc00" <= self._document.characterAt(place) <= "\udfff"
        return place - 1 if is_second_half else place

    def _selected(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self._document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _units(text: str) -> int:
    """How many units of UTF-16 a text has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
