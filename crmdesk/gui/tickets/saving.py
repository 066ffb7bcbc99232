"""The button that saves a dialog: the default one, with the key that saves everywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QPushButton

from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.text import set_tooltip


def saving_button(dialog: QDialog, text: str, save: Callable[[], object]) -> QPushButton:
    """A default button; `save` is called by it and by the key, also from a field of many lines."""
    made = button(text, "primary")
    made.setDefault(True)
    set_tooltip(made, text, shown_key(keys.SAVE.sequence))
    made.clicked.connect(save)
    bind(dialog, keys.SAVE, save)
    return made
