"""Blocks beside the timeline, and records opened in its place."""

from __future__ import annotations

import uuid
from datetime import timedelta

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.planning import PlacedBlock
from crmdesk.domain.records import RecordRef
from crmdesk.gui.models.timeline_items import EntryItem, Heading, timeline_items
from crmdesk.gui.pages.customers.blocks.registry import BLOCKS, arranged
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.registry import RECORDS, openable_kinds
from crmdesk.store import Writer
from crmdesk.store.tables import customer as customer_table
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import entries, jane, opened
from tests.gui.taking_back import take_back

HTML = "<b>bold</b> &amp; <script>alert(1)</script>\nשלום, ההזמנה לא הגיעה 客户"
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _keys(placed: tuple[PlacedBlock, ...]) -> list[str]:
    return [spec.key for spec in arranged(placed)]


def test_blocks_stand_as_the_company_wants_them() -> None:
    every = [spec.key for spec in BLOCKS]
    assert len(set(every)) == len(every)
    assert _keys(()) == every
    moved = (PlacedBlock("details"), PlacedBlock("reach", is_shown=False), PlacedBlock("gone"))
    rest = [key for key in every if key not in {"details", "reach"}]
    assert _keys(moved) == ["details", *rest]


def test_every_kind_of_record_has_one_view_at_most() -> None:
    kinds = [kind for spec in RECORDS for kind in spec.kinds]
    assert len(set(kinds)) == len(kinds)
    assert openable_kinds() <= set(kinds)
    assert openable_kinds() <= set(TimelineKind)


def _note(desk: Windows, text: str = HTML) -> CustomersPage:
    """A customer with one note, opened."""
    customer = jane()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        writer.add_note(customer.id, text, "Ben", now())

    desk.store.write(fill).result()
    page = opened(desk, customer)
    desk.wait(lambda: len(entries(page)) == 1)
    desk.window.activateWindow()
    desk.wait(desk.window.isActiveWindow)
    return page


def test_a_record_opens_by_key_whole_and_plain_and_escape_leads_back(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    page = _note(windows)
    page.card.timeline.list.setFocus()
    page.card.timeline.move_cursor(1)
    qtbot.keyClick(page.card.timeline.list, Qt.Key.Key_Return, SHIFT)
    windows.wait(lambda: page.card.shows_record)
    view = page.card.record.view
    assert view is not None
    said = next(one for one in view.findChildren(QLabel) if "alert" in one.accessibleName())
    assert said.accessibleName() == HTML
    assert said.textFormat() is Qt.TextFormat.PlainText
    assert page.opened() == view.ref
    windows.wait(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    windows.wait(lambda: not page.card.shows_record)
    assert page.card.timeline.list.hasFocus()
    assert page.opened() == page.desk.customer_id()


def test_a_click_opens_an_entry_and_one_on_its_link_the_record(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    page = _note(windows)
    view, model = page.card.timeline.list, page.card.timeline.model
    row = view.visualRect(model.index(1, 0))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert model.open_rows() == [1]
    whole = view.visualRect(model.index(1, 0))
    assert whole.height() > row.height()
    link = QPoint(whole.left() + 60, whole.bottom() - 16)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=link)
    windows.wait(lambda: page.card.shows_record)
    assert model.open_rows() == [1]


def test_a_record_that_is_gone_says_so(windows: Windows) -> None:  # noqa: F811
    page = _note(windows)
    customer_id = page.desk.customer_id()
    assert customer_id is not None
    page.desk.open(RecordRef(TimelineKind.NOTE, uuid.uuid4(), customer_id))
    windows.wait(lambda: page.card.shows_record)
    assert page.card.record.view is None
    assert page.card.record._stack.currentWidget() is page.card.record._gone


def test_a_note_key_leads_from_a_record_into_the_note(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    page = _note(windows)
    page.card.timeline.move_cursor(1)
    page.card.timeline.list.open_current()
    windows.wait(lambda: page.card.shows_record)
    page.write_note()
    assert not page.card.shows_record
    windows.wait(page.card.note.edit.hasFocus)


def test_what_a_block_writes_is_shown_and_can_be_taken_back(windows: Windows) -> None:  # noqa: F811
    page = _note(windows)
    key = page.desk.customer_id()
    assert key is not None

    def rename(writer: Writer) -> ChangeSet:
        with writer.change(ChangeKind.ASSIGNMENT, "Role set to buyer", "Ben") as change:
            change.update(customer_table, key, {"role": "buyer"})
        return change.change

    page.desk.do(rename)
    windows.wait(lambda: "buyer" in page.card.header._what.full_text())
    assert page.undo_bar.text() == "Done. Role set to buyer"
    assert not page.undo_bar.isHidden()
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: "buyer" not in page.card.header._what.full_text())


def test_reading_again_leaves_the_list_where_it_is(windows: Windows) -> None:  # noqa: F811
    customer = jane()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for hours in range(130):
            writer.add_note(customer.id, f"note {hours}", "Ben", now() - timedelta(hours=hours))

    windows.store.write(fill).result()
    page = opened(windows, customer)
    windows.wait(lambda: len(entries(page)) >= 50)
    bar = page.card.timeline.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    windows.wait(lambda: len(entries(page)) >= 100)
    place, count = bar.value(), len(entries(page))
    page.card.timeline.model.toggle(3)
    shown = page.desk.view
    page._read()
    windows.wait(lambda: page.desk.view is not shown)
    assert len(entries(page)) >= count
    assert bar.value() >= place
    assert page.card.timeline.model.open_rows() == [3]


def test_the_blocks_of_another_customer_are_seen_from_the_top(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane())
    bar = page.card._beside.verticalScrollBar()
    windows.wait(lambda: bar.maximum() > 20)
    bar.setValue(20)
    page._read()
    shown = page.desk.view
    windows.wait(lambda: page.desk.view is not shown)
    assert bar.value() == 20, "the same customer, read again"
    opened(windows, jane(name="Mia Maier"))
    windows.wait(lambda: bar.value() == 0)


def test_the_button_of_a_note_stands_below_its_field_in_a_low_window(
    windows: Windows,  # noqa: F811
) -> None:
    customer = jane()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for days in range(1, 7):
            at = now() - timedelta(days=days)
            writer.add_survey_answer(customer.id, at, 1, f"bad {days}")

    windows.store.write(fill).result()
    card = opened(windows, customer).card
    windows.window.resize(1200, 640)
    card.note.edit.setPlainText("She wants the corrected invoice.")
    windows.wait(lambda: card.note._bar.isVisible())
    windows.wait(lambda: card.note.edit.geometry().bottom() < card.note._bar.geometry().top())


def test_rows_are_as_tall_as_what_is_in_them_when_something_new_comes_in(
    windows: Windows,  # noqa: F811
) -> None:
    customer, start = jane(), now()

    def note(text: str, hours: int) -> None:
        at = start - timedelta(hours=hours)
        windows.store.write(lambda w: w.add_note(customer.id, text, "Ben", at)).result()

    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    note("A long story. " * 40, 2)
    note("older", 3)
    page = opened(windows, customer)
    view, model = page.card.timeline.list, page.card.timeline.model
    windows.wait(lambda: model.rowCount() >= 3)
    closed = view.rowHeight(2)
    model.toggle(1)
    tall = view.rowHeight(1)
    assert tall > closed
    note("newest", 0)
    page._read()
    windows.wait(lambda: len(entries(page)) == 3)
    (row,) = model.open_rows()
    heights = [view.rowHeight(n) for n in range(model.rowCount()) if n != row]
    assert (view.rowHeight(row), set(heights)) == (tall, {closed})


def test_more_of_what_is_new_is_shown_where_wanted(windows: Windows) -> None:  # noqa: F811
    customer = jane()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for days in range(1, 7):
            at = now() - timedelta(days=days)
            writer.add_survey_answer(customer.id, at, 1, f"bad {days}")
            writer.add_interaction(customer.id, TimelineKind.EMAIL, at, title=f"mail {days}")

    windows.store.write(fill).result()
    since = opened(windows, customer).card.since
    windows.wait(lambda: len(since._rows) == 8)
    since.set_low(is_low=False)
    more = next(one for one in since.findChildren(QPushButton) if one.text() == "4 more")
    assert sum(one.isVisible() for one in since._rows) == 4
    since.set_low(is_low=True)
    assert (sum(one.isVisible() for one in since._rows), more.text()) == (2, "6 more")
    more.click()
    assert all(one.isVisible() for one in since._rows)
    assert more.text() == "Show less"


def test_a_quiet_time_up_to_now_is_told_as_well() -> None:
    from crmdesk.domain.customers import TimelineEntry

    old = TimelineEntry(uuid.uuid4(), TimelineKind.NOTE, now() - timedelta(days=95), "old")
    items = timeline_items([old], now(), opened=openable_kinds())
    assert isinstance(items[0], Heading)
    assert items[0].text == "Nothing for 3 months"
    assert isinstance(items[2], EntryItem)
    assert items[2].has_record
