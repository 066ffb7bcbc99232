"""Keys of new rows."""

from __future__ import annotations

import os
import uuid
from datetime import datetime

from crmdesk.domain.ids import uuid7
from crmdesk.store.columns import to_micros


def new_id(at: datetime) -> uuid.UUID:
    """A fresh UUIDv7."""
    return uuid7(to_micros(at) // 1000, os.urandom(10))


def part_id(call_id: uuid.UUID, part: str, name: str) -> uuid.UUID:
    """The key of a call's offer, transfer or pop: the same on every desk, like the call's."""
    return uuid.uuid5(call_id, f"{part}\x00{name}")
