"""Words of the file and what they mean here, below the column they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from crmdesk.domain.customers import CustomerKind
from crmdesk.gui.models.customer_words import EMAIL_LABELS, NUMBER_LABELS, STATUS_WORDS
from crmdesk.gui.pages.imports.calm_combo import calm_combo
from crmdesk.gui.pages.imports.trial import meaning_of
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.fields import line_edit
from crmdesk.gui.widgets.text import ElidedLabel

CHOICES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "status": tuple((words, status.value) for status, words in STATUS_WORDS.items()),
    "kind": (("Person", CustomerKind.PERSON.value), ("Company", CustomerKind.COMPANY.value)),
    "label_of_number": tuple((word.capitalize(), word) for word in NUMBER_LABELS),
    "label_of_email": tuple((word.capitalize(), word) for word in EMAIL_LABELS),
}
"""Targets whose words have to be one of these."""

FREE: Final = frozenset({"segment", "source"})
"""Targets whose words may become any other."""

MOST_WORDS: Final = 12


def has_words(target: str) -> bool:
    """Whether the words of a column with this target can be given a meaning."""
    return target in CHOICES or target in FREE


class Picklist(QWidget):
    """One row for each word.

    Signals:
        changed: A word means something else now.
    """

    changed = Signal()

    def __init__(self, target: str, words: tuple[str, ...], meanings: Mapping[str, str]) -> None:
        super().__init__()
        self._editors: dict[str, QWidget] = {}
        self._usual: dict[str, str] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.XL, Space.NONE, Space.NONE, Space.S)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        for place, word in enumerate(words[:MOST_WORDS]):
            text = ElidedLabel(word, "body", "muted")
            text.setFixedWidth(Size.FIELD - Space.XXL)
            grid.addWidget(text, place, 0)
            grid.addWidget(icon_label("arrow-right", "faint"), place, 1)
            grid.addWidget(self._editor(target, word, meanings.get(word, "")), place, 2)
        grid.setColumnStretch(3, 1)

    def meanings(self) -> dict[str, str]:
        """What somebody chose; words that keep their usual meaning are not in it."""
        found = {word: _value(editor) for word, editor in self._editors.items()}
        return {word: value for word, value in found.items() if value != self._usual[word]}

    def _editor(self, target: str, word: str, meaning: str) -> QWidget:
        name = f"What {word} means"
        if target in FREE:
            field = line_edit(word, name=name)
            field.setText(meaning)
            field.textChanged.connect(self.changed)
            self._usual[word] = ""
            made: QWidget = field
        else:
            self._usual[word] = meaning_of(target, word)
            made = self._combo(target, name, meaning or self._usual[word])
        made.setFixedWidth(Size.FIELD - Space.XXL)
        self._editors[word] = made
        return made

    def _combo(self, target: str, name: str, meaning: str) -> QComboBox:
        made = calm_combo((("Unknown", ""), *CHOICES[target]), name=name)
        made.setCurrentIndex(max(0, made.findData(meaning)))
        made.currentIndexChanged.connect(self.changed)
        return made


def _value(editor: QWidget) -> str:
    if isinstance(editor, QComboBox):
        return str(editor.currentData() or "")
    return str(editor.property("text") or "").strip()
