"""Several possible callers on the card, each with its key and its evidence."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.matches import Match
from crmdesk.domain.planning import Picklists
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import people_words
from crmdesk.gui.pop.rows import CandidateRow
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import elided, label, set_tooltip, unmarked

_LEAST = 3


class PeopleBlock(QWidget):
    """Up to nine rows; the rest is behind "12 more".

    Signals:
        chosen: Carries the key of the customer that was chosen.
        more_wanted: The agent wants to see all, or to choose by key.
    """

    chosen = Signal(object)
    more_wanted = Signal()

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self._match: Match | None = None
        self.lists = Picklists()
        self._heading = label("", "small-strong", "muted")
        self.people = [CandidateRow(place, width) for place in range(people_words.MOST_KEYS)]
        self._more = button("", "link")
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.setProperty("role", "small")
        self._more.clicked.connect(self.more_wanted)
        chord = shown_key(keys.POP_OPEN.sequence)
        self._how = label(f"{chord}, then the figure", "small", "muted")
        set_tooltip(self._more, "See all and choose by name", chord)
        foot = row(self._more, 1, self._how, spacing=Space.S)
        rows = column(*self.people, spacing=Space.NONE)
        self.setLayout(column(self._heading, rows, foot, spacing=Space.XS))
        for place, person in enumerate(self.people):
            person.clicked.connect(partial(self._choose, place))

    def show_card(self, card: PopCard) -> None:
        """Shows those an agent may choose among."""
        self._match = card.match
        listed = people_words.choices(card.match)
        heading = people_words.heading(card.match)
        elided(self._heading, heading, self._width)
        self._heading.setVisible(bool(heading))
        for person, candidate in zip(self.people, listed, strict=False):
            person.show_candidate(candidate, card.match, self.lists)
        for place, person in enumerate(self.people):
            person.setVisible(place < len(listed))
        # Where somebody is linked the chord opens them, and no figure chooses.
        self._how.setVisible(card.match.customer_id is None)
        self._show_more()
        self.setVisible(bool(listed))

    def choose(self, place: int) -> None:
        """Chooses by place, from 0."""
        self._choose(place)

    def drop_last(self) -> bool:
        """Makes room by one row; False where as few as make sense are left."""
        shown = [person for person in self.people if not person.isHidden()]
        if len(shown) <= _LEAST:
            return False
        shown[-1].hide()
        self._show_more()
        return True

    def _show_more(self) -> None:
        shown = sum(1 for person in self.people if not person.isHidden())
        text = people_words.more(self._match, shown) if self._match else ""
        self._more.setText(unmarked(text))
        self._more.setAccessibleName(text)
        self._more.setVisible(bool(text))

    def _choose(self, place: int) -> None:
        listed = people_words.choices(self._match) if self._match else ()
        if place < len(listed):
            self.chosen.emit(listed[place].owner.customer_id)
