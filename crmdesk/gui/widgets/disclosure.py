"""A heading that opens and closes what stands below it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, set_icon
from crmdesk.gui.widgets.layouts import column, row


class Disclosure(QWidget):
    """What few need, behind one line that says what it is; closed at first."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.heading = button(title, "link")
        self.heading.setCheckable(True)
        self.heading.toggled.connect(self.set_open)
        self.setLayout(column(row(self.heading, 1), content, spacing=Space.S))
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Shows or hides the content."""
        self.heading.setChecked(is_open)
        self._content.setVisible(is_open)
        set_icon(self.heading, "down" if is_open else "right", "accent")
        self.heading.setAccessibleDescription("open" if is_open else "closed")
