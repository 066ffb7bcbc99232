"""Whether windows can be shown. Standard library only: a ringing phone waits."""

from __future__ import annotations

import os
import sys


def has_display() -> bool:
    """Whether windows can be shown; Qt ends the program where it finds out by itself."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
