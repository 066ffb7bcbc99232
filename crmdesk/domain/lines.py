"""The health of a phone line and of the store, as the status bar shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LineState(StrEnum):
    """Where the connection to a phone system stands."""

    OFF = "off"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    RETRYING = "retrying"
    REFUSED = "refused"
    """Wrong login or certificate: we stopped trying, a person has to act."""


@dataclass(frozen=True, slots=True)
class LineHealth:
    """What is known about a line.

    Attributes:
        message: One plain sentence; "" when READY and nothing is wrong.
        remedy: What to do, "" where nothing.
        warnings: Things that work less well than they could (e.g. the phone system does
            not tell whether a number is withheld), each with its remedy.
    """

    line_id: str
    name: str
    state: LineState
    since: datetime
    message: str = ""
    remedy: str = ""
    warnings: tuple[str, ...] = ()
