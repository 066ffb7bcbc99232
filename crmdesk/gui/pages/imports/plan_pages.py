"""The rows of a plan beyond the first ones, out of the file that the job wrote.

A plan may have a million lines. They are read a little at a time between two paintings, and a line
of another kind is told by its beginning, unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from crmdesk.domain.importing import RowAction, RowPlan
from crmdesk.gui.pages.imports.answers import row_from_line

PAGE: Final = 200
"""Rows handed on at a time."""

_LINES_AT_ONCE: Final = 5_000
"""Looked at without letting Qt work: some milliseconds."""

_BEGINNING: Final = 80
"""Bytes of a line in which its kind stands: `{"record": 1204, "action": "create", `."""

_LONGEST_LINE: Final = 1 << 20


class PlanPages(QObject):
    """Reads a plan page by page, kind by kind.

    Signals:
        page: A tuple of `RowPlan`, and whether there are more.
    """

    page = Signal(object, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._file: BinaryIO | None = None
        self._waiting: list[tuple[RowAction, int, int]] = []
        self._found: list[RowPlan] = []
        self._soon = QTimer(self)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._read_some)

    def begin(
        self, place: Path, actions: Iterable[RowAction], known: Mapping[RowAction, int],
        counts: Mapping[RowAction, int],
    ) -> bool:  # fmt: skip
        """Starts with other kinds.

        Args:
            place: The file.
            actions: The kinds that are wanted, in this order.
            known: How many of each are shown already: they are passed over.
            counts: How many there are of each.

        Returns:
            Whether there is more than what is known.
        """
        self.stop()
        self._waiting = [
            (action, known.get(action, 0), counts[action] - known.get(action, 0))
            for action in actions
            if counts[action] > known.get(action, 0)
        ]
        if self._waiting:
            try:
                self._file = place.open("rb")
            except OSError:
                self._waiting = []
        return bool(self._waiting)

    @Slot()
    def ask(self) -> None:
        """Wants the next page."""
        if self._file is not None:
            self._soon.start()

    def stop(self) -> None:
        """Reads no more."""
        self._soon.stop()
        self._found, self._waiting = [], []
        if self._file is not None:
            self._file.close()
            self._file = None

    @Slot()
    def _read_some(self) -> None:
        for _ in range(_LINES_AT_ONCE):
            if not self._waiting or len(self._found) >= PAGE:
                break
            self._take(self._file.readline(_LONGEST_LINE) if self._file is not None else b"")
        else:
            return
        self._soon.stop()
        found, self._found = tuple(self._found), []
        self.page.emit(found, bool(self._waiting))

    def _take(self, line: bytes) -> None:
        action, skipped, left = self._waiting[0]
        if not line:
            self._next_kind()
        elif f'"action": "{action.value}"'.encode() in line[:_BEGINNING]:
            if skipped:
                self._waiting[0] = (action, skipped - 1, left)
                return
            row = row_from_line(line)
            if row is not None:
                self._found.append(row)
            self._waiting[0] = (action, 0, left - 1)
            if left <= 1:
                self._next_kind()

    def _next_kind(self) -> None:
        del self._waiting[0]
        if self._file is not None:
            self._file.seek(0)
