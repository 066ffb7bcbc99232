"""The tray icon: how the lines are, and a way in when no window is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.buttons import action

_TROUBLE = {LineState.RETRYING, LineState.REFUSED}


class Tray(QObject):
    """The icon and its menu; nothing where the desktop has no tray.

    Signals:
        show_wanted, settings_wanted, quit_wanted: Chosen in the menu (or a click).
        pop_wanted: The card that was put away shall come back.
        message_clicked: What was told last shall be shown.
    """

    show_wanted = Signal()
    pop_wanted = Signal()
    settings_wanted = Signal()
    quit_wanted = Signal()
    message_clicked = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._lines: dict[str, LineHealth] = {}
        self._waiting = 0
        self._menu = QMenu(owner)
        self._show = action(owner, "Open CRMDesk")
        self._pop = action(owner, "Show the call again")
        self._settings = action(owner, "Settings")
        self._quit = action(owner, "Quit")
        for entry, signal in (
            (self._show, self.show_wanted),
            (self._pop, self.pop_wanted),
            (self._settings, self.settings_wanted),
            (self._quit, self.quit_wanted),
        ):
            entry.triggered.connect(signal)
            self._menu.addAction(entry)
        self._icon = QSystemTrayIcon(owner)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.message_clicked)
        theme().changed.connect(self._draw)
        self._draw()
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    @property
    def is_there(self) -> bool:
        """Whether the agent can see the icon."""
        return self._icon.isVisible()

    @Slot(object)
    def line_changed(self, health: LineHealth) -> None:
        """A line is well, or not."""
        self._lines[health.line_id] = health
        self._draw()

    @Slot(str, str)
    def tell(self, text: str, tone: str) -> None:
        """Tells of something that is due, in a bubble that leaves by itself.

        Args:
            text: One or two sentences.
            tone: "bad" where something is too late already.
        """
        kind = QSystemTrayIcon.MessageIcon
        icon = kind.Warning if tone == "bad" else kind.Information
        if self.is_there and self._icon.supportsMessages():
            self._icon.showMessage("CRMDesk", _plain(text), icon)

    def set_waiting(self, count: int) -> None:
        """How many cards were put away."""
        self._waiting = count
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self._icon.setIcon(self._picture())
        self._icon.setToolTip(self.tip())
        self._pop.setEnabled(self._waiting > 0)

    def words(self) -> str:
        """What the icon says, one line each."""
        lines = [f"{health.name}: {health.state}" for health in self._lines.values()]
        if self._waiting:
            lines.append(f"{self._waiting} calls put away")
        return "\n".join(["CRMDesk", *lines])

    def tip(self) -> str:
        """The words as every tray takes them: most show markup as it is, a few obey it."""
        return _plain(self.words())

    def _picture(self) -> QIcon:
        in_trouble = any(health.state in _TROUBLE for health in self._lines.values())
        name, tone = ("warning", "bad") if in_trouble else ("logo", "accent")
        return theme().icon(name, tone, Size.ICON_LARGE)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_wanted.emit()


def _plain(text: str) -> str:
    return text.replace("<", "‹").replace(">", "›")
