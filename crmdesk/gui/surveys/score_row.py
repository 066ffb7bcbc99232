"""A row of figures to choose from, by mouse and by its own key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import row


class ScoreRow(QWidget):
    """Figures beside each other; typing one chooses it.

    Args:
        scores: Which, in order.
        name: Accessible name.

    Signals:
        chosen: The figure.
    """

    chosen = Signal(int)

    def __init__(self, scores: range, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.score: int | None = None
        self._group = QButtonGroup(self)
        self._buttons: dict[int, QPushButton] = {}
        items = row(spacing=Space.XS)
        for score in scores:
            made = button(str(score))
            made.setCheckable(True)
            made.setFixedWidth(Size.CONTROL + Space.S)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setAccessibleName(f"{score} of {scores.stop - 1}")
            made.clicked.connect(partial(self.choose, score))
            self._group.addButton(made)
            self._buttons[score] = made
            items.addWidget(made)
        items.addStretch(1)
        self.setLayout(items)

    def choose(self, score: int, _checked: bool = True) -> None:
        """Chooses a figure of the row; others are passed over."""
        if score in self._buttons:
            self.score = score
            self._buttons[score].setChecked(True)
            self.chosen.emit(score)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Figures choose; left and right go on from the one that is chosen."""
        text = event.text()
        if text.isascii() and text.isdecimal():
            # "10" is typed as 1 and 0.
            self.choose(
                10 if text == "0" and self.score == 1 and 10 in self._buttons else int(text)
            )
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and self.score is not None:
            self.choose(self.score + (1 if event.key() == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)
