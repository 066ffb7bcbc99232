"""Back, forward, the search over everything, the phone lines."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from crmdesk.gui.main_window.line_strip import LineStrip
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_button, set_icon, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import set_tooltip


class TopBar(QWidget):
    """What stands above every page."""

    back_wanted = Signal()
    forward_wanted = Signal()
    search_wanted = Signal()
    theme_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = _nav("arrow-left", keys.BACK)
        self.back.clicked.connect(self.back_wanted)
        self.forward = _nav("arrow-right", keys.FORWARD)
        self.forward.clicked.connect(self.forward_wanted)
        shown = shown_key(keys.PALETTE.sequence)
        self.search = button(f"Search everything  ({shown})", "search", icon="search")
        self.search.setAccessibleName("Search everything")
        set_tooltip(self.search, keys.PALETTE.text, shown)
        self.search.setMinimumWidth(Size.FIELD)
        self.search.setMaximumWidth(2 * Size.FIELD)
        self.search.clicked.connect(self.search_wanted)
        self.lines = LineStrip()
        self._theme = icon_button("moon", "Light or dark")
        set_tooltip(self._theme, "Light or dark", shown_key(keys.THEME.sequence))
        self._theme.clicked.connect(self.theme_wanted)
        theme().changed.connect(self._show_theme)
        self._show_theme()
        items = row(self.back, self.forward, spacing=Space.XS)
        items.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        items.addSpacing(Space.S)
        items.addWidget(self.search, 3)
        items.addStretch(1)
        items.addWidget(self.lines)
        items.addSpacing(Space.S)
        items.addWidget(self._theme)
        self.setLayout(items)

    def take_focus(self) -> None:
        """Onto the search over everything."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_ways(self, *, back: bool, forward: bool) -> None:
        """Whether there is a way back and forward."""
        self.back.setEnabled(back)
        self.forward.setEnabled(forward)

    def _show_theme(self) -> None:
        set_icon(
            self._theme, "sun" if theme().palette.is_dark else "moon", "muted", Size.ICON_LARGE
        )


def _nav(icon: str, key: keys.Key) -> QToolButton:
    made = icon_button(icon, key.text)
    set_tooltip(made, key.text, shown_key(key.sequence))
    made.setEnabled(False)
    return made
