"""The line over the page that says what to ask after a call; it takes no focus."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, icon_label, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import label, set_tooltip


class AfterCallBar(QFrame):
    """Hidden while there is nothing to ask.

    Args:
        icon: Of the line.
        word: Of its button.
        key: Of its button.

    Signals:
        told: It says something else now, or nothing.
        fill_wanted: The form shall be opened.
        later_wanted: This customer shall not be asked about any more until the next call.
    """

    told = Signal()
    fill_wanted = Signal()
    later_wanted = Signal()

    def __init__(
        self, icon: str = "edit", word: str = "Fill in", key: keys.Key = keys.FILL_IN
    ) -> None:
        super().__init__()
        self._word = word
        self.setProperty("kind", "banner")
        self.setProperty("banner", "accent")
        self.text = label("", "strong", wrap=True)
        self.others = label("", "body", "muted")
        self.fill = button(word, "plain")
        self.fill.setAccessibleName(word)
        set_tooltip(self.fill, key.text, shown_key(key.sequence))
        self.show_key(key)
        self.later = button("Later", "plain")
        set_tooltip(self.later, "Ask again after the next call")
        self.fill.clicked.connect(self.fill_wanted)
        self.later.clicked.connect(self.later_wanted)
        items = row(spacing=Space.S)
        items.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        items.addWidget(icon_label(icon, "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
        items.addWidget(self.text, 1)
        for part in (self.others, self.fill, self.later):
            items.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(items)
        self.hide()

    def show_key(self, key: keys.Key | None) -> None:
        """Names the key that does it; None where it does something else just now."""
        self.fill.setText(f"{self._word}  {shown_key(key.sequence)}" if key else self._word)

    def tell(self, text: str, others: str) -> None:
        """Says what there is to ask; "" hides the line."""
        self.text.setText(text)
        self.others.setText(others)
        self.others.setVisible(bool(others))
        self.setAccessibleName(" ".join(filter(None, (text, others))))
        self.setVisible(bool(text))
        self.told.emit()
