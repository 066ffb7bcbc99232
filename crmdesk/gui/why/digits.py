"""The digits of the call and of the store, one above the other, what is the same in bold."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.gui.models.why import Digits
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.text import label

_LINES = 2


class DigitsView(QWidget):
    """Plain labels side by side: bold without markup."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.NONE)
        grid.setVerticalSpacing(Space.HAIR)
        self._labels = []
        for place in range(_LINES):
            parts = (
                label("", "small", "muted"),
                label("", "body", "muted"),
                label("", "strong"),
                label("", "body", "muted"),
            )
            parts[0].setContentsMargins(Space.NONE, Space.NONE, Space.M, Space.NONE)
            parts[1].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for across, part in enumerate(parts):
                grid.addWidget(part, place, across)
            self._labels.append(parts)
        grid.setColumnStretch(len(self._labels[0]), 1)
        self.setLayout(grid)

    def show_digits(self, lines: tuple[Digits, ...]) -> None:
        """Shows two numbers; nothing where none were compared."""
        self.setVisible(bool(lines))
        for line, parts in zip(lines, self._labels, strict=False):
            texts = (line.what, line.before, line.same, line.after)
            for part, text in zip(parts, texts, strict=True):
                part.setText(text)
                part.setAccessibleName("")
            parts[0].setAccessibleName(line.spoken)
