"""Windows through user32: chords by RegisterHotKey, focus by SetForegroundWindow.

Source: Microsoft Learn, RegisterHotKey, GetForegroundWindow, SetForegroundWindow.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

_MODIFIERS = {"Alt": 0x1, "Ctrl": 0x2, "Shift": 0x4}
_NO_REPEAT = 0x4000
_WM_HOTKEY = 0x0312
_WM_QUIT = 0x0012


class WindowsDesktop:
    """The desktop of this session; see `crmdesk.gui.platform.Desktop`."""

    is_composited = True
    _user: Any
    _kernel: Any
    _thread: threading.Thread | None
    _thread_id: int

    def __init__(self) -> None:
        if sys.platform != "win32":
            raise OSError("only on Windows")
        self._user = ctypes.WinDLL("user32", use_last_error=True)
        self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        self._thread: threading.Thread | None = None
        self._thread_id = 0

    def grab_keys(
        self, sequences: tuple[str, ...], on_chord: Callable[[str], None]
    ) -> tuple[str, ...]:
        """Watches chords; a hot key belongs to the thread that registers it."""
        self.close()
        got: list[str] = []
        registered = threading.Event()

        def watch() -> None:
            self._thread_id = self._kernel.GetCurrentThreadId()
            got.extend(s for n, s in enumerate(sequences) if self._register(n, s))
            registered.set()
            message = wintypes.MSG()
            while self._user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                if message.message == _WM_HOTKEY:
                    on_chord(sequences[message.wParam])

        self._thread = threading.Thread(target=watch, name="crmdesk-chords", daemon=True)
        self._thread.start()
        registered.wait()
        return tuple(got)

    def active_window(self) -> int | None:
        """The window in front."""
        return self._user.GetForegroundWindow() or None

    def activate(self, window: int) -> None:
        """Brings a window to the front; allowed because a chord was the last input."""
        self._user.SetForegroundWindow(window)

    def close(self) -> None:
        """Lets the chords go."""
        if self._thread is not None:
            self._user.PostThreadMessageW(self._thread_id, _WM_QUIT, 0, 0)
            self._thread.join()
            self._thread = None

    def _register(self, number: int, sequence: str) -> bool:
        *modifiers, key = sequence.split("+")
        mask = sum(_MODIFIERS[name] for name in modifiers) | _NO_REPEAT
        return bool(self._user.RegisterHotKey(None, number, mask, ord(key.upper())))
