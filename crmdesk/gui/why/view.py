"""Why this record: rule, digits, reading of the number, trust, candidates with their points."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from crmdesk import __version__
from crmdesk.domain.matches import Match, MatchRule, more_words
from crmdesk.domain.planning import Picklists
from crmdesk.gui.models import why
from crmdesk.gui.models.support_text import support_text
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.candidate_line import CandidateLine
from crmdesk.gui.why.digits import DigitsView
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import label, set_tone

_COPIED = "Copied: no name, no whole number"


class WhyView(QWidget):
    """The sheet. Plain labels, made once, for a known width.

    Args:
        rows: Most candidates that are shown; the rest is counted. 0 where others show them.
        width: Room in pixels, 0 where it follows its surroundings.
        focusable: False on the pop, which never takes the focus.

    Signals:
        denied: The agent says that it is not this person.
    """

    denied = Signal()

    def __init__(self, *, rows: int, width: int = 0, focusable: bool = True) -> None:
        super().__init__()
        self._match: Match | None = None
        self.lists = Picklists()
        self._rule = wrapped("", "strong")
        self._explanation = wrapped("", "small", "muted")
        self._since = wrapped("", "small", "warn")
        self._digits = DigitsView()
        self._steps = wrapped("", "small", "muted")
        self._trust = wrapped("", "small", "muted")
        self._rule_line = rule()
        self._candidates = [CandidateLine(width) for _ in range(rows)]
        self._more = label("", "small", "muted")
        self._threshold = wrapped("", "small", "muted")
        self._deny = button("Not this person", "link", icon="close")
        self._copy = button("Copy for support", "link", icon="copy")
        self._deny.clicked.connect(self.denied)
        self._copy.clicked.connect(self._copy_for_support)
        if not focusable:
            for each in (self._deny, self._copy):
                each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        if width:
            self.setFixedWidth(width)

    def _lay_out(self) -> None:
        people = column(*self._candidates, self._more, self._threshold, spacing=Space.XS)
        actions = row(self._deny, self._copy, 1, spacing=Space.L)
        reading = column(self._digits, self._steps, self._trust, spacing=Space.XS)
        head = column(self._rule, self._explanation, self._since, spacing=Space.HAIR)
        parts = (head, reading, self._rule_line, people, actions)
        self.setLayout(column(*parts, spacing=Space.S))

    def show_match(self, match: Match, since: str = "", *, decision: bool = True) -> None:
        """Explains a match.

        Args:
            match: The answer to "who is calling".
            since: What is different from what was linked then, "" for nothing.
            decision: Says what decided; False where it is said beside.
        """
        self._match = match
        _tell(self._rule, why.decision(match) if decision else "")
        is_said = decision and match.rule is MatchRule.CHOSEN  # by what decided, already
        _tell(self._explanation, "" if is_said else match.explanation)
        _tell(self._since, since)
        self._digits.show_digits(why.compared(match))
        steps = "; ".join(match.number.steps)
        _tell(self._steps, f"How the number was read: {steps}" if steps else "")
        self._show_trust(match)
        self._show_candidates(match)
        _tell(self._threshold, why.threshold(match))
        self._deny.setVisible(match.customer_id is not None)
        self._copy.setText("Copy for support")

    def set_deniable(self, is_deniable: bool) -> None:
        """Offers "not this person", or does not: a past call has its own link."""
        self._deny.setVisible(is_deniable)

    def least_pressing(self) -> Iterator[QWidget]:
        """Its lines in the order in which they may make room on the pop."""
        yield self._threshold
        yield self._steps
        for line in reversed(self._candidates[1:]):
            yield line
            self._count_left_out()  # who made room is one of those below
        yield self._explanation

    def _show_trust(self, match: Match) -> None:
        text, tone = why.trust_words(match)
        reasons = " ".join(match.trust.reasons)
        _tell(self._trust, (reasons or why.TRUST_MEANINGS[match.trust.level]) if text else "")
        set_tone(self._trust, "warn" if tone == "warn" else "muted")

    def _show_candidates(self, match: Match) -> None:
        rows = why.rows(match, self.lists)
        for place, line in enumerate(self._candidates):
            line.show_row(rows[place] if place < len(rows) else None)
        self._count_left_out()
        self._rule_line.setVisible(bool(rows) and bool(self._candidates))

    def _count_left_out(self) -> None:
        shown = sum(not line.isHidden() for line in self._candidates)
        left = why.left_out(self._match, shown) if self._match and shown else 0
        count = self._match.owner_count if self._match else 0
        _tell(self._more, more_words(left, count) if left else "")

    def _copy_for_support(self) -> None:
        if self._match is not None:
            QApplication.clipboard().setText(support_text(self._match, __version__))
            self._copy.setText(_COPIED)


def _tell(widget: QLabel, text: str) -> None:
    set_wrapped(widget, text)
    widget.setVisible(bool(text))
