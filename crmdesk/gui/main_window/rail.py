"""The rail at the left: pages above, settings and help below."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from crmdesk.gui.pages.page import PageEntry
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import set_icon, shown_key
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.text import set_tooltip, unmarked

_SECTION = "Pages"


def page_key(page: PageEntry, place: int) -> Key:
    """The key of a page: Ctrl and its place in the rail."""
    return Key(f"Ctrl+{place + 1}", page.title, _SECTION)


class Rail(QWidget):
    """Chooses a page; icons with words."""

    page_chosen = Signal(str)
    settings_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, pages: Iterable[PageEntry]) -> None:
        super().__init__()
        self.setProperty("kind", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Pages")
        self.setFixedWidth(Size.NAVIGATION + Space.L)
        self._group = QButtonGroup(self)
        self._buttons = {page.id: self._page_button(page, i) for i, page in enumerate(pages)}
        settings = _rail_button("Settings", "settings", shown_key(keys.SETTINGS.sequence))
        settings.clicked.connect(self.settings_wanted)
        more = _rail_button("Help", "help", shown_key(keys.HELP.sequence))
        more.clicked.connect(self.help_wanted)
        self.setLayout(
            column(*self._buttons.values(), 1, settings, more, spacing=Space.XS, margin=Space.S)
        )

    def _page_button(self, page: PageEntry, place: int) -> QToolButton:
        made = _rail_button(page.title, page.icon, shown_key(page_key(page, place).sequence))
        made.setCheckable(True)
        made.clicked.connect(partial(self.page_chosen.emit, page.id))
        made.toggled.connect(partial(_tint, made, page.icon))
        self._group.addButton(made)
        return made

    def choose(self, page_id: str) -> None:
        """Marks the page that is shown."""
        self._buttons[page_id].setChecked(True)

    def focus_current(self) -> None:
        """Puts the keyboard on the page that is shown."""
        button = self._group.checkedButton()
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _rail_button(title: str, icon: str, key: str) -> QToolButton:
    made = QToolButton()
    made.setProperty("kind", "navigation")
    made.setText(unmarked(title))
    made.setFixedWidth(Size.NAVIGATION)
    made.setAccessibleName(title)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    made.setIconSize(QSize(Size.ICON_LARGE, Size.ICON_LARGE))
    set_icon(made, icon, "muted", Size.ICON_LARGE)
    set_tooltip(made, title, key)
    return made


def _tint(made: QToolButton, icon: str, is_chosen: bool) -> None:
    set_icon(made, icon, "accent" if is_chosen else "muted", Size.ICON_LARGE)
