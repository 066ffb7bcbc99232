"""A card in one line: a second caller, a talk that goes on, a call a colleague took."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal

from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import words
from crmdesk.gui.pop.rows import Clickable
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_button
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import set_dot, state_dot
from crmdesk.gui.widgets.text import elided, label, set_tone

_ROOM = Size.POP - 2 * Space.L


class SlimCard(Clickable):
    """One line; a click opens the customer, the cross puts it away."""

    later_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.card: PopCard | None = None
        self.plan = words.USUAL_PLAN
        self.setProperty("kind", "slim")
        self._dot = state_dot()
        self._state = label("", "small-strong")
        self._who = label("", "body")
        self._timer = label("", "small-strong", "muted")
        self._close = icon_button("close", "Put away")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.clicked.connect(self.later_wanted)
        items = row(self._dot, self._state, self._who, 1, self._timer, self._close)
        items.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        self.setLayout(items)
        self.setFixedWidth(Size.POP)

    def show_card(self, card: PopCard, now: datetime) -> None:
        """Shows a card."""
        self.card = card
        text, tone = words.state_words(card)
        self._state.setText(text)
        set_tone(self._state, tone)
        set_dot(self._dot, tone)
        self.tick(now)
        taken = self._state.sizeHint().width() + self._timer.sizeHint().width()
        elided(self._who, words.slim(card), _ROOM - taken - Size.CONTROL - 4 * Space.S)
        self.setAccessibleName(words.sentence(card, now, self.plan))

    def tick(self, now: datetime) -> None:
        """Moves the clock on."""
        if self.card is not None:
            self._timer.setText(words.timer(self.card, now))
