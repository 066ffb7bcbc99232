"""A choice that the wheel changes only where the keyboard is: pages scroll past it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView


class CalmCombo(QComboBox):
    """As any combo box, in a page that scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Scrolls the page unless the keyboard is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def calm_combo(choices: Iterable[tuple[str, object]], *, name: str) -> CalmCombo:
    """A choice among (text, value)."""
    made = CalmCombo()
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setView(QListView())
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(8)
    for text, value in choices:
        made.addItem(text, value)
    return made
