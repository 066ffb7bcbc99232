"""How tries and calls end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import CallEnded, CallStarted, Disconnected
from crmdesk.domain.calls import Direction, EndedBy
from crmdesk.telephony.asterisk.beginnings import number_dialled_on
from crmdesk.telephony.asterisk.channels import (
    STATE_BUSY,
    STATE_UP,
    Channel,
    ChannelKind,
)
from crmdesk.telephony.asterisk.live_call import (
    CAUSE_REJECTED,
    LiveCall,
    ended_by,
    outcome_of_offer,
)
from crmdesk.telephony.asterisk.talks import (
    finish_offer,
    review_channel,
    talker_of,
    tell_pending_transfer,
)
from crmdesk.telephony.asterisk.voicemail import tell_voicemail

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard

_CALLER_CANCELLED = "487"
"""SIP status of a call its caller gave up; any other one before the answer is the PBX's."""


def on_hangup_request(board: Switchboard, message: Message, _at: datetime) -> None:
    """A side asked for the end; the first one counts.

    The PBX sends this also for the side it turned away itself, then with its SIP status.
    """
    channel = board.find(message)
    if channel is None or not channel.is_person:
        return
    channel.state = message.get("ChannelState") or channel.state
    channel.own_cause = message.get("Cause")
    rejected = _was_turned_away(channel, message.get("TechCause"))
    call = channel.call
    if call is not None and not call.over and call.hung_up_by is None:
        call.hung_up_by = _asked_by(call, channel, rejected, message.get("Cause"))
    talk = channel.talking
    if talk is not None and talk.hung_up_by is None and talker_of(board, talk) is channel:
        # Two outside callers that an agent joined: neither of them is on our side.
        stranger = channel.kind is ChannelKind.TRUNK and channel.originated
        talk.hung_up_by = EndedBy.CALLER if stranger else EndedBy.AGENT


def _was_turned_away(channel: Channel, sip_status: str) -> bool:
    if channel.state == STATE_UP:
        return False
    return channel.state == STATE_BUSY or sip_status not in ("", _CALLER_CANCELLED)


def _asked_by(call: LiveCall, channel: Channel, rejected: bool, cause: str) -> EndedBy | None:
    """Who it was when a channel asked for the end, as far as it is the party or the agent."""
    declined = cause == CAUSE_REJECTED
    if channel.uid == call.party:
        if call.direction is Direction.OUTBOUND and not call.was_answered:
            return EndedBy.CALLER if declined else None
        return None if rejected else EndedBy.CALLER
    if channel.own_phone and call.direction is None:
        return EndedBy.AGENT if declined else None
    placed_it = channel.uid == call.agent and not call.was_answered
    return EndedBy.AGENT if placed_it and not rejected else None


def on_hangup(board: Switchboard, message: Message, at: datetime) -> None:
    """A channel is gone."""
    channel = board.find(message)
    if channel is None:
        return
    if channel.offered is not None:
        _end_offer(board, channel.offered, channel, message.get("Cause"), at)
    bridge_mates = [each for each in board.joined_with(channel) if each.call is not channel.call]
    board.leave_bridge(channel)
    for call in _ended_with(board, channel):
        end_call(board, call, at)
    review_channel(board, channel, at)
    for mate in bridge_mates:
        review_channel(board, mate, at)
    _tell_call_to_nobody(board, channel, at)
    board.forget(channel)


def _end_offer(
    board: Switchboard, call: LiveCall, device: Channel, cause: str, at: datetime
) -> None:
    gone = call.hung_up_by is EndedBy.CALLER or call.party not in board.channels
    elsewhere = call.was_answered or _is_answered_by_another(board, call, device)
    status = _status_of(board, device)
    outcome = outcome_of_offer(device, status, cause, gone, elsewhere)
    finish_offer(board, call, device, outcome, at)


def _is_answered_by_another(board: Switchboard, call: LiveCall, device: Channel) -> bool:
    tried = (board.channels.get(uid) for uid in call.open_offers)
    return any(
        each is not None and each is not device and each.dial_status == "ANSWER" for each in tried
    )


def _status_of(board: Switchboard, device: Channel) -> str:
    """A device's DialStatus, or what the Local channel that led to it says more exactly.

    A queue tells NOANSWER for its Local member and then cancels the phone behind it.
    """
    if device.dial_status not in ("", "CANCEL"):
        return device.dial_status
    far = board.channels.get(device.dialled_by)
    near = board.other_half(far) if far is not None and far.kind is ChannelKind.LOCAL else None
    if near is None or near is device or near.dial_status in ("", "ANSWER"):
        return device.dial_status
    return _status_of(board, near)


def _ended_with(board: Switchboard, channel: Channel) -> list[LiveCall]:
    """The calls that are over with this channel."""
    consultations = [
        call
        for uid in (channel.uid, *_near_halves(board, channel))
        if (call := board.calls.get(uid)) is not None and call.consultation
    ]
    call = channel.call
    if call is not None and call.started and board.ends_with(call, channel):
        return [*consultations, call]
    return consultations


def _near_halves(board: Switchboard, agent: Channel) -> list[str]:
    """Keys of the consultations an agent's phone is having."""
    return [
        key for key, call in board.calls.items() if call.consultation and call.party == agent.uid
    ]


def end_call(board: Switchboard, call: LiveCall, at: datetime) -> None:
    """Tells the end of a call and of everything that was still open in it."""
    for uid in tuple(call.open_offers):
        device = board.channels.get(uid)
        if device is not None:
            _end_offer(board, call, device, "", at)
    if call.connected and call.left_at is not None and call.left_at < at:
        board.tell(call, Disconnected(call.key, call.left_at))
    tell_pending_transfer(board, call, at)
    if call.voicemail_at is not None:
        tell_voicemail(board, call, call.voicemail_at)
    board.end(call, CallEnded(call.key, at, ended_by(call)))


def _tell_call_to_nobody(board: Switchboard, channel: Channel, at: datetime) -> None:
    """A call from one of our phones that reached no channel at all.

    The called phone was not registered, or a click-to-dial was not picked up. Codes the
    PBX answers itself (voicemail, parking) are no calls.
    """
    call = channel.call
    if call is None or call.direction is not None or channel.kind is not ChannelKind.PHONE:
        return
    if channel.uid != call.key or len(call.members) > 1 or channel.state == STATE_UP:
        return
    number = number_dialled_on(call, channel)
    if not number.lstrip("+").isdigit():
        return
    _start_unreached(board, call, channel, number)
    end_call(board, call, at)


def _start_unreached(board: Switchboard, call: LiveCall, phone: Channel, number: str) -> None:
    internal = board.is_internal(number)
    event = CallStarted(
        call.key,
        call.born_at,
        Direction.INTERNAL if internal else Direction.OUTBOUND,
        caller_raw=phone.extension if internal else number,
        dialled=number,
        agent=phone.extension,
    )
    board.start(call, event, phone if internal else None)
