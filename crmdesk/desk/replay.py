"""Feeds a recording of a phone system through the desk, as if it happened now."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crmdesk.desk.line_desk import LineDesk
    from crmdesk.domain.call_events import CallEvent

Batch = tuple[datetime, "list[CallEvent]"]

SETTLE_STEP_S = 0.005
"""How often we look whether the store has answered everything."""


class Settling(Protocol):
    """Something that may still be busy with what it was given."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is going on."""


async def replay(
    batches: Iterable[Batch],
    desk: LineDesk,
    speed: float | None = None,
    now: Callable[[], datetime] | None = None,
) -> None:
    """Feeds batches of events to a desk.

    Args:
        batches: Time and events of each chunk of the recording, in order.
        desk: The line's desk.
        speed: 1.0 keeps the pace of the recording, 10.0 is ten times as fast; None waits
            only for the store, so that each card is there before the next events come.
        now: Where given, times are moved as if the recording began now (for windows with
            running clocks); else calls keep the recording's own times.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    first: datetime | None = None
    shift = timedelta()
    last: datetime | None = None
    for at, events in batches:
        if first is None:
            first = at
            shift = now() - at if now else shift
        if speed:
            await _wait_until(began + (at - first).total_seconds() / speed, clock)
        last = at + shift
        desk.take(_moved(event, shift) for event in events)
        await asyncio.sleep(0)
        if not speed:
            await settled(desk)
    if last is not None:
        desk.lost(last)


async def settled(*parts: Settling) -> None:
    """Waits until the store has answered and written everything."""
    # Polling: two unrelated parts, and nobody waits here but a finished replay.
    while not all(part.is_idle for part in parts):  # noqa: ASYNC110
        await asyncio.sleep(SETTLE_STEP_S)


async def _wait_until(moment: float, clock: Callable[[], float]) -> None:
    delay = moment - clock()
    if delay > 0:
        await asyncio.sleep(delay)


def _moved(event: CallEvent, shift: timedelta) -> CallEvent:
    if not shift:
        return event
    values = {name: getattr(event, name) for name in event.__dataclass_fields__}
    values["at"] = event.at + shift
    return type(event)(**values)
