"""Follow-ups by keyboard in the real window: made, written into a note, kept, postponed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCalendarWidget, QMenu, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.follow_ups import (
    FollowUp,
    FollowUpFilter,
    FollowUpKind,
    FollowUpOutcome,
    Repeat,
    RepeatUnit,
)
from crmdesk.gui.follow_ups.dialog import FollowUpDialog
from crmdesk.gui.follow_ups.postpone_dialog import PostponeDialog
from crmdesk.gui.pages.customers.blocks.follow_ups import FollowUpRow, FollowUpsBlock
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.follow_up_view import FollowUpRecordView
from crmdesk.gui.widgets import times
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import offered

CTRL = Qt.KeyboardModifier.ControlModifier


class Hands:
    """What a person does with follow-ups, key by key."""

    def __init__(self, desk: Windows, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.page: CustomersPage = opened(desk, jane())

    @property
    def customer(self) -> uuid.UUID:
        found = self.page.desk.customer_id()
        assert found is not None
        return found

    @property
    def view(self) -> FollowUpRecordView:
        found = self.page.card.record.view
        assert isinstance(found, FollowUpRecordView)
        return found

    def stored(self) -> list[FollowUp]:
        wanted = FollowUpFilter(customer_id=self.customer)
        return list(self.desk.store.read(lambda r: r.open_follow_ups(wanted)).result().follow_ups)

    def rows(self) -> list[FollowUpRow]:
        block = self.page.card.side.blocks["follow_ups"]
        assert isinstance(block, FollowUpsBlock)
        return block._rows

    def press(self, key: Qt.Key, mods: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self._focused(), key, mods)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self._focused(), text)

    def _focused(self) -> QWidget:
        front = QApplication.activeModalWidget() or self.desk.window
        front.activateWindow()
        self.desk.wait(lambda: QApplication.activeWindow() is front)
        return QApplication.focusWidget() or front

    def ask(self) -> FollowUpDialog:
        self.page.card.timeline.list.setFocus()
        self.press(Qt.Key.Key_F)
        self.desk.wait(lambda: bool(self.desk.window.findChildren(FollowUpDialog)))
        dialog = self.desk.dialog(FollowUpDialog)
        assert isinstance(dialog, FollowUpDialog)
        return dialog

    def add(self, title: str = "10 %", due: timedelta = timedelta(days=1), **facts: Any) -> None:
        facts = {"kind": FollowUpKind.PROMISE, "who": "Alice Adler", **facts}
        at = now()
        one = FollowUp(uuid.uuid4(), self.customer, title=title, at=at, due_at=at + due, **facts)
        self.desk.store.write(lambda w: w.add_follow_ups((one,), "Alice Adler")).result()
        before = len(self.rows())
        self.page.refresh()
        self.desk.wait(lambda: len(self.rows()) > before)

    def open(self) -> None:
        self.rows()[0].open_wanted.emit()
        self.desk.wait(lambda: isinstance(self.page.card.record.view, FollowUpRecordView))
        self.desk.wait(lambda: self.view.follow_up is not None)
        self.view.setFocus()

    def menu(self) -> QMenu:
        found = QApplication.activePopupWidget()
        assert isinstance(found, QMenu)
        return found


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> Hands:  # noqa: F811
    return Hands(windows, qtbot)


def local(at: datetime) -> datetime:
    return times.local(at)


def test_a_promise_is_made_by_note_shown_and_kept_by_keyboard(hands: Hands) -> None:
    page = hands.page
    page.card.timeline.list.setFocus()
    hands.press(Qt.Key.Key_N)
    hands.type("Was cross about the delay. ")
    hands.press(Qt.Key.Key_Return)
    hands.type("!promise 10 % until to")
    assert "No day was understood" in page.card.note.written.text()
    hands.type("morrow")
    assert "Promise: 10 %" in page.card.note.written.text()
    assert "end of day" in page.card.note.written.text()
    hands.press(Qt.Key.Key_Return, CTRL)
    hands.desk.wait(lambda: len(hands.stored()) == 1)
    (one,) = hands.stored()
    assert (one.kind, one.title, one.responsible) == (FollowUpKind.PROMISE, "10 %", "Alice Adler")
    hands.desk.wait(lambda: len(hands.rows()) == 1)
    assert page.undo_bar.text() == "Done. Promise made: 10 %"
    hands.qtbot.keyClick(hands.rows()[0], Qt.Key.Key_D)
    hands.desk.wait(lambda: not hands.stored())
    hands.desk.wait(lambda: not hands.rows())
    kept = hands.desk.store.read(lambda r: r.follow_up(one.id)).result()
    assert (kept.outcome, kept.done_by) == (FollowUpOutcome.KEPT, "Alice Adler")
    notes = hands.desk.store.read(lambda r: r.timeline(hands.customer)).result().entries
    assert any("Was cross about the delay." in entry.title + entry.detail for entry in notes)


def test_what_a_note_made_is_taken_back_and_the_note_stays(hands: Hands) -> None:
    page = hands.page
    page.card.note.start()
    page.card.note.edit.setPlainText("!call back tomorrow 10:00\n!promise nothing")
    page.card.note.save()
    hands.desk.wait(lambda: len(hands.stored()) == 1)
    hands.desk.wait(lambda: bool(hands.rows()))
    offered(hands.page.undo_bar, hands.desk.store, hands.desk.wait)
    hands.press(Qt.Key.Key_Z, CTRL)
    hands.desk.wait(lambda: not hands.stored())
    entries = hands.desk.store.read(lambda r: r.timeline(hands.customer)).result().entries
    assert [one.kind for one in entries] == ["note"]


def test_f_asks_and_return_saves(hands: Hands) -> None:
    dialog = hands.ask()
    assert not dialog._save.isEnabled()
    hands.type("Ask whether the chair came")
    dialog.when.edit.setFocus()
    hands.type("in 2 days")
    assert "end of day" in dialog.when.said()
    assert "Reminder" in dialog.when.said()
    hands.press(Qt.Key.Key_Return)
    hands.desk.wait(lambda: len(hands.stored()) == 1)
    (one,) = hands.stored()
    assert (one.kind, one.title) == (FollowUpKind.FOLLOW_UP, "Ask whether the chair came")
    assert (local(one.remind_at).hour, local(one.remind_at).date()) == (9, local(one.due_at).date())
    hands.desk.wait(lambda: len(hands.rows()) == 1)
    assert hands.page.undo_bar.text() == "Done. Follow-up made: Ask whether the chair came"


def test_an_appointment_has_place_length_reminder_and_repetition(hands: Hands) -> None:
    dialog = hands.ask()
    dialog.kinds.choose(FollowUpKind.APPOINTMENT)
    assert dialog._place.isVisibleTo(dialog)
    dialog.when.edit.setText("tomorrow 15:00")
    dialog.place.setText("Hall 3")
    dialog.length.setCurrentIndex(dialog.length.findText("45 min"))
    dialog.reminder.setCurrentIndex(dialog.reminder.findText("1 hour before"))
    dialog.repeat.setCurrentIndex(dialog.repeat.findText("Every 2 weeks"))
    dialog.detail.setPlainText("First line\nCard 4111 1111 1111 1111")
    assert dialog.detail.toPlainText() == "First line\nCard •••• 1111"
    dialog.save()
    hands.desk.wait(lambda: len(hands.stored()) == 1)
    (one,) = hands.stored()
    assert one.title == "Appointment"
    assert one.due_at - one.remind_at == timedelta(hours=1)
    assert one.ends_at - one.due_at == timedelta(minutes=45)
    assert (one.place, one.repeat) == ("Hall 3", Repeat(RepeatUnit.WEEK, 2))
    assert one.detail.startswith("First line\nCard ")
    assert "4111 1111" not in one.detail


def test_a_day_is_chosen_from_the_calendar_and_the_time_stays(hands: Hands) -> None:
    dialog = hands.ask()
    dialog.when.edit.setText("tomorrow 15:30")
    dialog.when.open_calendar()
    month = hands.menu().findChild(QCalendarWidget)
    assert month is not None
    chosen = month.selectedDate().addDays(1)
    month.activated.emit(chosen)
    value = dialog.when.value()
    assert value is not None
    assert (local(value.at).day, f"{local(value.at):%H:%M}") == (chosen.day(), "15:30")
    dialog.when.edit.setText("12/3")
    assert "Not understood" in dialog.when.trouble()
    dialog.when.edit.setText("1 Jan 2020")
    assert dialog.when.trouble() == "This is over."
    dialog.reject()


def test_what_is_overdue_is_red_with_word_and_icon_and_can_be_postponed(hands: Hands) -> None:
    hands.add(due=-timedelta(days=2))
    assert "Overdue 2 d" in hands.rows()[0].accessibleName()
    hands.qtbot.keyClick(hands.rows()[0], Qt.Key.Key_P)
    hands.qtbot.keyClick(hands.menu(), Qt.Key.Key_Return)
    hands.desk.wait(lambda: hands.stored()[0].due_at > now())
    tomorrow = (local(now()) + timedelta(days=1)).date()
    assert local(hands.stored()[0].due_at).date() == tomorrow


def test_a_record_is_opened_postponed_by_typing_edited_and_cancelled(hands: Hands) -> None:
    hands.add(detail="Ask Jonas first", repeat=Repeat(RepeatUnit.WEEK))
    hands.open()
    assert hands.page.card.record.title.full_text() == "Promise"
    hands.press(Qt.Key.Key_P)
    hands.qtbot.keyClick(hands.menu(), Qt.Key.Key_Up)
    hands.qtbot.keyClick(hands.menu(), Qt.Key.Key_Return)
    dialog = hands.desk.dialog(PostponeDialog)
    dialog.when.edit.setFocus()
    hands.type("in 5 days")
    hands.press(Qt.Key.Key_Return)
    wanted = (local(now()) + timedelta(days=5)).date()
    hands.desk.wait(lambda: local(hands.stored()[0].due_at).date() == wanted)
    hands.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    edit = hands.desk.dialog(FollowUpDialog)
    assert edit.what.text() == "10 %"
    edit.what.setText("12 %")
    edit.save()
    hands.desk.wait(lambda: hands.stored()[0].title == "12 %")
    hands.desk.wait(
        lambda: hands.view.follow_up is not None and hands.view.follow_up.title == "12 %"
    )
    hands.view.setFocus()
    hands.press(Qt.Key.Key_X)
    hands.desk.wait(lambda: not hands.stored())
    hands.desk.wait(lambda: not hands.view.done.isVisible())
    steps = hands.view._opened.steps
    assert steps[0].title == "Promise: 12 % cancelled"
    assert len(steps) == 4


def test_one_that_is_overdue_can_be_edited_without_another_day(hands: Hands) -> None:
    hands.add(due=-timedelta(days=1))
    due_at = hands.stored()[0].due_at
    hands.open()
    hands.view.edit()
    edit = hands.desk.dialog(FollowUpDialog)
    edit.detail.setPlainText("Jonas knows")
    edit.save()
    hands.desk.wait(lambda: hands.stored()[0].detail == "Jonas knows")
    assert hands.stored()[0].due_at == due_at


def test_somebody_who_ended_it_meanwhile_is_told(hands: Hands) -> None:
    hands.add()
    hands.open()
    one = hands.stored()[0]
    from crmdesk.desk.follow_ups.own_zone import OWN_ZONE

    kept = FollowUpOutcome.KEPT
    hands.desk.store.write(lambda w: w.finish_follow_up(one.id, kept, "Ben", OWN_ZONE)).result()
    hands.press(Qt.Key.Key_D)
    hands.desk.wait(lambda: hands.page.trouble.isVisible())
    assert "Ben ended this follow-up" in hands.page.trouble.accessibleName()


def test_an_overdue_promise_of_anybody_is_red_in_the_story(hands: Hands) -> None:
    hands.add(due=-timedelta(days=1), who="Ben Brandt", owner="Cleo")
    story = hands.desk.store.read(lambda r: r.story(hands.customer, now())).result()
    assert story.next_promise.tone == "bad"
    assert story.since[0].tone == "bad"
    assert "10 %" in story.since[0].text


def test_a_form_shows_a_reminder_that_is_none_of_the_choices(hands: Hands) -> None:
    from crmdesk.gui.follow_ups import choices

    at = now().replace(second=0, microsecond=0)
    one = FollowUp(
        uuid.uuid4(), hands.customer, FollowUpKind.CALL_BACK, "x", at, at + timedelta(days=3),
        remind_at=at + timedelta(days=1, minutes=7),
    )  # fmt: skip
    assert choices.reminders(one, at)[0][1] == one.remind_at
    usual = replace(one, remind_at=one.due_at)
    assert choices.held_reminder(usual, at) == choices.USUAL
