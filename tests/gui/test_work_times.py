"""Working hours, holidays and lengths as people write them."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.business_time import Holiday, WorkCalendar, WorkHours
from crmdesk.domain.planning import Picklists
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.gui.models import work_times
from crmdesk.gui.models.work_times import WorkTimeError

KEY = uuid.UUID(int=1)
OFFICE = WorkCalendar(
    KEY, "Office", "Europe/Berlin", hours=tuple(WorkHours(day, 540, 1020) for day in range(5))
)


def plain(text: str) -> str:
    """Without the marks that keep scripts apart."""
    return "".join(char for char in text if char not in "\u2068\u2069")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9:00–17:00", [(540, 1020)]),
        ("9-12, 13.30 - 17", [(540, 720), (810, 1020)]),
        ("22:00 to 6:00", [(1320, 360)]),
        ("0–24", [(0, 1440)]),
        ("", []),
        (" , ", []),
    ],
)
def test_hours_of_a_day(text: str, spans: list[tuple[int, int]]) -> None:
    assert work_times.read_day(2, text) == tuple(WorkHours(2, *span) for span in spans)


@pytest.mark.parametrize(
    "text", ["nine to five", "9", "9:75–17", "25–26", "9–9", "24–6", "9–17–20"]
)
def test_hours_that_cannot_be(text: str) -> None:
    with pytest.raises(WorkTimeError):
        work_times.read_day(0, text)
    with pytest.raises(WorkTimeError, match="12 spans"):
        work_times.read_day(0, ",".join(["9-10"] * 13))


@given(st.integers(0, 1439), st.integers(0, 1440))
def test_hours_are_read_as_they_were_written(start: int, until: int) -> None:
    if start != until:
        hours = (WorkHours(3, start, until),)
        assert work_times.read_day(3, work_times.write_day(hours, 3)) == hours


def test_holidays_both_ways() -> None:
    text = "2026-12-25 Christmas\n\n 2026-5-1\n2026-12-25 Christmas"
    holidays = (Holiday(date(2026, 5, 1)), Holiday(date(2026, 12, 25), "Christmas"))
    assert work_times.read_holidays(text) == holidays
    assert work_times.read_holidays(work_times.write_holidays(holidays)) == holidays
    for wrong in ("Christmas", "2026-02-30 never", "25.12.2026"):
        with pytest.raises(WorkTimeError, match="begins with no day"):
            work_times.read_holidays(wrong)


@pytest.mark.parametrize(
    ("text", "length"),
    [("45 min", 45), ("4 h", 240), ("1 h 30", 90), ("1h30min", 90), ("90", 90), ("", None)],
)
def test_lengths(text: str, length: int | None) -> None:
    assert work_times.read_length(text) == length
    assert work_times.read_length(work_times.write_length(length)) == length


@pytest.mark.parametrize("text", ["soon", "0", "-5", "1 d", "9999 h", "h", "1.5 h"])
def test_lengths_that_cannot_be(text: str) -> None:
    with pytest.raises(WorkTimeError):
        work_times.read_length(text)


def test_calendars_and_policies_in_one_line() -> None:
    assert plain(work_times.calendar_words(OFFICE)) == "Mon–Fri 9:00–17:00 · Europe/Berlin"
    mixed = WorkCalendar(
        KEY, "Shop", "UTC", hours=(WorkHours(0, 540, 720), WorkHours(5, 600, 840)),
        holidays=(Holiday(date(2026, 5, 1)),),
    )  # fmt: skip
    assert (
        plain(work_times.calendar_words(mixed))
        == "Mon 9:00–12:00; Sat 10:00–14:00 · UTC · 1 holiday"
    )
    empty = WorkCalendar(KEY, "Empty", "UTC")
    assert "nothing would ever be due" in work_times.calendar_words(empty)
    levels = ServiceLevels((), (OFFICE,))
    policy = SlaPolicy(KEY, "A", "complaint", "urgent", "Gold", 60, 480, 80, KEY, "Dana")
    assert work_times.policy_words(policy, levels, Picklists()) == (
        "Complaint, Urgent, customers in Gold · answer 1 h · solution 8 h · Office · then Dana"
    )
    assert work_times.policy_words(SlaPolicy(KEY, "B"), levels, Picklists()) == (
        "All tickets · round the clock"
    )
