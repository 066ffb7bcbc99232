"""Tells when a window has been painted whole."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class PaintWatch(QObject):
    """Calls back after the next painting of a window and all that is in it.

    The window paints first and its children after it, in one go; a timer of zero
    milliseconds comes when that is over and the picture was handed to the display.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._then: Callable[[float], None] | None = None
        window.installEventFilter(self)

    def wait(self, then: Callable[[float], None]) -> None:
        """Calls `then` with the time (perf_counter) once the window has been painted."""
        self._then = then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Sees what the window gets."""
        if event.type() is QEvent.Type.Paint and self._then is not None:
            then, self._then = self._then, None
            QTimer.singleShot(0, lambda: then(time.perf_counter()))
        return False
