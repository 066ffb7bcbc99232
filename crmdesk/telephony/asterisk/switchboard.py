"""Everything going on in the PBX: channels, bridges and calls, and what is told of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmdesk.domain.call_events import CallEnded, CallEvent, CallStarted
from crmdesk.domain.calls import Direction
from crmdesk.telephony.asterisk.channels import (
    Channel,
    ChannelKind,
    NumberSet,
    kind_of,
)
from crmdesk.telephony.asterisk.live_call import LiveCall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crmdesk.telephony.asterisk.messages import Message

MOST_CHANNELS = 20_000
"""Channels kept; beyond, the oldest is given up as lost (its Hangup was missed)."""
_MOST_REMEMBERED = 20_000
"""Ended channels and calls remembered, so that a late event does not bring them back."""


@dataclass(slots=True)
class Gap:
    """A time without connection, until a list of channels closes it.

    Attributes:
        lost_at: When the connection was lost; None where it was not (first connection, or
            all is certain again).
        heard: An event came since.
        doubtful: Uids of channels that may have ended meanwhile.
        listed: What the list said of each channel so far.
        booted: The PBX said that it is ready; before, its list may be empty for that reason.
        empty_list: An empty list came before that.
    """

    lost_at: datetime | None
    doubtful: set[str] = field(default_factory=set)
    listed: dict[str, Message] = field(default_factory=dict)
    heard: bool = False
    booted: bool = False
    empty_list: bool = False


class Switchboard:
    """The state that event handlers read and change.

    Args:
        internal: The extensions of the company; None or empty where not configured.
        account_variables: Names of channel variables with the account a caller keyed in.

    Attributes:
        events: What is to be told, in order; the owner empties it.
        calls: By Linkedid (a call can have several after transfers).
        last_at: Time of the last message.
        gap: What is not certain since the connection was lost, None while all is.
    """

    def __init__(self, internal: NumberSet | None, account_variables: tuple[str, ...]) -> None:
        self.account_variables = account_variables
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, dict[str, None]] = {}
        self.calls: dict[str, LiveCall] = {}
        self.events: list[CallEvent] = []
        self.last_at: datetime | None = None
        self.gap: Gap | None = None
        self._internal = internal or None
        self._by_name: dict[str, Channel] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()

    def is_internal(self, number: str) -> bool:
        """Whether a number is one of ours."""
        return kind_of(f"PJSIP/{number}-", "", self._internal)[0] is ChannelKind.PHONE

    def tell(self, call: LiveCall, event: CallEvent) -> None:
        """Tells an event of a call that was started and is not over."""
        if call.started:
            self.events.append(event)

    # --- channels ---------------------------------------------------------------------------

    def find(self, message: Message, prefix: str = "") -> Channel | None:
        """The known channel an event speaks of."""
        return self.channels.get(message.fields.get(prefix + "Uniqueid", ""))

    def meet(self, message: Message, at: datetime, prefix: str = "") -> Channel | None:
        """The channel an event speaks of, also if its beginning was not seen.

        Returns:
            None where the event names none, or one that was hung up before.
        """
        uid = message.fields.get(prefix + "Uniqueid", "")
        channel = self.channels.get(uid)
        if channel is not None or not uid or uid in self._gone:
            return channel
        return self._add(message, at, prefix, uid)

    def _add(self, message: Message, at: datetime, prefix: str, uid: str) -> Channel:
        name = message.get(prefix + "Channel")
        linked_id = message.get(prefix + "Linkedid") or uid
        kind, extension = kind_of(name, message.get(prefix + "Context"), self._internal)
        channel = Channel(uid, name, kind, extension, linked_id, at)
        channel.state = message.get(prefix + "ChannelState")
        channel.number = message.get(prefix + "CallerIDNum")
        channel.number_name = message.get(prefix + "CallerIDName")
        self.channels[uid] = channel
        self._by_name[name] = channel
        self.join(channel, self.call_for(linked_id, at))
        if len(self.channels) > MOST_CHANNELS:
            self.lose(next(iter(self.channels.values())), at)
        return channel

    def named(self, name: str) -> Channel | None:
        """The channel of this name; names are unique only until the PBX restarts."""
        return self._by_name.get(name)

    def other_half(self, channel: Channel) -> Channel | None:
        """The other half of a Local channel."""
        return self._by_name.get(channel.name[:-1] + ("1" if channel.half == "2" else "2"))

    def half(self, pair: str, which: str) -> Channel | None:
        """One half of a Local channel, by the common name."""
        return self._by_name.get(f"{pair};{which}")

    def relink(self, channel: Channel, linked_id: str) -> None:
        """Takes note of a channel's present Linkedid: transfers and pickups change it."""
        if not linked_id or linked_id == channel.linked_id:
            return
        channel.linked_id = linked_id
        own, other = channel.call, self.calls.get(linked_id)
        if own is not None and own.party == channel.uid:
            # The call belongs to its party whatever it is linked to from now on.
            if other is None and linked_id not in self._gone:
                self.file_under(own, linked_id)
        elif other is not None:
            self.join(channel, other)

    def forget(self, channel: Channel) -> None:
        """Drops a channel that was hung up."""
        del self.channels[channel.uid]
        self._remember(channel.uid)
        if self._by_name.get(channel.name) is channel:
            del self._by_name[channel.name]
        self.leave_bridge(channel)
        if channel.call is not None:
            channel.call.members.pop(channel.uid, None)
            self._drop_if_empty(channel.call)

    def lose(self, channel: Channel, at: datetime) -> None:
        """Gives up a channel whose end was not seen, and the call that hangs on it."""
        call = channel.call
        if call is not None and call.started and self.ends_with(call, channel):
            self.end(call, CallEnded(call.key, at, None, seen=False))
        self.forget(channel)

    # --- bridges ----------------------------------------------------------------------------

    def enter_bridge(self, channel: Channel, bridge: str) -> None:
        """Puts a channel into a bridge."""
        self.leave_bridge(channel)
        channel.bridge = bridge
        self.bridges.setdefault(bridge, {})[channel.uid] = None

    def leave_bridge(self, channel: Channel) -> None:
        """Takes a channel out of its bridge, if it is in one."""
        members = self.bridges.get(channel.bridge)
        if members is not None:
            members.pop(channel.uid, None)
            if not members:
                del self.bridges[channel.bridge]
        channel.bridge = ""

    def joined_with(self, channel: Channel) -> Iterator[Channel]:
        """Who hears this channel: members of its bridge, also through Local channels.

        A talk through a Local channel has two bridges, one at each half.
        """
        seen = {channel.uid}
        todo = [channel]
        while todo:
            for uid in tuple(self.bridges.get(todo.pop().bridge, ())):
                member = self.channels.get(uid)
                if member is None or uid in seen:
                    continue
                seen.add(uid)
                yield member
                if member.kind is not ChannelKind.LOCAL:
                    continue
                half = self.other_half(member)
                if half is not None and half.uid not in seen:
                    seen.add(half.uid)
                    todo.append(half)

    # --- calls ------------------------------------------------------------------------------

    def call_for(self, key: str, at: datetime) -> LiveCall | None:
        """The call of a Linkedid, a new one where it is new, None where it is over."""
        call = self.calls.get(key)
        if call is None and key not in self._gone:
            call = LiveCall(key, at)
            self.file_under(call, key)
        return call

    def file_under(self, call: LiveCall, linked_id: str) -> None:
        """Makes a call the one of a Linkedid."""
        self.calls[linked_id] = call
        call.linked_ids.add(linked_id)

    def join(self, channel: Channel, call: LiveCall | None) -> None:
        """Makes a channel a member of a call instead of its former one."""
        if channel.call is not None:
            channel.call.members.pop(channel.uid, None)
            self._drop_if_empty(channel.call)
        channel.call = call
        if call is not None:
            call.members[channel.uid] = None

    def members(self, call: LiveCall) -> list[Channel]:
        """The channels of a call, oldest first."""
        found = (self.channels.get(uid) for uid in call.members)
        return [channel for channel in found if channel is not None]

    def start(self, call: LiveCall, event: CallStarted, party: Channel | None) -> None:
        """Tells a call for the first time."""
        call.direction = event.direction
        call.dialled = event.dialled
        call.party = party.uid if party else ""
        call.revealed = event.direction is not Direction.INBOUND
        self.tell(call, event)

    def ends_with(self, call: LiveCall, channel: Channel) -> bool:
        """Whether a call is over once this channel is gone.

        An outbound call may be dialled again over the next trunk until it was answered,
        and goes on without the phone that placed it once it was.
        """
        if call.direction is not Direction.OUTBOUND:
            return channel.uid == call.party
        if not any(each is not channel and each.is_person for each in self.members(call)):
            return True
        return channel.uid == (call.party if call.was_answered else call.agent)

    def end(self, call: LiveCall, event: CallEnded) -> None:
        """Tells the end of a call and lets go of it."""
        self.tell(call, event)
        call.over = True
        for uid in (*call.open_offers, call.talker):
            device = self.channels.get(uid)
            if device is not None:
                device.offered = None if device.offered is call else device.offered
                device.talking = None if device.talking is call else device.talking
        party = self.channels.get(call.party)
        if party is not None and party.consulting is call:
            party.consulting = None
        for channel in self.members(call):
            channel.call = None
        call.members.clear()
        self._drop(call)

    def _drop_if_empty(self, call: LiveCall) -> None:
        if not call.members and call.direction is None:
            self._drop(call)

    def _drop(self, call: LiveCall) -> None:
        for key in call.linked_ids:
            self.calls.pop(key, None)
            self._remember(key)

    def _remember(self, key: str) -> None:
        self._gone[key] = None
        if len(self._gone) > _MOST_REMEMBERED:
            self._gone.popitem(last=False)
