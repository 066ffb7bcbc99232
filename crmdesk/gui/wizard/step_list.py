"""The steps at the left: what is done, where one is, what comes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_label, set_icon
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.logo import Logo
from crmdesk.gui.widgets.text import label, set_property, set_tone

_WIDTH = Size.FIELD - Space.XXL


class _Entry(QWidget):
    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word
        self._icon = icon_label("dot", "faint")
        self._text = label(word, "body", "faint")
        self.setLayout(row(self._icon, self._text, 1))

    def show_place(self, place: str) -> None:
        """Shows the step as "done", "here" or "coming"."""
        icon, tone = {
            "done": ("check-circle", "good"),
            "here": ("right", "accent"),
            "coming": ("dot", "faint"),
        }[place]
        set_icon(self._icon, icon, tone)
        set_tone(self._text, {"done": "muted", "here": "text", "coming": "faint"}[place])
        set_property(self._text, "role", "strong" if place == "here" else "body")
        self.setAccessibleName(f"{self._word}: {place}")


class StepList(QWidget):
    """Shows words and where one is among them; it is not for clicking."""

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self.setProperty("kind", "navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        self._entries = [_Entry(word) for word in words]
        name = label("CRMDesk", "title")
        steps = column(*self._entries, spacing=Space.M)
        head = row(Logo(), name, 1, spacing=Space.M)
        self.setLayout(column(head, steps, 1, spacing=Space.XL, margin=Space.XL))

    def show_steps(self, wanted: list[bool], here: int) -> None:
        """Shows which steps there are and which one is on the screen."""
        for place, entry in enumerate(self._entries):
            entry.setVisible(wanted[place])
            entry.show_place("done" if place < here else "here" if place == here else "coming")
