"""The card in full. Made once; `show_card` replaces what it says.

Plain labels only: nothing of Python runs while it is painted, so a busy program does not
delay it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from crmdesk.domain.matches import MatchState
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import words
from crmdesk.gui.pop.rows import CandidateRow, IconLine
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import (
    avatar,
    chip,
    chip_button,
    key_hint,
    rule,
    set_avatar,
    set_chip,
    set_dot,
    state_dot,
)
from crmdesk.gui.widgets.text import elided, label, set_tone, set_tooltip

_INNER = Size.POP - 2 * Space.L
_BESIDE_AVATAR = _INNER - Size.AVATAR - Space.M
_MOST_LINES = 4
_OPEN_QUESTIONS = frozenset({MatchState.SEVERAL, MatchState.SUGGESTED})
"""The agent says which of the listed customers it is."""
_STRANGERS = frozenset({MatchState.NONE, MatchState.SUGGESTED})
"""It may be somebody who is not in the store."""


class FullCard(QFrame):
    """Who is calling, is there trouble, what state: in this order.

    Signals:
        open_wanted, note_wanted, later_wanted, create_wanted, assign_wanted, search_wanted:
            A button was pressed; the card itself knows which call.
        chosen: A candidate of several was chosen; carries its place, 0 for the best.
        resized: The agent asked for more or less of it.
    """

    open_wanted = Signal()
    note_wanted = Signal()
    later_wanted = Signal()
    create_wanted = Signal()
    assign_wanted = Signal()
    search_wanted = Signal()
    chosen = Signal(int)
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._card: PopCard | None = None
        self._dot = state_dot("accent")
        self._state = label("", "strong")
        self._timer = label("", "strong")
        self._called = label("", "small", "muted")
        self._avatar = avatar()
        self._name = label("", "title")
        self._segment = chip("", "accent")
        self._segment.setProperty("role", "small")
        self._since = label("", "caption", "muted")
        self._subtitle = label("", "body", "muted")
        self._number = label("", "body", "text")
        self._match = chip_button("")
        self._match_of_stranger = chip_button("")
        for each in (self._match, self._match_of_stranger):
            each.setCheckable(True)
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            each.toggled.connect(self._toggle_why)
            set_tooltip(each, "Why this record")
        self._why = label("", "small", "muted", wrap=True)
        self._people = [CandidateRow(place, _INNER) for place in range(words.MOST_CANDIDATES)]
        self._more_people = label("", "small", "muted")
        self._story_rule = rule()
        self._spoke = label("", "small-strong", "muted")
        self._lines = [IconLine(_INNER) for _ in range(_MOST_LINES)]
        self._tickets = IconLine(_INNER, "ticket")
        self._key = key_hint(keys.POP_OPEN.sequence)
        self._footer = QWidget()
        self._make_buttons()
        self._lay_out()
        for place, person in enumerate(self._people):
            person.clicked.connect(partial(self.chosen.emit, place))

    @property
    def card(self) -> PopCard | None:
        """What is shown."""
        return self._card

    def show_card(self, card: PopCard, now: datetime) -> None:
        """Shows a card."""
        is_other = self._card is None or self._card.call_id != card.call_id
        self._card = card
        if is_other:
            self._match.setChecked(False)
            self._match_of_stranger.setChecked(False)
        self._show_state(card, now)
        self._show_person(card)
        self._show_candidates(card)
        self._show_story(card, now)
        self._show_buttons(card)
        self.setAccessibleName(words.sentence(card, now))

    def tick(self, now: datetime) -> None:
        """Moves the clock on."""
        if self._card is not None:
            self._timer.setText(words.timer(self._card, now))

    def explain(self) -> None:
        """Shows why this record."""
        known = self._card is not None and self._card.story is not None
        (self._match if known else self._match_of_stranger).setChecked(True)

    def fit(self, height: int) -> None:
        """Leaves out the least pressing lines until the card is no taller than `height`."""
        for line in (self._tickets, *reversed(self._lines)):
            if self.sizeHint().height() <= height:
                return
            line.hide()

    def _make_buttons(self) -> None:
        made = {
            "open": button("Open", "quiet", icon="user"),
            "note": button("Note", "quiet", icon="note"),
            "create": button("Create", "quiet", icon="user-add"),
            "assign": button("Assign", "quiet", icon="link"),
            "search": button("Search", "quiet", icon="search"),
            "later": button("Later", "quiet", icon="clock"),
        }
        for each in made.values():
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_tooltip(made["open"], "Open the customer", shown_key(keys.POP_OPEN.sequence))
        set_tooltip(made["note"], "Write a note", shown_key(keys.POP_NOTE.sequence))
        set_tooltip(made["later"], "Put the card away", shown_key(keys.POP_LATER.sequence))
        set_tooltip(
            made["create"], "New customer with this number", shown_key(keys.POP_OPEN.sequence)
        )
        set_tooltip(made["assign"], "Give the number to a customer you have")
        set_tooltip(made["search"], "Find the customer by name", shown_key(keys.POP_OPEN.sequence))
        made["open"].clicked.connect(self.open_wanted)
        made["note"].clicked.connect(self.note_wanted)
        made["create"].clicked.connect(self.create_wanted)
        made["assign"].clicked.connect(self.assign_wanted)
        made["search"].clicked.connect(self.search_wanted)
        made["later"].clicked.connect(self.later_wanted)
        self._buttons = made

    def _lay_out(self) -> None:
        top = row(self._dot, self._state, self._timer, 1, self._called, spacing=Space.S)
        head = row(
            self._name, 1, self._segment, self._since, self._match_of_stranger, spacing=Space.S
        )
        low = row(self._number, 1, self._match, spacing=Space.S)
        beside = column(head, self._subtitle, low, spacing=Space.HAIR)
        person = row(spacing=Space.M)
        person.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        person.addLayout(beside, 1)
        made = self._buttons
        first = (made["open"], made["create"], self._key)
        others = (made["note"], made["assign"], made["search"])
        footer = row(*first, *others, 1, made["later"], spacing=Space.XS)
        footer.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        self._footer.setLayout(footer)
        body = column(
            top,
            person,
            self._why,
            column(*self._people, self._more_people, spacing=Space.HAIR),
            self._story_rule,
            self._spoke,
            column(*self._lines, self._tickets, spacing=Space.XS),
            rule(),
            spacing=Space.S,
        )
        body.setContentsMargins(Space.L, Space.M, Space.L, Space.NONE)
        whole = column(body, self._footer, spacing=Space.XS)
        whole.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.S)
        self.setLayout(whole)
        self.setFixedWidth(Size.POP)
        self._why.hide()

    def _show_state(self, card: PopCard, now: datetime) -> None:
        text, tone = words.state_words(card)
        self._state.setText(text)
        set_tone(self._state, tone)
        set_dot(self._dot, tone)
        self._timer.setText(words.timer(card, now))
        elided(self._called, words.called(card), _INNER // 2)

    def _show_person(self, card: PopCard) -> None:
        known = card.story is not None
        set_avatar(self._avatar, words.title(card), card.match.customer_id)
        self._avatar.setVisible(known)
        room = _BESIDE_AVATAR if known else _INNER
        self._show_match(card, known=known)
        self._show_name(card, room)
        self._show(self._subtitle, words.subtitle(card), room)
        taken = self._match.sizeHint().width() + 2 * Space.S if known else 0
        self._show(self._number, words.number(card), room - taken)
        self._why.setText(card.match.explanation)

    def _show_match(self, card: PopCard, *, known: bool) -> None:
        text, tone = words.match_chip(card)
        set_chip(self._match, text if known else "", tone)
        set_chip(self._match_of_stranger, "" if known else text, tone)

    def _show_name(self, card: PopCard, room: int) -> None:
        """The name comes first: for a long one the year and then the segment make room."""
        name = words.title(card)
        set_chip(self._segment, words.segment(card), "accent")
        self._since.setText(words.customer_since(card))
        self._since.setVisible(bool(self._since.text()))
        self._name.ensurePolished()
        wanted = self._name.fontMetrics().horizontalAdvance(name)
        for extra in (self._since, self._segment):
            if wanted > room - self._beside_name():
                extra.hide()
        elided(self._name, name, room - self._beside_name())

    def _beside_name(self) -> int:
        extras = (self._segment, self._since, self._match_of_stranger)
        return sum(e.sizeHint().width() + Space.S for e in extras if not e.isHidden()) + Space.S

    def _show_candidates(self, card: PopCard) -> None:
        several = card.match.candidates if card.match.state in _OPEN_QUESTIONS else ()
        for person, candidate in zip(self._people, several, strict=False):
            person.show_candidate(candidate)
        for place, person in enumerate(self._people):
            person.setVisible(place < len(several))
        left = len(several) - len(self._people)
        how = f"{shown_key(keys.POP_OPEN.sequence)}, then the figure"
        self._more_people.setText(f"{left} more: {how}" if left > 0 else how)
        self._more_people.setVisible(bool(several))

    def _show_story(self, card: PopCard, now: datetime) -> None:
        story = card.story
        lines = words.story_lines(story) if story else ()
        for place, line in enumerate(self._lines):
            line.set_line(lines[place] if place < len(lines) else None)
        tickets = words.tickets(story, now) if story else ""
        self._tickets.set_line(words.Line(tickets) if tickets else None)
        self._show(self._spoke, words.last_spoke(story, now) if story else "", _INNER)
        self._story_rule.setVisible(story is not None)

    def _show_buttons(self, card: PopCard) -> None:
        state, known = card.match.state, card.story is not None
        wanted = {
            "open": known,
            "note": known,
            "create": state in _STRANGERS,
            "assign": state in _STRANGERS,
            "search": state in {MatchState.WITHHELD, *_STRANGERS, *_OPEN_QUESTIONS},
            "later": True,
        }
        for name, is_wanted in wanted.items():
            self._buttons[name].setVisible(is_wanted)
        self._key.setVisible(wanted["open"] or wanted["create"])

    def _show(self, widget: QLabel, text: str, width: int) -> None:
        elided(widget, text, width)
        widget.setVisible(bool(text))

    def _toggle_why(self, shown: bool) -> None:
        self._why.setVisible(shown and bool(self._why.text()))
        self.resized.emit()
