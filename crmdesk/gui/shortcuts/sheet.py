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
from crmdesk.gui.widgets.text import label, set_window_title

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
        left, right = column(spacing=Space.XL), column(spacing=Space.XL)
        heights = {left: 0, right: 0}
        for title, members in sections.items():
            shorter = min(heights, key=lambda side: heights[side])
            shorter.addWidget(_section(title, members))
            heights[shorter] += len(members) + _HEADING_LINES
        blocks = row(left, right, spacing=Space.XXL)
        for side in (left, right):
            side.addStretch(1)
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


def _section(title: str, members: list[Key]) -> QWidget:
    block = QWidget()
    lines = [row(label(key.text), 1, key_hint(key.sequence), spacing=Space.XL) for key in members]
    block.setLayout(column(label(title, "strong"), *lines, spacing=Space.S))
    return block
