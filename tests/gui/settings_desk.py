"""A desk with its settings window open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog
from shiboken6 import isValid

from crmdesk.bootstrap.core import Core
from crmdesk.bootstrap.stores import open_customers
from crmdesk.desk.runtime import Runtime
from crmdesk.gui.bridge import Bridge
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.settings import file, paths
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from tests.gui.desk_windows import end
from tests.gui.first_start import PASSPHRASE, Wait, home, runtime, themed, wait

__all__ = ["desk", "home", "runtime", "themed", "wait"]

SIMULATED = LineSettings(id="training", name="Training", system="simulator", enabled=False)
SETTINGS = Settings(agent=AgentSettings(name="Alice Adler", extension="1001"), lines=(SIMULATED,))
NEW_PASSPHRASE = "winter boat nine copper"
RECORDINGS = Path(__file__).parents[1] / "data" / "asterisk"
AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """A desk and its settings window."""

    core: Core
    bridge: Bridge
    window: SettingsWindow
    wait: Wait

    def saved(self, holds: Callable[[Settings], bool]) -> Settings:
        """Waits until the file and the core both have what was asked for."""

        def both() -> bool:
            if self.window.book.is_saving or not paths.settings_file().exists():
                return False
            return holds(file.load(paths.settings_file())) and holds(self.core.settings)

        self.wait(both)
        return self.core.settings

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The open dialog of a kind."""
        self.wait(lambda: any(d.isVisible() for d in self.window.findChildren(kind)))
        return next(d for d in self.window.findChildren(kind) if d.isVisible())


@pytest.fixture
def desk(home: Path, themed: None, runtime: Runtime, wait: Wait) -> Iterator[Desk]:
    opened = open_customers(paths.store_file(), PASSPHRASE)
    file.save(paths.settings_file(), SETTINGS)
    core, bridge = Core(SETTINGS, opened.store, opened.vault), Bridge()
    book = SettingsBook(core, runtime)
    window = SettingsWindow(book, bridge)
    window.show()
    made = Desk(core, bridge, window, wait)
    yield made
    for widget in QApplication.topLevelWidgets():
        if isValid(widget):  # a dialog goes with its window
            end(widget)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    book.deleteLater()
    opened.store.close()
