"""A display of its own for what is measured: Xvfb where it is installed, else none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_NOT_OURS = {
    "DISPLAY",
    "PYTHONDONTWRITEBYTECODE",  # as installed: nothing is compiled at start
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM",
    "WAYLAND_DISPLAY",
}


@contextmanager
def environment(home: str) -> Iterator[dict[str, str]]:
    """Variables for a program with windows: a private display and a private home."""
    variables = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    variables |= {"CRMDESK_HOME": home, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    if shutil.which("Xvfb") is None:
        yield variables | {"QT_QPA_PLATFORM": "offscreen"}
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        number = server.stdout.readline().strip()
        yield variables | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def kind() -> str:
    """What windows are painted on here."""
    return "Xvfb, 1920x1080" if shutil.which("Xvfb") else "Qt's offscreen platform"
