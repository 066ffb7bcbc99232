"""The card in full. Made once; `show_card` replaces what it says.

Plain labels only: nothing of Python runs while it is painted, so a busy program does not
delay it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from crmdesk.domain.planning import CompanyPlan
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import words
from crmdesk.gui.pop.footer import CardFooter
from crmdesk.gui.pop.head import CardHead
from crmdesk.gui.pop.people import PeopleBlock
from crmdesk.gui.pop.segment_line import SegmentLine
from crmdesk.gui.pop.step_line import StepLine
from crmdesk.gui.pop.story_block import StoryBlock
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.why.view import WhyView
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.pieces import rule

_INNER = Size.POP - 2 * Space.L
_WHY_ROWS = 3
"""Candidates in the opened reason; the dialog in the main window has more room."""


class FullCard(QFrame):
    """Who is calling, is there trouble, what state: in this order.

    Attributes:
        footer: The buttons, with a signal each.
        people: Several possible callers; `chosen` carries a customer's key.
        segments: Which the caller belongs to.
        step: What was said of the caller, with signals to keep it or take it back.

    Signals:
        denied: "Not this person".
        resized: The agent asked for more or less of it.
    """

    denied = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._card: PopCard | None = None
        self._done = ""
        self._head = CardHead(_INNER)
        self.segments = SegmentLine(_INNER)
        self.step = StepLine(_INNER)
        self.why = WhyView(rows=_WHY_ROWS, width=_INNER, focusable=False)
        self.people = PeopleBlock(_INNER)
        self._story = StoryBlock(_INNER)
        self.footer = CardFooter()
        self._lay_out()
        self._head.why_toggled.connect(self._toggle_why)
        self.why.denied.connect(self.denied)
        self._story.resized.connect(self._again)

    def set_plan(self, plan: CompanyPlan) -> None:
        """The company's choices and order, for the next card."""
        self._head.plan = self._story.plan = plan
        self.people.lists = self.why.lists = plan.picklists

    @property
    def card(self) -> PopCard | None:
        """What is shown."""
        return self._card

    def show_card(self, card: PopCard, now: datetime) -> None:
        """Shows a card."""
        before = self._card
        is_other = before is None or before.call_id != card.call_id
        self._card, self._now = card, now
        if is_other:
            self._done = ""
        if is_other or (before is not None and before.match.state is not card.match.state):
            self._head.set_why_open(is_open=False)  # what was explained no longer holds
        self._head.show_card(card, now)
        self.step.show_card(card, self._done)
        self._show_why()
        self.people.show_card(card)
        self._story.show_card(card, now, is_other=is_other)
        self.footer.show_card(card)
        self.show_segments()

    def show_segments(self) -> None:
        """Shows what is known of the caller's segments by now."""
        if self._card is None:
            return
        self.segments.show_card(self._card, is_folded=self._story.is_folded)
        told = words.sentence(self._card, self._now, self._story.plan)
        names = ", ".join(self.segments.chips.names())
        self.setAccessibleName(f"{told} Segments: {names}." if names else told)

    def tell_step(self, text: str) -> None:
        """Says what was done last on this card, with "Undo"; "" says that nothing is left."""
        self._done = text
        if self._card is not None:
            self.step.show_card(self._card, text)

    def tick(self, now: datetime) -> None:
        """Moves the clock on."""
        if self._card is not None:
            self._head.tick(self._card, now)

    def explain(self, *, is_open: bool = True) -> None:
        """Shows why this record, or no longer."""
        self._head.set_why_open(is_open)

    def is_explaining(self) -> bool:
        """Whether the reason is open."""
        return self._head.is_why_open()

    def fit(self, height: int) -> None:
        """Leaves out the least pressing lines until the card is no taller than `height`."""
        for line in self._least_pressing():
            if self.wanted_height() <= height:
                return
            line.hide()
        while self.wanted_height() > height:
            if not self.people.drop_last():
                return

    def wanted_height(self) -> int:
        """How tall it wants to be with what it shows now.

        Layouts of hidden and changed lines are measured anew only once the event loop comes
        round; the card is shown before that.
        """
        for inner in reversed(self.findChildren(QWidget)):
            if (layout := inner.layout()) is not None:
                layout.invalidate()
                inner.updateGeometry()
        layout = self.layout()
        if layout is None:
            return 0
        layout.invalidate()
        return layout.totalHeightForWidth(Size.POP)

    def _least_pressing(self) -> Iterator[QWidget]:
        yield from self._story.least_pressing()
        yield from self.why.least_pressing()

    def _lay_out(self) -> None:
        body = column(
            self._head,
            self.segments,
            self.step,
            self.why,
            self.people,
            self._story,
            rule(),
            spacing=Space.S,
        )
        body.setContentsMargins(Space.L, Space.M, Space.L, Space.NONE)
        whole = column(body, self.footer, spacing=Space.XS)
        whole.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.S)
        self.setLayout(whole)
        self.setFixedWidth(Size.POP)
        self.why.hide()

    def _toggle_why(self) -> None:
        self._show_why()
        self._again()

    def _show_why(self) -> None:
        is_open = self._card is not None and self._head.is_why_open()
        if is_open and self._card is not None:
            self.why.show_match(self._card.match)
        self.why.setVisible(is_open)

    def _again(self) -> None:
        """Lines that made room for others come back before it is measured anew."""
        if self._card is not None:
            self.people.show_card(self._card)
            self._story.show_card(self._card, self._now, is_other=False)
            self.show_segments()
        self.resized.emit()
