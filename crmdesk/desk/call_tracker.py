"""Folds call events into calls: one row per call, one offer per extension."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crmdesk.desk.taken_up import is_same_try, take_up
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
    VoicemailReached,
)
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    Offer,
    OfferOutcome,
    Pop,
    Presentation,
    Transfer,
)
from crmdesk.domain.ids import call_id

_BEST_FIRST = list(OfferOutcome)
_DETAILS = (
    "direction",
    "caller_raw",
    "caller_name",
    "presentation",
    "dialled",
    "queue",
    "account_id",
    "verification",
    "agent",
)
_PERSONAL = {"caller_raw", "caller_name", "presentation"}


@dataclass(slots=True)
class _Tracked:
    """A call that is on, and what its row does not say.

    Attributes:
        devices: Devices being tried at this moment, per extension.
        results: Outcome of each device that was tried, per extension.
        taken_up: It began in an earlier run.
        talks_since: Start of a talk that was on when the program died.
    """

    call: Call
    devices: dict[str, set[str]] = field(default_factory=dict)
    results: dict[str, dict[str, OfferOutcome]] = field(default_factory=dict)
    voicemail_at: datetime | None = None
    abandoned: bool = False
    taken_up: bool = False
    talks_since: datetime | None = None


class CallTracker:
    """Keeps the calls of one phone line that are on.

    Args:
        line_id: The line's settings id.
        phone_system: Stable name of the phone system, part of each call's key.
        former: Calls of an earlier run whose end was not seen; one that goes on is taken
            out and continued.
    """

    def __init__(
        self, line_id: str, phone_system: str, former: dict[uuid.UUID, Call] | None = None
    ) -> None:
        self._line_id = line_id
        self._phone_system = phone_system
        self._former = {} if former is None else former
        self._calls: dict[str, _Tracked] = {}

    @property
    def calls(self) -> tuple[Call, ...]:
        """Calls that are on, in order of start."""
        return tuple(tracked.call for tracked in self._calls.values())

    def apply(self, event: CallEvent) -> Call:
        """Takes one event.

        Returns:
            The call as it is now. After `CallEnded` it is over and forgotten here.

        Raises:
            KeyError: The translator broke its promise that `CallStarted` comes first.
        """
        if isinstance(event, CallStarted) and event.call not in self._calls:
            self._calls[event.call] = self._begin(event)  # told twice, it goes on as it is
        tracked = self._calls[event.call]
        change = _CHANGES.get(type(event))
        if change is not None:
            change(tracked, event)
        if isinstance(event, CallEnded):
            del self._calls[event.call]
        return tracked.call

    def add_pop(self, key: str, pop: Pop) -> Call:
        """Notes that a card is shown for a call that is on."""
        tracked = self._calls[key]
        tracked.call = replace(tracked.call, pops=(*tracked.call.pops, pop))
        return tracked.call

    def close_all(self, at: datetime) -> tuple[Call, ...]:
        """Ends every call that is on as "end not seen" (end of a recording, shut-down)."""
        return tuple(self.apply(CallEnded(key, at, seen=False)) for key in tuple(self._calls))

    def _begin(self, event: CallStarted) -> _Tracked:
        key = call_id(self._phone_system, event.call)
        former = self._former.pop(key, None)
        if former is not None:
            return _continued(former, event)
        return _Tracked(
            Call(
                id=key,
                line_id=self._line_id,
                direction=event.direction,
                started_at=event.at,
                caller_raw=event.caller_raw,
                caller_name=event.caller_name,
                presentation=event.presentation,
                dialled=event.dialled,
                agent=event.agent,
            )
        )


def _continued(former: Call, event: CallStarted) -> _Tracked:
    call = take_up(former, event)
    tracked = _Tracked(call, taken_up=True, talks_since=former.connected_at)
    for offer in call.offers:
        if offer.outcome is not None:
            tracked.results[offer.extension] = {"": offer.outcome}
    return tracked


def _change_details(tracked: _Tracked, event: CallDetails) -> None:
    told: dict[str, Any] = {
        name: value for name in _DETAILS if (value := getattr(event, name)) is not None
    }
    if event.presentation is Presentation.WITHHELD:
        told = {"caller_raw": "", "caller_name": "", **told}
    elif tracked.call.is_withheld:
        # What was withheld once never comes back, whatever a later event says.
        told = {name: told[name] for name in told.keys() - _PERSONAL}
    tracked.call = replace(tracked.call, **told)


def _offer(tracked: _Tracked, event: PhoneOffered) -> None:
    """One more try; devices that are tried together are one round."""
    call = tracked.call
    devices = tracked.devices.setdefault(event.extension, set())
    offer = call.offer_to(event.extension)
    if offer is None:
        offer = Offer(event.extension, event.at)
        tracked.call = replace(call, offers=(*call.offers, offer))
    elif not devices:
        told_again = tracked.taken_up and is_same_try(offer, event)
        rounds = offer.rounds if told_again else offer.rounds + 1
        _put(tracked, replace(offer, rounds=rounds, ended_at=None, outcome=None))
    devices.add(event.device)


def _ring(tracked: _Tracked, event: PhoneRang) -> None:
    offer = tracked.call.offer_to(event.extension)
    if offer is not None and offer.rang_at is None:
        _put(tracked, replace(offer, rang_at=event.at))
    if tracked.call.direction is not Direction.OUTBOUND:
        _note_first_ring(tracked, event.at)


def _ring_outside(tracked: _Tracked, event: OutsideRang) -> None:
    _note_first_ring(tracked, event.at)


def _note_first_ring(tracked: _Tracked, at: datetime) -> None:
    if tracked.call.first_rang_at is None and tracked.call.answered_at is None:
        tracked.call = replace(tracked.call, first_rang_at=at)


def _end_offer(tracked: _Tracked, event: OfferEnded) -> None:
    offer = tracked.call.offer_to(event.extension)
    if offer is None:
        return
    open_devices = tracked.devices.setdefault(event.extension, set())
    open_devices.discard(event.device)
    results = tracked.results.setdefault(event.extension, {})
    results[event.device] = event.outcome
    if not open_devices:
        best = min(results.values(), key=_BEST_FIRST.index)
        _put(tracked, replace(offer, ended_at=event.at, outcome=best))


def _put(tracked: _Tracked, offer: Offer) -> None:
    offers = tracked.call.offers
    changed = tuple(offer if old.extension == offer.extension else old for old in offers)
    tracked.call = replace(tracked.call, offers=changed)


def _connect(tracked: _Tracked, event: Connected) -> None:
    call = tracked.call
    if call.answered_at is None:
        call = replace(
            call,
            answered_at=event.at,
            answered_by=event.extension or None,
            ring_seconds=_seconds(call.first_rang_at, tracked.voicemail_at or event.at),
        )
    if call.answered_by is None and event.extension:
        call = replace(call, answered_by=event.extension)
    since = call.connected_at or event.at
    if tracked.talks_since is not None:
        # Who was not rung for it has the caller from hold or park, which counts.
        rung = bool(tracked.devices.get(event.extension))
        went_on = event.extension == call.answered_by or not rung
        since, tracked.talks_since = (tracked.talks_since if went_on else since), None
    tracked.call = replace(call, connected_at=since, on_hold=False)


def _disconnect(tracked: _Tracked, event: Disconnected) -> None:
    call = tracked.call
    tracked.call = replace(
        call,
        connected_at=None,
        on_hold=False,
        talk_seconds=call.talk_seconds + _seconds(call.connected_at, event.at),
    )


def _hold(tracked: _Tracked, event: HoldChanged) -> None:
    tracked.call = replace(tracked.call, on_hold=event.on_hold)


def _transfer(tracked: _Tracked, event: CallTransferred) -> None:
    moved = Transfer(event.kind, event.from_extension, event.to_extension, event.at)
    tracked.call = replace(tracked.call, transfers=(*tracked.call.transfers, moved))


def _reach_voicemail(tracked: _Tracked, event: VoicemailReached) -> None:
    tracked.voicemail_at = tracked.voicemail_at or event.at


def _leave_queue(tracked: _Tracked, event: QueueLeft) -> None:
    tracked.abandoned = event.by_caller


def _end(tracked: _Tracked, event: CallEnded) -> None:
    if tracked.call.connected_at is not None:
        _disconnect(tracked, Disconnected(event.call, event.at))
    for offer in tracked.call.offers:
        if offer.outcome is None:
            _put(tracked, replace(offer, ended_at=event.at, outcome=OfferOutcome.UNKNOWN))
    call = tracked.call
    rang_until = call.answered_at or tracked.voicemail_at or event.at
    tracked.call = replace(
        call,
        ended_at=event.at,
        ended_by=event.ended_by if event.seen else None,
        outcome=_outcome(tracked) if event.seen else CallOutcome.UNKNOWN,
        ring_seconds=_seconds(call.first_rang_at, rang_until),
    )


def _outcome(tracked: _Tracked) -> CallOutcome:
    """How a call ended whose end was seen; see README, "What the words mean"."""
    call = tracked.call
    if call.answered_at is not None:
        return CallOutcome.ANSWERED
    if call.direction is Direction.OUTBOUND:
        return CallOutcome.NO_ANSWER
    if tracked.voicemail_at is not None:
        return CallOutcome.VOICEMAIL
    if call.direction is Direction.INTERNAL:
        return CallOutcome.NO_ANSWER
    return CallOutcome.ABANDONED if tracked.abandoned else _unanswered(tracked)


def _unanswered(tracked: _Tracked) -> CallOutcome:
    """Declined is a call that ended so: no device of anybody rang out or until the caller left."""
    call = tracked.call
    outcomes = {offer.outcome for offer in call.offers}
    if call.first_rang_at is not None:
        ends = outcomes.union(*(results.values() for results in tracked.results.values()))
        overlooked = ends & {OfferOutcome.NO_ANSWER, OfferOutcome.CALLER_GONE}
        declined = OfferOutcome.DECLINED in ends and not overlooked
        return CallOutcome.DECLINED if declined else CallOutcome.MISSED
    if OfferOutcome.DECLINED in outcomes:
        return CallOutcome.DECLINED
    return CallOutcome.BUSY if OfferOutcome.BUSY in outcomes else CallOutcome.FAILED


def _seconds(start: datetime | None, end: datetime) -> float:
    return 0.0 if start is None else max(0.0, (end - start).total_seconds())


_CHANGES: dict[type[CallEvent], Callable[[_Tracked, Any], None]] = {
    CallDetails: _change_details,
    PhoneOffered: _offer,
    PhoneRang: _ring,
    OutsideRang: _ring_outside,
    OfferEnded: _end_offer,
    Connected: _connect,
    Disconnected: _disconnect,
    HoldChanged: _hold,
    CallTransferred: _transfer,
    VoicemailReached: _reach_voicemail,
    QueueLeft: _leave_queue,
    CallEnded: _end,
}
