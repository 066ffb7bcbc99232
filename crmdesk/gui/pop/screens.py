"""Where on the screens the pop may stand, as Qt tells it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor, QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from crmdesk.gui.pop.placement import Rect

MOUSE = "mouse"
"""The screen the mouse is on; any other word is a screen's name, or means the main screen."""


def screen_called(wanted: str) -> QScreen:
    """The screen of this name, or that the mouse is on; the main one where there is none."""
    primary = QGuiApplication.primaryScreen()
    if wanted == MOUSE:
        return QGuiApplication.screenAt(QCursor.pos()) or primary
    by_name = {screen.name(): screen for screen in QGuiApplication.screens()}
    return by_name.get(wanted, primary)


def rect_of(geometry: QRect) -> Rect:
    """Qt's rectangle as ours."""
    return Rect(geometry.x(), geometry.y(), geometry.width(), geometry.height())


def typing_in() -> Rect | None:
    """The field of our own windows that has the keyboard."""
    widget = QApplication.focusWidget()
    if widget is None:
        return None
    corner = widget.mapToGlobal(QPoint(0, 0))
    return Rect(corner.x(), corner.y(), widget.width(), widget.height())
