"""One made-up call, told step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    Disconnected,
    HoldChanged,
    OfferEnded,
    OutsideRang,
    PhoneOffered,
    PhoneRang,
    QueueLeft,
)
from crmdesk.domain.calls import Direction, EndedBy, OfferOutcome, Presentation, TransferKind


class ScriptedCall:
    """Collects the events of one call; `wait` moves the time on.

    Args:
        key: Key of the call.
        start: Time of its first event.
        speed: 10.0 makes every wait ten times as short.
    """

    def __init__(self, key: str, start: datetime, speed: float = 1.0) -> None:
        self.events: list[CallEvent] = []
        self._key = key
        self._at = start
        self._speed = speed

    @property
    def at(self) -> datetime:
        """Time of the next event."""
        return self._at

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self._at += timedelta(seconds=seconds / self._speed)

    def comes_in(self, number: str, name: str, dialled: str) -> None:
        """Somebody calls from outside and shows the number."""
        self._add(
            CallStarted(
                self._key, self._at, Direction.INBOUND, number, name, Presentation.ALLOWED, dialled
            )
        )

    def comes_in_withheld(self, dialled: str) -> None:
        """Somebody calls from outside and withholds the number."""
        self._add(
            CallStarted(
                self._key,
                self._at,
                Direction.INBOUND,
                presentation=Presentation.WITHHELD,
                dialled=dialled,
            )
        )

    def goes_out(self, extension: str, number: str) -> None:
        """An agent calls somebody; their phone rings."""
        self._add(
            CallStarted(
                self._key,
                self._at,
                Direction.OUTBOUND,
                number,
                presentation=Presentation.ALLOWED,
                dialled=number,
                agent=extension,
            )
        )
        self._add(OutsideRang(self._key, self._at))

    def joins_queue(self, queue: str) -> None:
        """The caller waits in a queue."""
        self._add(CallDetails(self._key, self._at, queue=queue))

    def leaves_queue(self) -> None:
        """The caller gives up waiting."""
        self._add(QueueLeft(self._key, self._at, by_caller=True))

    def rings(self, extensions: Sequence[str], *, transferred: bool = False) -> None:
        """Phones begin to ring, all at once."""
        for extension in extensions:
            device = self._device(extension)
            offered = PhoneOffered(self._key, self._at, extension, device, transferred)
            self._add(offered)
            self._add(PhoneRang(self._key, self._at, extension, device))

    def stops_ringing(self, extensions: Sequence[str], outcome: OfferOutcome) -> None:
        """Phones stop ringing, for one reason."""
        for extension in extensions:
            device = self._device(extension)
            self._add(OfferEnded(self._key, self._at, extension, device, outcome))

    def is_answered(self, extension: str, others: Sequence[str] = ()) -> None:
        """One phone is picked up; the others stop ringing."""
        self.stops_ringing(others, OfferOutcome.ELSEWHERE)
        self.stops_ringing((extension,), OfferOutcome.ANSWERED)
        self.talks(extension)

    def talks(self, extension: str) -> None:
        """The outside party and an agent talk."""
        self._add(Connected(self._key, self._at, extension))

    def holds(self, extension: str, seconds: float) -> None:
        """The agent puts the caller on hold for a while."""
        self._add(HoldChanged(self._key, self._at, extension, on_hold=True))
        self.wait(seconds)
        self._add(HoldChanged(self._key, self._at, extension, on_hold=False))

    def is_transferred(self, from_extension: str, to_extension: str) -> None:
        """The agent sends the caller on without asking; the new phone rings."""
        self._add(Disconnected(self._key, self._at))
        kind = TransferKind.BLIND
        self._add(CallTransferred(self._key, self._at, kind, from_extension, to_extension))
        self.rings((to_extension,), transferred=True)

    def ends(self, ended_by: EndedBy) -> None:
        """It is over."""
        self._add(CallEnded(self._key, self._at, ended_by))

    def _device(self, extension: str) -> str:
        return f"{self._key}/{extension}"

    def _add(self, event: CallEvent) -> None:
        self.events.append(event)
