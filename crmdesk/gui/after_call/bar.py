"""The line over the page that says what a customer lacks; it takes no focus and no key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, icon_label, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import label, set_tooltip


class AfterCallBar(QFrame):
    """Hidden while nothing is missing.

    Signals:
        fill_wanted: The form shall be opened.
        later_wanted: This customer shall not be asked about any more until the next call.
    """

    fill_wanted = Signal()
    later_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("banner", "accent")
        self.text = label("", "strong", wrap=True)
        self.others = label("", "body", "muted")
        self.fill = button(f"Fill in  {shown_key(keys.FILL_IN.sequence)}", "plain")
        self.fill.setAccessibleName("Fill in")
        set_tooltip(self.fill, keys.FILL_IN.text, shown_key(keys.FILL_IN.sequence))
        self.later = button("Later", "plain")
        set_tooltip(self.later, "Ask again after the next call")
        self.fill.clicked.connect(self.fill_wanted)
        self.later.clicked.connect(self.later_wanted)
        items = row(spacing=Space.S)
        items.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        items.addWidget(icon_label("edit", "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
        items.addWidget(self.text, 1)
        for part in (self.others, self.fill, self.later):
            items.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(items)
        self.hide()

    def tell(self, text: str, others: str) -> None:
        """Says what is missing; "" hides the line."""
        self.text.setText(text)
        self.others.setText(others)
        self.others.setVisible(bool(others))
        self.setAccessibleName(" ".join(filter(None, (text, others))))
        self.setVisible(bool(text))
