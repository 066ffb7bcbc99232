"""`crmdesk gui` itself, which also prints what its windows show: a screen reader for tests.

Run as a program by the tests. The windows are those of the program; nothing of them is replaced,
they are only asked, after each change of the pop and ten times a second.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QWidget

from crmdesk.cli import main
from crmdesk.gui import app
from crmdesk.gui.main_window.status_line import StatusLine
from crmdesk.gui.pop.window import PopWindow

LOOK_MS = 100


class WatchedWindows(app.DeskWindows):
    """The windows of the desk, and what they show as JSON lines."""

    def start(self) -> None:
        """Starts the desk, and watching it."""
        self._told: dict[str, Any] = {}
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self.tell)
        self.pop.changed.connect(self.tell)
        super().start()
        self._look.start()

    @Slot()
    def tell(self) -> None:
        """Prints what is seen, where it is not what was seen before."""
        page = self.window.customers()
        is_customer = self.window.stack.currentWidget() is page
        seen = {
            "event": "screen",
            "main": int(self.window.winId()),
            "pop": int(self.pop.winId()) if self.pop.isVisible() else None,
            "cards": cards(self.pop),
            "inputs": [w.objectName() for w in self.pop.findChildren(QWidget) if w.hasFocus()],
            "customer": page.card.header._name.full_text() if is_customer else "",
            "status": status(self.window.status),
        }
        if seen == self._told:
            return
        self._told = seen
        if seen["pop"] and (folder := os.environ.get("PICTURES")):
            self.pop.grab().save(os.path.join(folder, "pop.png"))
        print(json.dumps(seen), flush=True)


def cards(pop: PopWindow) -> list[str]:
    """The sentence of every visible card."""
    shown = [pop._full, *pop._slim]
    return [card.accessibleName() for card in shown if card.isVisible()]


def status(line: StatusLine) -> list[str]:
    """What the status line says."""
    return [w.text() for w in line.findChildren(QAbstractButton) if w.isVisible()]


app.DeskWindows = WatchedWindows  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
