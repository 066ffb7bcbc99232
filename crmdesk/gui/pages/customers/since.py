"""What changed since the customer last spoke with us; trouble first."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.domain.customers import CustomerStory, StoryLine
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tooltip

_ICONS = {"bad": "error", "warn": "warning", "good": "check-circle", "": "right"}
_MOST_LINES = 5


class SinceBlock(QFrame):
    """The lines of "since you last spoke"; hidden where nothing changed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._when = ElidedLabel("", "small", "muted")
        header = row(icon_label("refresh"), label("Since you last spoke", "strong"))
        header.addWidget(self._when, 1)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        self.setLayout(column(header, self._lines, spacing=Space.S, margin=Space.M))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_story(self, story: CustomerStory, now: datetime) -> None:
        """Shows the lines of a customer."""
        clear(self._lines)
        for line in story.since[:_MOST_LINES]:
            self._lines.addWidget(_line(line, now))
        spoken = story.last_contact
        self._when.set_full_text(times.ago(spoken.at, now) if spoken else "never before")
        self.setVisible(bool(story.since))


def _line(line: StoryLine, now: datetime) -> QWidget:
    made = QWidget()
    text = ElidedLabel(line.text, "body", line.tone or "text")
    when = label(times.short(line.at, now), "small", "muted")
    set_tooltip(when, times.full(line.at))
    icon = icon_label(_ICONS.get(line.tone, "right"), line.tone or "muted")
    items = row(icon, spacing=Space.S)
    items.addWidget(text, 1)
    items.addWidget(when)
    made.setLayout(items)
    return made
