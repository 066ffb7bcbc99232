"""Calls that move: transfers, pickup, parking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import PhoneOffered
from crmdesk.domain.calls import Direction, OfferOutcome, TransferKind
from crmdesk.telephony.asterisk.attempts import offer
from crmdesk.telephony.asterisk.channels import Channel, ChannelKind
from crmdesk.telephony.asterisk.hangups import end_call
from crmdesk.telephony.asterisk.queues import enter_queue
from crmdesk.telephony.asterisk.talks import disconnect, finish_offer, review, tell_transfer

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard


def on_blind_transfer(board: Switchboard, message: Message, _at: datetime) -> None:
    """A phone sends the other party on, without asking the target.

    Sending it to the parking lot begins like this too, so it is told when the party gets on.
    """
    transferer = board.find(message, "Transferer")
    transferee = board.find(message, "Transferee")
    if transferer is None or message.get("Result") != "Success":
        return
    call = _transferred_call(transferer, transferee)
    if call is None or call.parked:
        return
    _hand_over(call, transferer, transferee)
    call.transferring = True
    call.pending_transfer = (transferer.extension, message.get("Extension"))


def on_attended_transfer(board: Switchboard, message: Message, at: datetime) -> None:
    """A phone joins its two calls, or leaves its call to a target that still rings."""
    first = board.find(message, "OrigTransferer")
    second = board.find(message, "SecondTransferer")
    transferee = board.find(message, "Transferee")
    if first is None or second is None or message.get("Result") != "Success":
        return
    call = _transferred_call(first, transferee)
    if call is None:
        return
    _hand_over(call, first, transferee)
    consultation = first.consulting or (second.call if second.call is not call else None)
    ringing = _tried_by(board, second, board.find(message, "TransferTarget"))
    target = _target(board, message, second, ringing)
    to_extension = _name_of_target(consultation, target)
    tell_transfer(board, call, TransferKind.ATTENDED, first.extension, to_extension, at)
    review(board, {call: None}, at)
    if consultation is not None and consultation.in_queue:
        _wait_on_for(board, call, consultation, at)
    if ringing:
        _ring_on_for(board, call, ringing, at)
    if consultation is not None and consultation.party == second.uid:
        _end_consultation(board, consultation, at)


def _transferred_call(transferer: Channel, transferee: Channel | None) -> LiveCall | None:
    call = transferee.call if transferee is not None else None
    call = call or transferer.talking or transferer.call
    return call if call is not None and call.started else None


def _hand_over(call: LiveCall, transferer: Channel, transferee: Channel | None) -> None:
    """Where the caller of an internal call sends the called one on, that one is the party."""
    if transferee is not None and transferer.uid == call.party:
        call.party = transferee.uid


def _tried_by(board: Switchboard, second: Channel, target: Channel | None) -> list[Channel]:
    """Phones that ring for a consultation at this moment."""
    sources = {second.uid}
    if target is not None and target.kind is ChannelKind.LOCAL:
        far = board.other_half(target)
        sources = {far.uid} if far else set()
    return [
        each
        for each in board.channels.values()
        if each.dialled_by in sources and each.offered is not None and not each.dial_status
    ]


def _target(
    board: Switchboard, message: Message, second: Channel, ringing: list[Channel]
) -> Channel | None:
    """The phone the call goes to."""
    target = board.find(message, "TransferTarget")
    if target is not None and target.kind is ChannelKind.PHONE:
        return target
    if ringing:
        return ringing[0]
    start = target if target is not None else second
    far = board.other_half(start) if start.kind is ChannelKind.LOCAL else start
    if far is None:
        return None
    people = [each for each in board.joined_with(far) if each.kind is ChannelKind.PHONE]
    return next((each for each in people if each.uid != second.uid), None)


def _name_of_target(consultation: LiveCall | None, target: Channel | None) -> str:
    """The extension the call goes to; the number dialled for a queue or an outside party."""
    waits = consultation is not None and consultation.in_queue
    if target is not None and target.extension and not waits:
        return target.extension
    if consultation is None or consultation.direction is Direction.INBOUND:
        return ""
    return consultation.dialled or ""


def _wait_on_for(board: Switchboard, call: LiveCall, consultation: LiveCall, at: datetime) -> None:
    """The customer takes the place of the agent who was waiting in a queue."""
    call.left_at = call.left_at or at
    disconnect(board, call, at)
    enter_queue(board, call, consultation.queue, at)
    consultation.in_queue = False


def _ring_on_for(board: Switchboard, call: LiveCall, ringing: list[Channel], at: datetime) -> None:
    """Phones that rang for the consultation ring for the customer from now on."""
    call.left_at = call.left_at or at
    disconnect(board, call, at)
    call.transferring = True
    for phone in ringing:
        consultation = phone.offered
        if consultation is not None and consultation is not call:
            finish_offer(board, consultation, phone, OfferOutcome.CALLER_GONE, at)
        offer(board, call, phone, at)


def _end_consultation(board: Switchboard, consultation: LiveCall, at: datetime) -> None:
    """With the transfer the agent's own call to a colleague is over."""
    if consultation.started and consultation.direction is Direction.INTERNAL:
        review(board, {consultation: None}, at)
        end_call(board, consultation, at)


def on_pickup(board: Switchboard, message: Message, at: datetime) -> None:
    """A phone takes the call that rings at another one."""
    picker = board.find(message)
    ringing = board.find(message, "Target")
    call = ringing.offered if ringing else None
    if picker is None or ringing is None or call is None or picker.offered is not None:
        return
    if picker.kind is not ChannelKind.PHONE:
        return
    ringing.dial_status = ringing.dial_status or "CANCEL"
    picker.offered = call
    picker.was_offered = True
    call.open_offers[picker.uid] = None
    board.tell(call, PhoneOffered(call.key, at, picker.extension, picker.uid))


def on_parked(board: Switchboard, message: Message, _at: datetime) -> None:
    """The party is parked: still ours, so the talk goes on."""
    call = _parked_call(board, message)
    if call is None:
        return
    call.pending_transfer = call.hung_up_by = None
    call.transferring = False
    if call.connected:
        call.parked = call.was_parked = True
        call.left_at = None


def on_unparked(board: Switchboard, message: Message, at: datetime) -> None:
    """The party is no longer parked: fetched, rung back, or gone."""
    call = _parked_call(board, message)
    if call is not None and call.parked:
        call.parked = False
        review(board, {call: None}, at)


def _parked_call(board: Switchboard, message: Message) -> LiveCall | None:
    """The call of who is parked: its party, or the Local channel the party is behind."""
    channel = board.find(message, "Parkee")
    call = channel.call if channel else None
    if channel is None or call is None or not call.started:
        return None
    is_ours = channel.uid == call.party or channel.kind is ChannelKind.LOCAL
    return call if is_ours else None
