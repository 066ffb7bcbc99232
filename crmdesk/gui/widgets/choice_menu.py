"""A menu of choices under what it changes, with the cursor on what holds now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from crmdesk.gui.widgets.buttons import action


def open_choices(
    anchor: QWidget,
    choices: Iterable[tuple[str, str]],
    present: str,
    choose: Callable[[str], object],
) -> QMenu:
    """Opens the menu.

    Args:
        anchor: What it stands under.
        choices: Title and key of each.
        present: The key that holds now; choosing it again does nothing.
        choose: Gets the key of another one.
    """
    menu = QMenu(anchor)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for title, key in choices:
        entry = action(menu, title)
        entry.setCheckable(True)
        entry.setChecked(key == present)
        if key != present:
            entry.triggered.connect(partial(choose, key))
        menu.addAction(entry)
    checked = next((entry for entry in menu.actions() if entry.isChecked()), None)
    menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
    if checked is not None:
        menu.setActiveAction(checked)
    return menu
