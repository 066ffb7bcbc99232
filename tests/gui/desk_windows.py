"""Real windows on a real store, for the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from crmdesk.bootstrap.core import Core
from crmdesk.desk.caller import LookUp, occasion_of
from crmdesk.desk.runtime import Runtime
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call
from crmdesk.gui.bridge import Bridge
from crmdesk.gui.main_window import MainWindow
from crmdesk.gui.pages.calls.page import CallsPage
from crmdesk.gui.theme.theme import Theme
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import normalise
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.store import Store, Writer, keys, open_store

LINE = LineSettings(
    id="support",
    name="Support line",
    system="simulator",
    region="DE",
    area_code="30",
    internal=("1001-1199",),
    names={"1001": "Alice Adler", "1002": "Ben Brandt"},
)
SETTINGS = Settings(agent=AgentSettings(name="Alice Adler", extension="1001"), lines=(LINE,))


@dataclass
class Windows:
    """A main window and what is behind it."""

    core: Core
    bridge: Bridge
    window: MainWindow
    wait: Callable[[Callable[[], bool]], None]

    @property
    def store(self) -> Store:
        return self.core.store

    @property
    def calls(self) -> CallsPage:
        page = self.window.pages["calls"]
        assert isinstance(page, CallsPage)
        return page

    def save(self, call: Call) -> CallRow:
        """Writes a call as the desk would, and tells the window."""
        row = self.store.write(lambda writer: write_call(writer, call)).result()
        self.bridge.call_changed(row)
        return row

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The open dialog of a kind."""
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        assert len(found) == 1, found
        return found[0]


def write_call(writer: Writer, call: Call) -> CallRow:
    """Saves and links a call."""
    look_up = LookUp.of(LINE, SETTINGS)
    number = normalise(call.caller_raw, look_up.numbers)
    writer.save_call(call, number.e164)
    writer.link_call(call.id, find(number, writer, occasion_of(call, look_up)))
    row = writer.call_row(call.id)
    assert row is not None
    return row


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def theme_of(app: QApplication) -> Iterator[None]:
    """A light theme, gone again afterwards."""
    theme = Theme(app, "light")
    yield
    theme.setParent(None)
    theme.deleteLater()


@contextmanager
def desk_windows(
    folder: Path,
    wait: Callable[[Callable[[], bool]], None],
    fill: Callable[[Store], object] = lambda store: None,
    settings: Settings = SETTINGS,
    key: bytes = keys.DEMO_KEY,
) -> Iterator[Windows]:
    """A main window on a store that `fill` filled; all of it ends with the block."""
    store, runtime, bridge = open_store(folder / "test.db", key), Runtime(), Bridge()
    runtime.start()
    try:
        fill(store)
        core = Core(settings, store, None)
        window = MainWindow(core, runtime, bridge)
        window.show()
        wait(window.isActiveWindow)  # only then has a part of it the keyboard
        yield Windows(core, bridge, window, wait)
        for widget in QApplication.topLevelWidgets():
            if isValid(widget):  # a dialog goes with its window
                end(widget)
    finally:
        runtime.stop()
        store.close()


def end(widget: QWidget) -> None:
    """Closes a widget and lets Qt forget it now."""
    widget.hide()
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
