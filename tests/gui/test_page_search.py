"""The search fields of the pages by keyboard: into them, out of them, and nothing left behind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.store import Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import entries, jane, opened

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_timeline_is_searched_and_left_by_keyboard(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = jane()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for text in ("asked for a lamp", "asked for a chair"):
            writer.add_note(customer.id, text, "Ben", now())

    windows.store.write(fill).result()
    page = opened(windows, customer)
    windows.wait(lambda: len(entries(page)) == 2)
    qtbot.keyClick(page.finder.list, Qt.Key.Key_F, CTRL)
    windows.wait(page.card.timeline.search.hasFocus)
    qtbot.keyClicks(page.card.timeline.search, "lamp")
    windows.wait(lambda: len(entries(page)) == 1)
    qtbot.keyClick(page.card.timeline.search, Qt.Key.Key_Escape)
    windows.wait(lambda: len(entries(page)) == 2)
    assert page.card.timeline.search.hasFocus(), "the text went, the cursor is still there"
    qtbot.keyClick(page.card.timeline.search, Qt.Key.Key_Escape)
    windows.wait(page.card.timeline.list.hasFocus)


def test_slash_searches_the_page_and_escape_goes_back_to_its_list(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    for name in ("customers", "calls", "due", "tickets", "ledger"):
        windows.window.show_page(name)
        page = windows.window.pages[name]
        page.activate()
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(windows.window, Qt.Key.Key_Slash)
        search = page.search if name != "customers" else page.finder.search  # type: ignore[attr-defined]
        windows.wait(search.hasFocus)
        qtbot.keyClicks(search, "nobody")
        windows.wait(lambda search=search: search.text() == "nobody")
        qtbot.keyClick(search, Qt.Key.Key_Escape)
        windows.wait(lambda search=search: search.text() == "")
        qtbot.keyClick(search, Qt.Key.Key_Escape)
        windows.wait(lambda search=search: not search.hasFocus())
