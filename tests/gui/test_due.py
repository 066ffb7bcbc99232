"""What is due, in the real window: the page, reminders in a quiet line, the count on the rail."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.follow_ups import DueNews, FollowUp, FollowUpKind, FollowUpOutcome
from crmdesk.gui.follow_ups.reminder_list import ReminderList
from crmdesk.gui.follow_ups.when_field import calendar
from crmdesk.gui.main_window.notices import Notices
from crmdesk.gui.pages.customers.records.follow_up_view import FollowUpRecordView
from crmdesk.gui.pages.due.page import DuePage, Whose
from crmdesk.gui.pages.due.reading import View
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, SETTINGS, Windows, now
from tests.gui.opened_customer import jane
from tests.gui.taking_back import offered

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND_NUMBER = PhoneNumber("030 23125 101", "+493023125101", "home")


def follow_up(customer: uuid.UUID, title: str, due: timedelta, **facts: Any) -> FollowUp:
    at = now()
    facts = {"kind": FollowUpKind.FOLLOW_UP, "who": "Alice Adler", **facts}
    return FollowUp(uuid.uuid4(), customer, title=title, at=at, due_at=at + due, **facts)


def call(raw: str, minutes: int, **facts: Any) -> Call:
    began = now() - timedelta(minutes=minutes)
    known = {
        "direction": Direction.INBOUND,
        "outcome": CallOutcome.MISSED,
        "caller_raw": raw,
        "ended_at": began + timedelta(seconds=30),
        **facts,
    }
    return Call(uuid.uuid4(), LINE.id, started_at=began, **known)


@pytest.fixture
def page(windows: Windows) -> DuePage:  # noqa: F811
    """The page on five follow-ups of one customer, one of them somebody else's."""
    customer = jane()
    customer = jane(numbers=(*customer.numbers, SECOND_NUMBER), id=customer.id)
    ones = (
        follow_up(customer.id, "Late", -3 * DAY, kind=FollowUpKind.PROMISE),
        follow_up(customer.id, "Next week or so", 20 * DAY),
        follow_up(customer.id, "Tomorrow's call", DAY, kind=FollowUpKind.CALL_BACK),
        follow_up(customer.id, "Bens", 2 * DAY, who="Ben Brandt"),
        follow_up(customer.id, "Given to me", 30 * DAY, who="Ben Brandt", owner="Alice Adler"),
    )

    def fill(writer: Any) -> None:
        writer.save_customer(customer)
        writer.add_follow_ups(ones, "Alice Adler")

    windows.store.write(fill).result()
    windows.window.show_page("due")
    made = windows.window.pages["due"]
    assert isinstance(made, DuePage)
    windows.wait(lambda: bool(shown(made)))
    return made


def shown(page: DuePage) -> list[str]:
    lines = page.table.model.lines()
    return [one.follow_up.title if one.follow_up else "call" for one in lines]


def test_mine_stand_in_groups_by_day_what_is_overdue_on_top(page: DuePage) -> None:
    assert shown(page) == ["Late", "Tomorrow's call", "Next week or so", "Given to me"]
    lines = page.table.model.lines()
    assert [one.cells[0].text for one in lines] == ["Overdue", "Tomorrow", "Later", ""]
    assert (lines[0].cells[1].icon, lines[0].cells[1].tone) == ("warning", "bad")
    assert "Overdue 3 d" in lines[0].spoken


def test_views_whose_kind_and_text_filter(windows: Windows, page: DuePage) -> None:  # noqa: F811
    page.whose.setCurrentIndex(page.whose.findData(Whose.ALL))
    windows.wait(lambda: "Bens" in shown(page))
    page.views.choose(View.OVERDUE)
    windows.wait(lambda: shown(page) == ["Late"])
    page.views.choose(View.LATER)
    windows.wait(lambda: shown(page)[-1] == "Given to me")
    page.views.choose(View.TODAY)
    windows.wait(lambda: page.stack.currentWidget() is page.empty)
    assert page.empty._title.text() == "Nothing more today."
    page.views.choose(View.ALL)
    page.kind.setCurrentIndex(page.kind.findData(FollowUpKind.CALL_BACK))
    windows.wait(lambda: shown(page) == ["Tomorrow's call"])
    page.kind.setCurrentIndex(0)
    page.search.setText("late")
    page.search.returnPressed.emit()
    windows.wait(lambda: shown(page) == ["Late"])


def test_j_d_and_undo_work_down_the_list(
    windows: Windows,  # noqa: F811
    page: DuePage,
    qtbot: QtBot,
) -> None:
    page.activate()
    qtbot.keyClick(page.table.view, Qt.Key.Key_J)
    qtbot.keyClick(page.table.view, Qt.Key.Key_D)
    windows.wait(lambda: len(shown(page)) == 3)
    current = page.table.current()
    assert current is not None
    assert current.follow_up.title == "Tomorrow's call"
    assert page.undo_bar.text() == "Done. Promise: Late done late"
    offered(page.undo_bar, windows.store, windows.wait)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    windows.wait(lambda: page.undo_bar.text().startswith("Taken back"))
    windows.wait(lambda: len(shown(page)) == 4)


def test_next_week_is_one_key_more(
    windows: Windows,  # noqa: F811
    page: DuePage,
    qtbot: QtBot,
) -> None:
    page.activate()
    qtbot.keyClick(page.table.view, Qt.Key.Key_J)
    qtbot.keyClick(page.table.view, Qt.Key.Key_P)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    windows.wait(lambda: page.undo_bar.text() == "Done. Promise: Late changed")
    moved = stored(windows, "Late").due_at.astimezone()
    assert moved.weekday() == 0
    assert moved > now()


def test_enter_opens_it_at_its_customer_and_back_comes_back(
    windows: Windows,  # noqa: F811
    page: DuePage,
    qtbot: QtBot,
) -> None:
    page.activate()
    qtbot.keyClick(page.table.view, Qt.Key.Key_J)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    card = windows.window.customers().card
    windows.wait(lambda: isinstance(card.record.view, FollowUpRecordView))
    assert card.record.view.follow_up.title == "Late"
    windows.window.go_back()
    windows.wait(page.isVisible)


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND])
def test_a_missed_call_leaves_when_they_are_reached_on_another_number(
    windows: Windows,  # noqa: F811
    page: DuePage,
    direction: Direction,
) -> None:
    windows.save(call("030 23125 100", 50))
    windows.save(call("030 23125 101", 40))
    windows.wait(lambda: shown(page)[0] == "call")
    assert shown(page).count("call") == 1
    first = page.table.model.lines()[0]
    assert first.cells[0].text == "Call back"
    assert first.cells[3].text == "Jane Doe"
    talk = {"outcome": CallOutcome.ANSWERED, "answered_at": now() - timedelta(minutes=29)}
    windows.save(call("030 23125 101", 30, direction=direction, **talk))
    windows.wait(lambda: "call" not in shown(page))


def test_a_long_list_is_read_page_by_page_with_one_heading_a_group(
    windows: Windows,  # noqa: F811
    page: DuePage,
) -> None:
    customer = page.table.model.lines()[0].customer_id
    assert customer is not None
    many = tuple(follow_up(customer, f"n{i}", 40 * DAY + i * HOUR) for i in range(150))
    windows.store.write(lambda w: w.add_follow_ups(many, "Alice Adler")).result()
    page.refresh()
    windows.wait(lambda: len(shown(page)) == 100)
    bar = page.table.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    windows.wait(lambda: len(shown(page)) == 154)
    headings = [one.cells[0].text for one in page.table.model.lines()]
    assert [one for one in headings if one] == ["Overdue", "Tomorrow", "Later"]
    assert len(set(shown(page))) == 154


# --- reminders ------------------------------------------------------------------------------


def stored(windows: Windows, title: str) -> FollowUp:  # noqa: F811
    found = windows.store.read(lambda r: r.open_follow_ups()).result().follow_ups
    return next(one for one in found if one.title == title)


def test_a_reminder_is_a_quiet_line_that_takes_no_key_and_opens_the_list(
    windows: Windows,  # noqa: F811
    page: DuePage,
    qtbot: QtBot,
) -> None:
    page.focus_search()
    before = QApplication.focusWidget()
    late = stored(windows, "Late")
    windows.bridge.follow_ups_due(DueNews((late,), False, 3, 1))
    notice = windows.window.status._notice
    windows.wait(notice.isVisible)
    assert QApplication.focusWidget() is before
    assert not any(isinstance(one, ReminderList) for one in QApplication.topLevelWidgets())
    assert "Promise: " in notice.accessibleName()
    badge = windows.window.rail._counts["due"]
    assert (badge.text(), badge.property("chip")) == ("3", "bad")
    notice.click()
    dialog = windows.dialog(ReminderList)
    assert isinstance(dialog, ReminderList)
    qtbot.keyClick(dialog.rows[0], Qt.Key.Key_2)
    windows.wait(lambda: not isValid(dialog) or not dialog.isVisible())
    again = stored(windows, "Late").remind_at
    assert again is not None
    assert timedelta(minutes=55) < again - now() < timedelta(minutes=65)


def test_reminders_that_nobody_looked_at_are_shown_together_and_done_by_key(
    windows: Windows,  # noqa: F811
    page: DuePage,
    qtbot: QtBot,
) -> None:
    late, call_back = stored(windows, "Late"), stored(windows, "Tomorrow's call")
    windows.bridge.follow_ups_due(DueNews((late,), False, 1, 1))
    windows.bridge.follow_ups_due(DueNews((late, call_back), True, 1, 1))
    windows.wait(lambda: len(windows.window.notices.reminders) == 2)
    shift = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(page.table.view, Qt.Key.Key_R, shift)
    dialog = windows.dialog(ReminderList)
    assert isinstance(dialog, ReminderList)
    assert len(dialog.rows) == 2
    qtbot.keyClick(dialog.rows[0], Qt.Key.Key_Down)
    qtbot.keyClick(dialog.rows[1], Qt.Key.Key_D)
    windows.wait(lambda: len(dialog.rows) == 1)
    done = windows.store.read(lambda r: r.follow_up(call_back.id)).result()
    assert done.outcome is FollowUpOutcome.KEPT
    qtbot.keyClick(dialog.rows[0], Qt.Key.Key_Return)
    card = windows.window.customers().card
    windows.wait(lambda: isinstance(card.record.view, FollowUpRecordView))


def test_without_a_reminder_the_key_shows_the_page(windows: Windows) -> None:  # noqa: F811
    windows.window.reminding.show_reminders()
    windows.wait(windows.window.pages["due"].isVisible)


def test_what_was_told_last_is_what_opens(qtbot: QtBot) -> None:
    notices = Notices(lambda: SETTINGS, now)
    told: list[str] = []
    notices.told.connect(lambda text, _tone: told.append(text))
    one = follow_up(uuid.uuid4(), "10 %", -HOUR, customer_name="Jane Doe")
    notices.remind(DueNews((one,)))
    assert told == ["Follow-up: 10 % · Jane Doe · Overdue 1 h"]
    with qtbot.waitSignal(notices.reminders_wanted):
        notices.open()
    notices.remind(DueNews((), waiting=4))
    assert len(told) == 1


def test_done_on_a_missed_call_says_why_not_and_home_and_end_move(
    page: DuePage,
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    windows.save(call("030 23125 100", 50))
    page.refresh()
    windows.wait(lambda: "call" in shown(page))
    view = page.table.view
    view.setFocus()
    place = shown(page).index("call")
    page.table.select(page.table.model.lines()[place].key)
    qtbot.keyClick(view, Qt.Key.Key_D)
    assert "A missed call is not ended by hand." in page.trouble.accessibleName()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert page.table.current() is page.table.model.lines()[-1]
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert page.table.current() is page.table.model.lines()[0]


def test_what_is_typed_into_the_calendar_shows_no_box(themed: None, qtbot: QtBot) -> None:  # noqa: F811
    month = calendar(now().date(), now().date())
    qtbot.addWidget(month)
    month.show()
    qtbot.waitUntil(month.isActiveWindow)
    month.setFocus()
    focus = QApplication.focusWidget()
    assert focus is not None
    before = {one for one in month.findChildren(QWidget) if one.isVisible()}
    qtbot.keyClick(focus, Qt.Key.Key_1)
    assert {one for one in month.findChildren(QWidget) if one.isVisible()} == before
