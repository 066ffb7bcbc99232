"""The overlay that lists all keys (`?`)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import key_hint
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import label, set_window_title

_COLUMNS = 3
_MOST_OF_SCREEN = 0.85
"""Of the height of the screen; what is longer scrolls."""
_HEADING_LINES = 2
"""A heading with the space above it is as tall as two lines."""


class ShortcutSheet(QDialog):
    """All keys, by where they work.

    Args:
        parent: The window it belongs to.
        extra: Keys of pages, shown with those that work everywhere.
    """

    def __init__(self, parent: QWidget | None, extra: Iterable[Key] = ()) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Keys")
        sections: dict[str, list[Key]] = {}
        for key in (*keys.ALL, *extra):
            sections.setdefault(key.section, []).append(key)
        heights = {column(spacing=Space.XL): 0 for _ in range(_COLUMNS)}
        for title, members in sections.items():
            shorter = min(heights, key=lambda side: heights[side])
            shorter.addWidget(_section(title, members))
            heights[shorter] += len(members) + _HEADING_LINES
        for side in heights:
            side.addStretch(1)
        content = QWidget()
        content.setLayout(row(*heights, spacing=Space.XXL))
        blocks = scroll_area(content, name="Keys")
        blocks.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # arrow keys scroll
        natural = content.sizeHint()
        blocks.setMinimumWidth(natural.width() + Space.XL)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        hint = label("A letter works while you are not typing.", "small", "muted")
        self.setLayout(
            column(
                label("Keys", "title"),
                blocks,
                row(hint, 1, close),
                spacing=Space.XL,
                margin=Space.XL,
            )
        )
        around = self.sizeHint().height() - blocks.sizeHint().height()
        room = int(self.screen().availableGeometry().height() * _MOST_OF_SCREEN)
        self.resize(self.sizeHint().width(), min(natural.height() + around, room))
        blocks.setFocus()


def _section(title: str, members: list[Key]) -> QWidget:
    block = QWidget()
    lines = [row(label(key.text), 1, key_hint(key.sequence), spacing=Space.XL) for key in members]
    block.setLayout(column(label(title, "strong"), *lines, spacing=Space.S))
    return block
