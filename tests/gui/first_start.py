"""What the tests of the first start, the unlock dialogs and the settings window share."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.desk.runtime import Runtime
from tests.gui.desk_windows import theme_of

LONG_MS = 60_000
"""Only what never comes waits this long."""
PASSPHRASE = "river lamp cloud seven"
PBX_PASSWORD = "s3cret-crmdesk"

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    """Lets Qt run until something holds."""
    return lambda holds: qtbot.waitUntil(holds, timeout=LONG_MS)


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[None]:
    """The light theme, and the collector of cycles in this thread only, as in the program."""
    gc.disable()
    with theme_of(qapp):
        yield
    gc.collect()
    gc.enable()


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    """A NET thread."""
    made = Runtime()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def home(crmdesk_home: Path) -> Path:
    """The folder of settings and store, already made."""
    crmdesk_home.mkdir(parents=True, mode=0o700)
    return crmdesk_home


class Keyboard:
    """Types and presses keys as a person does: into whatever has the focus."""

    def __init__(self, qtbot: QtBot, window: QWidget) -> None:
        self._qtbot, self._window = qtbot, window

    def type(self, text: str) -> None:
        """Types into the field with the focus, over what is marked there."""
        self._qtbot.keyClicks(self._focus(), text)

    def press(self, key: Qt.Key, times: int = 1) -> None:
        """Presses a key some times."""
        for _ in range(times):
            self._qtbot.keyClick(self._focus(), key)

    def tab_to(self, widget: QWidget) -> None:
        """Presses Tab until a widget has the focus; everything can be reached so."""
        for _ in range(60):
            if self._focus() is widget:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {widget.accessibleName()!r}")

    def _focus(self) -> QWidget:
        return self._window.focusWidget() or self._window


def clear_texts(folder: Path, *secrets: str) -> list[str]:
    """The files below a folder that hold one of the secrets in clear."""
    wanted = [secret.encode() for secret in secrets]
    wanted += [secret.encode("utf-16-le") for secret in secrets]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(text in path.read_bytes() for text in wanted)]
