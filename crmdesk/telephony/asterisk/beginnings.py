"""How calls begin: who calls whom, found out from the first attempt that shows it.

An inbound call shows at once. A phone of ours that goes off hook may call outside, inside,
a queue, or just fetch a parked call: its call is told when a second side appears.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.call_events import CallStarted
from crmdesk.domain.calls import Direction
from crmdesk.telephony.asterisk.channels import Channel, ChannelKind, dialled_number

if TYPE_CHECKING:
    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard


def start_inbound(board: Switchboard, call: LiveCall, party: Channel) -> None:
    """Tells an inbound call; who calls is held back until it is known to be allowed."""
    event = CallStarted(
        call.key, call.born_at, Direction.INBOUND, dialled=dialled_number(party.first_exten)
    )
    board.start(call, event, party)


def start_outbound(
    board: Switchboard, call: LiveCall, phone: Channel | None, dial_string_number: str
) -> None:
    """A phone of ours dials an outside number."""
    number = number_dialled_on(call, phone) or dial_string_number
    event = CallStarted(
        call.key,
        call.born_at,
        Direction.OUTBOUND,
        caller_raw=number,
        dialled=number or None,
        agent=phone.extension if phone else None,
    )
    board.start(call, event, None)
    call.agent = phone.uid if phone else ""


def start_internal(board: Switchboard, call: LiveCall, phone: Channel, called: str | None) -> None:
    """A phone of ours calls another, or a queue of ours."""
    event = CallStarted(
        call.key,
        call.born_at,
        Direction.INTERNAL,
        caller_raw=phone.extension,
        caller_name=phone.number_name if phone.originated else "",
        dialled=number_dialled_on(call, phone) or called,
        agent=phone.extension,
    )
    board.start(call, event, phone)
    call.agent = phone.uid


def number_dialled_on(call: LiveCall, phone: Channel | None) -> str:
    """What a person dialled on the phone, or clicked."""
    if phone is not None and phone.originated:
        return dialled_number(phone.first_exten) or ""
    if call.clicked or phone is None:
        return call.clicked
    # Before the answer to Originate: its caller id is by custom the number to be called.
    return phone.number if phone.own_phone and phone.number != phone.extension else ""


def start_by_attempt(
    board: Switchboard,
    call: LiveCall,
    source: Channel | None,
    target: Channel,
    message: Message,
) -> None:
    """Starts a call if this dial attempt shows who calls whom."""
    if source is None or _is_first_leg_of_originate(board, call, source):
        target.own_phone = target.kind is ChannelKind.PHONE
        return
    if source.kind is ChannelKind.TRUNK:
        _start_from_trunk(board, call, source, target)
        return
    phone = source if source.kind is ChannelKind.PHONE else _calling_phone(board, call)
    if target.kind is ChannelKind.TRUNK:
        start_outbound(board, call, phone, _dial_string_number(message))
    elif target.kind is ChannelKind.PHONE and phone is not None:
        start_internal(board, call, phone, target.extension)


def _is_first_leg_of_originate(board: Switchboard, call: LiveCall, source: Channel) -> bool:
    """Click-to-dial through a Local channel: its far half calls the agent's own phone first."""
    if source.kind is not ChannelKind.LOCAL or source.half != "2":
        return False
    near = board.other_half(source)
    return near is not None and near.uid == call.key and near.dialled_by == ""


def _calling_phone(board: Switchboard, call: LiveCall) -> Channel | None:
    phones = [each for each in board.members(call) if each.kind is ChannelKind.PHONE]
    own = [each for each in phones if each.originated or each.own_phone]
    return next(iter(own or phones), None)


def _start_from_trunk(board: Switchboard, call: LiveCall, trunk: Channel, target: Channel) -> None:
    """A trunk dials on: inbound, unless the PBX called the outside party first."""
    called_first = trunk.dialled and trunk.dialled_by == ""
    if not called_first or target.kind is ChannelKind.TRUNK:
        start_inbound(board, call, trunk)
        return
    number = call.clicked or trunk.number
    event = CallStarted(
        call.key,
        call.born_at,
        Direction.OUTBOUND,
        number,
        dialled=number or None,
        agent=target.extension or None,
    )
    board.start(call, event, trunk)
    target.own_phone = True
    call.agent = target.uid


def _dial_string_number(message: Message) -> str:
    """The number in `+493023125777@trunk` or `trunk/sip:+4930...@host`."""
    dialled = message.get("DialString").partition("@")[0]
    return dialled.rpartition("/")[2].removeprefix("sip:")


def start_by_talk(board: Switchboard, call: LiveCall) -> None:
    """Starts a call that was first seen when its people already talked."""
    root = board.channels.get(call.key)
    others = [each for each in board.members(call) if each is not root and each.is_person]
    if root is None or not others:
        return
    if root.kind is ChannelKind.TRUNK:
        start_inbound(board, call, root)
    elif root.kind is ChannelKind.PHONE:
        trunk = next((each for each in others if each.kind is ChannelKind.TRUNK), None)
        if trunk is None:
            start_internal(board, call, root, others[0].extension)
        else:
            start_outbound(board, call, root, "")
            call.party = trunk.uid
