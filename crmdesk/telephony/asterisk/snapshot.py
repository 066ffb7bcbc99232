"""What is going on in the PBX when we come (back) to it.

After each connect the source asks for the channels and the queues. Channels known from
before that are not listed ended unseen; listed ones go on, and calls that began meanwhile
are told. Right after a restart the PBX lets clients in before it is ready and then lists
nothing, so an empty list counts only once `FullyBooted` came, or the second time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crmdesk.domain.calls import OfferOutcome
from crmdesk.telephony.asterisk.attempts import offer, rings
from crmdesk.telephony.asterisk.beginnings import start_inbound, start_internal, start_outbound
from crmdesk.telephony.asterisk.channels import STATE_RINGING, Channel, ChannelKind
from crmdesk.telephony.asterisk.details import note_dialled, note_party
from crmdesk.telephony.asterisk.queues import enter_queue
from crmdesk.telephony.asterisk.switchboard import Gap
from crmdesk.telephony.asterisk.talks import finish_offer, review

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.telephony.asterisk.live_call import LiveCall
    from crmdesk.telephony.asterisk.messages import Message
    from crmdesk.telephony.asterisk.switchboard import Switchboard

_UPTIME_SLACK = timedelta(seconds=2)  # Uptime is told in whole seconds
_DIALLED_APPLICATIONS = ("AppDial", "AppQueue")


def on_connection_lost(board: Switchboard, at: datetime) -> None:
    """Nothing is certain from now on; what goes on shows after the next connect."""
    gap = board.gap
    told_before = gap is not None and gap.lost_at is not None and not gap.heard
    if not told_before:
        board.gap = Gap(at, set(board.channels))


def on_banner(board: Switchboard, at: datetime) -> None:
    """A connection begins; the second one of a stream means that the first was lost."""
    if board.last_at is None:
        board.gap = Gap(None)
    else:
        on_connection_lost(board, board.last_at)
    board.last_at = at


def on_fully_booted(board: Switchboard, message: Message, at: datetime) -> None:
    """The PBX is ready; channels older than its start are gone."""
    gap = board.gap
    if gap is None:
        return
    gap.booted = True
    uptime = message.get("Uptime")
    if uptime.isdecimal() and len(uptime) < 10:
        started = at - timedelta(seconds=int(uptime)) - _UPTIME_SLACK
        _lose(board, gap, [uid for uid in gap.doubtful if _is_older(board, uid, started)])
    if gap.empty_list:
        _close(board, gap, at)


def _is_older(board: Switchboard, uid: str, started: datetime) -> bool:
    channel = board.channels.get(uid)
    return channel is not None and channel.born_at < started


def on_name_used_again(board: Switchboard, message: Message) -> None:
    """A new channel has the name of one in doubt: the PBX was restarted meanwhile."""
    gap = board.gap
    if gap is None or not gap.doubtful:
        return
    former = board.named(message.get("Channel"))
    if former is not None and former.uid in gap.doubtful and message.get("Uniqueid") != former.uid:
        _lose(board, gap, list(gap.doubtful))


def on_channel_listed(board: Switchboard, message: Message, at: datetime) -> None:
    """One channel of the list."""
    known = board.find(message) is not None
    channel = board.meet(message, at)
    if channel is None or board.gap is None:
        return
    board.gap.listed[channel.uid] = message
    channel.state = message.get("ChannelState")
    if not known:
        # What was not there when the line broke began later, however old it says it is.
        born_at = at - _duration(message.get("Duration"))
        channel.born_at = _at_least(born_at, board.gap.lost_at)
        channel.dialled = message.get("Application").startswith(_DIALLED_APPLICATIONS)
        channel.originated = not channel.dialled and channel.kind is not ChannelKind.LOCAL
        _date_call(channel)


def _date_call(channel: Channel) -> None:
    call = channel.call
    if call is not None and call.direction is None and channel.born_at < call.born_at:
        call.born_at = channel.born_at


def _duration(text: str) -> timedelta:
    """`00:00:05` as a time span; zero where it is something else."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        return timedelta()
    hours, minutes, seconds = map(int, parts)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def on_list_complete(board: Switchboard, message: Message, at: datetime) -> None:
    """The list of channels is complete."""
    gap = board.gap
    if gap is None or message.get("EventList") == "cancelled":
        return
    may_be_early = not gap.listed and not gap.booted and not gap.empty_list
    if may_be_early:
        gap.empty_list = True
        return
    _close(board, gap, at)


def _close(board: Switchboard, gap: Gap, at: datetime) -> None:
    """The list tells the truth: bring everything in line with it."""
    _lose(board, gap, [uid for uid in gap.doubtful if uid not in gap.listed])
    listed = [board.channels[uid] for uid in gap.listed if uid in board.channels]
    for channel in listed:
        _put_in_bridge(board, channel, gap.listed[channel.uid].get("BridgeId"))
    calls = {channel.call: None for channel in listed if channel.call is not None}
    for call in calls:
        _tell(board, call, gap, at)
    review(board, calls, at)
    board.gap = Gap(None, booted=True)


def _lose(board: Switchboard, gap: Gap, uids: list[str]) -> None:
    """Channels that ended unseen; the last moment they were known is when the line broke."""
    at = gap.lost_at or board.last_at
    for uid in uids:
        gap.doubtful.discard(uid)
        channel = board.channels.get(uid)
        if channel is None or at is None:
            continue
        if channel.offered is not None and channel.offered.party not in uids:
            finish_offer(board, channel.offered, channel, OfferOutcome.UNKNOWN, at)
        board.lose(channel, at)


def _put_in_bridge(board: Switchboard, channel: Channel, bridge: str) -> None:
    if bridge and bridge != channel.bridge:
        board.enter_bridge(channel, bridge)
    elif not bridge:
        board.leave_bridge(channel)


def _tell(board: Switchboard, call: LiveCall, gap: Gap, at: datetime) -> None:
    """Tells a call of the list: that it is there, who calls, which phones ring."""
    members = board.members(call)
    if call.direction is None:
        _start(board, call, members, gap)
    if not call.started:
        return
    party = gap.listed.get(call.party)
    if party is not None:
        note_party(board, call, board.channels[call.party], party, at)
        if party.get("Application") == "Queue":
            enter_queue(board, call, party.get("ApplicationData").partition(",")[0], at)
    for device in members:
        if device.kind is ChannelKind.PHONE and device.dialled and not device.was_offered:
            offer(board, call, device, _at_least(device.born_at, gap.lost_at))
        if device.state == STATE_RINGING:
            rings(board, device, _at_least(device.born_at, gap.lost_at))


def _at_least(at: datetime, earliest: datetime | None) -> datetime:
    return at if earliest is None or earliest < at else earliest


def _start(board: Switchboard, call: LiveCall, members: list[Channel], gap: Gap) -> None:
    trunks = [each for each in members if each.kind is ChannelKind.TRUNK]
    phones = [each for each in members if each.kind is ChannelKind.PHONE]
    callers = [each for each in trunks if each.originated]
    placed = next((each for each in phones if each.originated), None)
    if callers:
        start_inbound(board, call, callers[0])
    elif trunks:
        phone = placed or next(iter(phones), None)
        start_outbound(board, call, phone, _number_in_dial(gap, phone))
        call.party = trunks[0].uid
    elif placed is not None and len(phones) > 1:
        called = next(each for each in phones if each is not placed)
        start_internal(board, call, placed, called.extension)


def _number_in_dial(gap: Gap, phone: Channel | None) -> str:
    """The number out of what a phone's dialplan runs: `PJSIP/+493023125777@trunk,30,TK`."""
    listed = gap.listed.get(phone.uid) if phone else None
    if listed is None or listed.get("Application") != "Dial":
        return ""
    resource = listed.get("ApplicationData").partition(",")[0].partition("@")[0]
    return resource.rpartition("/")[2]


def on_status(board: Switchboard, message: Message, at: datetime) -> None:
    """The status of a channel has the number the caller dialled."""
    channel = board.find(message)
    call = channel.call if channel else None
    if channel is None or call is None or not call.started or call.party != channel.uid:
        return
    if call.dialled is None and message.get("DNID"):
        note_dialled(board, call, message.get("DNID"), at)


def on_queue_entry(board: Switchboard, message: Message, at: datetime) -> None:
    """A caller waits in a queue."""
    channel = board.find(message)
    call = channel.call if channel else None
    if channel is not None and call is not None and call.party == channel.uid:
        enter_queue(board, call, message.get("Queue"), at)
