"""Who talks with the outside party: Connected, Disconnected, hold, and bridges they follow from.

Answered means: the party and a person hear each other. A channel that is up is no answer
(menu, queue and voicemail are up too), and leaving a bridge is no end (transfers, parking
and the optimising of Local channels leave and enter again). So a talk is over only when
something shows it: the party is rung on elsewhere, queued, or hung up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import (
    CallTransferred,
    Connected,
    Disconnected,
    HoldChanged,
    OfferEnded,
)
from crmdesk.domain.calls import OfferOutcome, TransferKind
from crmdesk.telephony.asterisk.beginnings import start_by_talk
from crmdesk.telephony.asterisk.channels import Channel, ChannelKind

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard


def on_bridge_enter(board: Switchboard, message: Message, at: datetime) -> None:
    """A channel hears and is heard by the others in a bridge from now on."""
    channel = board.meet(message, at)
    bridge = message.get("BridgeUniqueid")
    if channel is None or not bridge:
        return
    touched = _around(board, channel)
    board.enter_bridge(channel, bridge)
    call = channel.call
    if call is not None and call.direction is None:
        start_by_talk(board, call)
    review(board, {**touched, **_around(board, channel)}, at)


def on_bridge_leave(board: Switchboard, message: Message, at: datetime) -> None:
    """A channel left a bridge, perhaps for the next one."""
    channel = board.find(message)
    if channel is None or channel.bridge != message.get("BridgeUniqueid"):
        return
    touched = _around(board, channel)
    board.leave_bridge(channel)
    review(board, touched, at)


def on_hold(board: Switchboard, message: Message, at: datetime) -> None:
    """A phone holds the other party."""
    _hold(board, message, at, on_hold=True)


def on_unhold(board: Switchboard, message: Message, at: datetime) -> None:
    """A phone resumes."""
    _hold(board, message, at, on_hold=False)


def _hold(board: Switchboard, message: Message, at: datetime, *, on_hold: bool) -> None:
    phone = board.find(message)
    if phone is None or phone.kind is not ChannelKind.PHONE:
        return
    phone.on_hold = on_hold
    call = phone.talking
    if call is not None and call.connected and call.on_hold != on_hold:
        call.on_hold = on_hold
        board.tell(call, HoldChanged(call.key, at, phone.extension, on_hold))


def review_channel(board: Switchboard, channel: Channel, at: datetime) -> None:
    """Looks again at every call a channel has to do with."""
    review(board, _around(board, channel), at)


def review(board: Switchboard, calls: dict[LiveCall, None], at: datetime) -> None:
    """Looks again at who talks in some calls."""
    for call in calls:
        if call.started:
            _review(board, call, at)


def _around(board: Switchboard, channel: Channel) -> dict[LiveCall, None]:
    """The calls of a channel and of everybody it is joined with."""
    around = [channel, *board.joined_with(channel)]
    found = (call for each in around for call in (each.call, each.talking, each.offered))
    return {call: None for call in found if call is not None}


def _review(board: Switchboard, call: LiveCall, at: datetime) -> None:
    talker = talker_of(board, call)
    if talker is not None:
        call.left_at = None
        if not call.connected or call.talker != talker.uid:
            connect(board, call, talker, at)
    elif call.connected and _counts_as_talk(board, call):
        call.left_at = None
    elif call.connected and call.left_at is None:
        call.left_at = at


def talker_of(board: Switchboard, call: LiveCall) -> Channel | None:
    """The person the party hears now; who talked before is preferred."""
    if call.consultation:
        return _consulted(board, call)
    party = board.channels.get(call.party)
    if party is None or not party.bridge:
        return None
    people = [each for each in board.joined_with(party) if each.is_person]
    before = [each for each in people if each.uid == call.talker]
    phones = [each for each in people if each.kind is ChannelKind.PHONE]
    return next(iter(before or phones[-1:] or people[-1:]), None)


def _consulted(board: Switchboard, call: LiveCall) -> Channel | None:
    """The colleague behind a Local pair, while the agent is at the pair's near side."""
    near = board.half(call.consultation, "1")
    far = board.half(call.consultation, "2")
    agent = board.channels.get(call.party)
    if near is None or far is None or agent is None or not near.bridge:
        return None
    if agent.bridge != near.bridge:
        return None
    uids = board.bridges.get(far.bridge, {})
    people = (board.channels.get(uid) for uid in uids)
    return next((each for each in people if each is not None and each.is_person), None)


def _counts_as_talk(board: Switchboard, call: LiveCall) -> bool:
    """Whether the party waits for the person it talked with: parked, or held meanwhile."""
    if call.parked:
        return True
    agent = board.channels.get(call.talker)
    return agent is not None and agent.on_hold and bool(agent.bridge)


def connect(board: Switchboard, call: LiveCall, talker: Channel, at: datetime) -> None:
    """The party and a person talk from now on."""
    tell_pending_transfer(board, call, at)
    _tell_transfer_of(board, call, talker, at)
    same = call.connected and call.talker_extension == talker.extension
    release_talker(board, call)
    call.talker, call.talker_extension = talker.uid, talker.extension
    talker.talking = call
    call.was_answered = call.connected = True
    call.hung_up_by = call.voicemail_at = call.left_at = None
    call.parked = call.was_parked = call.transferring = call.in_queue = False
    if not same:
        call.on_hold = False
        board.tell(call, Connected(call.key, at, talker.extension))
    if talker.offered is call:
        finish_offer(board, call, talker, OfferOutcome.ANSWERED, at)


def _tell_transfer_of(board: Switchboard, call: LiveCall, talker: Channel, at: datetime) -> None:
    """Tells an attended transfer that shows before its event does.

    The customer suddenly talks with the one our agent was consulting.
    """
    consultation = talker.talking
    if consultation is None or consultation is call or not call.talker_extension:
        return
    agent = board.channels.get(consultation.party)
    if agent is not None and agent.extension == call.talker_extension:
        tell_transfer(board, call, TransferKind.ATTENDED, agent.extension, talker.extension, at)


def tell_transfer(
    board: Switchboard,
    call: LiveCall,
    kind: TransferKind,
    from_extension: str,
    to_extension: str,
    at: datetime,
) -> None:
    """Tells a transfer once, however many events speak of it."""
    if (kind, from_extension, to_extension) == call.last_transfer or not to_extension:
        return
    call.last_transfer = (kind, from_extension, to_extension)
    board.tell(call, CallTransferred(call.key, at, kind, from_extension, to_extension))


def tell_pending_transfer(board: Switchboard, call: LiveCall, at: datetime) -> None:
    """Tells a blind transfer, now that it is clear that the party was not parked."""
    if call.pending_transfer is not None:
        from_extension, to_extension = call.pending_transfer
        call.pending_transfer = None
        tell_transfer(board, call, TransferKind.BLIND, from_extension, to_extension, at)


def note_redirect(call: LiveCall, party: Channel, to_extension: str) -> None:
    """The party, parted from a person who did not hang up, goes on by itself: a redirect.

    A program (switchboard, CTI client) moved it; the PBX sends no event for that. Where a
    parked party rings back there is nothing to tell: it comes to whom it was with.
    """
    apart = call.connected and call.left_at is not None and party.uid == call.party
    explained = call.transferring or call.last_transfer or call.pending_transfer or call.was_parked
    if not apart or explained or call.hung_up_by is not None:
        return
    if call.talker_extension and to_extension not in ("", call.talker_extension):
        call.transferring = True
        call.pending_transfer = (call.talker_extension, to_extension)


def disconnect(board: Switchboard, call: LiveCall, at: datetime) -> None:
    """The party is on its way to somebody else: the talk, if any, ended when they parted."""
    tell_pending_transfer(board, call, at)
    if not call.connected or call.left_at is None:
        return
    board.tell(call, Disconnected(call.key, call.left_at))
    release_talker(board, call)
    call.connected = call.on_hold = False
    call.left_at = call.hung_up_by = None
    call.last_transfer = None


def release_talker(board: Switchboard, call: LiveCall) -> None:
    """The person talks no longer in this call."""
    talker = board.channels.get(call.talker)
    if talker is not None and talker.talking is call:
        talker.talking = None


def finish_offer(
    board: Switchboard, call: LiveCall, device: Channel, outcome: OfferOutcome, at: datetime
) -> None:
    """The try of a device is over."""
    device.offered = None
    call.open_offers.pop(device.uid, None)
    call.last_outcome = outcome
    if outcome is not OfferOutcome.ANSWERED:
        call.failed_at = at
    board.tell(call, OfferEnded(call.key, at, device.extension, device.uid, outcome))
