"""Where the keyboard is: on who was opened, and back where it was after every dialog."""

from __future__ import annotations

import uuid

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.tickets.ask_person import EscalateDialog
from crmdesk.gui.tickets.new_ticket import NewTicketDialog
from crmdesk.store import Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import entries, jane, opened

KEY = Qt.Key


@pytest.fixture
def page(windows: Windows) -> CustomersPage:  # noqa: F811
    """Jane is open and has two notes; there is Mia too."""
    jane_, mia = jane(), jane(name="Mia Maier")

    def fill(writer: Writer) -> None:
        for one in (jane_, mia):
            writer.save_customer(one)
            for text in ("older", "newer"):
                writer.add_note(one.id, text, "Ben", now())

    windows.store.write(fill).result()
    page = opened(windows, jane_)
    page.finder.show_all()
    windows.wait(lambda: page.finder.model.rowCount() == 2)
    return page


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, modifiers)


def mia(page: CustomersPage) -> uuid.UUID:
    hits = (page.finder.model.hit(row) for row in range(2))
    return next(hit.id for hit in hits if hit is not None and hit.name == "Mia Maier")


def shown(page: CustomersPage) -> str:
    return page.card.header._name.full_text()


def into_dialog(windows: Windows, key: Qt.Key, kind: type[QDialog]) -> QDialog:  # noqa: F811
    press(key)
    windows.wait(lambda: isinstance(QApplication.activeWindow(), kind))
    found = QApplication.activeWindow()
    assert isinstance(found, kind)
    return found


def back_in_window(windows: Windows) -> None:  # noqa: F811
    """The dialog is gone; offscreen nobody brings the window to the front by itself."""
    windows.wait(lambda: QApplication.activeModalWidget() is None)
    windows.window.activateWindow()
    windows.wait(windows.window.isActiveWindow)


def test_who_is_opened_has_the_keyboard_and_j_stays_with_them(
    windows: Windows,  # noqa: F811
    page: CustomersPage,
) -> None:
    page.finder.list.setFocus()
    windows.window.open_customer(mia(page))
    press(KEY.Key_J)  # before she is read
    windows.wait(lambda: shown(page) == "Mia Maier" and page.card.timeline.list.hasFocus())
    for _ in range(2):
        press(KEY.Key_J)
    assert page.opened() == mia(page), "J went on to another customer"
    assert page.card.timeline.list.currentIndex().row() > 0


def test_enter_in_the_list_of_customers_goes_onto_the_customer(
    windows: Windows,  # noqa: F811
    page: CustomersPage,
) -> None:
    page.finder.list.setFocus()
    press(KEY.Key_Return)
    windows.wait(page.card.timeline.list.hasFocus)


def test_a_customer_without_entries_has_the_keyboard_too(windows: Windows) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    windows.wait(page.card.timeline.hasFocus)
    windows.store.write(lambda w: w.add_note(customer.id, "first", "Ben", now())).result()
    page.refresh()
    windows.wait(lambda: entries(page) == ["first"])
    windows.wait(page.card.timeline.list.hasFocus)


def test_f6_goes_round_through_timeline_and_blocks(
    windows: Windows,  # noqa: F811
    page: CustomersPage,
) -> None:
    window, card = windows.window, page.card
    window.rail.focus_current()
    round_trip = (window.top, page.finder, card._left, card._beside, card.header, window.rail)
    for part in round_trip:
        press(KEY.Key_F6)
        assert part.isAncestorOf(focus()), part
    for part in (*reversed(round_trip[:-1]), window.rail):
        press(KEY.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert part.isAncestorOf(focus()), part


def test_tab_stops_once_at_the_chips_and_arrows_move_among_them(page: CustomersPage) -> None:
    chips = page.card.timeline.chips.chips
    page.card.timeline.search.setFocus()
    press(KEY.Key_Tab)
    assert chips["All"].hasFocus()
    press(KEY.Key_Right)
    assert chips["Notes"].hasFocus(), "of calls there are none"
    press(KEY.Key_Tab)
    assert page.card.timeline.list.hasFocus()
    press(KEY.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert chips["Notes"].hasFocus(), "Tab comes back to where it was"
    press(KEY.Key_End)
    assert page.card.timeline.chips.more.hasFocus()


def test_after_a_dialog_that_was_cancelled_the_keyboard_is_where_it_was(
    windows: Windows,  # noqa: F811
    page: CustomersPage,
) -> None:
    page.card.timeline.list.setFocus()
    into_dialog(windows, KEY.Key_T, NewTicketDialog)
    press(KEY.Key_Escape)
    back_in_window(windows)
    assert page.card.timeline.list.hasFocus()


def test_after_a_step_on_a_record_escape_leads_back_to_the_timeline(
    windows: Windows,  # noqa: F811
    page: CustomersPage,
) -> None:
    page.card.timeline.list.setFocus()
    into_dialog(windows, KEY.Key_T, NewTicketDialog)
    QTest.keyClicks(focus(), "Chair wobbles")
    press(KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    back_in_window(windows)
    windows.wait(lambda: page.card.shows_record and page.card.record.isAncestorOf(focus()))
    record = page.card.record
    escalate = next(
        one
        for one in record.findChildren(QWidget)
        if one.accessibleName().startswith("Escalate") and one.isVisible()
    )
    escalate.setFocus()
    into_dialog(windows, KEY.Key_X, EscalateDialog)
    QTest.keyClicks(focus(), "Nora Falk")
    press(KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    back_in_window(windows)
    windows.wait(lambda: "escalated" in page.undo_bar.text())
    windows.wait(lambda: record.isAncestorOf(focus()))
    press(KEY.Key_Escape)
    windows.wait(page.card.timeline.list.hasFocus)


def test_what_goes_while_it_is_typed_into_leaves_the_keyboard_near(page: CustomersPage) -> None:
    page.card.timeline.list.setFocus()
    page.card.timeline.list.hide()
    assert page.card.timeline.hasFocus(), "the rail got it"
    page.card.timeline.list.show()


def test_an_opened_entry_is_seen_whole(windows: Windows, page: CustomersPage) -> None:  # noqa: F811
    text = "\n".join(f"line {place}" for place in range(6))
    key = page.card.segments.customer_id
    assert key is not None

    def fill(writer: Writer) -> None:
        for _ in range(30):
            writer.add_note(key, text, "Ben", now())

    windows.store.write(fill).result()
    page.refresh()
    windows.wait(lambda: len(entries(page)) > 30)
    rows = page.card.timeline.list
    rows.setFocus()
    last = rows.rowAt(rows.viewport().height() - 1)
    rows.setCurrentIndex(rows.model().index(last, 0))
    press(KEY.Key_Return)
    whole = rows.visualRect(rows.model().index(last, 0))
    assert whole.height() > rows.rowHeight(last - 1), "it is open"
    assert whole.bottom() <= rows.viewport().height() or whole.top() == 0
