"""Turns what a softphone says into call events. Reads no clock.

A softphone starts one program per event and gives no key, so a call is known by its number:
a second ring of a number that began to ring just now is the same call, a later one is another.
Many softphones tell the ring only; who calls again after half a minute must pop again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crmdesk.domain.call_events import (
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    OfferEnded,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import Direction, OfferOutcome, Presentation
from crmdesk.domain.requests import DeskRequest, PhoneEvent, RequestVerb
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.withheld import is_withheld_word

RINGS_FOR = timedelta(seconds=90)
"""Longest ring before voicemail answers; a softphone that says no more is taken to be done."""

SAME_FOR = timedelta(seconds=10)
"""A softphone that says the same twice does so within this time."""

TALKS_FOR = timedelta(hours=4)
"""A talk whose end nobody told is over after that."""

DEFAULT_EXTENSION = "softphone"
_WITHHELD_KEY = ""


@dataclass(slots=True)
class _Open:
    call: str
    deadline: datetime
    heard: datetime
    """When its last event was told."""
    answered: bool = False

    def is_repeated_by(self, event: PhoneEvent, at: datetime) -> bool:
        """Whether a ring or an answer belongs to this call and not to one after it."""
        is_news = event is PhoneEvent.ANSWER and not self.answered
        return is_news or at - self.heard <= SAME_FOR


class SoftphoneCalls:
    """The calls of one softphone.

    Args:
        extension: The agent's own extension, "" where none is set.
        make_key: Makes a key that no other desk makes.
    """

    def __init__(self, extension: str, make_key: Callable[[], str]) -> None:
        self._extension = extension or DEFAULT_EXTENSION
        self._make_key = make_key
        self._open: dict[str, _Open] = {}

    def handle(self, request: DeskRequest, at: datetime) -> list[CallEvent]:
        """The events of one request; none for a repeated one."""
        if request.verb is not RequestVerb.POP:
            return []
        events = self.expire(at)
        withheld = is_withheld_word(request.number)
        number = _WITHHELD_KEY if withheld else sanitise_external(request.number)
        known = self._open.get(number)
        if request.event is PhoneEvent.END:
            return events + (self._end(number, at, seen=True) if known else [])
        if known and not known.is_repeated_by(request.event, at):
            events += self._end(number, at, seen=False)
            known = None
        if known is None:
            known = _Open(self._make_key(), at + RINGS_FOR, at)
            self._open[number] = known
            events += self._ring(known.call, number, request, at)
        known.heard = at
        if request.event is PhoneEvent.ANSWER and not known.answered:
            events += self._answer(known, at)
        return events

    def expire(self, at: datetime) -> list[CallEvent]:
        """Ends the calls whose end nobody told."""
        stale = [number for number, known in self._open.items() if known.deadline <= at]
        return [event for number in stale for event in self._end(number, at, seen=False)]

    def next_deadline(self) -> datetime | None:
        """When `expire` has something to do, None while no call is open."""
        return min((known.deadline for known in self._open.values()), default=None)

    def _ring(self, call: str, number: str, request: DeskRequest, at: datetime) -> list[CallEvent]:
        withheld = number == _WITHHELD_KEY
        return [
            CallStarted(
                call,
                at,
                Direction.INBOUND,
                caller_raw=number,
                caller_name="" if withheld else sanitise_external(request.name),
                presentation=Presentation.WITHHELD if withheld else Presentation.ALLOWED,
                dialled=sanitise_external(request.called) or None,
            ),
            PhoneOffered(call, at, self._extension, call),
            PhoneRang(call, at, self._extension, call),
        ]

    def _answer(self, known: _Open, at: datetime) -> list[CallEvent]:
        known.answered = True
        known.deadline = at + TALKS_FOR
        outcome = OfferOutcome.ANSWERED
        return [
            OfferEnded(known.call, at, self._extension, known.call, outcome),
            Connected(known.call, at, self._extension),
        ]

    def _end(self, number: str, at: datetime, *, seen: bool) -> list[CallEvent]:
        known = self._open.pop(number)
        events: list[CallEvent] = []
        if not known.answered:
            outcome = OfferOutcome.NO_ANSWER if seen else OfferOutcome.UNKNOWN
            events.append(OfferEnded(known.call, at, self._extension, known.call, outcome))
        return [*events, CallEnded(known.call, at, seen=seen)]
