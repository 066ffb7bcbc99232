"""The health of each phone line: a dot with a word, what to do in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import set_dot, state_dot
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tone, set_tooltip

_WORDS = {
    LineState.OFF: ("off", "faint"),
    LineState.CONNECTING: ("connecting", "accent"),
    LineState.READY: ("ready", "good"),
    LineState.DEGRADED: ("limited", "warn"),
    LineState.RETRYING: ("no connection", "bad"),
    LineState.REFUSED: ("refused", "bad"),
}
_QUIET = {"good", "faint"}


class _LineMark(QWidget):
    """One line."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._dot = state_dot()
        self._name = ElidedLabel("", "small")
        self._name.setMaximumWidth(Size.FIELD // 2)
        self._word = label("", "small", "muted")
        self.setLayout(row(self._dot, self._name, self._word, spacing=Space.XS + Space.HAIR))

    def show_health(self, health: LineHealth) -> None:
        """Shows the state of the line."""
        word, tone = _WORDS[health.state]
        if health.state is LineState.READY and health.warnings:
            word, tone = "ready, with a warning", "warn"
        set_dot(self._dot, tone)
        self._name.set_full_text(health.name)
        self._word.setText(word)
        set_tone(self._word, "muted" if tone in _QUIET else tone)
        parts = (f"{health.name}: {word}", health.message, health.remedy, *health.warnings)
        text = "\n".join(part for part in parts if part)
        self.setAccessibleName(text)
        set_tooltip(self, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Opens what can be done about it."""
        super().mouseReleaseEvent(event)
        self.clicked.emit()


class LineStrip(QWidget):
    """All lines; a click asks for the settings."""

    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._marks: dict[str, _LineMark] = {}
        self._row = row(spacing=Space.L)
        self._none = label("No phone line yet", "small", "muted")
        self._row.addWidget(self._none)
        self.setLayout(self._row)

    def show_health(self, health: LineHealth) -> None:
        """Shows a line, or its new state."""
        if health.line_id not in self._marks:
            mark = self._marks[health.line_id] = _LineMark()
            mark.clicked.connect(self.settings_wanted)
            self._row.addWidget(mark)
            self._none.hide()
        self._marks[health.line_id].show_health(health)

    def keep_only(self, line_ids: set[str]) -> None:
        """Forgets lines that are no longer set up."""
        for line_id in set(self._marks) - line_ids:
            mark = self._marks.pop(line_id)
            mark.hide()
            mark.deleteLater()
        self._none.setVisible(not self._marks)
