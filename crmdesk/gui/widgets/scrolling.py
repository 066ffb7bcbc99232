"""Scrolling parts of a page, and how a layout is emptied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget


def scroll_area(content: QWidget, *, name: str) -> QScrollArea:
    """A part that scrolls up and down only; `name` is its accessible name."""
    made = QScrollArea()
    made.setAccessibleName(name)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    content.setProperty("plain", "true")
    made.setWidget(content)
    return made


def clear(layout: QLayout) -> None:
    """Removes everything from a layout; its widgets go when Qt is back in its loop."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
