"""Displays: the one at hand, or a private virtual one (Xvfb)."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SCREEN = "1920x1200x24"
START_TIMEOUT_S = 30.0
"""How long an X server may need on a busy machine."""


def is_there() -> bool:
    """Tell whether windows can be shown to somebody."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    return _wayland_answers() or _x11_answers(os.environ.get("DISPLAY", ""))


def can_start() -> bool:
    """Tell whether a private virtual display can be started."""
    return sys.platform.startswith("linux") and shutil.which("Xvfb") is not None


@contextlib.contextmanager
def private() -> Iterator[str]:
    """Start an X server of our own, yield its name (":7"), and end it.

    Raises:
        RuntimeError: When it does not start in `START_TIMEOUT_S`.
    """
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        yield f":{_read_number(read_end)}"
    finally:
        os.close(read_end)
        server.terminate()
        server.wait()


def _read_number(descriptor: int) -> str:
    """Read the display number that the X server chose."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], START_TIMEOUT_S)
        chunk = os.read(descriptor, 16) if ready else b""
        if not chunk:
            raise RuntimeError("The virtual display (Xvfb) did not start.")
        text += chunk
    return text.decode("ascii").strip()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    return bool(name) and _connects(Path(os.environ.get("XDG_RUNTIME_DIR", ""), name))


def _x11_answers(name: str) -> bool:
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if local is None:
        return bool(name)  # a display of another machine, as ssh -X gives it
    return _connects(Path("/tmp/.X11-unix", f"X{local[1]}"))


def _connects(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    with socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.connect(str(path))
        except OSError:
            return False
    return True
