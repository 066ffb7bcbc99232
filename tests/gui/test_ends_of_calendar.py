"""Moments at the ends of the calendar are told in words in any zone; others write 9999-12-31."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crmdesk.domain.follow_ups import FollowUp, FollowUpKind
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.widgets import times

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
FIRST = datetime(1, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def zone(request, monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this computer cannot be set here")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("at", "year"), [(NEVER, "9999"), (FIRST, "1")])
def test_every_way_of_saying_it_has_words(zone, at, year):
    one = FollowUp(uuid.uuid4(), uuid.uuid4(), FollowUpKind.PROMISE, "10 %", at=NOW, due_at=at)
    assert year in follow_up_words.moment(at, NOW)
    assert year in follow_up_words.meaning(at, NOW)
    assert year in follow_up_words.due(one, NOW).tip
    assert all((times.full(at), times.full(at, zone), times.short(at, NOW), times.clock(at)))
    assert times.day_heading(at, NOW) == times.weekday(at, NOW)


def test_others_are_told_in_the_zone(zone):
    assert times.local(NOW) == times.local(NOW, zone) == NOW
    assert times.local(NOW).hour == NOW.astimezone(zone).hour != NOW.hour
