"""The calls page on a real store: live rows, paging, views, one call opened."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crmdesk.domain.calls import Call, CallOutcome, Direction, Presentation
from crmdesk.domain.customers import PhoneNumber
from crmdesk.gui.pages.calls.reading import View, start_of_day
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.messages import Question
from crmdesk.store import StoreLocked, Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, SETTINGS, Windows, now, write_call

STRANGER = "+493023125777"


def missed(number: str = STRANGER, at: datetime | None = None, **facts: object) -> Call:
    """A missed call."""
    start = at or now()
    call = Call(
        uuid.uuid4(), "support", Direction.INBOUND, start, number, first_rang_at=start,
        ring_seconds=12.0, ended_at=start + timedelta(seconds=12), outcome=CallOutcome.MISSED,
    )  # fmt: skip
    return replace(call, **facts)


def names(desk: Windows) -> list[str]:
    """The column Who."""
    return [line.cells[2].text for line in desk.calls.table.model.lines()]


def shown(desk: Windows, count: int) -> None:
    """Waits for a number of rows."""
    desk.wait(lambda: desk.calls.table.model.rowCount() == count)


def settled(desk: Windows, count: int) -> None:
    """Waits for a number of calls of today, and until no reading is on its way any more."""
    desk.calls.refresh()
    desk.wait(lambda: desk.calls.views._buttons[View.TODAY].text() == f"Today  {count}")
    shown(desk, count)


def test_an_empty_day_says_what_will_come(windows: Windows) -> None:  # noqa: F811
    page = windows.calls
    windows.wait(lambda: page.empty._title.text() == "No calls yet today.")
    assert page.empty._hint.text() == "Calls to 1001 appear here as they ring."
    assert page.list_stack.currentWidget() is page.empty


def test_a_call_appears_at_once_and_changes_in_place(windows: Windows) -> None:  # noqa: F811
    ringing = missed(outcome=None, ended_at=None)
    windows.save(ringing)
    shown(windows, 1)
    assert windows.calls.table.model.lines()[0].cells[0].text == "Ringing"
    windows.save(replace(ringing, outcome=CallOutcome.MISSED, ended_at=now()))
    windows.wait(
        lambda: [one.cells[0].text for one in windows.calls.table.model.lines()] == ["Missed"]
    )
    shown(windows, 1)


def test_a_page_that_was_read_before_a_call_does_not_hide_it(
    windows: Windows,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows.save(missed())
    shown(windows, 1)
    page = windows.calls
    answers: list[tuple[Any, ...]] = []
    show = page._show_page
    monkeypatch.setattr(page, "_show_page", lambda *answer: answers.append(answer))
    page.refresh()
    windows.wait(lambda: len(answers) == 1)  # read, and not shown yet
    windows.save(missed("+493023125778"))
    shown(windows, 2)
    show(*answers[0])
    assert page.table.model.rowCount() == 2


def test_a_new_call_moves_neither_selection_nor_what_is_open(windows: Windows) -> None:  # noqa: F811
    first = windows.save(missed(at=now() - timedelta(seconds=9)))
    settled(windows, 1)
    windows.calls.table.move_cursor(1)
    windows.wait(lambda: windows.calls.detail_stack.currentIndex() == 1)
    windows.save(missed("+493023125778"))
    shown(windows, 2)
    current = windows.calls.table.current()
    assert current is not None
    assert current.row.call.id == first.call.id
    assert windows.calls.opened() == first.call.id


def test_calls_of_other_days_stay_out_of_today(windows: Windows) -> None:  # noqa: F811
    windows.save(missed(at=start_of_day(now()) - timedelta(seconds=1)))
    windows.save(missed("+493023125778"))
    shown(windows, 1)
    windows.calls.views.choose(View.ALL)
    shown(windows, 2)


def test_at_midnight_today_s_calls_leave_today(
    windows: Windows,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows.save(missed())
    shown(windows, 1)
    tomorrow = replace(windows.calls.context, now=lambda: now() + timedelta(days=1))
    monkeypatch.setattr(windows.calls, "context", tomorrow)
    windows.calls.check_day()
    shown(windows, 0)


def test_older_calls_are_read_when_the_end_is_reached(windows: Windows) -> None:  # noqa: F811
    start = now() - timedelta(hours=1)

    def fill(writer: Writer) -> None:
        for number in range(250):
            write_call(writer, missed(at=start - timedelta(seconds=number)))

    windows.store.write(fill).result()
    windows.calls.views.choose(View.ALL)
    shown(windows, 100)
    bar = windows.calls.table.view.verticalScrollBar()
    for count in (200, 250):
        windows.wait(lambda: bar.maximum() > bar.value())
        bar.setValue(bar.maximum())
        shown(windows, count)
    times = [line.row.call.started_at for line in windows.calls.table.model.lines()]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 250


def test_to_call_back_holds_each_caller_nobody_reached(windows: Windows) -> None:  # noqa: F811
    windows.save(missed(at=now() - timedelta(minutes=5)))
    windows.save(missed(at=now() - timedelta(minutes=4)))
    windows.save(missed("+493023125778", at=now() - timedelta(minutes=3)))
    page = windows.calls
    windows.wait(lambda: page.views._buttons[View.CALL_BACK].text() == "To call back  2")
    page.views.choose(View.CALL_BACK)
    shown(windows, 2)
    reached = missed(
        "+493023125778", direction=Direction.OUTBOUND, outcome=CallOutcome.ANSWERED,
        answered_at=now(), agent="1001",
    )  # fmt: skip
    windows.save(reached)
    shown(windows, 1)
    windows.wait(lambda: page.views._buttons[View.CALL_BACK].text() == "To call back  1")


def test_a_desk_that_never_rests_counts_nevertheless(windows: Windows) -> None:  # noqa: F811
    row = windows.save(missed())
    page, never_resting = windows.calls, QTimer()
    never_resting.timeout.connect(lambda: windows.bridge.call_changed(row))
    never_resting.start(page._reread.interval() // 2)
    windows.wait(lambda: page.views._buttons[View.CALL_BACK].text() == "To call back  1")
    never_resting.stop()


def test_the_number_of_an_opened_call_is_read_as_its_own_line_does(windows: Windows) -> None:  # noqa: F811
    london = msgspec.structs.replace(LINE, id="london", region="GB", area_code="20")
    windows.core.settings = msgspec.structs.replace(SETTINGS, lines=(LINE, london))
    there = missed("020 7946 0123", line_id="london")
    windows.save(there)
    windows.calls.search.setText("no such call")
    shown(windows, 0)  # so it is not the selected one
    windows.window.open_call(there.id)
    windows.wait(lambda: _opened_id(windows) == there.id)
    assert windows.calls._detail is not None
    assert windows.calls._detail.caller.number.e164 == "+442079460123"


def _opened_id(desk: Windows) -> uuid.UUID | None:
    detail = desk.calls._detail
    return detail.row.call.id if detail else None


def test_the_filter_finds_by_customer_and_by_number(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    known = replace(
        blank(now()), name="Jane Doe", numbers=(PhoneNumber("+493023125100", "+493023125100"),)
    )
    windows.store.write(lambda writer: writer.save_customer(known)).result()
    windows.save(missed("+493023125100"))
    windows.save(missed())
    shown(windows, 2)
    windows.calls.focus_search()
    qtbot.keyClicks(windows.calls.search, "jane")
    windows.wait(lambda: names(windows) == ["Jane Doe"])
    windows.calls.search.clear()
    qtbot.keyClicks(windows.calls.search, "030 23125777")
    windows.wait(lambda: names(windows) == ["030 23125777"])
    windows.calls.search.clear()
    qtbot.keyClicks(windows.calls.search, "nobody")
    windows.wait(lambda: windows.calls.empty._title.text() == "No call matches “nobody”.")


def test_a_withheld_number_can_be_neither_seen_nor_called(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    windows.save(missed(presentation=Presentation.WITHHELD))
    shown(windows, 1)
    assert names(windows) == ["Number withheld"]
    windows.calls.activate()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_J)
    windows.wait(lambda: windows.calls.detail_stack.currentIndex() == 1)
    assert not windows.calls.detail._call.isVisible()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_C)
    assert not [w for w in windows.window.findChildren(Question) if w.isVisible()]
    texts = " ".join(label.text() for label in windows.window.findChildren(QLabel))
    assert "23125777" not in texts


def test_c_shows_the_number_before_anything_is_dialled(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    windows.save(missed())
    shown(windows, 1)
    windows.calls.activate()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_J)
    windows.wait(lambda: windows.calls.detail_stack.currentIndex() == 1)
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_C)
    question = windows.dialog(Question)
    texts = [label.text() for label in question.findChildren(QLabel)]
    assert "Call 030 23125777?" in texts
    # No line is connected in this test: what is confirmed ends in plain words.
    question.accept()
    windows.wait(lambda: any("No phone line can dial" in t for t in _question_texts(windows)))


def _question_texts(desk: Windows) -> list[str]:
    open_ones = [w for w in desk.window.findChildren(Question) if w.isVisible()]
    return [label.text() for one in open_ones for label in one.findChildren(QLabel)]


def test_enter_opens_the_customer_of_a_call(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    known = replace(
        blank(now()), name="Jane Doe", numbers=(PhoneNumber("+493023125100", "+493023125100"),)
    )
    windows.store.write(lambda writer: writer.save_customer(known)).result()
    windows.save(missed("+493023125100"))
    shown(windows, 1)
    windows.calls.activate()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_J)
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_Return)
    page = windows.window.customers()
    windows.wait(lambda: page.stack.currentWidget() is page.card)
    assert page.opened() == known.id
    windows.window.go_back()
    assert windows.window.stack.currentWidget() is windows.calls


def test_enter_on_an_internal_call_says_why_nothing_opens(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    windows.save(missed("1002", direction=Direction.INTERNAL))
    settled(windows, 1)
    windows.calls.activate()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_J)
    windows.wait(lambda: windows.calls.detail_stack.currentIndex() == 1)
    assert windows.calls.detail._avatar.text() == "BB"
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_Return)
    windows.wait(windows.calls.trouble.isVisible)
    assert "a colleague has no customer page" in windows.calls.trouble.accessibleName()


def test_an_opened_call_fits_into_its_panel(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    windows.save(missed("1002", direction=Direction.INTERNAL, outcome=CallOutcome.ANSWERED))
    shown(windows, 1)
    windows.calls.activate()
    qtbot.keyClick(windows.calls.table.view, Qt.Key.Key_J)
    windows.wait(lambda: windows.calls.detail_stack.currentIndex() == 1)
    assert windows.calls.detail.minimumSizeHint().width() <= Size.SIDE_LIST


def test_the_store_s_trouble_is_a_banner_with_its_remedy(windows: Windows) -> None:  # noqa: F811
    windows.calls._failed(StoreLocked())
    assert windows.calls.trouble.isVisible()
    assert "Close other CRMDesk windows" in windows.calls.trouble._remedy.text()
    windows.calls.refresh()
    windows.wait(lambda: not windows.calls.trouble.isVisible())


def test_a_bug_is_not_dressed_as_trouble_of_the_store(windows: Windows) -> None:  # noqa: F811
    with pytest.raises(ZeroDivisionError):
        windows.calls._failed(ZeroDivisionError())


HOSTILE = (
    '<img src="file:///tmp/x.png">',
    "<table><tr><td width=99999>",
    '<h1 style="font-size:400pt">VERIFIED</h1>',
    "B" * 256,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_caller_names_stay_text_and_keep_the_window_s_width(
    windows: Windows,  # noqa: F811
    name: str,
) -> None:
    width = windows.window.width()
    windows.save(missed(caller_raw=name[:40], caller_name=name, queue=name))
    shown(windows, 1)
    line = windows.calls.table.model.lines()[0]
    assert line.cells[2].second == f"“{name}”"
    index = windows.calls.table.model.index(0, 2)
    tip = windows.calls.table.model.data(index, Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "<h1" not in tip
    windows.calls.table.move_cursor(1)
    windows.wait(lambda: windows.calls.detail_stack.currentIndex() == 1)
    detail = windows.calls.detail
    assert detail.minimumSizeHint().width() <= windows.calls.detail_stack.width()
    assert windows.window.width() == width
    for label in detail.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
