"""Dialogs that are open already: they come to the front instead of a second one."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog, QWidget


def show_again(window: QWidget, kind: type[QDialog]) -> bool:
    """Brings an open dialog to the front, with what it asks; False where none is open.

    A key that works in every program can ask for a form while one is open.

    Args:
        window: Whose dialogs.
        kind: Which.
    """
    if not any(dialog.isVisible() for dialog in window.findChildren(kind)):
        return False
    front = QApplication.activeModalWidget()
    if front is not None:
        front.raise_()
        front.activateWindow()
    return True
