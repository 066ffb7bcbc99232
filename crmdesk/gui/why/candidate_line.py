"""A candidate of the sheet: name and points, below what the points are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.gui.models.why import WhyRow
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import elided, isolate, joined, label, set_tone

_POINTS = 2 * Size.AVATAR
_REASON_LINES, _EVIDENCE_LINES = 2, 6
"""At most; what is left over is in the tooltip."""


class CandidateLine(QWidget):
    """Made once, filled with one candidate after the other.

    Args:
        width: Room in pixels.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self._name = label("", "body")
        self._points = label("", "small-strong", "muted")
        self._points.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._evidence = label("", "small", "muted", wrap=True)
        self.setLayout(column(row(self._name, 1, self._points), self._evidence, spacing=Space.NONE))

    def show_row(self, shown: WhyRow | None) -> None:
        """Shows a candidate, or nothing."""
        self.setVisible(shown is not None)
        if shown is None:
            return
        set_tone(self._name, "muted" if shown.barred else "text")
        name = joined((shown.name, shown.detail))
        elided(self._name, name, self._width - _POINTS)
        self._points.setText(f"{shown.points} points" if shown.points else "")
        # All of the evidence, so that the sum can be checked: the words are ours, but for names.
        below = shown.barred or shown.evidence
        most = _REASON_LINES if shown.barred else _EVIDENCE_LINES
        elided(self._evidence, below, most * (self._width - Size.AVATAR))
        self._evidence.setVisible(bool(below))
        points = f"{shown.points} points" if shown.points else "never linked here"
        self.setAccessibleName(f"{isolate(name)}, {points}, {below}")
