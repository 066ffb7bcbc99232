"""Rows of the card: a line with an icon, and one of several possible callers."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from crmdesk.domain.matches import Candidate, Match
from crmdesk.domain.planning import Picklists
from crmdesk.gui.pop.lines import Line
from crmdesk.gui.pop.people_words import candidate_words
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_label, set_icon
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import key_hint
from crmdesk.gui.widgets.text import elided, label, set_tone


class IconLine(QWidget):
    """An icon and a text of fixed width.

    Args:
        width: Room for both.
        icon: Always this icon; "" takes the one of the line's tone.
        lines: How many lines the text may take before it is cut.
    """

    def __init__(self, width: int, icon: str = "", lines: int = 1) -> None:
        super().__init__()
        self._width = width - Size.ICON - Space.S
        self._room = self._width if lines == 1 else lines * (self._width - Size.AVATAR)
        self._fixed = icon
        self._icon = icon_label(icon or "right", "faint")
        self._text = label("", "body", wrap=lines > 1)
        items = row(spacing=Space.S)
        items.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        items.addWidget(self._text, 1)
        self.setLayout(items)

    def set_line(self, line: Line | None) -> None:
        """Shows a line, or nothing."""
        self.setVisible(line is not None)
        if line is None:
            return
        set_icon(self._icon, self._fixed or line.icon, line.tone or "faint")
        set_tone(self._text, line.tone if line.tone in {"bad", "warn"} else "text")
        elided(self._text, line.text, self._room)


class Clickable(QFrame):
    """A row one can click, on a window one can drag by it.

    Press and release go on to the window, which moves with the mouse in between; only a
    release near the press is a click.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._pressed_at: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Remembers where."""
        self._pressed_at = event.globalPosition().toPoint()
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click, unless the window was dragged."""
        event.ignore()
        start, self._pressed_at = self._pressed_at, None
        if start is None:
            return
        way = (event.globalPosition().toPoint() - start).manhattanLength()
        if way < QApplication.startDragDistance():
            self.clicked.emit()


class CandidateRow(Clickable):
    """One of several possible callers: key, name, evidence.

    Args:
        place: Its place, 0 for the best; the key is one more.
        width: Room in pixels.
    """

    def __init__(self, place: int, width: int) -> None:
        super().__init__()
        self.setProperty("kind", "person")
        self._width = width - Size.AVATAR_SMALL - 2 * Space.S
        self._name = label("", "strong")
        self._evidence = label("", "small", "muted")
        items = row(spacing=Space.S)
        items.setContentsMargins(Space.XS, Space.HAIR, Space.XS, Space.HAIR)
        items.addWidget(key_hint(str(place + 1)), 0, Qt.AlignmentFlag.AlignTop)
        items.addLayout(column(self._name, self._evidence, spacing=Space.NONE), 1)
        self.setLayout(items)

    def show_candidate(self, candidate: Candidate, match: Match, lists: Picklists) -> None:
        """Shows a possible caller."""
        name, evidence = candidate_words(candidate, match, lists)
        elided(self._name, name, self._width)
        elided(self._evidence, evidence, self._width)
        self.setAccessibleName(f"{name}, {evidence}")
