"""What the windows remember: places, column widths, the last page."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QByteArray, QObject, QTimer, Slot

from crmdesk.settings.state import load_state, save_state

T = TypeVar("T")

_SAVE_AFTER_MS = 500
"""Dragging a splitter changes it many times a second; the file is written once after."""


class Memory(QObject):
    """The state file, read once and written a moment after a change.

    Args:
        path: Its place; a damaged or missing file is an empty memory.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._state = load_state(path)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SAVE_AFTER_MS)
        self._soon.timeout.connect(self.save)

    def get(self, name: str, default: T) -> T:
        """What is remembered under a name, the default where nothing of its type is."""
        value = self._state.get(name)
        return value if isinstance(value, type(default)) else default

    def set(self, name: str, value: object) -> None:
        """Remembers a JSON value."""
        if self._state.get(name) != value:
            self._state[name] = value
            self._soon.start()

    def bytes(self, name: str) -> QByteArray:
        """A place that Qt wrote (geometry, splitter, header); empty where there is none."""
        return QByteArray.fromBase64(self.get(name, "").encode("ascii", "ignore"))

    def set_bytes(self, name: str, value: QByteArray) -> None:
        """Remembers such a place."""
        self.set(name, value.toBase64().toStdString())

    @Slot()
    def save(self) -> None:
        """Writes what changed since the last time; call before the end."""
        if self._soon.isActive() or self.sender() is self._soon:
            self._soon.stop()
            # Others may keep their own names in the same file.
            save_state(self._path, {**load_state(self._path), **self._state})
