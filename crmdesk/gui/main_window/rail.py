"""The rail at the left: pages above, settings and help below."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QToolButton, QWidget

from crmdesk.gui.pages.page import PageEntry
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import set_icon, shown_key
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.pieces import chip, set_chip
from crmdesk.gui.widgets.text import joined, set_tooltip, unmarked

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
        self._counts: dict[str, QLabel] = {}
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

    def set_count(self, page_id: str, count: str, tone: str, told: str) -> None:
        """Shows how much waits on a page.

        Args:
            page_id: Which page.
            count: A figure such as "4" or "99+", "" for nothing.
            tone: Of the figure.
            told: The same in words, for screen readers.
        """
        made = self._buttons.get(page_id)
        if made is None:
            return
        if page_id not in self._counts:
            self._counts[page_id] = _count_label(made)
        badge = self._counts[page_id]
        set_chip(badge, count, tone)
        badge.adjustSize()
        badge.move(made.width() - badge.width(), Space.NONE)
        made.setAccessibleName(joined((made.text(), told), ", "))

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


def _count_label(made: QToolButton) -> QLabel:
    """A figure at the upper right corner of a button."""
    badge = chip("", "accent")
    badge.setParent(made)
    badge.setProperty("badge", "true")
    badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return badge


def _tint(made: QToolButton, icon: str, is_chosen: bool) -> None:
    set_icon(made, icon, "accent" if is_chosen else "muted", Size.ICON_LARGE)
