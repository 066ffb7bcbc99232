"""The settings window and the form of a phone line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.widgets.messages import show_error

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.desk.runtime import Runtime
    from crmdesk.gui.bridge import Bridge
    from crmdesk.gui.main_window import MainWindow
    from crmdesk.gui.settings.book import SettingsBook
    from crmdesk.gui.settings.window import SettingsWindow


_SECTION: Final = "settings.section"
"""What is remembered of the window: where one was in it."""


class Desk(Protocol):
    """The running windows, as far as the settings need them."""

    core: Core
    runtime: Runtime
    bridge: Bridge
    window: MainWindow
    book: SettingsBook


def keep_theme(desk: Desk, mode: str) -> None:
    """Saves "light" or "dark", chosen outside the settings window."""
    from crmdesk.gui.settings.choices import with_theme

    desk.book.change(lambda settings: with_theme(settings, mode))


def keep_place(desk: Desk, left: int, top: int) -> None:
    """Saves where the card was dragged to, pixels from the corner of its screen."""
    from crmdesk.gui.settings.choices import with_pop

    desk.book.change(lambda settings: with_pop(settings, position=(left, top)))


def settings_trouble(desk: Desk, error: UserFacingError) -> None:
    """Tells of a change that was not saved; the settings window, where it is open, does itself."""
    from crmdesk.gui.settings.window import SettingsWindow

    if desk.window.findChild(SettingsWindow) is None:
        show_error(desk.window, "Settings", error)


def show_settings(desk: Desk) -> SettingsWindow:
    """Opens the settings window, or brings the one that is open to the front."""
    from crmdesk.gui.settings.window import SettingsWindow

    known = desk.window.findChild(SettingsWindow)
    if known is None:
        memory = desk.window.context.memory
        known = SettingsWindow(desk.book, desk.bridge, desk.window)
        known.show_section_called(memory.get(_SECTION, ""))
        known.section_shown.connect(partial(memory.set, _SECTION))
        known.store_changed.connect(desk.window.refresh_pages)
        known.plan_changed.connect(desk.window.plan.read)
        known.store_changed.connect(desk.window.plan.read)
        known.store_changed.connect(lambda: desk.runtime.submit(desk.core.refresh_callers()))
    known.show()
    known.raise_()
    known.activateWindow()
    return known
