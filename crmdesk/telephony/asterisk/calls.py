"""Asterisk's events to call events: which channels are one call, and how it goes.

What the PBX sends is taken as it comes: any order between channels, twice, or not at all.
Facts and samples: tests/data/asterisk (recordings of Asterisk 22 with what really happened).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmdesk.telephony.asterisk import (
    attempts,
    hangups,
    queues,
    snapshot,
    talks,
    transfers,
    voicemail,
)
from crmdesk.telephony.asterisk.channels import NumberSet
from crmdesk.telephony.asterisk.details import note_party
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.switchboard import Switchboard

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.domain.call_events import CallEvent

Handler = Callable[[Switchboard, Message, "datetime"], None]

_HANDLERS: dict[str, Handler] = {
    "Newchannel": attempts.on_new_channel,
    "Newstate": attempts.on_new_state,
    "DialBegin": attempts.on_dial_begin,
    "DialState": attempts.on_dial_state,
    "DialEnd": attempts.on_dial_end,
    "OriginateResponse": attempts.on_originate_response,
    "BridgeEnter": talks.on_bridge_enter,
    "BridgeLeave": talks.on_bridge_leave,
    "Hold": talks.on_hold,
    "Unhold": talks.on_unhold,
    "HangupRequest": hangups.on_hangup_request,
    "Hangup": hangups.on_hangup,
    "QueueCallerJoin": queues.on_join,
    "QueueCallerAbandon": queues.on_abandon,
    "QueueCallerLeave": queues.on_leave,
    "BlindTransfer": transfers.on_blind_transfer,
    "AttendedTransfer": transfers.on_attended_transfer,
    "Pickup": transfers.on_pickup,
    "ParkedCall": transfers.on_parked,
    "UnParkedCall": transfers.on_unparked,
    "ParkedCallTimeOut": transfers.on_unparked,
    "MessageWaiting": voicemail.on_message_waiting,
    "Cdr": voicemail.on_call_record,
    "FullyBooted": snapshot.on_fully_booted,
    "CoreShowChannel": snapshot.on_channel_listed,
    "CoreShowChannelsComplete": snapshot.on_list_complete,
    "Status": snapshot.on_status,
    "QueueEntry": snapshot.on_queue_entry,
}

_FIRST_SIGHT = frozenset({"Newchannel", "CoreShowChannel"})
"""Events of a channel whose presentation flag is not final, or that are read later."""


class AsteriskCalls:
    """Translates the messages of one PBX, over any number of connections.

    Args:
        internal: The extensions of the company, None where not configured: then channels
            named after two to six digits are its phones.
        account_variables: Channel variables with the account a caller keyed in; the PBX
            sends those it lists in `channelvars` (manager.conf).
    """

    def __init__(
        self,
        internal: NumberSet | None = None,
        account_variables: tuple[str, ...] = ("ACCOUNT_ID",),
    ) -> None:
        self._board = Switchboard(internal, account_variables)

    def handle(self, message: Message, at: datetime) -> list[CallEvent]:
        """Takes one message.

        Args:
            message: As it came, answers to `CoreShowChannels` and `QueueStatus` included.
                A second banner means that the connection was lost and made again.
            at: When it came, aware UTC.

        Returns:
            What is to be told of it, in order; often nothing.
        """
        if message.kind is MessageKind.EVENT:
            self._take_event(message, at)
        elif message.kind is MessageKind.BANNER:
            snapshot.on_banner(self._board, at)
        return self._told()

    def connection_lost(self, at: datetime) -> list[CallEvent]:
        """The connection is gone: what goes on shows after the next one is made."""
        snapshot.on_connection_lost(self._board, at)
        return self._told()

    @property
    def channel_count(self) -> int:
        """Channels known at this moment."""
        return len(self._board.channels)

    def _take_event(self, message: Message, at: datetime) -> None:
        board = self._board
        if board.gap is not None:
            board.gap.heard = True
        self._observe(message, at)
        handler = _HANDLERS.get(message.name)
        if handler is not None:
            handler(board, message, at)
            self._note_party(message, at)
        board.last_at = at

    def _observe(self, message: Message, at: datetime) -> None:
        """Takes from any event what it says of channels that are known."""
        board, fields = self._board, message.fields
        channel = board.channels.get(fields.get("Uniqueid", ""))
        if channel is not None:
            board.relink(channel, fields.get("Linkedid", ""))
            if message.name == "NewCallerid" and not channel.originated:
                channel.number = message.get("CallerIDNum")
                channel.number_name = message.get("CallerIDName")
            self._note_party(message, at)
        elif message.name == "Newchannel":
            snapshot.on_name_used_again(board, message)
        target = board.channels.get(fields.get("DestUniqueid", ""))
        if target is not None:
            board.relink(target, fields.get("DestLinkedid", ""))

    def _note_party(self, message: Message, at: datetime) -> None:
        """Before the event is acted on, so a ring finds who calls; again if it began a call."""
        channel = self._board.channels.get(message.fields.get("Uniqueid", ""))
        call = channel.call if channel else None
        if channel is None or call is None or call.party != channel.uid:
            return
        if call.started and message.name not in _FIRST_SIGHT:
            note_party(self._board, call, channel, message, at)

    def _told(self) -> list[CallEvent]:
        events = self._board.events
        self._board.events = []
        return events
