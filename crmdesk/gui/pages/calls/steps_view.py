"""The sequence of what happened, one line for each step."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from crmdesk.gui.models.call_steps import Step
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import label, set_tooltip

_TIME, _ICON, _TEXT = range(3)


class StepsView(QWidget):
    """Time, icon, what happened."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.M)
        self._grid.setColumnStretch(_TEXT, 1)

    def show_steps(self, steps: Iterable[Step]) -> None:
        """Shows other steps."""
        clear(self._grid)
        for row, step in enumerate(steps):
            from_top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(_time(step), row, _TIME, from_top)
            self._grid.addWidget(icon_label(step.icon, step.tone), row, _ICON, from_top)
            self._grid.addWidget(_words(step), row, _TEXT)


def _time(step: Step) -> QLabel:
    made = label(f"{times.local(step.at):%H:%M:%S}", "small", "muted")
    set_tooltip(made, times.full(step.at))
    return made


def _words(step: Step) -> QWidget:
    made = QWidget()
    lines = [wrapped(step.text)]
    if step.detail:
        lines.append(wrapped(step.detail, "small", "muted"))
    made.setLayout(column(*lines, spacing=Space.NONE))
    return made
