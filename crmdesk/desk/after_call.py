"""Which customers are asked about after a call, and of which calls that was done already. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crmdesk.domain.calls import Call, Direction

_ASKED_KEPT = 200
_MOST_WAITING = 20
_RECENT = timedelta(hours=1)
"""A call that ended earlier is over for good: whoever it is linked to now is not asked about."""


def is_talk_of(call: Call, extension: str, now: datetime) -> bool:
    """Whether a talk with somebody outside is just over that was had here.

    Args:
        call: As it was saved.
        extension: Of who sits here; "" for a desk that watches all.
        now: The clock.
    """
    if call.direction is Direction.INTERNAL or call.answered_at is None or call.ended_at is None:
        return False
    who = call.answered_by if call.direction is Direction.INBOUND else call.agent
    return extension in {"", who} and now - call.ended_at < _RECENT


@dataclass(frozen=True, slots=True)
class Asking:
    """What has been asked, and what waits for an answer.

    Attributes:
        asked: Calls, the latest last.
        waiting: Customers, whoever was spoken with last at the end.
    """

    asked: tuple[uuid.UUID, ...] = ()
    waiting: tuple[uuid.UUID, ...] = ()

    def ask(self, call_id: uuid.UUID, customer_id: uuid.UUID) -> Asking:
        """After a call; the same after one that was asked about already."""
        if call_id in self.asked:
            return self
        waiting = (*(one for one in self.waiting if one != customer_id), customer_id)
        return Asking((*self.asked, call_id)[-_ASKED_KEPT:], waiting[-_MOST_WAITING:])

    def settle(self, customer_id: uuid.UUID) -> Asking:
        """Nothing is missing any more, or it was put off."""
        return replace(self, waiting=tuple(one for one in self.waiting if one != customer_id))

    def as_json(self) -> dict[str, list[str]]:
        """For the state file."""
        return {"asked": list(map(str, self.asked)), "waiting": list(map(str, self.waiting))}


def read_asking(state: Mapping[str, Any]) -> Asking:
    """What `as_json` wrote; empty where it is damaged."""
    try:
        asked, waiting = (
            tuple(uuid.UUID(str(one)) for one in state.get(name, ()))
            for name in ("asked", "waiting")
        )
    except (TypeError, ValueError):
        return Asking()
    return Asking(asked, waiting)
