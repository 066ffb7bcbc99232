"""What an agent said of the caller, and how to keep it or take it back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.domain.matches import MatchRule
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import people_words
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_label
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import elided, label, set_tooltip


class StepLine(QWidget):
    """One line: "Chosen for this call", with the buttons that belong to it.

    Signals:
        remember_wanted: The choice shall hold for this number from now on.
        forget_wanted: It shall not any more.
        undo_wanted: The last step on this card shall be taken back.
    """

    remember_wanted = Signal()
    forget_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width - Size.ICON - Space.S
        self._text = label("", "small", "muted")
        self._remember = _link("Remember", "Take this customer for this number from now on")
        self._forget = _link("Forget", "Ask again when this number calls")
        self._undo = _link("Undo", "Take the last step back")
        self._remember.clicked.connect(self.remember_wanted)
        self._forget.clicked.connect(self.forget_wanted)
        self._undo.clicked.connect(self.undo_wanted)
        links = row(self._remember, self._forget, self._undo, spacing=Space.M)
        self.setLayout(row(icon_label("check"), self._text, 1, links, spacing=Space.S))

    def show_card(self, card: PopCard, step: str) -> None:
        """Shows what was said of this card's caller; nothing where nothing was.

        Args:
            card: What is shown.
            step: What was done last on this card and can be taken back, "" for nothing.
        """
        rule = card.match.rule
        is_chosen = rule is MatchRule.CHOSEN and card.match.customer_id is not None
        chosen = "Chosen for this call" if is_chosen else ""
        text = step or people_words.remembered(card.match) or chosen
        can_remember = card.match.number.e164 is not None
        is_kept = people_words.is_remembered(card.match)
        self._remember.setVisible(is_chosen and can_remember and not is_kept)
        self._forget.setVisible(rule is MatchRule.REMEMBERED)
        self._undo.setVisible(bool(step))
        links = (self._remember, self._forget, self._undo)
        taken = sum(e.sizeHint().width() + Space.M for e in links if not e.isHidden())
        elided(self._text, text, self._width - taken - Space.S)
        self.setVisible(bool(text))


def _link(text: str, tip: str) -> QPushButton:
    made = button(text, "link")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    set_tooltip(made, tip)
    return made
