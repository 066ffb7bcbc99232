"""The search field of a page or of a list in it: Down goes to the list, Escape clears first."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent

from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.widgets.fields import SearchField
from crmdesk.gui.widgets.text import set_tooltip


class PageSearch(SearchField):
    """A search field beside what it searches; in a dialog Escape closes the dialog instead.

    Args:
        placeholder: What can be searched for.
        name: What it searches, as the tooltip and a screen reader tell it.
        key: What brings the cursor here.

    Signals:
        left: Down was pressed, or Escape while it was empty.
    """

    left = Signal()

    def __init__(self, placeholder: str, name: str, key: Key) -> None:
        super().__init__(placeholder)
        self.setAccessibleName(name)
        set_tooltip(self, name, key.sequence)

    def take_focus(self) -> None:
        """What is typed next replaces the text."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Takes Escape before the keys of the page do, while it has the cursor."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape: the text goes, then the cursor. Down: to what was found."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._send()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Down}:
            self.clearFocus()  # an empty list is hidden and cannot take it: single keys work again
            self.left.emit()
        else:
            super().keyPressEvent(event)
