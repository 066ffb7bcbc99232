"""Working time, against a reference that looks at every single minute."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.business_time import (
    LONGEST,
    BusinessClock,
    Holiday,
    WorkCalendar,
    WorkHours,
    is_zone,
    weekly_minutes,
    why_never_open,
)

MINUTE = timedelta(minutes=1)
OFFICE_HOURS = tuple(WorkHours(day, 9 * 60, 17 * 60) for day in range(5))


def calendar(
    *hours: WorkHours,
    zone: str = "Europe/Berlin",
    holidays: tuple[date, ...] = (),
    is_always_open: bool = False,
) -> WorkCalendar:
    return WorkCalendar(
        uuid.UUID(int=1),
        "Office",
        zone,
        is_always_open,
        hours,
        tuple(Holiday(day) for day in holidays),
    )


def counts(calendar: WorkCalendar, at: datetime) -> bool:
    """The slow reference: whether the wall clock shows an open minute."""
    if calendar.is_always_open:
        return True
    shown = at.astimezone(ZoneInfo(calendar.zone))
    if any(holiday.day == shown.date() for holiday in calendar.holidays):
        return False
    minute = shown.hour * 60 + shown.minute
    for hours in calendar.hours:
        start, until = hours.from_minute, hours.until_minute
        goes_over = until < start
        if hours.weekday == shown.weekday() and start <= minute < (1440 if goes_over else until):
            return True
        if goes_over and (hours.weekday + 1) % 7 == shown.weekday() and minute < until:
            return True
    return False


def counted(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    at, minutes = start, 0
    while at < end:
        minutes += counts(calendar, at)
        at += MINUTE
    return minutes


def stepped(calendar: WorkCalendar, start: datetime, minutes: int, most: int) -> datetime | None:
    at, left = start, minutes
    for _ in range(most):
        if not left:
            return at
        left -= counts(calendar, at)
        at += MINUTE
    return None if left else at


def _utc(*parts: int) -> datetime:
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


# Clock changes of an hour, of half an hour, at midnight, a minute after midnight, and a day
# that was left out.
CHANGES = {
    "Europe/Berlin": (_utc(2026, 3, 29, 1), _utc(2026, 10, 25, 1)),
    "America/New_York": (_utc(2026, 3, 8, 7), _utc(2026, 11, 1, 6)),
    "Australia/Lord_Howe": (_utc(2026, 4, 4, 15), _utc(2026, 10, 3, 15, 30)),
    "America/Sao_Paulo": (_utc(2018, 2, 18, 2), _utc(2018, 11, 4, 3)),
    "America/St_Johns": (_utc(2006, 4, 2, 3, 31), _utc(2006, 10, 29, 2, 31)),
    "Pacific/Apia": (_utc(2011, 12, 30, 10),),
    "Africa/Casablanca": (_utc(2026, 2, 15, 2), _utc(2026, 3, 22, 2)),
    "Asia/Kathmandu": (_utc(2026, 5, 1),),
    "UTC": (_utc(2026, 5, 1),),
}

hours_of_a_day = st.builds(
    WorkHours,
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(0, 1440),
)


@st.composite
def moments_near_a_change(draw: st.DrawFn) -> tuple[str, datetime]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    return zone, change + draw(st.integers(-3 * 1440, 1440)) * MINUTE


@st.composite
def calendars_near_a_change(draw: st.DrawFn) -> tuple[WorkCalendar, datetime]:
    zone, at = draw(moments_near_a_change())
    days = draw(st.lists(st.integers(-2, 4), max_size=2))
    holidays = tuple({(at + timedelta(days=day)).date() for day in days})
    hours = draw(st.lists(hours_of_a_day, max_size=6))
    return calendar(*hours, zone=zone, holidays=holidays), at


@settings(max_examples=60, deadline=None)
@given(calendars_near_a_change(), st.integers(0, 4 * 1440))
def test_working_time_between_two_moments_is_the_open_minutes_between(
    given_calendar: tuple[WorkCalendar, datetime], length: int
) -> None:
    wanted, start = given_calendar
    end = start + length * MINUTE
    assert BusinessClock(wanted).between(start, end) == counted(wanted, start, end) * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars_near_a_change(), st.integers(0, 1440))
def test_adding_working_time_ends_where_so_many_open_minutes_are_over(
    given_calendar: tuple[WorkCalendar, datetime], minutes: int
) -> None:
    wanted, start = given_calendar
    expected = stepped(wanted, start, minutes, most=4 * 1440)
    found = BusinessClock(wanted).add(start, minutes * MINUTE)
    if expected is not None:
        assert found == expected
    else:
        assert found is None or found > start + 4 * 1440 * MINUTE


@settings(max_examples=100, deadline=None)
@given(calendars_near_a_change(), st.integers(1, 100_000), st.integers(0, 59))
def test_what_was_added_is_what_lies_between(
    given_calendar: tuple[WorkCalendar, datetime], minutes: int, second: int
) -> None:
    wanted, start = given_calendar
    start += timedelta(seconds=second)
    clock = BusinessClock(wanted)
    due = clock.add(start, minutes * MINUTE)
    if due is not None:
        assert clock.between(start, due) == minutes * MINUTE
        assert clock.between(start, due - timedelta(seconds=1)) < minutes * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars_near_a_change())
def test_the_next_opening_is_the_first_minute_that_counts(
    given_calendar: tuple[WorkCalendar, datetime],
) -> None:
    wanted, start = given_calendar
    found = BusinessClock(wanted).next_opening(start)
    minutes = (start + count * MINUTE for count in range(3 * 1440))
    expected = next((at for at in minutes if counts(wanted, at)), None)
    if expected is not None:
        assert found == expected
        assert BusinessClock(wanted).is_open(found)


def test_friday_afternoon_goes_on_on_monday() -> None:
    friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 16:30 in Berlin
    due = BusinessClock(calendar(*OFFICE_HOURS)).add(friday, 2 * 60 * MINUTE)
    assert due == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_a_promise_that_is_full_at_closing_time_is_due_at_closing_time() -> None:
    friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    due = BusinessClock(calendar(*OFFICE_HOURS)).add(friday, 30 * MINUTE)
    assert due == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_a_holiday_closes_its_day_from_midnight_to_midnight() -> None:
    nights = tuple(WorkHours(day, 22 * 60, 6 * 60) for day in range(7))
    open_nights = calendar(*nights, holidays=(date(2026, 12, 25),))
    clock = BusinessClock(open_nights)
    start = datetime(2026, 12, 24, 21, 0, tzinfo=UTC)  # 22:00 on Christmas Eve
    assert clock.between(start, start + timedelta(days=1)) == timedelta(hours=2)
    assert clock.between(start, start + timedelta(days=2)) == timedelta(hours=8)


def test_the_hour_left_out_in_spring_never_counts_and_that_of_autumn_counts_twice() -> None:
    nights = calendar(*(WorkHours(day, 60, 5 * 60) for day in range(7)))
    clock = BusinessClock(nights)
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert clock.between(spring, spring + timedelta(days=1)) == timedelta(hours=3)
    assert clock.between(autumn, autumn + timedelta(days=1)) == timedelta(hours=5)


def test_round_the_clock_is_plain_time() -> None:
    clock = BusinessClock(calendar(is_always_open=True, holidays=(date(2026, 5, 1),)))
    start = datetime(2026, 4, 30, 12, 0, tzinfo=UTC)
    assert clock.add(start, 2_000 * MINUTE) == start + 2_000 * MINUTE
    assert clock.between(start, start + timedelta(days=9)) == timedelta(days=9)


@pytest.mark.parametrize(
    "empty",
    [calendar(), calendar(WorkHours(0, 600, 600))],
    ids=["no hours", "hours that end when they begin"],
)
def test_a_calendar_without_hours_says_so_and_nothing_is_ever_due(empty: WorkCalendar) -> None:
    clock = BusinessClock(empty)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    assert clock.add(at, MINUTE) is None
    assert clock.next_opening(at) is None
    assert clock.between(at, at + timedelta(days=30)) == timedelta()
    assert "no working hours" in why_never_open(empty)
    assert weekly_minutes(empty) == 0


def test_a_calendar_that_is_closed_for_years_by_holidays_does_not_search_for_ever() -> None:
    start = date(2026, 1, 5)
    mondays = tuple(start + timedelta(weeks=week) for week in range(600))
    clock = BusinessClock(calendar(WorkHours(0, 540, 1020), holidays=mondays))
    assert clock.add(datetime(2026, 1, 1, tzinfo=UTC), MINUTE) is None


@pytest.mark.parametrize("year", [1, 2, 9989, 9998, 9999])
def test_the_ends_of_the_calendar_are_no_error(year: int) -> None:
    clock = BusinessClock(calendar(*OFFICE_HOURS))
    at = datetime(year, 12, 30, tzinfo=UTC)
    due = clock.add(at, 60 * MINUTE)
    assert due is None or due > at
    assert clock.between(at - timedelta(days=3), at) >= timedelta()
    assert clock.between(datetime(1, 1, 1, tzinfo=UTC), at) <= LONGEST


def test_ten_years_are_the_longest_promise() -> None:
    an_hour_a_week = BusinessClock(calendar(WorkHours(2, 600, 660)))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert an_hour_a_week.add(start, timedelta(hours=500)) is not None
    assert an_hour_a_week.add(start, timedelta(hours=600)) is None


def test_overlapping_hours_count_once() -> None:
    twice = calendar(WorkHours(0, 540, 720), WorkHours(0, 660, 1020), WorkHours(6, 1380, 600))
    assert weekly_minutes(twice) == 60 + 600 + (1020 - 600)
    monday = datetime(2026, 5, 4, tzinfo=UTC)
    found = BusinessClock(twice).between(monday - timedelta(days=2), monday + timedelta(days=2))
    assert found == weekly_minutes(twice) * MINUTE


def test_unknown_zones_are_told_from_known_ones_and_read_as_utc() -> None:
    assert is_zone("Europe/Berlin")
    assert not any(map(is_zone, ("Europe/Nowhere", "../../etc/passwd", "", "x" * 300, "a\0b")))
    lost = BusinessClock(calendar(WorkHours(4, 600, 660), zone="Mars/Olympus"))
    friday = datetime(2026, 5, 1, tzinfo=UTC)
    assert lost.next_opening(friday) == friday + timedelta(hours=10)
