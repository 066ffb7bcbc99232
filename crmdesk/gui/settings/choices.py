"""Sections that are choices only: the card, and the look. Saved at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox

from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.line_form import POP_CHOICES
from crmdesk.gui.settings.section import Section
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.choice_cards import Choice, ChoiceCards
from crmdesk.gui.widgets.fields import Field, combo_box
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import label
from crmdesk.settings.model import LineSettings, Settings

_STAYS_S = (0.0, 2.0, 4.0, 10.0, 30.0, 60.0, 300.0)
_MINUTE_S = 60
_EACH_LINE = "as each line says"


class PopSection(Section):
    """When, where and how long the card is shown."""

    title = "Card"
    icon = "bell"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book, "The card that appears when the phone rings. It never takes the keyboard."
        )
        self.when = combo_box((), name="When the card appears")
        self.where = combo_box((), name="Screen of the card")
        self.stay = combo_box((), name="How long the card stays after the call")
        when = Field("Show it", self.when, "For every phone line; a single line can differ.")
        stay = Field("After the call", self.stay)
        for field in (when, Field("On which screen", self.where), stay):
            field.setMaximumWidth(Size.DIALOG)
            self.body.addWidget(field)
        self.corner = button("Back to its corner", tip="Forget where the card was dragged to")
        self._place = label("", "body", "muted", wrap=True)
        self.body.addLayout(row(self.corner, self._place, 1))
        self.refresh()
        self.when.activated.connect(self._choose_when)
        self.where.activated.connect(self._choose_screen)
        self.stay.activated.connect(self._choose_stay)
        self.corner.clicked.connect(self._forget_place)

    def refresh(self) -> None:
        """Shows the settings."""
        pop, lines = self.book.settings.pop, self.book.settings.lines
        _fill(self.when, _when_choices(lines), _common_when(lines))
        self.when.setEnabled(bool(lines))
        _fill(self.where, _screen_choices(pop.screen), pop.screen)
        _fill(self.stay, _stay_choices(pop.leave_after_s), pop.leave_after_s)
        self.corner.setVisible(pop.position is not None)
        self._place.setVisible(pop.position is not None)
        if pop.position is not None:
            left, top = pop.position
            self._place.setText(f"It is {left} px from the left and {top} px from the top.")

    @Slot(int)
    def _choose_when(self, _index: int) -> None:
        when = self.when.currentData()
        if when:
            self.book.change(lambda settings: _with_when(settings, when))

    @Slot(int)
    def _choose_screen(self, _index: int) -> None:
        self._change_pop(screen=self.where.currentData())

    @Slot(int)
    def _choose_stay(self, _index: int) -> None:
        self._change_pop(leave_after_s=self.stay.currentData())

    @Slot()
    def _forget_place(self) -> None:
        self._change_pop(position=None)

    def _change_pop(self, **values: object) -> None:
        self.book.change(lambda settings: with_pop(settings, **values))


_LOOKS = (
    Choice("system", "As the system", "Light or dark, as this computer is set.", "screen"),
    Choice("light", "Light", "Dark text on a light ground.", "sun"),
    Choice("dark", "Dark", "Light text on a dark ground, for dim rooms.", "moon"),
)


class LookSection(Section):
    """Light or dark."""

    title = "Look"
    icon = "sun"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(book)
        self.looks = ChoiceCards(_LOOKS, name="Colours")
        self.looks.setMaximumWidth(Size.DIALOG)
        self.body.addWidget(self.looks)
        self.refresh()
        self.looks.changed.connect(self._choose)

    def refresh(self) -> None:
        """Shows the settings."""
        self.looks.choose(self.book.settings.look.theme)

    @Slot(str)
    def _choose(self, mode: str) -> None:
        if mode == self.book.settings.look.theme:
            return
        theme().set_mode(mode)
        self.book.change(lambda settings: with_theme(settings, mode))


def _fill(box: QComboBox, choices: Sequence[tuple[str, object]], current: object) -> None:
    box.clear()
    for text, value in choices:
        box.addItem(text, value)
    box.setCurrentIndex(box.findData(current))


def _common_when(lines: tuple[LineSettings, ...]) -> str:
    """When the card appears on all lines, "" where they differ or there are none."""
    found = {line.pop_when for line in lines}
    return found.pop() if len(found) == 1 else ""


def _when_choices(lines: tuple[LineSettings, ...]) -> list[tuple[str, str]]:
    choices: list[tuple[str, str]] = list(POP_CHOICES)
    if not lines:
        return [("No phone line is set up", ""), *choices]
    return choices if _common_when(lines) else [(f"Differently, {_EACH_LINE}", ""), *choices]


def _screen_choices(current: str) -> list[tuple[str, str]]:
    choices = [("Where the mouse is", "mouse"), ("On the main screen", "primary")]
    names = [screen.name() for screen in QGuiApplication.screens() if screen.name()]
    choices += [(f"On {name}", name) for name in names]
    if current not in {value for _, value in choices}:
        choices.append((f"On {current} (not connected)", current))
    return choices


def _stay_choices(current: float) -> list[tuple[str, float]]:
    values = sorted({*_STAYS_S, current})
    return [(_stay_words(seconds), seconds) for seconds in values]


def _stay_words(seconds: float) -> str:
    if not seconds:
        return "It goes at once"
    if seconds >= _MINUTE_S and seconds % _MINUTE_S == 0:
        minutes = int(seconds // _MINUTE_S)
        return f"It stays for {minutes} minute" + ("" if minutes == 1 else "s")
    return f"It stays for {seconds:g} seconds"


def _with_when(settings: Settings, when: str) -> Settings:
    lines = tuple(msgspec.structs.replace(line, pop_when=when) for line in settings.lines)
    return msgspec.structs.replace(settings, lines=lines)


def with_pop(settings: Settings, **values: object) -> Settings:
    """The settings with another screen, place or time of the card."""
    return msgspec.structs.replace(settings, pop=msgspec.structs.replace(settings.pop, **values))


def with_theme(settings: Settings, mode: str) -> Settings:
    """The settings with another look."""
    return msgspec.structs.replace(
        settings, look=msgspec.structs.replace(settings.look, theme=mode)
    )
