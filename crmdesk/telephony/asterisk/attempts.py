"""Dial attempts: which devices a call is offered to, and which of them ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import (
    CallStarted,
    OutsideDialled,
    OutsideRang,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import Direction
from crmdesk.telephony.asterisk.beginnings import (
    start_by_attempt,
    start_inbound,
    start_internal,
)
from crmdesk.telephony.asterisk.channels import (
    FAILED_DIALS,
    STATE_RING,
    STATE_RINGING,
    STATE_UP,
    Channel,
    ChannelKind,
    dialled_number,
)
from crmdesk.telephony.asterisk.talks import disconnect, note_redirect
from crmdesk.telephony.asterisk.voicemail import on_party_up

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard


def on_new_channel(board: Switchboard, message: Message, at: datetime) -> None:
    """A channel exists; a trunk that placed its call is an inbound call."""
    channel = board.meet(message, at)
    if channel is None:
        return
    channel.first_exten = message.get("Exten")
    channel.originated = channel.is_person and channel.state == STATE_RING
    call = channel.call
    if call is None or call.direction is not None:
        return
    if channel.kind is ChannelKind.TRUNK and channel.originated:
        start_inbound(board, call, channel)


def on_new_state(board: Switchboard, message: Message, at: datetime) -> None:
    """A channel rings or is picked up."""
    channel = board.meet(message, at)
    if channel is None:
        return
    channel.state = message.get("ChannelState")
    if channel.state == STATE_RINGING:
        rings(board, channel, at)
    elif channel.state == STATE_UP:
        on_party_up(board, channel, at)


def on_dial_begin(board: Switchboard, message: Message, at: datetime) -> None:
    """Somebody's dialplan tries a device. Comes before or after the device rings."""
    target = board.meet(message, at, "Dest")
    if target is None:
        return
    source = board.meet(message, at)
    target.dialled = True
    target.dialled_by = source.uid if source else ""
    call = _call_of_attempt(board, source, target, message, at)
    if call is None:
        return
    if call.direction is None:
        start_by_attempt(board, call, source, target, message)
    if source is not None and _leads_on(call, source):
        call.voicemail_at = None
        to_extension = dialled_number(message.get("Exten")) or target.extension
        note_redirect(call, source, to_extension)
        disconnect(board, call, at)
    _try(board, call, target, at)
    if target.state == STATE_RINGING:
        rings(board, target, at)


def _leads_on(call: LiveCall, source: Channel) -> bool:
    """Whether a dial attempt takes the party on: its own, or of the Local channel it is behind."""
    if call.consultation:
        return False
    return source.uid == call.party or source.kind is ChannelKind.LOCAL


def on_dial_state(board: Switchboard, message: Message, at: datetime) -> None:
    """A dial attempt makes progress."""
    target = board.find(message, "Dest")
    if target is None or not target.dialled:
        on_dial_begin(board, message, at)
        target = board.find(message, "Dest")
    if target is not None and message.get("DialStatus") == "RINGING":
        rings(board, target, at)


def on_dial_end(board: Switchboard, message: Message, at: datetime) -> None:
    """A dial attempt is over. Comes up to twice for one device; CANCEL says least."""
    if board.find(message, "Dest") is None:
        on_dial_begin(board, message, at)  # we came in the middle of it
    target = board.find(message, "Dest")
    if target is None:
        return
    status = message.get("DialStatus")
    if target.dial_status in ("", "CANCEL"):
        target.dial_status = status
    target.forwarded = target.forwarded or bool(message.get("Forward"))
    if status in FAILED_DIALS and target.offered is not None:
        target.offered.failed_at = at


def on_originate_response(board: Switchboard, message: Message, _at: datetime) -> None:
    """Click-to-dial: what was clicked, and on which phone."""
    channel = board.find(message) or board.named(message.get("Channel"))
    if channel is not None and channel.call is not None:
        channel.call.clicked = dialled_number(message.get("Exten")) or channel.call.clicked


def rings(board: Switchboard, device: Channel, at: datetime) -> None:
    """A device rings; told once."""
    if not device.rang:
        device.rang = True
        _tell_ring(board, device, at)


def _tell_ring(board: Switchboard, device: Channel, at: datetime) -> None:
    call = device.offered
    if call is not None:
        board.tell(call, PhoneRang(call.key, at, device.extension, device.uid))
        return
    call = device.call
    if call is not None and device.dialled and device.kind is ChannelKind.TRUNK:
        board.tell(call, OutsideRang(call.key, at))


def offer(board: Switchboard, call: LiveCall, device: Channel, at: datetime) -> None:
    """A phone is offered the call."""
    if device.offered is not None or device.own_phone or device.uid in (call.party, call.agent):
        return
    device.offered = call
    device.was_offered = call.was_offered = True
    call.open_offers[device.uid] = None
    transferred = call.transferring
    board.tell(
        call, PhoneOffered(call.key, at, device.extension, device.uid, transferred=transferred)
    )
    if device.rang:
        _tell_ring(board, device, at)


def _try(board: Switchboard, call: LiveCall, target: Channel, at: datetime) -> None:
    """A device is tried for a call whose sides are known."""
    if not call.started:
        return
    if target.kind is ChannelKind.PHONE:
        offer(board, call, target, at)
    elif target.kind is ChannelKind.TRUNK:
        if call.direction is Direction.OUTBOUND:
            _dial_outside(board, call, target, at)
        if target.rang:
            _tell_ring(board, target, at)


def _dial_outside(board: Switchboard, call: LiveCall, trunk: Channel, at: datetime) -> None:
    """The outside number is tried; again on another trunk where the first one failed."""
    if call.was_answered or call.party == trunk.uid:
        return
    call.party = trunk.uid
    agent = board.channels.get(call.agent)
    if agent is not None:
        board.tell(call, OutsideDialled(call.key, at, agent.extension))


def _call_of_attempt(
    board: Switchboard, source: Channel | None, target: Channel, message: Message, at: datetime
) -> LiveCall | None:
    """The call a dial attempt belongs to."""
    call = source.call if source else target.call
    if source is None or call is None:
        return call
    if source.kind is ChannelKind.PHONE and _dials_for_itself(call, source):
        return _start_own_call(board, source, target, at)
    if source.kind is not ChannelKind.LOCAL:
        return call
    near = board.other_half(source)
    if near is None:
        return call
    consultation = board.calls.get(near.uid)
    if consultation is not None and consultation.consultation:
        return consultation
    agent = _consulting_agent(board, call, source, near, message)
    if agent is None:
        return call
    return _start_consultation(board, agent, source, near, target, at)


def _dials_for_itself(call: LiveCall, phone: Channel) -> bool:
    """Whether a phone that was called (not: that calls) goes on alone, redirected by a program."""
    return call.started and phone.dialled and phone.uid not in (call.party, call.agent)


def _start_own_call(
    board: Switchboard, phone: Channel, target: Channel, at: datetime
) -> LiveCall | None:
    """A call between two phones that the PBX still links to the former one."""
    call = board.call_for(phone.uid, at)
    if call is None or call.direction is not None:
        return call
    board.join(phone, call)
    board.join(target, call)
    start_internal(board, call, phone, target.extension or None)
    return call


def _consulting_agent(
    board: Switchboard, call: LiveCall, far: Channel, near: Channel, message: Message
) -> Channel | None:
    """The agent for whom the PBX itself calls a colleague (attended transfer by feature code).

    It does so through a Local channel that nobody dialled, in the name of the agent who
    talks with the party, and with the Linkedid of the customer's call.
    """
    agent = board.channels.get(call.talker)
    if agent is None or not call.started or near.dialled_by or far.half != "2":
        return None
    called_by = message.get("CallerIDNum")
    return agent if agent.extension and called_by == agent.extension else None


def _start_consultation(
    board: Switchboard, agent: Channel, far: Channel, near: Channel, target: Channel, at: datetime
) -> LiveCall | None:
    """The consultation is a call of its own, though the PBX links it to the customer's."""
    consultation = board.call_for(near.uid, at)
    if consultation is None:
        return None
    consultation.consultation = far.pair
    event = CallStarted(
        consultation.key,
        at,
        Direction.INTERNAL,
        caller_raw=agent.extension,
        caller_name=agent.number_name,
        dialled=dialled_number(far.first_exten) or target.extension,
        agent=agent.extension,
    )
    board.start(consultation, event, agent)
    agent.consulting = consultation
    return consultation
