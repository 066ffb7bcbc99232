"""A private X display with a window manager, and real keys typed on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end2end.programs import WAIT_S, Program

NEEDED = ("Xvfb", "xdotool", "xwininfo", "xprop")
STEP_S = 0.05
HERE = Path(__file__).parent


class Screen:
    """One display.

    Attributes:
        name: For the variable DISPLAY.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def variables(self) -> dict[str, str]:
        """What a program needs to open windows here."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "XAUTHORITY": "/dev/null"}

    def run(self, *command: str) -> str:
        """Runs an X program and returns what it said."""
        environment = {**os.environ, **self.variables}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def keys(self, *names: str) -> None:
        """Presses keys, wherever the focus is."""
        self.run("xdotool", "key", "--clearmodifiers", *names)

    def type(self, text: str) -> None:
        """Types a text, wherever the focus is."""
        self.run("xdotool", "type", "--delay", "8", text)

    def focus(self) -> int:
        """The window that has the keyboard."""
        return int(self.run("xdotool", "getwindowfocus") or 0)

    def windows(self, title: str) -> list[int]:
        """The visible windows with a title."""
        found = self.run("xdotool", "search", "--onlyvisible", "--name", title)
        return [int(line) for line in found.split()]

    def facts(self, window: int) -> str:
        """Geometry and state of a window, as xwininfo tells them."""
        return self.run("xwininfo", "-id", str(window))

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Waits for something on the screen: X has no event for it that a test could take."""
        end = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < end, f"never came: {what}"
            time.sleep(STEP_S)

    def open_other_window(self, home: Path) -> Program:
        """Another program with a text field that has the keyboard."""
        other = Program([sys.executable, str(HERE / "other_window.py")], home, **self.variables)
        other.wait_for("text")
        window = other.events("text")[0]["window"]
        self.run("xdotool", "windowactivate", "--sync", str(window))
        self.wait_until(lambda: self.focus() == window, "focus of the other window")
        return other


def missing_programs() -> list[str]:
    """Which of the programs are not installed."""
    return [name for name in NEEDED if shutil.which(name) is None]


@contextmanager
def private_screen() -> Iterator[Screen]:
    """A display of our own, with openbox where it is installed."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        screen = Screen(f":{pipe.readline().strip()}")
    try:
        with _window_manager(screen):
            yield screen
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _window_manager(screen: Screen) -> Iterator[None]:
    if shutil.which("openbox") is None:
        yield
        return
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"],
        env={**os.environ, **screen.variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        check = ("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
        screen.wait_until(lambda: "window id" in screen.run(*check), "a window manager")
        yield
    finally:
        manager.terminate()
        manager.wait()
