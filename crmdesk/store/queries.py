"""What all parts of Reader and Writer share.

Statements are built once, when a module is loaded, and executed on a held connection:
building one for each call costs more than running it (research: 105 against 29 µs).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from crmdesk.store.errors import TookTooLong, in_words

T = TypeVar("T")

SEARCH_LIMIT_S = 0.2
"""What one keystroke may cost at most; usual is a hundredth of it."""

LIST_LIMIT_S = 2.0
"""What a filtered list may cost: others wait for the reader thread."""

_STEPS_BETWEEN_LOOKS = 10_000
"""Virtual machine steps of SQLite, about 0.1 ms."""

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

    def moment(self) -> datetime:
        """The present moment, aware UTC."""
        return self._clock()

    def within_time_limit(self, work: Callable[[], T], limit_s: float = SEARCH_LIMIT_S) -> T:
        """Runs statements that might take long, and stops them at the limit.

        Raises:
            TookTooLong: They were stopped; the connection goes on working.
            DBAPIError: Somebody else interrupted them; see `Store.drop`.
        """
        driver: Any = self._connection.connection.driver_connection
        if not hasattr(driver, "set_progress_handler"):
            return work()
        deadline = time.monotonic() + limit_s
        stopped: list[bool] = []

        def is_late() -> bool:
            if time.monotonic() > deadline:
                stopped.append(True)
            return bool(stopped)

        driver.set_progress_handler(is_late, _STEPS_BETWEEN_LOOKS)
        try:
            return work()
        except DBAPIError as error:
            known = in_words(error)
            if known is None or (isinstance(known, TookTooLong) and not stopped):
                raise  # stopped by `Store.drop`: who goes on after a time limit must not here
            raise known from None
        finally:
            driver.set_progress_handler(None, 0)

    def first_text(self, statement: Select[Any]) -> str:
        """The first column of the first row, "" where there is none."""
        return str(self._connection.execute(statement).scalar() or "")
