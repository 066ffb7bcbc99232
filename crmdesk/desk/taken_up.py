"""Calls that go on after the program, or the line, was stopped and started again.

The phone system only tells what it is now. What was seen and written before stays true:
the number dialled, the phones that rang, who answered first, the cards that were shown.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import Call, CallOutcome, Offer, OfferOutcome

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from crmdesk.domain.call_events import CallStarted, PhoneOffered
    from crmdesk.store import Writer

_LONGEST_CALL = timedelta(days=1)
_MOST_CALLS = 500
_AGE_SLACK = timedelta(seconds=1)


def close_what_was_open(writer: Writer, at: datetime) -> dict[uuid.UUID, Call]:
    """Closes what was going on when the program died, its end was not seen.

    Returns:
        The calls whose end was not seen, also of a program that was stopped in order: those
        that still go on are taken up again when the phone system tells of them.
    """
    former = {call.id: call for call in writer.open_calls()}
    writer.close_open_calls(at)
    unseen = CallFilter(outcomes=(CallOutcome.UNKNOWN,), since=at - _LONGEST_CALL)
    for row in writer.calls(unseen, limit=_MOST_CALLS).rows:
        whole = None if row.call.id in former else writer.call(row.call.id)
        if whole is not None:
            former[whole.id] = whole
    return former


def take_up(former: Call, event: CallStarted) -> Call:
    """A call of an earlier run, as it stands when the phone system tells of it again."""
    return replace(
        former,
        started_at=min(former.started_at, event.at),
        caller_raw=former.caller_raw or ("" if former.is_withheld else event.caller_raw),
        caller_name=former.caller_name or ("" if former.is_withheld else event.caller_name),
        dialled=former.dialled or event.dialled,
        agent=former.agent or event.agent,
        connected_at=None,
        on_hold=False,
        ended_at=None,
        ended_by=None,
        outcome=None,
        offers=tuple(_closed(offer, event.at) for offer in former.offers),
    )


def _closed(offer: Offer, at: datetime) -> Offer:
    """What was open is over unless the phone system tells of it again."""
    if offer.outcome is None:
        return replace(offer, ended_at=at, outcome=OfferOutcome.UNKNOWN)
    return offer


def is_same_try(offer: Offer, event: PhoneOffered) -> bool:
    """Whether a phone of a call that was taken up is told again, not tried again.

    Such a phone is dated by the age of its channel, which is told in whole seconds.
    """
    if offer.outcome is OfferOutcome.UNKNOWN:
        return True
    return offer.ended_at is not None and event.at <= offer.ended_at + _AGE_SLACK
