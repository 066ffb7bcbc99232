"""Pictures of what is to be done: the dialog, the block, the record, the page, reminders."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from PySide6.QtWidgets import QWidget

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.promises import written_in
from crmdesk.domain.follow_ups import (
    FollowUp,
    FollowUpKind,
    FollowUpOutcome,
    Repeat,
    RepeatUnit,
)
from crmdesk.gui.follow_ups.dialog import FollowUpDialog
from crmdesk.gui.follow_ups.postpone_dialog import PostponeDialog
from crmdesk.gui.follow_ups.reading import FollowUpForm
from crmdesk.gui.follow_ups.reminder_list import ReminderList
from crmdesk.gui.follow_ups.when_field import calendar
from crmdesk.gui.pages.due.page import DuePage, Whose
from crmdesk.gui.pages.due.reading import View
from crmdesk.gui.pictures.demo_customers import busiest, card_of
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.widgets import times
from crmdesk.store import Writer

_PAGE = (1120, 720)
_CARD = (1160, 820)
_PAUSE_MS = 900
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def _now() -> datetime:
    return times.utc_now().replace(second=0, microsecond=0)


def _form() -> FollowUpForm:
    numbers = ("+493023125100", "+4917139200123")
    return FollowUpForm(uuid.UUID(int=7), "Jane Doe", numbers, ("Claire Martin", "Jonas Weber"))


def _made(title: str, due: timedelta, kind: FollowUpKind = FollowUpKind.PROMISE) -> FollowUp:
    now = _now()
    return FollowUp(
        uuid.uuid4(), uuid.UUID(int=7), kind, title, now - _DAY, now + due,
        who="Claire Martin", customer_name="Jane Doe",
    )  # fmt: skip


@picture("follow-up-new")
def new() -> QWidget:
    """Nothing typed yet."""
    window = demo_window()
    return FollowUpDialog(window, window.context, _form())


@picture("follow-up-appointment")
def appointment() -> QWidget:
    """An appointment that repeats."""
    window = demo_window()
    made = FollowUpDialog(window, window.context, _form(), kind=FollowUpKind.APPOINTMENT)
    made.what.setText("Show the new table")
    made.when.edit.setText("Fri 15:00")
    made.place.setText("Showroom, second floor")
    made.length.setCurrentIndex(3)
    made.repeat.setCurrentIndex(4)
    made.detail.setPlainText("Brings her architect along. Card 4111 1111 1111 1111 is on file.")
    return made


@picture("follow-up-not-understood")
def not_understood() -> QWidget:
    """A day nobody can read."""
    window = demo_window()
    made = FollowUpDialog(window, window.context, _form(), kind=FollowUpKind.CALL_BACK)
    made.what.setText("Has a question on the invoice")
    made.when.edit.setText("12/13")
    return made


@picture("follow-up-postpone")
def postpone() -> QWidget:
    """Another day."""
    made = PostponeDialog(demo_window(), "Promise: 10 % on the next order", _now)
    made.when.edit.setText("next Mon")
    return made


@picture("follow-up-calendar", size=(320, 280))
def month() -> QWidget:
    """A day to be chosen."""
    today = _now().date()
    return calendar(today + 3 * _DAY, today)


@picture("follow-up-note", size=_CARD)
def note() -> QWidget:
    """A note that promises two things, one of them not understood."""
    made = card_of(busiest())
    text = "Cross about the delay.\n!promise 10 % on the next order until Fri\n!call back soonish"
    made.note.set_draft(text)
    now = _now()
    made.note.written.show_written(written_in(text, now, OWN_ZONE), now)
    return made


@picture("follow-up-reminders")
def reminders() -> QWidget:
    """Three that came while nobody was there."""
    window = demo_window()
    found = (
        _made("10 % on the next order", -2 * _DAY),
        _made("Has a question on the invoice", _HOUR, kind=FollowUpKind.CALL_BACK),
        _made("Show the new table", 2 * _DAY, kind=FollowUpKind.APPOINTMENT),
    )
    return ReminderList(window, window.context, found)


@cache
def _with_follow_ups() -> FollowUp:
    """The demo's agent gets some to do, in every stretch of time."""
    window = demo_window()
    context = window.context
    customers = context.store.read(lambda reader: reader.search("an", 6)).result()
    now, me = _now(), context.agent()
    wanted = (
        (FollowUpKind.PROMISE, "10 % on the next order", -2 * _DAY),
        (FollowUpKind.CALL_BACK, "Has a question on the invoice", -3 * _HOUR),
        (FollowUpKind.FOLLOW_UP, "Ask whether the chair came", 2 * _HOUR),
        (FollowUpKind.APPOINTMENT, "Show the new table", _DAY),
        (FollowUpKind.FOLLOW_UP, "Send the catalogue", 3 * _DAY),
        (FollowUpKind.PROMISE, "Free delivery of the second parcel", 16 * _DAY),
    )
    made = tuple(
        FollowUp(
            uuid.uuid4(), customers[place % len(customers)].id, kind, title, now - 4 * _DAY,
            now + due, who=me, repeat=Repeat(RepeatUnit.WEEK, 2) if place == 3 else None,
            detail="She asked twice already.\nJonas knows the details." if not place else "",
        )
        for place, (kind, title, due) in enumerate(wanted)
    )  # fmt: skip

    def write(writer: Writer) -> None:
        writer.add_follow_ups(made, me)
        first = writer.follow_up(made[0].id) or made[0]
        writer.edit_follow_up(first, replace(first, remind_at=now - _HOUR), "Jonas Weber")

    context.store.write(write).result()
    return made[0]


@picture("due", size=_PAGE, pause_ms=_PAUSE_MS)
def due() -> QWidget:
    """Everything of mine."""
    _with_follow_ups()
    return DuePage(demo_window().context)


@picture("due-everybody", size=_PAGE, pause_ms=_PAUSE_MS)
def everybody() -> QWidget:
    """Everything of everybody."""
    _with_follow_ups()
    made = DuePage(demo_window().context)
    made.whose.setCurrentIndex(made.whose.findData(Whose.ALL))
    return made


@picture("due-empty", size=_PAGE, pause_ms=_PAUSE_MS)
def empty() -> QWidget:
    """Nothing of this kind."""
    made = DuePage(demo_window().context)
    made.kind.setCurrentIndex(made.kind.findData(FollowUpKind.CALL_BACK))
    made.views.choose(View.TOMORROW)
    return made


def _record(outcome: FollowUpOutcome | None = None) -> QWidget:
    from crmdesk.gui.follow_ups.reading import read_opened
    from crmdesk.gui.pages.customers.customer_desk import CustomerView
    from crmdesk.gui.pages.customers.records.follow_up_view import FollowUpRecordView

    window = demo_window()
    key = _with_follow_ups().id
    store, now = window.context.store, _now()
    opened = store.read(lambda reader: read_opened(reader, key, now)).result()
    if opened is None:
        raise LookupError("the demo has lost it")
    one = opened.follow_up
    story = store.read(lambda reader: reader.story(one.customer_id, now)).result()
    if story is None:
        raise LookupError("the demo has lost it")
    if outcome is not None:
        ended = replace(one, done_at=now, done_by="Claire Martin", outcome=outcome)
        opened = replace(opened, follow_up=ended)
    made = FollowUpRecordView(window.customers().desk)
    made.show_value(opened, CustomerView(story, window.context.names(), now))
    return made


@picture("follow-up-open", size=(640, 460))
def opened() -> QWidget:
    """A promise that is overdue, with its history."""
    return _record()


@picture("follow-up-ended", size=(640, 460))
def ended() -> QWidget:
    """The same, kept at last."""
    return _record(FollowUpOutcome.LATE)
