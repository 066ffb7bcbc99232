"""What another program asks of the running desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RequestVerb(StrEnum):
    """What is asked; there are no other verbs.

    FRONT: bring the main window to the front. POP: a call is ringing, answered or over.
    DIAL: open the dialling dialog with a number. Nothing here dials by itself.
    """

    FRONT = "front"
    POP = "pop"
    DIAL = "dial"


class PhoneEvent(StrEnum):
    """What the softphone says happened."""

    RING = "ring"
    ANSWER = "answer"
    END = "end"


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """One request.

    Attributes:
        number: As the other program wrote it; "" where it is withheld.
        name: Caller's name as the other program tells it; never matched.
        called: Number that was called, "" where unknown.
    """

    verb: RequestVerb
    number: str = ""
    name: str = ""
    called: str = ""
    event: PhoneEvent = PhoneEvent.RING
