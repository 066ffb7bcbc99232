"""When things are due and reminded of, over clock changes too; what a note makes."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crmdesk.desk.follow_ups.notes import follow_ups_of
from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.reminding import next_monday, other_day, postponed, usual_reminder
from crmdesk.desk.follow_ups.spans import Span, span_of, stretch
from crmdesk.desk.follow_ups.when import read_when
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def due(text: str, now: datetime = MONDAY) -> datetime:
    found = read_when(text, now, BERLIN)
    assert found is not None
    return found.at


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("today 9:00", Span.OVERDUE),
        ("today", Span.TODAY),
        ("tomorrow 8:00", Span.TOMORROW),
        ("Sun", Span.WEEK),
        ("30.11.", Span.LATER),
        ("in 2 months", Span.LATER),
    ],
)
def test_a_moment_lies_in_one_stretch(text: str, span: Span) -> None:
    assert span_of(due(text), MONDAY, BERLIN) is span


@pytest.mark.parametrize("day", range(14))
def test_stretches_follow_each_other_without_a_gap(day: int) -> None:
    now = datetime(2026, 10, 19, 7, 31, tzinfo=UTC) + timedelta(days=day)
    ends = [stretch(span, now, BERLIN) for span in Span]
    assert ends[0][0] is None
    assert ends[-1][1] is None
    assert all(one[1] == other[0] for one, other in pairwise(ends))
    assert all(first < last for first, last in ends if first and last)


def test_the_day_on_which_the_clock_is_set_back_has_25_hours() -> None:
    sunday = datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN).astimezone(UTC)
    _, tonight = stretch(Span.TODAY, sunday, BERLIN)
    assert tonight - sunday == 25 * HOUR
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN).astimezone(UTC)
    _, tonight = stretch(Span.TODAY, spring, BERLIN)
    assert tonight - spring == 23 * HOUR


def test_a_day_is_reminded_of_in_its_morning_by_the_clock_on_the_wall() -> None:
    before = datetime(2026, 10, 23, 10, tzinfo=BERLIN).astimezone(UTC)
    monday = due("Mon", before)
    remind_at = usual_reminder(FollowUpKind.PROMISE, monday, before, BERLIN)
    assert remind_at.astimezone(BERLIN) == datetime(2026, 10, 26, 9, tzinfo=BERLIN)
    assert remind_at - before == timedelta(days=3)  # 72 hours, although 71 on the dial


def test_an_appointment_is_reminded_of_a_little_earlier_a_call_back_when_it_comes() -> None:
    at = due("tomorrow 15:00")
    assert usual_reminder(FollowUpKind.APPOINTMENT, at, MONDAY, BERLIN) == at - HOUR / 4
    assert usual_reminder(FollowUpKind.CALL_BACK, at, MONDAY, BERLIN) == at


def test_a_reminder_is_never_in_the_past_nor_behind_the_due_time() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    at = due("today", late)
    assert usual_reminder(FollowUpKind.PROMISE, at, late, BERLIN) == at
    soon = MONDAY + timedelta(minutes=5)
    assert usual_reminder(FollowUpKind.APPOINTMENT, soon, MONDAY, BERLIN) == soon
    over = MONDAY - HOUR
    assert usual_reminder(FollowUpKind.CALL_BACK, over, MONDAY, BERLIN) == MONDAY


def make(due_at: datetime, **facts: object) -> FollowUp:
    facts = {"kind": FollowUpKind.APPOINTMENT, "title": "Visit", "at": MONDAY, **facts}
    return FollowUp(uuid.uuid4(), uuid.uuid4(), due_at=due_at, **facts)


def test_what_is_postponed_over_a_clock_change_keeps_its_time_of_day() -> None:
    friday = datetime(2026, 10, 23, 13, tzinfo=UTC)  # 15:00 in Berlin
    one = make(friday, ends_at=friday + HOUR)
    at = other_day(one, 3, friday - HOUR, BERLIN)
    moved = postponed(one, at, friday - HOUR, BERLIN)
    assert moved.due_at.astimezone(BERLIN).hour == 15
    assert moved.due_at - one.due_at == timedelta(days=3, hours=1)
    assert moved.ends_at == moved.due_at + HOUR
    assert moved.remind_at == moved.due_at - HOUR / 4


def test_next_week_is_its_monday() -> None:
    assert next_monday(MONDAY, BERLIN) == 7
    assert next_monday(MONDAY + timedelta(days=6), BERLIN) == 1


@pytest.fixture
def vienna() -> object:
    """The operating system's zone is one with summer time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Vienna"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of Windows cannot be set here")
@pytest.mark.usefixtures("vienna")
def test_the_own_zone_is_that_of_the_system_on_every_day_of_the_year() -> None:
    zone = ZoneInfo("Europe/Vienna")
    for hours in range(366 * 24):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        own, known = at.astimezone(OWN_ZONE), at.astimezone(zone)
        assert own.replace(tzinfo=None) == known.replace(tzinfo=None)
        assert own.astimezone(UTC) == at
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    soon = read_when("in 30 min", twice, OWN_ZONE)
    assert soon is not None
    assert soon.at == twice + timedelta(minutes=30)
    assert read_when("29.3. 2:30", MONDAY, OWN_ZONE) == read_when("29.3. 2:30", MONDAY, zone)


def test_a_note_makes_what_it_promises_and_nothing_that_was_not_understood() -> None:
    note = "Was cross.\n!promise 10 % until Fri\n!promise a chair\n!call back tomorrow 10:00\n"
    customer = uuid.uuid4()
    made = follow_ups_of(note, customer, "Alice", MONDAY, BERLIN)
    assert [(one.kind, one.title) for one in made] == [
        (FollowUpKind.PROMISE, "10 %"),
        (FollowUpKind.CALL_BACK, "Call back"),
    ]
    assert {(one.customer_id, one.who, one.at) for one in made} == {(customer, "Alice", MONDAY)}
    assert made[0].remind_at.astimezone(BERLIN).hour == 9
    assert len({one.id for one in made}) == 2
    assert follow_ups_of("", customer, "Alice", MONDAY, BERLIN) == ()


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_what_others_put_at_the_end_of_the_calendar_can_be_postponed(zone: str) -> None:
    there, never = ZoneInfo(zone), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    one = make(never, ends_at=never)
    moved = postponed(one, other_day(one, 1, MONDAY, there), MONDAY, there)
    tomorrow = MONDAY.astimezone(there).date() + timedelta(days=1)
    assert moved.due_at.astimezone(there).date() == tomorrow
    assert moved.ends_at == moved.due_at
