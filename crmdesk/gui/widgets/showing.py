"""Parts of a window that are there or not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def set_shown(part: QWidget, is_shown: bool) -> None:
    """Shows or hides a part, also before it is put into a window.

    `QWidget.setVisible` would make a window of a part that has no parent yet: it flashes on the
    screen and takes the keyboard. Such a part only stops to be hidden, and is shown with what it
    is put into.
    """
    if is_shown and part.parentWidget() is None:
        part.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
    else:
        part.setVisible(is_shown)
