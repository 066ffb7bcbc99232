"""What can be done with the card: a row of quiet buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.domain.matches import MatchState
from crmdesk.domain.pops import PopCard
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import key_hint
from crmdesk.gui.widgets.text import set_tooltip

_STRANGERS = {MatchState.NONE, MatchState.SUGGESTED}


class CardFooter(QWidget):
    """The buttons; none of them ever has the focus."""

    open_wanted = Signal()
    note_wanted = Signal()
    ticket_wanted = Signal()
    follow_up_wanted = Signal()
    later_wanted = Signal()
    create_wanted = Signal()
    assign_wanted = Signal()
    ignore_wanted = Signal()
    search_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        chord = shown_key(keys.POP_OPEN.sequence)
        self._key = key_hint(keys.POP_OPEN.sequence)
        self._buttons = {
            "open": _button("Open", "user", self.open_wanted, "Open the customer", chord),
            "create": _button(
                "Create", "user-add", self.create_wanted, "New customer with this number", chord
            ),
            "note": _button(
                "Note", "note", self.note_wanted, "Write a note", shown_key(keys.POP_NOTE.sequence)
            ),
            # Pictures alone: with all words the row would be wider than the card.
            "ticket": _button(
                "",
                "ticket",
                self.ticket_wanted,
                keys.POP_TICKET.text,
                shown_key(keys.POP_TICKET.sequence),
            ),
            "follow-up": _button(
                "",
                "follow-up",
                self.follow_up_wanted,
                keys.POP_FOLLOW_UP.text,
                shown_key(keys.POP_FOLLOW_UP.sequence),
            ),
            "assign": _button(
                "Assign", "link", self.assign_wanted, "Give the number to a customer you have"
            ),
            "ignore": _button(
                "Ignore", "bell-off", self.ignore_wanted, "No card for this caller from now on"
            ),
            "search": _button(
                "Search", "search", self.search_wanted, "Find the customer by name", chord
            ),
            "later": _button(
                "Later",
                "clock",
                self.later_wanted,
                "Put the card away",
                shown_key(keys.POP_LATER.sequence),
            ),
        }
        self._find = button("Find the customer by name", "search", icon="search")
        self._find.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._find.setMinimumWidth(Size.FIELD)
        set_tooltip(self._find, "Find the customer by name", chord)
        self._find.clicked.connect(self.search_wanted)
        made = self._buttons
        first = (made["open"], made["create"], made["search"], self._key)
        others = (made["note"], made["ticket"], made["follow-up"], made["assign"], made["ignore"])
        items = row(self._find, *first, *others, 1, made["later"], spacing=Space.XS)
        items.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        self.setLayout(items)

    def show_card(self, card: PopCard) -> None:
        """Offers what makes sense for this caller."""
        state, known = card.match.state, card.story is not None
        is_stranger = state in _STRANGERS and not known
        has_number = card.match.number.e164 is not None
        wanted = {
            "open": known,
            "note": known,
            "ticket": known,
            "follow-up": known,
            "create": is_stranger,
            "assign": is_stranger,
            "ignore": is_stranger and has_number and state is MatchState.NONE,
            "search": state is MatchState.SEVERAL and not known,
            "later": True,
        }
        for name, is_wanted in wanted.items():
            self._buttons[name].setVisible(is_wanted)
        self._find.setVisible(state is MatchState.WITHHELD and not known)
        # Of one who may be known the key opens the choice; with "Ignore" there is no room.
        self._key.setVisible(known or (state is MatchState.NONE and not has_number))


def _button(text: str, icon: str, signal: SignalInstance, tip: str, key: str = "") -> QPushButton:
    made = button(text, "quiet", icon=icon)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setAccessibleName(text or tip)
    set_tooltip(made, tip, key)
    made.clicked.connect(signal)
    return made
