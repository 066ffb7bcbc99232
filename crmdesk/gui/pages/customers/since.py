"""What changed since the customer last spoke with us; trouble first."""

from __future__ import annotations

import uuid
from datetime import datetime

from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.domain.customers import CustomerStory, StoryLine
from crmdesk.gui.models.names import Names
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button, icon_label
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tooltip

_ICONS = {"bad": "error", "warn": "warning", "good": "check-circle", "": "right"}
_FIRST_LINES, _FIRST_WHERE_LOW = 4, 2
"""The others are a click away: the timeline has the room."""


class SinceBlock(QFrame):
    """The lines of "since you last spoke"; hidden where nothing changed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._whose: uuid.UUID | None = None
        self._is_whole = False
        self._rows: list[QWidget] = []
        self._first = _FIRST_LINES
        self._when = ElidedLabel("", "small", "muted")
        header = row(icon_label("refresh"), label("Since you last spoke", "strong"))
        header.addWidget(self._when, 1)
        self._more = button("", "link")
        self._more.clicked.connect(self._turn)
        header.addWidget(self._more)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        self.setLayout(column(header, self._lines, spacing=Space.S, margin=Space.M))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_story(self, story: CustomerStory, names: Names, now: datetime) -> None:
        """Shows the lines of a customer."""
        if story.customer.id != self._whose:
            self._whose, self._is_whole = story.customer.id, False
        clear(self._lines)
        lines = _not_in_the_head(story)
        self._rows = [_line(line, names, now) for line in lines]
        for made in self._rows:
            self._lines.addWidget(made)
        spoken = story.last_contact
        self._when.set_full_text(times.ago(spoken.at, now) if spoken else "never before")
        self._show_length()
        self.setVisible(bool(lines))

    def set_low(self, *, is_low: bool) -> None:
        """Where the page is low, fewer lines leave room for the timeline."""
        first = _FIRST_WHERE_LOW if is_low else _FIRST_LINES
        if first != self._first:
            self._first = first
            self._show_length()

    def _turn(self) -> None:
        self._is_whole = not self._is_whole
        self._show_length()

    def _show_length(self) -> None:
        for place, made in enumerate(self._rows):
            made.setVisible(self._is_whole or place < self._first)
        hidden = len(self._rows) - self._first
        self._more.setText("Show less" if self._is_whole else f"{hidden} more")
        self._more.setAccessibleName("Show less" if self._is_whole else f"Show {hidden} more")
        self._more.setVisible(hidden > 0)


def _not_in_the_head(story: CustomerStory) -> list[StoryLine]:
    """The promise that is due first stands in the head, word for word."""
    said = story.next_promise.text if story.next_promise else None
    return [line for line in story.since if line.text != said]


def _line(line: StoryLine, names: Names, now: datetime) -> QWidget:
    made = QWidget()
    text = ElidedLabel(line.named(names.anybody).text, "body", line.tone or "text")
    when = label(times.short(line.at, now), "small", "muted")
    set_tooltip(when, times.full(line.at))
    icon = icon_label(_ICONS.get(line.tone, "right"), line.tone or "muted")
    items = row(icon, spacing=Space.S)
    items.addWidget(text, 1)
    items.addWidget(when)
    made.setLayout(items)
    return made
