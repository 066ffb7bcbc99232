"""Callers in queues (class `agent`; without it queue calls still ring and connect)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import CallDetails, QueueLeft
from crmdesk.domain.calls import EndedBy
from crmdesk.domain.text import sanitise_external
from crmdesk.telephony.asterisk.beginnings import start_inbound, start_internal
from crmdesk.telephony.asterisk.channels import Channel, ChannelKind, dialled_number
from crmdesk.telephony.asterisk.talks import disconnect, note_redirect

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard


def on_join(board: Switchboard, message: Message, at: datetime) -> None:
    """A caller waits in a queue."""
    channel = board.meet(message, at)
    if channel is None or channel.call is None:
        return
    call = channel.call
    if call.direction is None:
        if channel.kind is ChannelKind.PHONE:
            start_internal(board, call, channel, None)
        elif channel.kind is ChannelKind.TRUNK:
            start_inbound(board, call, channel)
    waiting = _waiting_call(channel)
    if waiting is not None:
        note_redirect(waiting, channel, dialled_number(message.get("Exten")) or "")
        disconnect(board, waiting, at)
        enter_queue(board, waiting, message.get("Queue"), at)


def _waiting_call(channel: Channel | None) -> LiveCall | None:
    """The call whose party waits; a forwarded one waits through a Local channel."""
    call = channel.call if channel else None
    if channel is None or call is None or not call.started:
        return None
    is_ours = call.party == channel.uid or channel.kind is ChannelKind.LOCAL
    return call if is_ours else None


def enter_queue(board: Switchboard, call: LiveCall, queue: str, at: datetime) -> None:
    """The call waits in a queue from now on."""
    call.in_queue = True
    call.voicemail_at = None
    name = sanitise_external(queue)
    if name and name != call.queue:
        call.queue = name
        board.tell(call, CallDetails(call.key, at, queue=name))


def on_abandon(board: Switchboard, message: Message, at: datetime) -> None:
    """The caller left without an agent: by own wish only if it was by hanging up.

    Asterisk also says "abandon" when the queue's time is up and the caller is sent on.
    """
    channel = board.find(message)
    call = _waiting_call(channel)
    hung_up = call is not None and call.hung_up_by is EndedBy.CALLER
    _leave(board, channel, at, by_caller=hung_up)


def on_leave(board: Switchboard, message: Message, at: datetime) -> None:
    """The caller left: to an agent who answered, after an abandon, or sent on."""
    channel = board.find(message)
    call = _waiting_call(channel)
    if call is not None and not _is_answered(board, call):
        _leave(board, channel, at, by_caller=False)


def _is_answered(board: Switchboard, call: LiveCall) -> bool:
    return any(each.dial_status == "ANSWER" for each in board.members(call))


def _leave(board: Switchboard, channel: Channel | None, at: datetime, *, by_caller: bool) -> None:
    call = _waiting_call(channel)
    if call is None or not call.in_queue:
        return
    call.in_queue = False
    call.failed_at = at
    board.tell(call, QueueLeft(call.key, at, by_caller))
