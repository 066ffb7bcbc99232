"""Two customers become one in the window, and two again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.domain.customers import CustomerStatus, Email, PhoneNumber
from crmdesk.gui.long_work import LongWork
from crmdesk.gui.merge.dialog import MergeDialog
from crmdesk.gui.merge.fields import differences, summary
from crmdesk.store.customers.merging import MOVED_AT_ONCE
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import take_back

MOBILE = PhoneNumber("0171 3920 101", "+491713920101", "mobile")


@pytest.fixture
def twin():
    """The same person, typed again by somebody else."""
    return jane(
        name="Doe, Jane",
        numbers=(PhoneNumber("+49 30 23125 100", "+493023125100", "home"), MOBILE),
        emails=(Email("jane.doe@example.org"),),
        segment="Silver",
        account_id="10001",
    )


def test_only_fields_with_two_values_are_asked(twin):
    asked = {one.title: (one.keep, one.other) for one in differences(jane(), twin)}
    assert asked == {"Name": ("Jane Doe", "Doe, Jane"), "Segment": ("Gold", "Silver")}
    other_status = replace(twin, name="Jane Doe", segment="", status=CustomerStatus.DORMANT)
    assert [one.fields for one in differences(jane(), other_status)] == [("status",)]


def test_what_moves_is_said(twin):
    assert summary(jane(), twin) == (
        "1 number, 1 e-mail and all calls, notes, tickets, orders and payments of Doe, Jane go to "
        "Jane Doe."
    )


def _dialog(desk: Windows) -> MergeDialog:
    dialog = desk.window.findChild(MergeDialog)
    assert isinstance(dialog, MergeDialog)
    return dialog


def test_merge_and_undo_by_keyboard(windows: Windows, twin) -> None:  # noqa: F811
    desk, keep = windows, jane()
    desk.store.write(lambda writer: writer.save_customer(twin)).result()
    desk.store.write(
        lambda writer: writer.add_note(twin.id, "Wants the invoice by post.", "Ben", now())
    ).result()
    page = opened(desk, keep)
    QTest.keyClick(page.finder.list, Qt.Key.Key_M)
    dialog = _dialog(desk)
    desk.wait(lambda: dialog.other_id() == twin.id)
    ((_, segment),) = [pair for pair in dialog.choices.items() if pair[0] == ("segment",)]
    segment.button(1).click()
    assert dialog.sides() == {"segment": "other"}
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)  # searches again, and merges nobody
    desk.wait(lambda: dialog.other_id() == twin.id)
    assert dialog.isVisible()
    assert _numbers(desk, keep.id) == {"+493023125100"}
    ((_, segment),) = [pair for pair in dialog.choices.items() if pair[0] == ("segment",)]
    segment.button(1).click()
    QTest.keyClick(dialog._merge, Qt.Key.Key_Return)
    desk.wait(lambda: _numbers(desk, keep.id) == {"+493023125100", MOBILE.e164})
    kept = desk.store.read(lambda reader: reader.customer(keep.id)).result()
    assert (kept.name, kept.segment, kept.account_id) == ("Jane Doe", "Silver", "10001")
    assert {one.address for one in kept.emails} == {"jane@example.com", "jane.doe@example.org"}
    assert desk.store.read(lambda reader: reader.customer(twin.id)).result() is None
    entries = desk.store.read(lambda reader: reader.timeline(keep.id)).result().entries
    assert [entry.detail or entry.title for entry in entries] == ["Wants the invoice by post."]
    desk.wait(page.undo_bar.isVisible)
    take_back(page.undo_bar, desk.store, desk.wait)
    desk.wait(lambda: _numbers(desk, twin.id) == {"+493023125100", MOBILE.e164})
    assert _numbers(desk, keep.id) == {"+493023125100"}


def test_arrows_choose_while_one_searches(windows: Windows, twin) -> None:  # noqa: F811
    desk, keep = windows, jane()
    third = jane(name="Jane Doering", numbers=(), emails=(), account_id="")
    for one in (twin, third):
        desk.store.write(lambda writer, one=one: writer.save_customer(one)).result()
    page = opened(desk, keep)
    QTest.keyClick(page.finder.list, Qt.Key.Key_M)
    dialog = _dialog(desk)
    dialog.search.setText("doe")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    desk.wait(lambda: dialog.model.rowCount() == 2)
    dialog.search.setFocus()
    first, second = (dialog.model.hit(place).id for place in (0, 1))
    desk.wait(lambda: dialog.other_id() == first)
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    desk.wait(lambda: dialog.other_id() == second)
    QTest.keyClick(dialog.search, Qt.Key.Key_Up)
    desk.wait(lambda: dialog.other_id() == first)


def test_the_customer_itself_is_not_offered(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane())
    page.merge()
    dialog = _dialog(windows)
    windows.wait(lambda: dialog._asked > 0)
    dialog._find("Jane")
    windows.store.read(lambda reader: reader.search("Jane", 1)).result()
    windows.wait(lambda: dialog.model.rowCount() == 0)
    assert dialog.other_id() is None
    assert not dialog._merge.isEnabled()
    dialog.reject()


def _numbers(desk: Windows, customer_id: object) -> set[str | None]:
    found = desk.store.read(lambda reader: reader.customer(customer_id)).result()
    return {one.e164 for one in found.numbers} if found else set()


def test_a_long_history_moves_in_parts_with_progress_and_comes_back(
    windows: Windows,  # noqa: F811
    twin,
) -> None:
    desk, keep = windows, jane()

    def fill(writer) -> None:
        writer.save_customer(twin)
        for place in range(2 * MOVED_AT_ONCE + 1):
            writer.add_note(twin.id, f"Note {place}", "Ben", now())

    desk.store.write(fill).result()
    page = opened(desk, keep)
    page.merge()
    dialog = _dialog(desk)
    desk.wait(lambda: dialog.other_id() == twin.id)
    told: list[str] = []
    show = dialog.show_moved

    def shown(moved: int) -> None:
        show(moved)
        told.append(dialog._what.text())

    dialog.show_moved = shown
    dialog.merge()
    assert not dialog._merge.isEnabled()
    desk.wait(page.undo_bar.isVisible)
    assert told[0] == f"{MOVED_AT_ONCE:,} of {2 * MOVED_AT_ONCE + 1:,} things moved…"
    size = lambda key: desk.store.read(lambda r: r.history_size(key)).result()  # noqa: E731
    assert size(keep.id) == 2 * MOVED_AT_ONCE + 1
    take_back(page.undo_bar, desk.store, desk.wait)
    assert page.undo_bar.text().startswith("Taking back: Doe, Jane is Jane Doe")
    desk.wait(lambda: page.undo_bar.text().startswith("Taken back: "))
    assert (size(keep.id), size(twin.id)) == (0, 2 * MOVED_AT_ONCE + 1)


def test_a_merge_that_is_stopped_moves_everything_back(
    windows: Windows,  # noqa: F811
    twin,
    monkeypatch,
) -> None:
    desk, keep = windows, jane()

    def fill(writer) -> None:
        writer.save_customer(twin)
        for place in range(2 * MOVED_AT_ONCE + 1):
            writer.add_note(twin.id, f"Note {place}", "Ben", now())

    desk.store.write(fill).result()
    page = opened(desk, keep)
    page.merge()
    dialog = _dialog(desk)
    desk.wait(lambda: dialog.other_id() == twin.id)
    stopped: list[str] = []

    def start(work: LongWork) -> None:
        dialog.reject()  # "Cancel", before the first part is moved
        stopped.append(dialog._what.text())
        begin(work)

    begin = LongWork.start
    monkeypatch.setattr(LongWork, "start", start)
    dialog.merge()
    desk.wait(lambda: bool(stopped) and dialog._work is None)
    assert stopped == ["Taking back what was moved…"]
    assert dialog._merge.isEnabled()
    assert dialog.isVisible()
    assert desk.store.read(lambda r: r.customer(twin.id)).result() is not None
    assert desk.store.read(lambda r: r.history_size(keep.id)).result() == 0
    dialog.reject()
