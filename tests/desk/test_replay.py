"""Recordings fed to a desk: in order, at their own pace, or as if they began now."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from crmdesk.desk.replay import replay, settled
from crmdesk.domain.call_events import CallEnded, CallEvent, CallStarted
from crmdesk.domain.calls import Direction

BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = datetime(2031, 5, 1, 8, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


BATCHES = [
    (after(0), [CallStarted("1", after(0), Direction.INBOUND)]),
    (after(2), [CallStarted("2", after(1.5), Direction.INBOUND), CallEnded("1", after(2))]),
]


class Desk:
    """Notes what a desk is given."""

    is_idle = True

    def __init__(self) -> None:
        self.batches: list[list[CallEvent]] = []
        self.times: list[float] = []
        self.lost_at: datetime | None = None

    def take(self, events: object) -> None:
        self.batches.append(list(events))  # type: ignore[call-overload]
        self.times.append(asyncio.get_running_loop().time())

    def lost(self, at: datetime) -> None:
        self.lost_at = at


def test_at_once_and_with_its_own_times() -> None:
    desk = Desk()
    asyncio.run(replay(BATCHES, desk))  # type: ignore[arg-type]
    assert desk.batches == [events for _, events in BATCHES]
    assert desk.lost_at == after(2)


def test_at_a_pace() -> None:
    desk = Desk()
    asyncio.run(replay(BATCHES, desk, speed=20.0))  # type: ignore[arg-type]
    first, second = desk.times
    assert second - first >= 0.09  # never early; how late it is belongs to the machine


def test_as_if_it_began_now() -> None:
    desk = Desk()
    asyncio.run(replay(BATCHES, desk, now=lambda: TODAY))  # type: ignore[arg-type]
    moments = [event.at - TODAY for batch in desk.batches for event in batch]
    assert [moment.total_seconds() for moment in moments] == [0, 1.5, 2]
    assert desk.lost_at == TODAY + timedelta(seconds=2)


def test_nothing_recorded_is_nothing_lost() -> None:
    desk = Desk()
    asyncio.run(replay([], desk))  # type: ignore[arg-type]
    assert (desk.batches, desk.lost_at) == ([], None)


class Busy:
    """Is done after some looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def is_idle(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_settled_waits_for_all_parts() -> None:
    parts = Busy(2), Busy(5)
    asyncio.run(settled(*parts))
    assert all(part.looks < 0 for part in parts)
