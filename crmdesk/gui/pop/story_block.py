"""What happened since the caller last spoke with us, on the card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerStory
from crmdesk.domain.planning import BlockPlace
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import people_words, words
from crmdesk.gui.pop.rows import IconLine
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import elided, label, set_tooltip


class StoryBlock(QWidget):
    """A few lines in the company's order; folded while the number is in doubt.

    Attributes:
        plan: The company's, for the next card.
        is_folded: Whether it waits until the agent knows who is calling.

    Signals:
        resized: The agent unfolded it.
    """

    resized = Signal()

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self._unfolded = False
        self.is_folded = False
        self._rule = rule()
        self._spoke = label("", "small-strong", "muted")
        self.plan = words.USUAL_PLAN
        self._lines = [IconLine(width) for _ in range(words.MOST_LINES + 1)]
        self._unfold = button("Show what happened", "link", icon="right")
        self._unfold.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_tooltip(self._unfold, "Show it once you know who is calling")
        self._unfold.clicked.connect(self._show_all)
        lines = column(*self._lines, row(self._unfold, 1), spacing=Space.XS)
        self.setLayout(column(self._rule, self._spoke, lines, spacing=Space.S))

    def show_card(self, card: PopCard, now: datetime, *, is_other: bool) -> None:
        """Shows the story of a card, or to whom the number once belonged."""
        self._unfolded = self._unfolded and not is_other
        story = card.story
        folded = self.is_folded = words.is_folded(card) and not self._unfolded
        placed = self.plan.blocks.get(BlockPlace.POP, ())
        former = people_words.former(card.match)[: words.MOST_LINES]
        lines = words.story_lines(story, now, placed) if story else former
        for place, line in enumerate(self._lines):
            line.set_line(lines[place] if place < len(lines) and not folded else None)
        self._show_head(story, now, folded=folded)
        self._unfold.setVisible(folded)
        self.setVisible(story is not None or bool(lines))

    def _show_head(self, story: CustomerStory | None, now: datetime, *, folded: bool) -> None:
        spoke = words.last_spoke(story, now) if story and not folded else ""
        elided(self._spoke, spoke, self._width)
        self._spoke.setVisible(bool(spoke))

    def least_pressing(self) -> Iterator[QWidget]:
        """Its lines in the order in which they may make room."""
        yield from reversed(self._lines)
        yield self._spoke

    def _show_all(self) -> None:
        self._unfolded = True
        self.resized.emit()
