"""Words of the file and what they mean here, below the column they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models.picks import picks
from crmdesk.gui.pages.imports.calm_combo import calm_combo
from crmdesk.gui.pages.imports.trial import meaning_of
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.text import ElidedLabel

CHOICES: Final = {
    "status": PicklistKey.CUSTOMER_STATUS,
    "label_of_number": PicklistKey.NUMBER_LABEL,
    "label_of_email": PicklistKey.EMAIL_LABEL,
}
"""Targets whose words have to be one of a list; so have those of `kind`."""

_KINDS: Final[list[tuple[str, object]]] = [
    ("Person", CustomerKind.PERSON.value),
    ("Company", CustomerKind.COMPANY.value),
]

FREE: Final = {"segment": PicklistKey.SEGMENT, "source": PicklistKey.SOURCE}
"""Targets whose words may become any other; those of a list are offered."""

MOST_WORDS: Final = 12


def has_words(target: str) -> bool:
    """Whether the words of a column with this target can be given a meaning."""
    return target == "kind" or target in CHOICES or target in FREE


class Picklist(QWidget):
    """One row for each word.

    Args:
        target: What the column becomes.
        words: The words of the file.
        meanings: What somebody chose for them before.
        lists: The company's choices.

    Signals:
        changed: A word means something else now.
    """

    changed = Signal()

    def __init__(
        self,
        target: str,
        words: tuple[str, ...],
        meanings: Mapping[str, str],
        lists: Picklists,
    ) -> None:
        super().__init__()
        self._lists = lists
        self._editors: dict[str, QComboBox] = {}
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

    def _editor(self, target: str, word: str, meaning: str) -> QComboBox:
        name = f"What {word} means"
        if target in FREE:
            self._usual[word] = ""
            made = self._free_combo(FREE[target], word, name, meaning)
        else:
            self._usual[word] = meaning_of(target, word)
            made = self._combo(target, name, meaning or self._usual[word])
        made.setFixedWidth(Size.FIELD - Space.XXL)
        self._editors[word] = made
        return made

    def _free_combo(self, key: PicklistKey, word: str, name: str, meaning: str) -> QComboBox:
        """What the company offers, or anything else that is typed; empty keeps the word."""
        made = calm_combo([("", ""), *picks(self._lists, key)], name=name)
        made.setEditable(True)
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit = made.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(word)
        made.setEditText(self._lists.title(key, meaning))
        made.currentTextChanged.connect(self.changed)
        return made

    def _combo(self, target: str, name: str, meaning: str) -> QComboBox:
        offered = picks(self._lists, CHOICES[target], meaning) if target in CHOICES else _KINDS
        made = calm_combo((("Unknown", ""), *offered), name=name)
        made.setCurrentIndex(max(0, made.findData(meaning)))
        made.currentIndexChanged.connect(self.changed)
        return made


def _value(editor: QComboBox) -> str:
    """What is chosen, or typed where that is allowed."""
    if not editor.isEditable():
        return str(editor.currentData() or "")
    typed = editor.currentText().strip()
    place = editor.findText(typed, Qt.MatchFlag.MatchFixedString)
    return str(editor.itemData(place)) if typed and place >= 0 else typed
