"""The watched desk, which also tells what the customers page shows and who has the keyboard."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QWidget

from crmdesk.cli import main
from crmdesk.gui import app
from crmdesk.gui.models.timeline_items import EntryItem
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.palette.palette import CommandPalette
from tests.end2end.watched_desk import WatchedWindows

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


class StoryWindows(WatchedWindows):
    """Prints a line for every other state of the customers page and of the windows before it."""

    _story = ""

    @Slot()
    def tell(self) -> None:
        """Also what the page shows."""
        super().tell()
        line = json.dumps({"event": "story", **self._front(), **seen_of(self.window.customers())})
        if self._story != line:
            self._story = line
            print(line, flush=True)

    def _front(self) -> dict[str, object]:
        front = self._app.activeWindow()
        focus = self._app.focusWidget()
        return {
            "window": front.windowTitle().split(" — ")[0] if front is not None else "",
            "said": texts_of(front) if isinstance(front, QDialog) else [],
            "found": rows_of(front) if isinstance(front, CommandPalette) else [],
            "is_open": self.window.stack.currentWidget() is self.window.customers(),
            "focus": name_of(focus) if focus is not None else "",
        }


def seen_of(page: CustomersPage) -> dict[str, object]:
    """What a person reads on the customers page."""
    card, bar = page.card, page.undo_bar
    return {
        "done": bar.text() if not bar.isHidden() else "",
        "can_undo": bar.offered() is not None,
        "record": card.record.title.full_text() if card.shows_record else "",
        "record_says": texts_of(card.record.view) if card.shows_record else [],
        "timeline": [] if card.shows_record else entries_of(page),
        "blocks": texts_of(card.side),
        "header": texts_of(card.header),
    }


def entries_of(page: CustomersPage) -> list[str]:
    """The entries that were read so far, newest first."""
    model = page.card.timeline.model
    items = (model.item(place) for place in range(min(model.rowCount(), 40)))
    return [item.entry.title or item.entry.detail for item in items if isinstance(item, EntryItem)]


def texts_of(widget: QWidget | None) -> list[str]:
    """All texts that can be seen in a widget."""
    if widget is None:
        return []
    parts = [w for w in widget.findChildren(QWidget) if isinstance(w, QLabel | QAbstractButton)]
    return [w.text() for w in parts if w.isVisible() and w.text()]


def rows_of(palette: CommandPalette) -> list[str]:
    """What the search over everything found."""
    model = palette.list.model()
    return [str(model.index(row, 0).data(SPOKEN)) for row in range(model.rowCount())]


def name_of(widget: QWidget) -> str:
    """How a person would call what has the keyboard."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text or type(widget).__name__


app.DeskWindows = StoryWindows  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
