"""Chips of which one is chosen, with how many things each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.focus import OneTabStop
from crmdesk.gui.widgets.pieces import chip_button, set_chip

Choice = TypeVar("Choice")


class ChipBar(QWidget, Generic[Choice]):
    """Chooses one of a few; `chosen` tells which.

    Args:
        titles: What can be chosen, in order; the first is chosen.
        most: Counts stop here and are shown with a "+".
    """

    chosen = Signal(object)

    def __init__(self, titles: Mapping[Choice, str], most: int = 0) -> None:
        super().__init__()
        self._titles, self._most = titles, most
        self._chosen = next(iter(titles))
        self._counts: dict[Choice, int] = {}
        self._buttons = {choice: self._button(choice) for choice in titles}
        self._show()
        self.setLayout(flow(*self._buttons.values(), spacing=Space.XS))
        OneTabStop(self, list(self._buttons.values()))

    def _button(self, choice: Choice) -> QPushButton:
        made = chip_button(self._titles[choice])
        made.clicked.connect(partial(self.choose, choice))
        return made

    def choose(self, choice: Choice) -> None:
        """Chooses one."""
        self._chosen = choice
        self._show()
        self.chosen.emit(choice)

    def set_count(self, choice: Choice, count: int) -> None:
        """Shows how many things one stands for."""
        self._counts[choice] = count
        self._show()

    def _show(self) -> None:
        for choice, made in self._buttons.items():
            count, title = self._counts.get(choice, 0), self._titles[choice]
            figure = f"{self._most:,}+" if count >= self._most else f"{count:,}"
            text = f"{title}  {figure}" if count else title
            set_chip(made, text, "accent" if choice is self._chosen else "neutral")
