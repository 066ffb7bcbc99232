"""The state of the customer store, as the status bar and the doctor show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StoreState(StrEnum):
    """How the store is."""

    READY = "ready"
    LOCKED = "locked"
    """Another program holds it: reading works, writing is tried again."""
    FULL = "full"
    """The disk is full: reading works, writing is tried again."""
    BROKEN = "broken"
    """It can no longer be trusted or reached."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What is known about the store.

    Attributes:
        place: File name or address without secrets.
        encrypted: Whether the file is encrypted by us.
        schema: Version of its tables, e.g. "0001".
        message: One plain sentence, "" while READY.
        remedy: What to do, "" where nothing.
    """

    state: StoreState
    place: str
    encrypted: bool
    schema: str
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much is in the store."""

    customers: int = 0
    numbers: int = 0
    calls: int = 0
    open_tickets: int = 0
