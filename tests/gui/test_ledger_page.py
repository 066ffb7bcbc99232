"""The log page on a real store: filters, live lines, one line opened and copied."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.domain.ledger import LedgerLine, LedgerOutcome, LedgerRule
from crmdesk.domain.matches import MatchRule
from crmdesk.gui.models import ledger_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.ledger import page as ledger_page
from crmdesk.gui.pages.ledger.page import LedgerPage
from crmdesk.gui.pages.ledger.reading import View
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import SETTINGS, Windows, now
from tests.gui.test_calls_page import missed

CALL, OTHER = uuid.UUID(int=7), uuid.UUID(int=8)


def line(
    words: str,
    outcome: LedgerOutcome = LedgerOutcome.POPPED,
    rule: str = MatchRule.E164,
    call: uuid.UUID | None = CALL,
    extension: str = "1001",
    at: datetime | None = None,
) -> LedgerLine:
    return LedgerLine(
        at or now(), "support", "phone_rang", outcome, call, extension, rule, "+493023125710",
        1, 31.4 if outcome is LedgerOutcome.POPPED else None, words,
    )  # fmt: skip


MERGED = line("The call ended: noted", LedgerOutcome.MERGED, LedgerRule.PART_OF_CALL, extension="")
SHOWN = line("Phone 1001 rang: card shown")
ELSEWHERE = line(
    "Phone 1002 rang: no card", LedgerOutcome.SUPPRESSED, LedgerRule.OTHER_EXTENSION,
    extension="1002",
)  # fmt: skip
LOST = line("The line was lost", LedgerOutcome.NOTED, LedgerRule.LINE_LOST, None, "")


def add(desk: Windows, *lines: LedgerLine) -> None:
    """Writes lines as the desk would, and tells the window."""
    desk.store.write(lambda writer: writer.add_ledger(lines)).result()
    desk.bridge.ledger_written(lines)


def opened(desk: Windows) -> LedgerPage:
    """The page, in front."""
    desk.window.show_page("ledger")
    page = desk.window.pages["ledger"]
    assert isinstance(page, LedgerPage)
    return page


def words(page: LedgerPage) -> list[str]:
    return [row.line.words for row in page.table.model.lines()]


def shows(desk: Windows, page: LedgerPage, *lines: LedgerLine) -> None:
    desk.wait(lambda: words(page) == [one.words for one in lines])


def test_an_empty_log_says_what_will_come(windows: Windows) -> None:  # noqa: F811
    page = opened(windows)
    windows.wait(lambda: page.empty._title.text() == "Nothing here yet.")
    assert page.list_stack.currentWidget() is page.empty


def test_views_hold_what_they_are_called(windows: Windows) -> None:  # noqa: F811
    add(windows, SHOWN, ELSEWHERE, MERGED, LOST)
    page = opened(windows)
    shows(windows, page, LOST, ELSEWHERE, SHOWN)
    for view, expected in (
        (View.SUPPRESSED, (ELSEWHERE,)),
        (View.POPPED, (SHOWN,)),
        (View.EVERYTHING, (LOST, MERGED, ELSEWHERE, SHOWN)),
    ):
        page.views.choose(view)
        shows(windows, page, *expected)
    page.search.setText("1002")
    page.search.returnPressed.emit()
    shows(windows, page, ELSEWHERE)
    page.search.setText("no such words")
    page.search.returnPressed.emit()
    shows(windows, page)
    assert page.empty._title.text() == "No line matches “no such words”."


def test_new_lines_come_on_top_and_move_neither_selection_nor_what_is_open(
    windows: Windows,  # noqa: F811
) -> None:
    page = opened(windows)
    add(windows, SHOWN)
    shows(windows, page, SHOWN)
    page.table.move_cursor(1)
    add(windows, ELSEWHERE)
    shows(windows, page, ELSEWHERE, SHOWN)
    current = page.table.current()
    assert current is not None
    assert current.line.words == SHOWN.words
    assert page.detail._words.text() == SHOWN.words


def test_lines_that_came_behind_the_back_are_there_when_the_page_is(
    windows: Windows,  # noqa: F811
) -> None:
    page = opened(windows)
    windows.window.show_page("calls")
    add(windows, SHOWN)
    assert not page._reread.isActive()
    opened(windows)
    shows(windows, page, SHOWN)


def test_older_lines_are_read_when_the_end_is_reached(windows: Windows) -> None:  # noqa: F811
    add(windows, *[replace(SHOWN, words=f"Line {number}") for number in range(150)])
    page = opened(windows)
    windows.wait(lambda: page.table.model.rowCount() == 100)
    bar = page.table.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    windows.wait(lambda: page.table.model.rowCount() == 150)
    assert words(page) == [f"Line {number}" for number in reversed(range(150))]


def test_a_flood_begins_the_list_anew_and_has_no_hole(
    windows: Windows,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger_page, "MOST_ROWS", 120)
    add(windows, SHOWN)
    page = opened(windows)
    shows(windows, page, SHOWN)
    add(windows, *[replace(SHOWN, words=f"Line {number}") for number in range(150)])
    windows.wait(lambda: words(page)[:1] == ["Line 149"])
    assert page.table.model.rowCount() == 100


def test_the_log_of_a_call_opens_on_what_this_phone_was_told(windows: Windows) -> None:  # noqa: F811
    other = replace(SHOWN, call_id=OTHER, words="another call")
    row = windows.save(missed())
    mine = [replace(one, call_id=row.call.id) for one in (SHOWN, ELSEWHERE, MERGED)]
    add(windows, *mine, other)
    windows.window.open_call(row.call.id)
    windows.wait(lambda: windows.calls._detail is not None)
    windows.calls.detail._log.click()
    page = windows.window.pages["ledger"]
    assert isinstance(page, LedgerPage)
    shows(windows, page, *reversed(mine))
    assert (page.views.isVisible(), page.call_filter.isVisible()) == (False, True)
    assert page.detail._words.text() == SHOWN.words
    page.detail._open.click()
    assert windows.window.stack.currentWidget() is windows.calls
    assert windows.calls.opened() == row.call.id
    windows.window.go_back()
    shows(windows, page, *reversed(mine))
    page.show_all()
    shows(windows, page, other, *[one for one in reversed(mine) if one.outcome != "merged"])
    page.table.select(page.table.model.lines()[-1].key)
    page.detail._events.click()
    shows(windows, page, *reversed(mine))


def test_a_call_of_another_time_is_not_there(windows: Windows) -> None:  # noqa: F811
    add(windows, SHOWN)
    page = opened(windows)
    page.show_item(OTHER)
    windows.wait(lambda: page.empty._title.text() == "Nothing of this call is in the log.")


def test_keys(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    row = windows.save(missed())
    add(windows, ELSEWHERE, replace(SHOWN, call_id=row.call.id))
    page = opened(windows)
    windows.wait(lambda: page.table.model.rowCount() == 2)
    qtbot.keyClick(page.table.view, Qt.Key.Key_J)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(page.table.view, Qt.Key.Key_C, modifiers)
    assert "rule: e164" in QApplication.clipboard().text()
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    assert windows.calls.opened() == row.call.id


def test_a_copied_line_holds_no_name_and_no_whole_number() -> None:
    moved = replace(SHOWN, words="Phone 1001 transferred the call to +493023125710 (blind)")
    text = ledger_words.support_line(moved, "9.9")
    assert "23125710" not in text
    assert "digits: +49…10" in text
    assert "transferred the call to …10 (blind)" in text
    assert "Alice" not in text
    assert str(CALL) in text
    nothing = ledger_words.support_line(replace(LOST, digits=""))
    assert "digits: none, candidates: 1, no card\ncall: none" in nothing


def test_every_rule_says_why_and_every_outcome_has_a_word() -> None:
    for rule in (*LedgerRule, *MatchRule):
        assert ledger_words.why(replace(SHOWN, rule=rule)).reason
    assert ledger_words.why(replace(SHOWN, rule="of a newer program")).reason == ""
    assert set(ledger_words.OUTCOMES) == set(LedgerOutcome)


def test_what_is_known_of_a_line_goes_by_names() -> None:
    known = dict(ledger_words.facts(SHOWN, Names(SETTINGS)))
    assert known["Phone"] == "Alice Adler (1001)"
    assert known["Phone line"] == "Support line"
    assert known["Digits compared"] == "030 23125710"
    assert known["Time to the card"] == "31.4 ms"
    assert "Phone" not in dict(ledger_words.facts(LOST, Names(SETTINGS)))


def test_moments_are_told_to_the_second() -> None:
    today = now()
    assert len(ledger_words.moment(today, today)) == len("14:02:07")
    last_year = today - timedelta(days=400)
    assert str(last_year.astimezone().year) in ledger_words.moment(last_year, today)
    assert ledger_words.moment(last_year, today).count(":") == 2


def test_the_table_says_how_long_it_took_once() -> None:
    took = replace(SHOWN, words="card shown, exact match, 1 candidate, 1,022 ms", millis=1_022.0)
    told = [cell.text for cell in ledger_words.ledger_row(took, Names(SETTINGS), took.at).cells]
    assert "card shown, exact match, 1 candidate" in told
