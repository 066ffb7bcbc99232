"""Lets some demo calls pop, takes pictures, and says who was matched, why and how fast."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.app import DeskWindows, application
from crmdesk.gui.bridge import connect_queued
from crmdesk.gui.pages.calls.page import CallsPage
from crmdesk.gui.pages.calls.reading import View
from crmdesk.gui.widgets.times import utc_now

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core

SETTLE_MS = 400
"""Until the list of the main window has the call too."""
DEADLINE_MS = 90_000
_LIVE = {PopState.RINGING, PopState.DIALLING}


def run_tour(core: Core, folder: Path, calls: int) -> int:
    """Runs the tour; 0 where all pops came.

    Args:
        core: A core with simulated calls.
        folder: Where `pop-1.png`, ... and `window.png` go.
        calls: Number of pops.
    """
    folder.mkdir(parents=True, exist_ok=True)
    app = application()
    windows = DeskWindows(app, core, core.run)
    tour = DemoTour(app, windows, folder, calls)
    windows.start()
    QTimer.singleShot(DEADLINE_MS, tour.give_up)
    try:
        return app.exec()
    finally:
        windows.stop()


class DemoTour(QObject):
    """Watches the pops of a desk.

    Args:
        windows: The desk, not started yet.
        folder: Where pictures go.
        calls: How many pops to wait for.
    """

    def __init__(self, app: QApplication, windows: DeskWindows, folder: Path, calls: int) -> None:
        super().__init__(windows)
        self._app, self._windows, self._folder, self._wanted = app, windows, folder, calls
        self._seen: set[uuid.UUID] = set()
        connect_queued(windows.bridge.pop_changed_signal, self._popped)

    @Slot(object)
    def _popped(self, card: PopCard) -> None:
        """After the pop's own slot: it was connected first, so the card is shown."""
        if card.state not in _LIVE or card.call_id in self._seen:
            return
        if len(self._seen) >= self._wanted:
            return
        self._seen.add(card.call_id)
        self._clear_away(card)
        self._windows.pop.repaint()
        took = (utc_now() - card.shown_at).total_seconds() * 1000
        number = len(self._seen)
        print(
            f"pop {number}: {card.title}, {card.match.state} by rule {card.match.rule},"
            f" {took:.1f} ms from ring to picture",
            flush=True,
        )
        self._windows.pop.grab().save(str(self._folder / f"pop-{number}.png"))
        if number == self._wanted:
            self._open_call(card.call_id)
            QTimer.singleShot(SETTLE_MS, self._end)

    def _clear_away(self, card: PopCard) -> None:
        """One call per picture: strips of the calls before it would only tell that they ended."""
        for other in self._windows.pop.deck.shown:
            if other.call_id != card.call_id:
                self._windows.pop.put_away(other)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def _open_call(self, call_id: uuid.UUID) -> None:
        """The main window with the whole log and this call, as one works with it."""
        window = self._windows.window
        window.open_call(call_id)
        calls = window.pages["calls"]
        if isinstance(calls, CallsPage):
            calls.views.choose(View.ALL)

    @Slot()
    def _end(self) -> None:
        self._windows.window.grab().save(str(self._folder / "window.png"))
        print(f"pictures: {self._folder}")
        self._app.exit(0)

    @Slot()
    def give_up(self) -> None:
        """Ends where the calls do not come."""
        print(f"only {len(self._seen)} of {self._wanted} calls popped")
        self._app.exit(1)
