"""Which widgets the keyboard goes to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QRadioButton, QWidget

_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}


def focus_first(part: QWidget) -> None:
    """Gives the keyboard to the first thing in a part that Tab stops at; else to the part."""
    at = part.nextInFocusChain()
    while at is not None and at is not part and not (part.isAncestorOf(at) and _is_stop(at)):
        at = at.nextInFocusChain()
    (at or part).setFocus(Qt.FocusReason.TabFocusReason)


def tab_stops(part: QWidget) -> list[QWidget]:
    """What Tab stops at in a part, also while it is hidden; in the order it was made in."""
    inner = (one for one in part.findChildren(QWidget) if one.window() is part.window())
    return [one for one in (part, *inner) if _takes_tab(one)]  # lists that pop up are windows


def tab_through(stops: Sequence[QWidget]) -> None:
    """Tab goes through these in their order: Qt puts whatever is made later at the end."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _is_stop(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and _takes_tab(widget)


class OneTabStop(QObject):
    """Tab stops once at a row of buttons; arrow keys, Home and End move inside it.

    As in a toolbar: https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/ - and of radio buttons the
    one that is come to is chosen: https://www.w3.org/WAI/ARIA/apg/patterns/radio/

    Args:
        owner: What they stand in.
        buttons: In their order.
    """

    def __init__(self, owner: QWidget, buttons: Sequence[QAbstractButton]) -> None:
        super().__init__(owner)
        self._buttons = buttons
        for one in buttons:
            one.installEventFilter(self)
        self._stop_at(buttons[0])

    def _stop_at(self, stop: QAbstractButton) -> None:
        for one in self._buttons:
            is_stop = one is stop
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Moves on by arrows; where the keyboard is, Tab comes back to."""
        if not isinstance(watched, QAbstractButton):
            return False
        if event.type() == QEvent.Type.FocusIn:
            self._stop_at(watched)
        if event.type() == QEvent.Type.HideToParent:
            self._leave(watched)
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        target = self._target(watched, Qt.Key(event.key()))
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(target, QRadioButton):
            target.click()
        return target is not None

    def _leave(self, hidden: QAbstractButton) -> None:
        """Tab has to stop at another where the one it stopped at is there no more."""
        shown = [one for one in self._buttons if not one.isHidden()]
        if shown and hidden.focusPolicy() == Qt.FocusPolicy.StrongFocus:
            self._stop_at(shown[0])

    def _target(self, at: QAbstractButton, key: Qt.Key) -> QAbstractButton | None:
        shown = [one for one in self._buttons if one.isVisible() and one.isEnabled()]
        if at not in shown:
            return None
        if key == Qt.Key.Key_Home:
            return shown[0]
        if key == Qt.Key.Key_End:
            return shown[-1]
        step = _STEPS.get(key)
        return None if step is None else shown[(shown.index(at) + step) % len(shown)]
