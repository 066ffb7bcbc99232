"""Chooses one of several possible callers by key 1 to 9; in the main window, with focus."""

from __future__ import annotations

import unicodedata
import uuid
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crmdesk.domain.matches import Candidate
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import people_words, words
from crmdesk.gui.pop.rows import CandidateRow
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.fields import check_box, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tooltip, set_window_title

_REMEMBER_KEY = "Alt+R"
_FIGURES = "123456789"


class Chooser(FittedDialog):
    """Who is it? A figure chooses, letters look for a name, Esc leaves it open.

    Signals:
        chosen: The customer's key, and whether to remember it for this number.
    """

    chosen = Signal(object, bool)

    def __init__(self, parent: QWidget | None, card: PopCard, lists: Picklists) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Who is calling?")
        self._match, self._lists = card.match, lists
        self._all = people_words.choices(card.match)
        self._shown: tuple[Candidate, ...] = ()
        self.filter = line_edit("Type a name", name="Look for a name")
        self.filter.textChanged.connect(self._show)
        self.filter.installEventFilter(self)
        self.remember = check_box(f"Remember for this number  {shown_key(_REMEMBER_KEY)}")
        self.remember.setVisible(card.match.number.e164 is not None)
        set_tooltip(self.remember, "Next time this customer is linked without asking")
        QShortcut(QKeySequence(_REMEMBER_KEY), self).activated.connect(self.remember.toggle)
        self._rows = [self._row(place) for place in range(people_words.MOST_KEYS)]
        self._left = label("", "small", "muted")
        self._lay_out(card)
        self._show("")
        self.filter.setFocus()

    def _row(self, place: int) -> CandidateRow:
        made = CandidateRow(place, Size.DIALOG - 2 * Space.XL)
        made.clicked.connect(partial(self._choose, place))
        return made

    def _lay_out(self, card: PopCard) -> None:
        heading = column(
            label(words.title(card), "title", wrap=True),
            label(people_words.sharers(card.match), "body", "muted", wrap=True),
            spacing=Space.XS,
        )
        hint = label("A figure chooses, letters look for a name.", "small", "muted")
        cancel = button("Not now")
        cancel.clicked.connect(self.reject)
        people = column(*self._rows, self._left, spacing=Space.HAIR)
        foot = row(self.remember, 1, cancel)
        parts = (heading, self.filter, hint, people, foot)
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))

    def _show(self, text: str) -> None:
        """Shows those whose name, company or label has every word of a text."""
        wanted = _plain(text).split()
        found = [one for one in self._all if all(word in self._searched(one) for word in wanted)]
        self._shown = tuple(found[: len(self._rows)])
        for place, line in enumerate(self._rows):
            line.setVisible(place < len(self._shown))
            if place < len(self._shown):
                line.show_candidate(self._shown[place], self._match, self._lists)
        self._left.setText(self._left_words(len(found)))
        self._left.setVisible(bool(self._left.text()))

    def _searched(self, candidate: Candidate) -> str:
        owner = candidate.owner
        label = self._lists.title(PicklistKey.NUMBER_LABEL, owner.label)
        return _plain(f"{owner.name} {owner.company_name} {label}")

    def _left_words(self, found: int) -> str:
        """Who is not among the rows, and how to find them."""
        if not found:
            return "Nobody of them has this name."
        if found > len(self._shown):
            return f"{found - len(self._shown):,} more: type a name"
        unlisted = people_words.count(self._match) - len(self._all)
        search = shown_key(keys.PALETTE.sequence)
        return f"{unlisted:,} more are not listed: {search} finds them" if unlisted > 0 else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Figures choose also while a name is being typed; names have none."""
        if watched is self.filter and isinstance(event, QKeyEvent) and self._is_figure(event):
            if event.type() is QEvent.Type.KeyPress:
                self._choose(_FIGURES.index(event.text()))
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Figures choose, Return takes the only one that is left."""
        if self._is_figure(event):
            self._choose(_FIGURES.index(event.text()))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and len(self._shown) == 1:
            self._choose(0)
        else:
            super().keyPressEvent(event)

    def _is_figure(self, event: QKeyEvent) -> bool:
        # The text and not the key: on French keyboards figures are typed with Shift.
        return len(event.text()) == 1 and event.text() in _FIGURES

    def _choose(self, place: int) -> None:
        if place < len(self._shown):
            key: uuid.UUID = self._shown[place].owner.customer_id
            self.accept()
            self.chosen.emit(key, self.remember.isChecked())


def _plain(text: str) -> str:
    """Without case and accents: "muller" finds Müller."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
