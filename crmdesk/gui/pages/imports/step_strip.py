"""The steps, in a line at the top: what is done, where one is, what comes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_label, set_icon
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import label, set_property, set_tone

_PLACES = {
    "done": ("check-circle", "good", "muted", "body"),
    "here": ("right", "accent", "text", "strong"),
    "coming": ("dot", "faint", "faint", "body"),
}


class _Entry(QWidget):
    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word
        self._icon = icon_label("dot", "faint")
        self._text = label(word, "body", "faint")
        self.setLayout(row(self._icon, self._text, spacing=Space.XS))

    def show_place(self, place: str) -> None:
        icon, icon_tone, tone, role = _PLACES[place]
        set_icon(self._icon, icon, icon_tone)
        set_tone(self._text, tone)
        set_property(self._text, "role", role)
        self.setAccessibleName(f"{self._word}: {place}")

    def set_word(self, word: str) -> None:
        self._word = word
        self._text.setText(word)


class StepStrip(QWidget):
    """Shows where one is among a few words; it is not for clicking."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self._entries = [_Entry(word) for word in words]
        self.setLayout(row(*self._entries, spacing=Space.XL))

    def set_first(self, word: str) -> None:
        """The first step is called something else."""
        self._entries[0].set_word(word)

    def show_step(self, here: int) -> None:
        """Marks a step by its place from 0; the number of steps says all is done."""
        for place, entry in enumerate(self._entries):
            entry.show_place("done" if place < here else "here" if place == here else "coming")
