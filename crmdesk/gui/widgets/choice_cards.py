"""A choice of few, each with a word and a sentence that says what it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_label, set_icon
from crmdesk.gui.widgets.fields import radio_button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_property


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them.

    Attributes:
        value: What `ChoiceCards.value` gives.
        text: What it means, one or two sentences.
    """

    value: str
    title: str
    text: str
    icon: str


class ChoiceCard(QFrame):
    """A radio button with its explanation; the whole card can be clicked."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self.radio = radio_button(choice.title)
        self.radio.setAccessibleDescription(choice.text)
        self.radio.toggled.connect(self._show)
        self._icon = icon_label(choice.icon)
        text = label(choice.text, "small", "muted", wrap=True)
        items = row(spacing=Space.M, margin=Space.M)
        items.addLayout(column(self.radio, text, spacing=Space.HAIR), 1)
        items.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(items)
        self._show(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click anywhere chooses it."""
        super().mousePressEvent(event)
        self.radio.setChecked(True)
        self.radio.setFocus(Qt.FocusReason.MouseFocusReason)

    def _show(self, is_chosen: bool) -> None:
        set_property(self, "banner", "accent")
        set_property(self, "kind", "banner" if is_chosen else "card")
        set_icon(self._icon, self.choice.icon, "accent" if is_chosen else "muted")


class ChoiceCards(QWidget):
    """Cards below each other; arrow keys move, the first is chosen at the start.

    Signals:
        changed: The value that is chosen now.
    """

    changed = Signal(str)

    def __init__(self, choices: Iterable[Choice], *, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.cards = [ChoiceCard(choice) for choice in choices]
        self._group = QButtonGroup(self)
        for card in self.cards:
            self._group.addButton(card.radio)
            card.radio.toggled.connect(self._toggled)
        self.cards[0].radio.setChecked(True)
        self.setFocusProxy(self.cards[0].radio)
        self.setLayout(column(*self.cards, spacing=Space.S))

    def value(self) -> str:
        """The value of the chosen card."""
        return next(card.choice.value for card in self.cards if card.radio.isChecked())

    def choose(self, value: str) -> None:
        """Chooses the card with a value."""
        for card in self.cards:
            if card.choice.value == value:
                card.radio.setChecked(True)
                self.setFocusProxy(card.radio)

    def _toggled(self, is_chosen: bool) -> None:
        if is_chosen:
            self.changed.emit(self.value())
