"""The watched desk, which also tells how far an import is."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from crmdesk.cli import main
from crmdesk.gui import app
from crmdesk.gui.pages.imports.page import ImportsPage
from tests.end2end.watched_desk import WatchedWindows


class ImportingWindows(WatchedWindows):
    """Prints a line for every other state of the page of imports."""

    _import = ""

    @Slot()
    def tell(self) -> None:
        """Also what the page shows."""
        super().tell()
        page = self.window.pages["imports"]
        assert isinstance(page, ImportsPage)
        focus = self._app.focusWidget()
        seen = {
            "event": "import",
            "shown": self.window.stack.currentWidget() is page,
            "stage": "running" if page.jobs.is_running else page.stage.name.lower(),
            "focus": focus.accessibleName() if focus is not None else "",
            "heading": page.result.heading.text(),
            "mapping": page.columns.rows.mapping(),
            "details": {name: box.currentData() for name, box in page.file.combos.items()},
            "chips": [w.text() for w in self.pop.findChildren(QPushButton) if w.isVisible()],
            "undone": page.result.undone.isVisible(),
            "trouble": page.trouble.accessibleName() if page.trouble.isVisible() else "",
        }
        if self._import != (line := json.dumps(seen)):
            self._import = line
            print(line, flush=True)


app.DeskWindows = ImportingWindows  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
