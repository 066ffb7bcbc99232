"""Why this record, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.domain.matches import Match
from crmdesk.domain.planning import Picklists
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.why.view import WhyView
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title

_ROWS = 6


class WhyDialog(FittedDialog):
    """The sheet with room for six candidates; `view.denied` asks for "not this person".

    Args:
        title: Whose call, e.g. a name or a number.
        match: What is explained.
        lists: What kinds of numbers are called.
        since: What is different from what was linked then, "" for nothing.
    """

    def __init__(
        self, parent: QWidget | None, title: str, match: Match, lists: Picklists, since: str = ""
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Why this record")
        self.view = WhyView(rows=_ROWS, width=Size.DIALOG - 2 * Space.XL)
        self.view.lists = lists
        self.view.show_match(match, since)
        self.view.denied.connect(self.accept)
        close = button("Close", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        heading = label(title, "title", wrap=True)
        parts = (heading, self.view, row(1, close))
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))
