"""A program that opens one window, says when it was painted and what memory it has, and ends.

`python -m tests.bench.window_starts label|desk STORE IDLE_MS`. Nothing is imported before it is
needed, so that the bare window stays bare.
"""

from __future__ import annotations

import json
import sys
import time


def label(idle_ms: int) -> None:
    """The smallest window PySide6 can show."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QLabel

    class Watch(QObject):
        painted_at = 0.0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Paint and not self.painted_at:
                self.painted_at = -1.0
                QTimer.singleShot(0, self.painted)
            return False

        def painted(self) -> None:
            self.painted_at = time.perf_counter()
            QTimer.singleShot(idle_ms, app.quit)

    app = QApplication([])
    window = QLabel("CRMDesk")
    watch = Watch()
    window.installEventFilter(watch)
    window.show()
    app.exec()
    tell(watch.painted_at)


def desk(store: str, idle_ms: int) -> None:
    """`crmdesk demo --show`, watched."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from crmdesk.cli import main
    from crmdesk.gui.app import application

    class Watch(QObject):
        painted_at = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Paint and type(watched).__name__ == "MainWindow":
                app.removeEventFilter(self)
                QTimer.singleShot(0, self.painted)
            return False

        def painted(self) -> None:
            self.painted_at = time.perf_counter()
            QTimer.singleShot(idle_ms, app.quit)

    app = application()
    watch = Watch()
    app.installEventFilter(watch)
    main(["demo", "--show", "--store", store])
    tell(watch.painted_at)


def tell(painted_at: float) -> None:
    """One line of JSON."""
    print(json.dumps({"painted_at": painted_at, "resident_mb": resident_mb()}))


def resident_mb() -> float:
    """Memory of this process, in MB of 1,000,000 bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096 / 1e6
    except OSError:
        return 0.0


if __name__ == "__main__":
    what, place, wait_ms = sys.argv[1:]
    if what == "label":
        label(int(wait_ms))
    else:
        desk(place, int(wait_ms))
