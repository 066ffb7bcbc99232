"""The pages of the main window: made when they are wanted, and never a window of their own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.gui.bridge import Bridge
from crmdesk.gui.main_window import MainWindow
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, end


class _Flashes(QObject):
    """Notes every part that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_no_part_flashes_as_a_window_of_its_own(
    windows: Windows,  # noqa: F811
    qapp: QApplication,
) -> None:
    """It would take the keyboard from whoever types."""
    flashes = _Flashes()
    qapp.installEventFilter(flashes)
    try:
        again = MainWindow(windows.core, windows.window._runtime, Bridge())
        for page_id in again.pages:
            again.show_page(page_id)
    finally:
        qapp.removeEventFilter(flashes)
    end(again)
    assert flashes.seen == []


def test_a_page_is_made_when_somebody_goes_there(windows: Windows) -> None:  # noqa: F811
    pages, told = windows.window.pages, []
    windows.window.page_made.connect(told.append)
    assert "matching" in pages
    assert set(pages.made()) == {pages["calls"], windows.window.customers()}
    assert told == []
    windows.window.show_page("matching")
    assert told == [pages["matching"]]
    assert pages.id_of(told[0]) == "matching"
    windows.window.show_page("calls")
    windows.window.show_page("matching")
    assert len(told) == 1
