"""The settings window and the form of a phone line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.desk.runtime import Runtime
    from crmdesk.gui.bridge import Bridge
    from crmdesk.gui.main_window import MainWindow
    from crmdesk.gui.settings.window import SettingsWindow


class Desk(Protocol):
    """The running windows, as far as the settings need them."""

    core: Core
    runtime: Runtime
    bridge: Bridge
    window: MainWindow


def keep_theme(desk: Desk, mode: str) -> None:
    """Saves "light" or "dark", chosen outside the settings window."""
    from crmdesk.gui.settings.book import SettingsBook
    from crmdesk.gui.settings.choices import with_theme
    from crmdesk.gui.settings.window import SettingsWindow

    opened = desk.window.findChild(SettingsWindow)
    book = opened.book if opened else SettingsBook(desk.core, desk.runtime, desk.window)
    book.change(lambda settings: with_theme(settings, mode))


def show_settings(desk: Desk) -> SettingsWindow:
    """Opens the settings window, or brings the one that is open to the front."""
    from crmdesk.gui.settings.window import SettingsWindow

    known = desk.window.findChild(SettingsWindow)
    if known is None:
        known = SettingsWindow(desk.core, desk.runtime, desk.bridge, desk.window)
        known.settings_changed.connect(desk.window.settings_changed)
    known.show()
    known.raise_()
    known.activateWindow()
    return known
