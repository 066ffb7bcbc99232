"""What happened in a call, as a sequence one can read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    Offer,
    OfferOutcome,
    TransferKind,
)
from crmdesk.gui.models.names import Names
from crmdesk.gui.widgets import times


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened.

    Attributes:
        detail: More about it, quiet.
    """

    at: datetime
    icon: str
    tone: str
    text: str
    detail: str = ""


_OFFER_ENDS = {
    OfferOutcome.ANSWERED: ("answered", "check-circle", "good"),
    OfferOutcome.ELSEWHERE: ("stopped, a colleague answered", "phone", "muted"),
    OfferOutcome.DECLINED: ("declined", "stop", "warn"),
    OfferOutcome.CALLER_GONE: ("stopped, the caller hung up", "phone-missed", "muted"),
    OfferOutcome.NO_ANSWER: ("was not picked up", "phone-missed", "warn"),
    OfferOutcome.FORWARDED: ("forwarded the call", "right", "muted"),
    OfferOutcome.BUSY: ("was busy", "phone-missed", "warn"),
    OfferOutcome.UNREACHABLE: ("could not be reached", "warning", "warn"),
    OfferOutcome.UNKNOWN: ("rang, the end was not seen", "help", "muted"),
}
_ENDS = {
    CallOutcome.MISSED: ("Nobody answered", "phone-missed", "bad"),
    CallOutcome.ABANDONED: (
        "The caller left the queue before anybody answered",
        "phone-missed",
        "bad",
    ),
    CallOutcome.BUSY: ("Every phone was busy", "phone-missed", "warn"),
    CallOutcome.DECLINED: ("The call was declined", "stop", "warn"),
    CallOutcome.NO_ANSWER: ("Nobody picked up", "phone-missed", "muted"),
    CallOutcome.VOICEMAIL: ("Voicemail answered", "voicemail", "warn"),
    CallOutcome.FAILED: ("The call could not be put through", "warning", "warn"),
    CallOutcome.UNKNOWN: ("The end of the call was not seen", "help", "muted"),
}
_ENDED_BY = {EndedBy.CALLER: "The caller hung up", EndedBy.AGENT: "We hung up"}


def call_steps(call: Call, names: Names) -> tuple[Step, ...]:
    """The steps of a call, in order of time.

    Args:
        call: With its offers and transfers.
        names: Who sits where.
    """
    steps = [_start(call, names)]
    steps += [_offer(call, offer, names) for offer in call.offers]
    if call.answered_at is not None:
        steps.append(_answer(call, names))
    steps += _transfers(call, names)
    if call.ended_at is not None:
        steps.append(_end(call, call.ended_at))
    # The start stays first and the end last, also where clocks tell the same second.
    middle = steps[1:-1] if call.ended_at else steps[1:]
    tail = steps[-1:] if call.ended_at else []
    return (steps[0], *sorted(middle, key=lambda step: step.at), *tail)


def _start(call: Call, names: Names) -> Step:
    called = names.called(call)
    if call.direction is Direction.INBOUND:
        queue = f", queue {call.queue}" if call.queue else ""
        dialled = names.number(call.dialled, call.line_id) if call.dialled else called
        return Step(
            call.started_at, "phone-in", "muted", f"Call to {dialled}{queue}", _account(call)
        )
    agent = names.person_and_extension(call.line_id, call.agent or call.caller_raw)
    icon = "phone-out" if call.direction is Direction.OUTBOUND else "phone-internal"
    target = names.number(call.dialled or call.caller_raw, call.line_id)
    return Step(call.started_at, icon, "muted", f"{agent} dialled {target}".strip())


def _account(call: Call) -> str:
    return f"Keyed in account {call.account_id}" if call.account_id else ""


def _offer(call: Call, offer: Offer, names: Names) -> Step:
    phone = names.person_and_extension(call.line_id, offer.extension)
    if offer.outcome is None:
        word = "rings" if offer.rang_at else "is being tried"
        return Step(offer.rang_at or offer.offered_at, "bell", "accent", f"{phone} {word}")
    word, icon, tone = _OFFER_ENDS[offer.outcome]
    at = offer.rang_at or offer.offered_at
    return Step(at, icon, tone, f"{phone} {word}", _rang(call, offer))


def _rang(call: Call, offer: Offer) -> str:
    parts = []
    silent = _silent_at(call, offer)
    if offer.rang_at is not None and silent is not None:
        parts.append(f"rang {times.since(offer.rang_at, silent)}")
    if offer.rang_at is None:
        parts.append("did not ring")
    if offer.rounds > 1:
        parts.append(f"tried {offer.rounds} times")
    return ", ".join(parts)


def _silent_at(call: Call, offer: Offer) -> datetime | None:
    """When the phone stopped ringing: a phone that is picked up rings no longer."""
    answered = call.answered_at
    picked_up = offer.outcome in {OfferOutcome.ANSWERED, OfferOutcome.ELSEWHERE}
    if picked_up and answered and offer.rang_at and answered >= offer.rang_at:
        return answered
    return offer.ended_at


def _answer(call: Call, names: Names) -> Step:
    if call.answered_at is None:
        raise ValueError("the call was not answered")
    by = names.person_and_extension(call.line_id, call.answered_by or "")
    text = f"{by} and the caller talk" if by else "They talk"
    if call.direction is Direction.OUTBOUND:
        text = "The other side answered"
    return Step(
        call.answered_at, "phone", "good", text, f"after {times.duration(call.ring_seconds)}"
    )


def _transfers(call: Call, names: Names) -> list[Step]:
    return [
        Step(
            transfer.at,
            "transfer",
            "muted",
            f"{names.person(call.line_id, transfer.from_extension)} transferred the call to "
            f"{names.person_and_extension(call.line_id, transfer.to_extension)}",
            "without asking" if transfer.kind is TransferKind.BLIND else "after asking",
        )
        for transfer in call.transfers
    ]


def _end(call: Call, at: datetime) -> Step:
    talked = f"talked {times.duration(call.talk_seconds)}" if call.talk_seconds else ""
    if call.outcome is CallOutcome.ANSWERED:
        text = _ENDED_BY.get(call.ended_by, "The call ended") if call.ended_by else "The call ended"
        if call.direction is Direction.OUTBOUND and call.ended_by is EndedBy.CALLER:
            text = "The other side hung up"
        return Step(at, "phone", "muted", text, talked)
    ends = _ENDS.get(call.outcome, ("The call ended", "phone", "muted")) if call.outcome else None
    word, icon, tone = ends or ("The call ended", "phone", "muted")
    return Step(at, icon, tone, word, talked or _gone(call))


def _gone(call: Call) -> str:
    hung_up = call.ended_by is EndedBy.CALLER and call.outcome is CallOutcome.MISSED
    return "the caller hung up" if hung_up else ""
