"""Where the keyboard goes when what had it is gone: near it, never to the rail by chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from crmdesk.gui.pages.page import Part


class FocusKeeper(QObject):
    """Remembers what of a window had the keyboard last, and what that stood in.

    Pages are filled anew after each step, often behind the dialog that asked for it. Qt gives the
    keyboard of a widget that went to the next one in the order of tabs: from the last of a page
    that is the first button of the rail.

    Args:
        window: Whose keyboard.
        elsewhere: Called where nothing of what had it is left.
    """

    def __init__(self, window: QMainWindow, elsewhere: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._elsewhere = window, elsewhere
        self._last: list[QWidget] = []
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    @Slot(QWidget, QWidget)
    def _moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now is not self._window and self._window.isAncestorOf(now):
            self._last = list(_upwards(now))

    def is_lost(self) -> bool:
        """Whether what has the keyboard of the window cannot be typed into any more."""
        focus = self._window.focusWidget()
        return focus is None or not _can_have(focus)

    def give_back(self) -> None:
        """Gives it to the next thing around what had it."""
        for widget in self._last:
            if isValid(widget) and self._window.isAncestorOf(widget) and _can_have(widget):
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._elsewhere()


def go_round(parts: Sequence[Part], step: int) -> None:
    """Brings the keyboard to the next part, or with -1 to the one before; round at the end."""
    focus, outside = QApplication.focusWidget(), -1 if step > 0 else 0
    at = next((i for i, (part, _) in enumerate(parts) if _holds(part, focus)), outside)
    _, enter = parts[(at + step) % len(parts)]
    enter()


def _holds(part: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (part is focus or part.isAncestorOf(focus))


def _can_have(widget: QWidget) -> bool:
    is_there = widget.isVisible() and widget.isEnabled()
    return is_there and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _upwards(widget: QWidget) -> list[QWidget]:
    found: list[QWidget] = []
    at: QWidget | None = widget
    while at is not None and not at.isWindow():
        found.append(at)
        at = at.parentWidget()
    return found
