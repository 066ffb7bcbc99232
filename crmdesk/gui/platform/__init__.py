"""What only the window system can do: chords in any program, and giving focus back.

    desktop = open_desktop()
    desktop.grab_keys(...)           # chords that work everywhere
    window = desktop.active_window() # where the agent is
    desktop.activate(window)         # ... and back again

Done for X11 and Windows. Wayland and macOS do not allow it to a program like ours; there
the chords work in our own windows, and starting `crmdesk` again, which the desktop's own
keyboard settings can bind to a key, brings our window to the front.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QGuiApplication

OnChord = Callable[[str], None]


class Desktop(Protocol):
    """The window system we are on."""

    @property
    def is_composited(self) -> bool:
        """Whether windows can be partly transparent."""

    def grab_keys(self, sequences: tuple[str, ...], on_chord: OnChord) -> tuple[str, ...]:
        """Watches chords in any program.

        Args:
            sequences: Portable form, e.g. "Ctrl+Alt+O".
            on_chord: Told the sequence, on a thread of its own.

        Returns:
            Those that could be had; another program may hold the rest.
        """

    def active_window(self) -> int | None:
        """The window that has the keyboard, None where unknown."""

    def activate(self, window: int) -> None:
        """Gives the keyboard to a window; nothing happens where it is gone."""

    def close(self) -> None:
        """Lets the chords go. Idempotent."""


class PlainDesktop:
    """A window system that lets us do none of this."""

    is_composited = True

    def grab_keys(self, sequences: tuple[str, ...], on_chord: OnChord) -> tuple[str, ...]:
        """None can be had."""
        del sequences, on_chord
        return ()

    def active_window(self) -> int | None:
        """Unknown."""
        return None

    def activate(self, window: int) -> None:
        """Nothing happens."""

    def close(self) -> None:
        """Nothing to let go."""


def open_desktop() -> Desktop:
    """The window system of the running QGuiApplication."""
    platform = QGuiApplication.platformName()
    if platform == "xcb":
        from crmdesk.gui.platform.x11 import open_x11

        return open_x11() or PlainDesktop()
    if platform == "windows" and sys.platform == "win32":
        from crmdesk.gui.platform.windows import WindowsDesktop

        return WindowsDesktop()
    return PlainDesktop()
