"""What is to be done: made, listed by due time, ended, repeated, reminded of, taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import (
    FollowUp,
    FollowUpFilter,
    FollowUpKind,
    FollowUpOutcome,
    Repeat,
    RepeatUnit,
)
from crmdesk.store.follow_ups.queries import _next_reminders
from crmdesk.store.tables import follow_up

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def anna(write, make_person):
    someone = make_person("Anna Groß")
    write(lambda w: w.save_customer(someone))
    return someone


@pytest.fixture
def make(anna, now):
    def _make(title="10 %", due=timedelta(days=1), **facts) -> FollowUp:
        facts = {"kind": FollowUpKind.PROMISE, "who": "Ben", "customer_id": anna.id, **facts}
        return FollowUp(id=uuid.uuid4(), title=title, at=now, due_at=now + due, **facts)

    return _make


def _open(read, **wanted):
    return [
        one.title for one in read(lambda r: r.open_follow_ups(FollowUpFilter(**wanted))).follow_ups
    ]


def test_all_that_was_given_is_there_again(read, write, make, now):
    one = make(
        detail="Ask Jonas first", place="Room 3", owner="Cleo", repeat=Repeat(RepeatUnit.WEEK, 2),
        ends_at=now + timedelta(days=2), e164="+493023125101", call_id=uuid.uuid4(),
        remind_at=now + timedelta(hours=20),
    )  # fmt: skip
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    assert read(lambda r: r.follow_up(one.id)) == replace(one, customer_name="Anna Groß")


def test_lists_what_is_open_by_due_time_page_by_page(read, write, make):
    ones = tuple(make(f"n{i}", timedelta(hours=i // 2)) for i in range(9))
    write(lambda w: w.add_follow_ups(ones, "Ben"))
    seen, place = [], None
    while True:
        page = read(lambda r, place=place: r.open_follow_ups(None, place, 2))
        seen += page.follow_ups
        place = page.next
        if place is None:
            break
    assert [one.due_at for one in seen] == sorted(one.due_at for one in ones)
    assert {one.id for one in seen} == {one.id for one in ones}
    assert len(seen) == len(ones)


def test_filters(read, write, make):
    ones = (
        make("mine by hand-over", owner="Ann"),
        make("mine"),
        make("a 100% thing", kind=FollowUpKind.APPOINTMENT),
    )
    write(lambda w: w.add_follow_ups(ones, "Ben"))
    assert _open(read, responsible="Ann") == ["mine by hand-over"]
    assert set(_open(read, responsible="Ben")) == {"mine", "a 100% thing"}
    assert _open(read, kinds=frozenset({FollowUpKind.APPOINTMENT})) == ["a 100% thing"]
    assert _open(read, text="100%") == ["a 100% thing"]
    assert _open(read, text="%_") == []
    assert len(_open(read, text="gross")) == 3
    assert _open(read, customer_id=uuid.uuid4()) == []


def test_done_in_time_is_kept_and_too_late_is_late(read, write, make):
    early, late = make(), make(due=-timedelta(days=1))
    write(lambda w: w.add_follow_ups((early, late), "Ben"))
    for one in (early, late):
        write(lambda w, one=one: w.finish_follow_up(one.id, FollowUpOutcome.KEPT, "Cleo", BERLIN))
    found = [read(lambda r, one=one: r.follow_up(one.id)) for one in (early, late)]
    assert [one.outcome for one in found] == [FollowUpOutcome.KEPT, FollowUpOutcome.LATE]
    assert {one.done_by for one in found} == {"Cleo"}
    assert _open(read) == []


def test_second_person_who_ends_it_is_told_who_did(write, make):
    one = make()
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    write(lambda w: w.finish_follow_up(one.id, FollowUpOutcome.KEPT, "Cleo", BERLIN))
    with pytest.raises(UserFacingError, match="Cleo ended"):
        write(lambda w: w.finish_follow_up(one.id, FollowUpOutcome.BROKEN, "Ben", BERLIN))


def test_what_repeats_is_there_again_and_undo_takes_both_steps_back(read, write, make):
    one = make(repeat=Repeat(RepeatUnit.MONTH), remind_at=None)
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    step = write(lambda w: w.finish_follow_up(one.id, FollowUpOutcome.KEPT, "Ben", BERLIN))
    (following,) = read(lambda r: r.open_follow_ups()).follow_ups
    assert following.due_at == one.due_at.astimezone(BERLIN).replace(month=7).astimezone(
        one.due_at.tzinfo
    )
    assert following.series_id == one.id
    write(lambda w: w.undo_change(step.id, "Ben"))
    (again,) = read(lambda r: r.open_follow_ups()).follow_ups
    assert (again.id, again.done_at) == (one.id, None)


def test_cancelled_series_ends(read, write, make):
    one = make(repeat=Repeat(RepeatUnit.DAY))
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    write(lambda w: w.finish_follow_up(one.id, FollowUpOutcome.CANCELLED, "Ben", BERLIN))
    assert _open(read) == []


def test_edit_writes_only_what_is_new_and_is_on_the_journal(read, write, make):
    one = make()
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    later = replace(one, due_at=one.due_at + timedelta(days=3), remind_at=one.due_at)
    step = write(lambda w: w.edit_follow_up(one, later, "Cleo"))
    (row,) = read(lambda r: r.change_rows(step.id))
    assert set(row.after) == {"due_at"}
    assert step.title == "Promise: 10 % changed"


def test_reminders_come_once_and_the_next_one_is_known(read, write, make, now):
    first, second = make("a"), make("b", remind_at=now + timedelta(minutes=5))
    write(lambda w: w.add_follow_ups((first, second), "Ben"))
    until = now + timedelta(minutes=5)
    assert [one.title for one in read(lambda r: r.reminders(now, until))] == ["b"]
    assert read(lambda r: r.reminders(until, until + timedelta(hours=1))) == ()
    assert read(lambda r: r.next_reminder(until)) == first.due_at
    assert read(lambda r: r.next_reminder(first.due_at)) is None


@pytest.fixture
def older(write, make):
    """Adds one as older releases and other programs write it: without a reminder."""

    def _older(title, due, **facts):
        one = make(title, due, **facts)
        write(lambda w: w.add_follow_ups((one,), "Ben"))
        mine = follow_up.c.id == one.id
        write(lambda w: w._connection.execute(update(follow_up).where(mine).values(remind_at=None)))
        return one

    return _older


@pytest.fixture
def weekly(write, make, now):
    """Every Monday at ten, with a reminder an hour before; made a day before the first."""
    due = datetime(2026, 6, 22, 10, 0, tzinfo=BERLIN).astimezone(UTC)
    one = make("report", repeat=Repeat(RepeatUnit.WEEK), remind_at=due - timedelta(hours=1))
    one = replace(one, due_at=due)
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    return one


def _finish(read, write, one):
    """Ends one, and returns what comes behind it."""
    write(lambda w: w.finish_follow_up(one.id, FollowUpOutcome.KEPT, "Ben", BERLIN))
    (following,) = read(lambda r: r.open_follow_ups()).follow_ups
    return following


def _local(moment):
    return f"{moment.astimezone(BERLIN):%a %d %b %H:%M}"


def test_what_was_put_off_once_reminds_as_ever_the_next_time(read, write, weekly):
    second = _finish(read, write, weekly)
    later = replace(second, remind_at=second.due_at + timedelta(hours=22))
    write(lambda w: w.edit_follow_up(second, later, "Ben"))
    third = _finish(read, write, second)
    assert (_local(third.due_at), _local(third.remind_at)) == (
        "Mon 06 Jul 10:00", "Mon 06 Jul 09:00"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("is_meant_for_all", "next_time"),
    [(False, "Mon 06 Jul 10:00"), (True, "Tue 07 Jul 15:00")],
)
def test_a_moved_one_moves_those_behind_it_and_a_postponed_one_does_not(
    read, write, weekly, is_meant_for_all, next_time
):
    second = _finish(read, write, weekly)
    tuesday = datetime(2026, 6, 30, 15, 0, tzinfo=BERLIN).astimezone(UTC)
    later = replace(second, due_at=tuesday)
    edited = later.as_edited_from(second) if is_meant_for_all else later
    write(lambda w: w.edit_follow_up(second, edited, "Ben"))
    assert _local(_finish(read, write, second).due_at) == next_time


def test_reminders_keep_their_time_of_day_over_a_clock_change(read, write, make):
    due = datetime(2026, 10, 19, 10, 0, tzinfo=BERLIN).astimezone(UTC)
    evening = datetime(2026, 10, 18, 9, 0, tzinfo=BERLIN).astimezone(UTC)
    one = replace(make(repeat=Repeat(RepeatUnit.WEEK), remind_at=evening), due_at=due)
    write(lambda w: w.add_follow_ups((one,), "Ben"))
    following = _finish(read, write, one)
    assert (_local(following.due_at), _local(following.remind_at)) == (
        "Mon 26 Oct 10:00", "Sun 25 Oct 09:00"
    )  # fmt: skip


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
def test_years_that_are_slips_of_the_finger_are_refused_in_words(write, read, make, year):
    one = make()
    for wrong in (replace(one, due_at=one.due_at.replace(year=year)),
                  replace(one, remind_at=one.due_at.replace(year=year))):  # fmt: skip
        with pytest.raises(UserFacingError, match=f"year {year}"):
            write(lambda w, wrong=wrong: w.add_follow_ups((wrong,), "Ben"))
    assert _open(read) == []


def test_rows_without_a_reminder_remind_when_they_are_due(read, write, make, older, now):
    older("later", timedelta(hours=3))
    old = older("old", timedelta(hours=1))
    write(lambda w: w.add_follow_ups((make("a", remind_at=now + timedelta(hours=2)),), "Ben"))
    end = now + timedelta(hours=4)
    found = read(lambda r: r.reminders(now, end))
    assert [(one.title, one.remind_at is None) for one in found] == [
        ("old", True), ("a", False), ("later", True)
    ]  # fmt: skip
    assert [one.title for one in read(lambda r: r.reminders(now, end, limit=2))] == ["old", "a"]
    assert read(lambda r: r.next_reminder(now)) == old.due_at
    assert read(lambda r: r.next_reminder(old.due_at)) == now + timedelta(hours=2)
    assert read(lambda r: r.reminders(now, end, people={"Cleo"})) == ()


def test_both_kinds_of_reminders_have_an_index(read):
    def plan(reader, statement):
        asked = str(statement.compile(dialect=reader._connection.dialect))
        lines = reader._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (0, 1, 0))
        return " ".join(line[-1] for line in lines)

    given, due = (read(lambda r, one=one: plan(r, one)) for one in _next_reminders)
    assert "ix_follow_up_remind" in given
    assert "ix_follow_up_" in due
    assert "SCAN" not in given + due


def test_card_numbers_are_masked_wherever_they_are_typed(read, write, make):
    one = make("card 4111 1111 1111 1111", detail="4111-1111-1111-1111", place="4111111111111111")
    step = write(lambda w: w.add_follow_ups((one,), "Ben"))
    found = read(lambda r: r.follow_up(one.id))
    shown = f"{step.title} {found.title} {found.detail} {found.place}"
    assert "4111" not in shown.replace("•••• 1111", "")
