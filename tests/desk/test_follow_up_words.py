"""Promises as they are written into notes, days as they are typed, and what comes again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.desk.follow_ups import promises
from crmdesk.desk.follow_ups.promises import LONGEST_TITLE, written_in
from crmdesk.desk.follow_ups.when import read_when
from crmdesk.domain.follow_ups import FollowUpKind, Repeat, RepeatUnit
from crmdesk.domain.repeats import next_due, read_repeat, repeat_text

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""A Sunday."""


def _local(text: str) -> str:
    when = read_when(text, NOW, BERLIN)
    return f"{when.at.astimezone(BERLIN):%Y-%m-%d %H:%M}" if when else ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Fri", "2026-11-27 23:59"),
        ("Freitag", "2026-11-27 23:59"),
        ("sunday", "2026-11-22 23:59"),
        ("next Sunday", "2026-11-29 23:59"),
        ("today", "2026-11-22 23:59"),
        ("tomorrow 15:00", "2026-11-23 15:00"),
        ("morgen um 9 Uhr", "2026-11-23 09:00"),
        ("5 pm", "2026-11-22 17:00"),
        ("12 am", "2026-11-23 00:00"),
        ("09:30", "2026-11-23 09:30"),
        ("in 3 days", "2026-11-25 23:59"),
        ("in a week", "2026-11-29 23:59"),
        ("in 2 months", "2027-01-22 23:59"),
        ("in 90 minutes", "2026-11-22 11:30"),
        ("next week", "2026-11-23 23:59"),
        ("2026-12-24", "2026-12-24 23:59"),
        ("24.12.", "2026-12-24 23:59"),
        ("1.3.27 8:15", "2027-03-01 08:15"),
        ("24 Dec", "2026-12-24 23:59"),
        ("March 3rd, 2028", "2028-03-03 23:59"),
        ("29 Feb", "2028-02-29 23:59"),
        ("Friday noon", "2026-11-27 12:00"),
        ("3 pm on Friday", "2026-11-27 15:00"),
        ("15:00 tomorrow", "2026-11-23 15:00"),
        ("at 10 tomorrow", "2026-11-23 10:00"),
        ("Friday EOD", "2026-11-27 23:59"),
        ("end of day Friday", "2026-11-27 23:59"),
        ("tonight", "2026-11-22 23:59"),
        ("tonight at 8", "2026-11-22 20:00"),
        ("heute Abend um 8", "2026-11-22 20:00"),
        ("heute abend 20 Uhr", "2026-11-22 20:00"),
        ("tomorrow evening at 7", "2026-11-23 19:00"),
        ("this morning", "2026-11-22 09:00"),
        ("Sunday 9:00", "2026-11-29 09:00"),
        ("Sunday 11:00", "2026-11-22 11:00"),
        ("2.12", "2026-12-02 23:59"),
        ("14.30", "2026-11-22 14:30"),
        ("at 2.12", "2026-11-23 02:12"),
        ("tomorrow morning", "2026-11-23 09:00"),
        ("this evening", "2026-11-22 18:00"),
        ("EOD", "2026-11-22 23:59"),
        ("end of the week", "2026-11-27 23:59"),
        ("Ende der Woche", "2026-11-27 23:59"),
        ("end of month", "2026-11-30 23:59"),
        ("12/24", "2026-12-24 23:59"),
        ("24/12/2026", "2026-12-24 23:59"),
        ("10", "2026-11-23 10:00"),
        ("at 3", "2026-11-22 15:00"),
        ("3 am", "2026-11-23 03:00"),
        ("03:00", "2026-11-23 03:00"),
    ],
)
def test_days_are_understood(typed, meant):
    assert _local(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "12/3", "12/12", "13/13", "24", "24/12/26",
     "31.2.", "30 Feb", "25:00", "13 pm", "2026-13-01", "in 9999 months",
     "2026-02-30", "Fri Fri", "99.99.", "0:60", "in 0x3 days", "day", "may", "x" * 500],
)  # fmt: skip
def test_what_is_no_day_is_none(typed):
    assert read_when(typed, NOW, BERLIN) is None


def test_time_that_a_clock_change_leaves_out_is_the_same_moment_an_hour_on():
    when = read_when("2027-03-28 02:30", NOW, BERLIN)
    assert when is not None
    assert when.at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    when = read_when(text, NOW, BERLIN)
    assert when is None or when.at.tzinfo is UTC


def _only(note: str):
    (one,) = written_in(note, NOW, BERLIN)
    return one


@pytest.mark.parametrize(
    ("line", "kind", "title", "due"),
    [
        ("!promise 10 % until Fri", "promise", "10 %", "27 23:59"),
        ("!promise 10 % until Fri. She was angry.", "promise", "10 % She was angry", "27 23:59"),
        ("  !PROMISE: Gutschrift bis morgen 9:30", "promise", "Gutschrift", "23 09:30"),
        ("!call back tomorrow", "call_back", "Call back", "23 23:59"),
        ("!callback about the invoice on Mon", "call_back", "about the invoice", "23 23:59"),
        ("!follow-up check the delivery in 3 days", "follow_up", "check the delivery", "25 23:59"),
        ("!appointment on-site 24.11. 14 Uhr", "appointment", "on-site", "24 14:00"),
        ("!promise until Fri 10 %", "promise", "10 %", "27 23:59"),
        ("!call back at 3 on Friday", "call_back", "Call back", "27 15:00"),
        ("!call back 15:00 tomorrow", "call_back", "Call back", "23 15:00"),
        ("!call back on 2.12", "call_back", "Call back", "02 23:59"),
        ("!promise refund by Friday EOD", "promise", "refund", "27 23:59"),
        ("!promise 10 % until Friday noon", "promise", "10 %", "27 12:00"),
        ("!promise refund 12.50 until Fri", "promise", "refund 12.50", "27 23:59"),
        ("!promise EUR 20.00 by tomorrow 9:30", "promise", "EUR 20.00", "23 09:30"),
        ("!call back at 3", "call_back", "Call back", "22 15:00"),
        ("!promise Lieferung bis Mi", "promise", "Lieferung", "25 23:59"),
        ("Customer: !promise 10 % until Fri", "promise", "10 %", "27 23:59"),
        ("! promise 10 % until Fri", "promise", "10 %", "27 23:59"),
        ("!promised 10 % until Fri", "promise", "10 %", "27 23:59"),
    ],
)
def test_lines_of_a_note_become_things_to_do(line, kind, title, due):
    one = _only(f"Talked for long.\n{line}\nBye.")
    assert (one.kind, one.title) == (FollowUpKind(kind), title)
    assert f"{one.when.at.astimezone(BERLIN):%d %H:%M}" == due
    assert one.trouble(NOW) == ""


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("!promise 10 %", "No day was understood"),
        ("!promise see what to do", "No day was understood"),
        ("!promise send it or so", "No day was understood"),
        ("!promise rent for 12 mo", "No day was understood"),
        ("!promise check with sat", "No day was understood"),
        ("!promise refund 12.50", "No day was understood"),
        ("!promise EUR 20.00", "No day was understood"),
        ("!promise price 10.5.", "No day was understood"),
        ("!promise price 10.5", "No day was understood"),
        ("!promise copy of letter of 3 May", "No day was understood"),
        ("!promise 10 % until Fri 25:00", "No day was understood"),
        ("!promise until Fri", "Say what is promised"),
        ("!promise", "Say what is promised"),
        ("!promise money by 2026-11-21", "is over"),
    ],
)
def test_what_cannot_be_kept_says_why(line, word):
    assert word in _only(line).trouble(NOW)


def test_only_the_word_itself_counts():
    assert written_in("I promise 10 % until Fri\n!promises are many a!promise", NOW, BERLIN) == ()


@given(
    st.lists(
        st.sampled_from(
            ["!promise", "until", "Fri", "10 %", "\n", "in 3 days", "💶", "\u202e", "."]
        ),
        max_size=30,
    ).map(" ".join)
    | st.text()
)
def test_any_note_is_read_without_an_error(note):
    for one in written_in(note, NOW, BERLIN):
        assert note[one.start : one.end].lstrip().startswith("!")
        assert len(one.title) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        ("!promise " + "until " * 20_000 + "\n" + "! " * 50_000, 1),
        ("!promise a until " * 20_000, 1),
        (("!promise a " + "until " * 31 + "\n") * 2_000, promises.MOST_LINES),
        ("!promise a until x\n" * 20_000, promises.MOST_LINES),
        ("!promise " + "until tomorrow noon " * 20_000, 1),
    ],
)
def test_long_note_is_no_more_work_than_a_full_one(monkeypatch, note, lines):
    read = []

    def counted(text, *args, **facts):
        read.append(len(text))
        return read_when(text, *args, **facts)

    monkeypatch.setattr(promises, "read_when", counted)
    assert len(written_in(note, NOW, BERLIN)) == lines
    assert len(read) <= 30 * lines
    assert sum(read) <= 1_500 * lines


def test_day_at_the_end_of_a_long_line_is_read():
    (one,) = written_in("!promise 10 % " + "of all that is there " * 40 + "until Fri", NOW, BERLIN)
    assert one.when == read_when("Fri", NOW, BERLIN)
    assert one.title.startswith("10 % of all")


def test_line_that_is_cut_off_by_the_end_of_what_is_read_promises_nothing():
    cut = "!promise money until 24 Dec 2028"
    filled = "x" * (promises.MOST_READ - len("\n" + cut) + len(" 2028")) + "\n"
    assert written_in(filled + cut, NOW, BERLIN) == ()
    (one,) = written_in(filled[5:] + cut, NOW, BERLIN)
    assert one.when == read_when("24 Dec 2028", NOW, BERLIN)


# --- what comes again -------------------------------------------------------------------------

REPEATS = st.builds(Repeat, st.sampled_from(list(RepeatUnit)), st.integers(1, 60)).map(
    lambda one: Repeat(one.unit) if one.unit is RepeatUnit.WORKDAY else one
)


@given(REPEATS)
def test_repeats_are_read_as_they_were_written(repeat):
    assert read_repeat(repeat_text(repeat)) == repeat


@pytest.mark.parametrize(
    "text", ["", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "x"]
)
def test_rules_of_others_are_none(text):
    assert read_repeat(text) is None


def _at(day: str, clock: str = "09:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), BERLIN)


@pytest.mark.parametrize(
    ("repeat", "first", "after", "due"),
    [
        (Repeat(RepeatUnit.DAY), "2026-03-27", "2026-03-28", "2026-03-29"),
        (Repeat(RepeatUnit.WEEK, 2), "2026-11-02", "2026-11-16", "2026-11-30"),
        (Repeat(RepeatUnit.WORKDAY), "2026-11-20", "2026-11-20", "2026-11-23"),
        (Repeat(RepeatUnit.WORKDAY), "2026-11-21", "2026-11-21", "2026-11-23"),
        (Repeat(RepeatUnit.MONTH), "2026-01-31", "2026-01-31", "2026-02-28"),
        (Repeat(RepeatUnit.MONTH), "2026-01-31", "2026-02-28", "2026-03-31"),
        (Repeat(RepeatUnit.YEAR), "2024-02-29", "2024-02-29", "2025-02-28"),
        (Repeat(RepeatUnit.YEAR), "2024-02-29", "2027-03-01", "2028-02-29"),
        (Repeat(RepeatUnit.MONTH, 3), "2020-01-15", "2026-11-22", "2027-01-15"),
    ],
)
def test_next_time(repeat, first, after, due):
    found = next_due(repeat, _at(first), _at(after), BERLIN)
    assert found == _at(due).astimezone(UTC)
    assert found.astimezone(BERLIN).hour == 9


def test_nothing_comes_behind_the_end_of_the_calendar():
    assert (
        next_due(Repeat(RepeatUnit.YEAR, 60), _at("9990-01-01"), _at("9990-01-01"), BERLIN) is None
    )


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_what_is_due_at_the_end_of_the_calendar_does_not_come_again(zone):
    for never in (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
        assert next_due(Repeat(RepeatUnit.DAY), never, never, ZoneInfo(zone)) is None


@settings(deadline=None, max_examples=60)
@given(
    REPEATS,
    st.integers(0, 30 * 365 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    st.timedeltas(timedelta(0), timedelta(days=900)),
)
def test_next_time_is_the_first_one_behind(repeat, first, later):
    begin = first.astimezone(UTC)
    after = begin + later
    expected = begin
    for _ in range(901):
        if expected > after:
            break
        expected = next_due(repeat, begin, expected, BERLIN)
    assert next_due(repeat, begin, after, BERLIN) == expected
    assert expected > after
