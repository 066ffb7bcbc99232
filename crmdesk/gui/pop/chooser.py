"""Chooses one of several possible callers by key 1 to 9; in the main window, with focus."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop.rows import CandidateRow
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.text import label, set_window_title

_MOST = 9


class Chooser(QDialog):
    """Who is it? Esc leaves it open."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None, card: PopCard) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Who is calling?")
        self.setFixedWidth(Size.DIALOG)
        heading = label(card.title, "title", wrap=True)
        hint = label("Press the figure, or click. The call is kept either way.", "body", "muted")
        rows = []
        for place, candidate in enumerate(card.match.candidates[:_MOST]):
            person = CandidateRow(place, Size.DIALOG - 2 * Space.XL)
            person.show_candidate(candidate)
            choose = partial(self._choose, candidate.owner.customer_id)
            person.clicked.connect(choose)
            QShortcut(QKeySequence(str(place + 1)), self).activated.connect(choose)
            rows.append(person)
        self.setLayout(
            column(heading, hint, column(*rows, spacing=Space.XS), spacing=Space.M, margin=Space.XL)
        )

    def _choose(self, customer_id: object) -> None:
        self.accept()
        self.chosen.emit(customer_id)
