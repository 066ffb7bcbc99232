"""What all parts of Reader and Writer share.

Statements are built once, when a module is loaded, and executed on a held connection:
building one for each call costs more than running it (research: 105 against 29 µs).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Connection

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


class Queries:
    """A connection and what every statement may need.

    Args:
        connection: Held open by the thread that runs the queries.
        desk_id: Goes into `origin` of what is written.
        clock: Tells the present moment, UTC.
    """

    def __init__(self, connection: Connection, desk_id: uuid.UUID, clock: Clock = utc_now) -> None:
        self._connection = connection
        self._desk_id = desk_id
        self._clock = clock

    def first_text(self, statement: Select[Any]) -> str:
        """The first column of the first row, "" where there is none."""
        return str(self._connection.execute(statement).scalar() or "")
